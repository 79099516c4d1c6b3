"""What becomes of a text that is about to be published: it is, or it waits, or it is refused.

Pure, and independent of the order of rules: the strongest action of all that catch it decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from forum.accounts.identity import SanctionInForce
from forum.moderation.premoderation.models import Policy
from forum.moderation.queue.models import HELD, RULE
from forum.moderation.rules.errors import TextRefused
from forum.moderation.rules.folding import Span
from forum.moderation.rules.matching import Catch, Draft, Watcher
from forum.moderation.rules.models import BLOCK, FLAG, HOLD, MASK
from forum.moderation.screening.writers import Writer

WEIGHTS = {HOLD: 20, FLAG: 10, MASK: 5}
"""Of what a rule has caught; ten is a report by somebody new."""
WEIGHT_OF_POLICY = 5
WEIGHT_OF_SANCTION = 10

STARS = "***"
STARS_IN_MARKDOWN = r"\*\*\*"


@dataclass(frozen=True)
class Reason:
    """Why moderators are to look at a text; see `Concern`."""

    kind: str
    weight: int
    why: dict[str, Any]
    holds: bool


@dataclass(frozen=True)
class Verdict:
    """What is to be published or held, and what moderators are told of it.

    `html` is the body, rendered, if that was looked at and nothing in it is masked.
    """

    title: str | None
    body: str
    html: str | None = None
    reasons: tuple[Reason, ...] = ()
    asks_about_spam: bool = False

    @property
    def is_held(self) -> bool:
        return self.asks_about_spam or any(reason.holds for reason in self.reasons)

    @property
    def kind(self) -> str:
        """Of the one item that all reasons join: what a policy holds is held, whoever else is."""
        return HELD if any(reason.kind == HELD for reason in self.reasons) else RULE


def judge(
    draft: Draft,
    watchers: Sequence[Watcher],
    policy: Policy,
    writer: Writer,
    sanction: SanctionInForce | None,
) -> Verdict:
    """Raises `TextRefused`."""
    caught = [(watcher, found) for watcher in watchers if (found := watcher.catches(draft))]
    if any(watcher.action == BLOCK for watcher, _ in caught):
        raise TextRefused
    masks = [found for watcher, found in caught if watcher.action == MASK and found.maskable]
    reasons = [*_by_people(policy, draft, writer, sanction), *_by_rules(draft, caught)]
    body = masked(draft.body, _spans(f.in_body for f in masks), STARS_IN_MARKDOWN)
    return Verdict(
        title=draft.title and masked(draft.title, _spans(f.in_title for f in masks), STARS),
        body=body,
        html=draft.html if body == draft.body else None,
        reasons=tuple(reasons),
    )


def masked(text: str, spans: Iterable[Span], stars: str) -> str:
    """The text with `stars` for each part that is covered by spans, which may overlap."""
    parts, at = [], 0
    for start, end in _merged(spans):
        parts += [text[at:start], stars]
        at = end
    return "".join([*parts, text[at:]])


def grounds(policy: Policy, draft: Draft, writer: Writer) -> list[str]:
    """What of a policy lets a text wait, by the names of its members."""
    if policy.trusted_after and writer.approved >= policy.trusted_after:
        return []
    age = draft.at - writer.since
    holds = {
        "everybody": policy.everybody,
        "guests": policy.guests and draft.by_guest,
        "unconfirmed": policy.unconfirmed and not (writer.is_confirmed or draft.by_guest),
        "first_texts": writer.texts < policy.first_texts,
        "with_links": policy.with_links and bool(draft.links),
        "younger_than_days": age < timedelta(days=policy.younger_than_days),
    }
    return [name for name, is_so in holds.items() if is_so]


def _by_people(
    policy: Policy, draft: Draft, writer: Writer, sanction: SanctionInForce | None
) -> Iterator[Reason]:
    if sanction is not None:
        yield Reason(HELD, WEIGHT_OF_SANCTION, {"sanction_id": sanction.id}, holds=True)
    found = grounds(policy, draft, writer)
    if found:
        yield Reason(HELD, WEIGHT_OF_POLICY, {"policy": found}, holds=True)


def _by_rules(draft: Draft, caught: Iterable[tuple[Watcher, Catch]]) -> Iterator[Reason]:
    for watcher, found in caught:
        holds = watcher.action == HOLD or (watcher.action == MASK and not found.maskable)
        why = {"rule_id": watcher.id, "action": watcher.action, "kind": watcher.kind}
        why |= {"value": watcher.value, "found": [*found.found]}
        if watcher.action == MASK and found.maskable:
            why |= {"title": draft.title, "body": draft.body}
        yield Reason(RULE, WEIGHTS[HOLD if holds else watcher.action], why, holds)


def _spans(parts: Iterable[Sequence[Span]]) -> list[Span]:
    return [span for part in parts for span in part]


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    start = end = -1
    for each in sorted(spans):
        if each[0] > end:
            if end > 0:
                yield start, end
            start, end = each
        end = max(end, each[1])
    if end > 0:
        yield start, end
