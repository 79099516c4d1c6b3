"""What a rule finds in a text. Takes time in proportion to the text, whatever the rule says."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Protocol

import re2

from forum.core.markdown import linked, shown
from forum.core.urls import parse
from forum.moderation.rules.errors import UnusableRule
from forum.moderation.rules.folding import Span, Written, look
from forum.moderation.rules.models import (
    DOMAIN,
    DUPLICATE,
    EVERYBODY,
    GUESTS,
    LINKS,
    NEWCOMERS,
    PATTERN,
    PHRASE,
    SPEED,
    WORD,
)

NEW_FOR = timedelta(days=7)
"""How long an account is one of a newcomer."""
MOST_FOUND = 100
"""In one part of a text: to find the next one may take as long as to read all that follows."""
LONGEST_TOLD = 80
_PATTERN_BYTES = 2**20
_WORD = re.compile(r"\w+")
_DOMAIN = re.compile(r"[^/?#:@]+")


class Rule(Protocol):
    """What a rule says; see `WatchRule`."""

    id: int
    kind: str
    value: str | None
    number: int | None
    minutes: int | None
    action: str
    audience: str
    post_id: int | None


class Around(Protocol):
    """What else was written, as rules ask for it."""

    def written_since(self, moment: datetime, most: int) -> int:
        """How many texts the author has written since, at most `most`."""

    def is_repeated(self, looks: str, moment: datetime) -> bool:
        """Whether the author or others have written what looks the same since."""


@dataclass(frozen=True)
class Draft:
    """What somebody is about to write; `html` is its body, rendered."""

    title: str | None
    body: str
    html: str
    post_id: int
    by_guest: bool
    author_since: datetime
    at: datetime
    around: Around

    @cached_property
    def parts(self) -> tuple[Written, Written, Written]:
        """Title and body as they were written, and what readers are shown of the body."""
        return Written(self.title or ""), Written(self.body), Written(shown(self.html))

    @cached_property
    def links(self) -> list[str]:
        """The addresses it links to."""
        return linked(self.html)

    @cached_property
    def hosts(self) -> set[str]:
        """The hosts it links to."""
        return {host for host in map(_host, self.links) if host}


@dataclass(frozen=True)
class Catch:
    """What a rule has found: in words, and where, if it can be masked there."""

    found: tuple[str, ...]
    in_title: tuple[Span, ...] = ()
    in_body: tuple[Span, ...] = ()
    maskable: bool = False


Find = Callable[[Draft], Catch | None]
_InPart = Callable[[Written], Iterator[Span]]


@dataclass(frozen=True)
class Watcher:
    """A rule that is ready to look at texts."""

    id: int
    kind: str
    value: str | None
    action: str
    audience: str
    post_id: int | None
    find: Find

    def catches(self, draft: Draft) -> Catch | None:
        """What it finds in a text, if it is about texts like this one."""
        return self.find(draft) if self._is_about(draft) else None

    def _is_about(self, draft: Draft) -> bool:
        if self.post_id not in {None, draft.post_id}:
            return False
        is_new = draft.by_guest or draft.at - draft.author_since < NEW_FOR
        return {EVERYBODY: True, GUESTS: draft.by_guest, NEWCOMERS: is_new}[self.audience]


def ready(rule: Rule) -> Watcher:
    """Raises `UnusableRule` for a value that is no word, no pattern or no domain."""
    find = _FINDERS[rule.kind](rule)
    same = (rule.id, rule.kind, rule.value, rule.action, rule.audience, rule.post_id)
    return Watcher(*same, find=find)


def _words(rule: Rule) -> Find:
    word = _look(rule)
    if not _WORD.fullmatch(word):
        raise UnusableRule("Must be one word.", pointer="/value")

    def find(part: Written) -> Iterator[Span]:
        words = _WORD.finditer(part.looks.text)
        return (part.looks.origin(*found.span()) for found in words if found[0] == word)

    return _in_parts(find)


def _phrases(rule: Rule) -> Find:
    phrase = re.compile(re.escape(_look(rule)))

    def find(part: Written) -> Iterator[Span]:
        found = phrase.finditer(part.looks.text)
        return (part.looks.origin(*each.span()) for each in found)

    return _in_parts(find)


def _patterns(rule: Rule) -> Find:
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, _PATTERN_BYTES
    try:
        pattern = re2.compile(rule.value, options)
    except re2.error as error:
        raise UnusableRule("Must be a pattern as RE2 reads them.", pointer="/value") from error

    def find(part: Written) -> Iterator[Span]:
        found = (each.span() for each in pattern.finditer(part.plain.text))
        return (part.plain.origin(*span) for span in found if span[0] < span[1])

    return _in_parts(find)


def _in_parts(find: _InPart) -> Find:
    """Where something is found in title and body; maskable unless markup hides it there."""

    def find_all(draft: Draft) -> Catch | None:
        spans = [tuple(islice(find(part), MOST_FOUND)) for part in draft.parts]
        if not any(spans):
            return None
        told = (
            part.text[slice(*span)]
            for part, each in zip(draft.parts, spans, strict=True)
            for span in each
        )
        all_seen = max(map(len, spans)) < MOST_FOUND and len(spans[2]) <= len(spans[1])
        return Catch(_told(told), spans[0], spans[1], all_seen)

    return find_all


def _domains(rule: Rule) -> Find:
    domain = _host(f"https://{rule.value}/")
    if domain is None or not _DOMAIN.fullmatch(rule.value or ""):
        raise UnusableRule("Must be a domain, like spam.example.", pointer="/value")

    def find(draft: Draft) -> Catch | None:
        hosts = sorted(h for h in draft.hosts if h == domain or h.endswith(f".{domain}"))
        return Catch(_told(hosts)) if hosts else None

    return find


def _many_links(rule: Rule) -> Find:
    enough = rule.number or 1

    def find(draft: Draft) -> Catch | None:
        return Catch(_told(draft.links)) if len(draft.links) >= enough else None

    return find


def _speed(rule: Rule) -> Find:
    enough, period = rule.number or 1, timedelta(minutes=rule.minutes or 1)

    def find(draft: Draft) -> Catch | None:
        written = draft.around.written_since(draft.at - period, enough)
        return Catch(()) if written >= enough else None

    return find


def _duplicates(rule: Rule) -> Find:
    least, period = rule.number or 1, timedelta(minutes=rule.minutes or 1)

    def find(draft: Draft) -> Catch | None:
        looks = look(draft.body)
        if len(looks) < least or not draft.around.is_repeated(looks, draft.at - period):
            return None
        return Catch(())

    return find


_FINDERS: dict[str, Callable[[Rule], Find]] = {
    WORD: _words,
    PHRASE: _phrases,
    PATTERN: _patterns,
    DOMAIN: _domains,
    LINKS: _many_links,
    SPEED: _speed,
    DUPLICATE: _duplicates,
}


def _look(rule: Rule) -> str:
    looks = look(rule.value or "")
    if not looks:
        raise UnusableRule("Must show something.", pointer="/value")
    return looks


def _told(found: Iterable[str]) -> tuple[str, ...]:
    """What to tell moderators of it: a few, each of them once, and no long ones."""
    return tuple(dict.fromkeys(each[:LONGEST_TOLD] for each in found))[:10]


def _host(url: str) -> str | None:
    try:
        return parse(url).hostname.rstrip(".")
    except ValueError:
        return None
