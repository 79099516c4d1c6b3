"""From Markdown to HTML that is safe to show."""

import re
from collections.abc import Iterator
from html import unescape
from importlib import import_module

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, linkify
from nh3 import Cleaner

from forum.core.errors import Invalid

ALLOWED_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
    | {"table", "tbody", "td", "th", "thead", "tr"}
)
ALLOWED_ATTRIBUTES = {"a": {"href"}, "code": {"class"}, "ol": {"start"}}
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
ALLOWED_CODE_CLASS = re.compile(r"language-[\w.+#-]{1,40}", re.ASCII)
LINK_REL = "nofollow ugc noopener"

# To one address and no more: what follows it could set the headers of a mail, Bcc among them.
_ALLOWED_LINK = re.compile(r"https?://[^/?#]|mailto:[\w.+-]+@[\w.-]+\Z", re.ASCII | re.IGNORECASE)
_BARE_LINK = re.compile(r"(?:.*[^a-z0-9.+-])?https?://\w", re.IGNORECASE | re.DOTALL)

# The library's own 100 makes a body of "[" cost a second; its CommonMark preset has 20 as well.
_MOST_NESTING = 20

_UNSPOKEN = re.compile(r"<(a|code|pre)\b.*?</\1>", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_HREF = re.compile('<a href="([^"]*)"')

_MOST_GROWTH = 30
_SHORT = 1000
_LONGEST_LINK = 2000

# Cells that the rows of a table lack and are given: the library's 65,536 cost seconds, per table.
vars(import_module("markdown_it.rules_block.table"))["MAX_AUTOCOMPLETED_CELLS"] = 64


class RendersTooLong(Invalid):
    """Tables or repeated references make far more HTML of the text than there is text."""

    code = "renders-too-long"
    title = "The text becomes too long when it is rendered"


def render(markdown: str) -> str:
    """The HTML of a text, within the `ALLOWED_...` constants; raises `RendersTooLong`.

    Raw HTML stays text, and so do links that are neither absolute http or https nor mailto with one
    address; an image becomes a link. The text must have passed `clean_text`. The time grows faster
    than the length: 10,000 hostile characters take 0.4 s.
    """
    html = _PARSER.render(markdown)
    if len(html) > _MOST_GROWTH * len(markdown) + _SHORT:
        raise RendersTooLong(pointer="/body")
    return _CLEANER.clean(html)


def spoken(html: str) -> Iterator[str]:
    """The parts of a rendered text that its writer says in words: neither code nor links.

    Whoever reads that keeps others waiting, for which rendering anew would take too long.
    """
    return map(unescape, _TAG.split(_UNSPOKEN.sub("<>", html)))


def shown(html: str) -> str:
    """What a reader of a rendered text sees of it."""
    return unescape(_TAG.sub("", html))


def linked(html: str) -> list[str]:
    """The addresses that a rendered text links to, in their order."""
    return list(map(unescape, _HREF.findall(html)))


def _parser() -> MarkdownIt:
    options = {"linkify": True, "maxNesting": _MOST_NESTING}
    parser = MarkdownIt("js-default", options).disable("image")
    parser.validateLink = _is_allowed_link  # type: ignore[method-assign]  # the documented way
    parser.inline.ruler.at("linkify", _linkify)
    # Otherwise "main.py" would become a link to Paraguay.
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # type: ignore[union-attr]  # the extra brings it
    parser.linkify.pretest = _may_hold_address  # type: ignore[union-attr]  # likewise
    return parser


def _may_hold_address(text: str) -> bool:
    """The library's own looks for addresses without a scheme, too, longer than all else takes."""
    return ":" in text or "//" in text or "&" in text


def _linkify(state: StateInline, silent: bool) -> bool:
    """The library's rule, where an address can be: it reads all the text before, every time."""
    start, end = max(0, state.pos - len(" https")), state.pos + len("://a")
    return _BARE_LINK.fullmatch(state.src, start, end) is not None and linkify(state, silent)


def _is_allowed_link(url: str) -> bool:
    return len(url) <= _LONGEST_LINK and _ALLOWED_LINK.match(url) is not None


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("code", "class"):
        return value if ALLOWED_CODE_CLASS.fullmatch(value) else None
    return value


_PARSER = _parser()
_CLEANER = Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES | {"*": set()},  # or "lang" and "title" pass on every tag
    attribute_filter=_allowed_value,
    url_schemes=ALLOWED_SCHEMES,
    url_relative="deny",
    link_rel=LINK_REL,
)
