"""Pages as a browser sees them, and as a judge of HTML does: any error of syntax fails the test."""

from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Page:
    """An answer that must be a well-formed page."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        assert response.mimetype == "text/html", response.get_data(as_text=True)
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root: Element = parser.parse(response.get_data(as_text=True))

    @property
    def text(self) -> str:
        """All that the page says below its head."""
        return said(self.one("body"))

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements with a tag whose attributes, lists of words, hold the given ones."""
        wanted = {name.rstrip("_"): word for name, word in attributes.items()}
        return [
            element
            for element in self.root.iter(tag)
            if all(word in element.get(name, "").split() for name, word in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def reply(self, reply_id: int) -> Element:
        """The element of a reply."""
        return self.one("article", id=f"reply-{reply_id}")

    @property
    def shown_replies(self) -> list[int]:
        """The ids of all replies on the page, in order."""
        return [
            int(e.get("id", "").removeprefix("reply-")) for e in self.all("article", class_="reply")
        ]

    @property
    def shown_threads(self) -> list[int]:
        """The ids of all threads in the page's list, in order."""
        found = self.all("article", class_="thread")
        return [int(e.get("id", "").removeprefix("thread-")) for e in found]

    @property
    def links(self) -> list[str]:
        """The addresses of all links within the forum."""
        addresses = [e.get("href", "") for tag in ("a", "link") for e in self.all(tag)]
        return [address for address in addresses if address.startswith("/")]

    @property
    def onward(self) -> list[str]:
        """The addresses of what is left out here."""
        more = [link for part in self.all("p", class_="more") for link in part.iter("a")]
        return [link.get("href", "") for link in [*more, *self.all("a", rel="next")]]


def read(client: FlaskClient, address: str) -> Page:
    """The page at an address, which must be there."""
    page = Page(client.get(address))
    assert page.status == 200, page.text
    return page


def said(element: Element) -> str:
    """The words of an element."""
    return " ".join(" ".join(element.itertext()).split())
