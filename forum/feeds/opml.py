"""A list of the public feeds for feed readers (OPML 2.0): of the community and of its posts.

The feeds of threads, replies and members are named by their pages, for there is no end of them.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, current_app, request, url_for

from forum.core import cursors
from forum.core.cursors import CursorMismatch
from forum.core.db import db
from forum.core.errors import Invalid, TooManyRequests, Unavailable
from forum.core.http.description import described
from forum.core.http.parameters import refuse_undescribed
from forum.core.http.quota import count_read
from forum.core.pages import Page, Position, Record
from forum.feeds.model import carriable
from forum.feeds.site import Site
from forum.posts import queries as posts
from forum.replies.models import PATHS

MEDIA_TYPE = "text/x-opml"
POSTS_A_PAGE = 100
SCOPE = "/feeds.opml"

blueprint = Blueprint("opml", __name__)
blueprint.before_request(count_read)
blueprint.before_request(refuse_undescribed)


@blueprint.get("/feeds.opml")
@described(
    MEDIA_TYPE,
    errors=[CursorMismatch, Invalid, TooManyRequests, Unavailable],
    query={"cursor": {"type": "string"}},
)
def feeds() -> Response:
    """The public feeds, newest posts first; where there are more posts, it includes the next."""
    cursor = request.args.get("cursor")
    after: Position | None = None if cursor is None else cursors.decode(_key(), SCOPE, cursor)
    page = posts.posts(db.session(), "new", after, POSTS_A_PAGE)
    return Response(render(current_app.extensions["site"], page), mimetype=MEDIA_TYPE)


def render(site: Site, page: Page[Record]) -> bytes:
    """The list as a document in UTF-8."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = carriable(f"Feeds of {site.name}")
    body = SubElement(root, "body")
    community = SubElement(body, "outline", text="Everything")
    _add_feed(community, site, "replies", "New replies")
    for path in PATHS:
        _add_feed(community, site, f"paths/{path}", f"New on the {path.replace('-', ' ')}")
    _add_feed(community, site, "gap", "Threads that lack a path")
    for path in PATHS:
        _add_feed(community, site, f"gap/{path}", f"Threads without the {path.replace('-', ' ')}")
    for post in page.items:
        _add_post(body, site, post)
    if page.next is not None:
        following = url_for("opml.feeds", cursor=cursors.encode(_key(), SCOPE, page.next))
        SubElement(body, "outline", type="include", text="More", url=f"{site.base_url}{following}")
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_post(body: Element, site: Site, post: Record) -> None:
    outline, name = SubElement(body, "outline", text=carriable(post.title)), f"posts/{post.slug}"
    _add_feed(outline, site, name, post.title, page=name)
    for path in PATHS:
        title = f"{post.title}: the {path.replace('-', ' ')}"
        _add_feed(outline, site, f"{name}/paths/{path}", title, page=name)


def _add_feed(parent: Element, site: Site, name: str, title: str, page: str = "") -> None:
    text = carriable(title)
    feed = SubElement(parent, "outline", type="rss", text=text, title=text)
    feed.set("xmlUrl", site.url(f"feeds/{name}.atom"))
    feed.set("htmlUrl", site.url(page))


def _key() -> str:
    return str(current_app.secret_key)
