"""Texts of about 300 characters that somebody could have written about a career."""

from random import Random

from forum.core.markdown import render

LENGTH = 300
DIFFERENT = 500

_OPENINGS = (
    "I went the other way", "After eight years", "My manager told me", "In a small company",
    "Before you decide", "What nobody mentions", "From the outside", "On a good day",
)  # fmt: skip
_CLAIMS = (
    "the work changes less than the calendar", "you trade *depth* for reach",
    "pay follows scope, not the title", "going back is harder than people say",
    "the best leads I know still read code", "a team notices when its lead would rather build",
    "feedback comes in months instead of minutes", "writing becomes the larger part of the job",
    "there is no ladder, only rooms", "**staff** means something else in every company",
)  # fmt: skip
_ENDINGS = (
    "and I would do it again.", "but ask who holds the budget.", "so try it for a quarter first.",
    "which took me years to see.", "and nobody writes that down.", "though yours may differ.",
)  # fmt: skip


def bodies(random: Random) -> list[tuple[str, str]]:
    """Pairs of Markdown and its HTML, to draw from: rendering every text anew would take hours."""
    return [(text, render(text)) for text in (_body(random) for _ in range(DIFFERENT))]


def _body(random: Random) -> str:
    text = ""
    while len(text) < LENGTH:
        gap = "\n\n" if text and random.random() < 0.2 else " "
        text += gap + _sentence(random)
    return text.strip()


def _sentence(random: Random) -> str:
    opening, claim, ending = (random.choice(part) for part in (_OPENINGS, _CLAIMS, _ENDINGS))
    return f"{opening}, {claim}, {ending}"
