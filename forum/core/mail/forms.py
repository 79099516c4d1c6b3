"""The two forms of a letter: text of 76 columns, and HTML that loads nothing from elsewhere."""

import textwrap
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from forum.core.mail.letters import Letter

COLUMNS = 76


@dataclass(frozen=True)
class Site:
    """Who writes."""

    name: str
    url: str


def as_text(letter: Letter, site: Site) -> str:
    """The letter for readers of plain text."""
    return _TEMPLATES.get_template("letter.txt").render(letter=letter, site=site)


def as_html(letter: Letter, site: Site) -> str:
    """The letter as HTML: its only links are the letter's own, and it has no images."""
    return _TEMPLATES.get_template("letter.html").render(letter=letter, site=site)


def wrapped(text: str, prefix: str = "") -> str:
    """Every line of `text` broken at spaces; words that are too long stay whole."""
    return "\n".join(_broken(line, prefix) for line in text.splitlines())


def _broken(line: str, prefix: str) -> str:
    broken = textwrap.wrap(
        line,
        COLUMNS,
        initial_indent=prefix,
        subsequent_indent=prefix,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(broken) or prefix.rstrip()


_TEMPLATES = Environment(
    loader=PackageLoader("forum.core.mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["wrapped"] = wrapped
