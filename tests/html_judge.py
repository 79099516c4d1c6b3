"""Judges HTML as a browser parses it: everything beyond the allow-list of Markdown is unsafe.

The parser is html5lib, so the judge shares no code with the sanitiser it judges.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

from forum.core.markdown import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_CODE_CLASS,
    ALLOWED_SCHEMES,
    ALLOWED_TAGS,
    LINK_REL,
)

_XHTML = "{http://www.w3.org/1999/xhtml}"
_IGNORED_IN_ADDRESSES = re.compile(r"^[\0- ]+|[\t\n\r]")
_ABSOLUTE = re.compile(r"(https?)://[^/\\?#]|(mailto):", re.IGNORECASE)


def unsafe_parts(html: str) -> list[str]:
    """What a browser would find in a fragment that no rendered text may contain; none is safe."""
    fragment = html5lib.parseFragment(html)
    elements = (element for element in fragment.iter() if element is not fragment)
    return [problem for element in elements for problem in _problems(element)]


def _problems(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield "a comment"
        return
    tag = element.tag.removeprefix(_XHTML)
    if tag not in ALLOWED_TAGS:
        yield f"<{tag}>"
    if tag == "a" and element.get("rel") != LINK_REL:
        yield f"rel={element.get('rel')!r}"
    for name, value in element.attrib.items():
        if not _is_allowed(tag, name, value):
            yield f"<{tag} {name}={value!r}>"


def _is_allowed(tag: str, name: str, value: str) -> bool:
    if (tag, name) == ("a", "rel"):
        return True
    if name not in ALLOWED_ATTRIBUTES.get(tag, ()):
        return False
    if name == "href":
        return _is_absolute(value)
    if name == "start":
        return value.isdecimal()
    return ALLOWED_CODE_CLASS.fullmatch(value) is not None


def _is_absolute(address: str) -> bool:
    found = _ABSOLUTE.match(_IGNORED_IN_ADDRESSES.sub("", address))
    return found is not None and (found[1] or found[2]).lower() in ALLOWED_SCHEMES
