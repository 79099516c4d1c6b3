"""The addresses of the feeds.

A reader who asks again costs one statement about the newest rows without their texts: the validator
is made of all that a feed shows but the texts, and an edited text has another time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial, wraps
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, request

from forum.accounts.errors import InvalidToken, MemberNotFound
from forum.config import settings_in
from forum.core import clock
from forum.core.cursors import CursorMismatch
from forum.core.db import db
from forum.core.errors import Invalid, Refusal, TooManyRequests, Unauthorized, Unavailable
from forum.core.http.conditional import etag_of
from forum.core.http.description import described
from forum.core.http.page_cache import depends_on
from forum.core.http.parameters import refuse_undescribed
from forum.core.http.quota import count_read
from forum.feeds import atom, channels, entries, json_feed, opml, parts, queue, rss
from forum.feeds.channels import Channel
from forum.feeds.model import Feed, Link
from forum.feeds.parts import DEFAULT_LIMIT, Part
from forum.feeds.site import FORMATS, Site
from forum.posts.errors import PostNotFound
from forum.posts.events import post_topic
from forum.replies.errors import ReplyNotFound
from forum.replies.models import PATHS
from forum.replies.scopes import News, Window
from forum.replies.streams import TIMES
from forum.threads.errors import ThreadNotFound
from forum.threads.events import thread_topic

WRITERS: dict[str, ModuleType] = dict(zip(FORMATS, (rss, atom, json_feed), strict=True))

_PATH = f"<any({', '.join(map(repr, PATHS))}):path>"

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")
blueprint.before_request(count_read)
blueprint.before_request(refuse_undescribed)


def init_app(app: Flask) -> None:
    """Register the feeds; raises `ConfigurationError` where the site's address makes no ids."""
    settings = settings_in(app)
    app.extensions["site"] = Site.at(settings.base_url, settings.site_name)
    app.register_blueprint(blueprint)
    app.register_blueprint(opml.blueprint)


Find = Callable[..., Channel]


def _feed(rule: str, *errors: type[Refusal], **query: Any) -> Callable[[Find], Find]:
    """Publish, in all formats, what is found given a window and the names in the address."""

    def register(find: Find) -> Find:
        for extension, made in WRITERS.items():
            describe = described(
                made.MEDIA_TYPE,
                errors=[*errors, CursorMismatch, Invalid, TooManyRequests, Unavailable],
                query=parts.QUERY | query,
            )
            view = describe(_view(find, extension))
            blueprint.add_url_rule(f"{rule}.{extension}", f"{find.__name__}_{extension}", view)
        return find

    return register


def _view(find: Find, extension: str) -> Callable[..., Response]:
    @wraps(find)
    def view(**names: str | int) -> Response:
        part = Part.asked()
        channel = find(window=part.window(), **names)
        return _answer(extension, part, replace(channel, news=part.of(channel.news)))

    return view


@_feed("/replies")
def community(window: Window) -> Channel:
    """New threads and replies of the whole community."""
    return channels.of_community(db.session(), window)


@_feed(f"/paths/{_PATH}")
def path(window: Window, path: str) -> Channel:
    """Replies new on a path, and those that both paths claim."""
    return channels.of_path(db.session(), window, path)


@_feed("/gap")
def gap(window: Window) -> Channel:
    """Threads that lack a path, as they come to lack it."""
    return channels.of_gap(db.session(), window)


@_feed(f"/gap/{_PATH}")
def gap_of_path(window: Window, path: str) -> Channel:
    """Threads that lack this path, as they come to lack it."""
    return channels.of_gap(db.session(), window, path)


@_feed("/posts/<slug>", PostNotFound)
def post(window: Window, slug: str) -> Channel:
    """New threads and replies below a post."""
    return _about_post(channels.of_post(db.session(), window, slug))


@_feed(f"/posts/<slug>/paths/{_PATH}", PostNotFound)
def path_of_post(window: Window, slug: str, path: str) -> Channel:
    """Replies below a post that are new on a path."""
    return _about_post(channels.of_post_on_path(db.session(), window, slug, path))


def _about_post(channel: Channel) -> Channel:
    depends_on(post_topic(channel.news.about.id))
    return channel


@_feed("/threads/<id:thread_id>", ThreadNotFound)
def thread(window: Window, thread_id: int) -> Channel:
    """A thread and the new replies in it."""
    depends_on(thread_topic(thread_id))
    return channels.of_thread(db.session(), window, thread_id)


@_feed("/replies/<id:reply_id>", ReplyNotFound)
def reply(window: Window, reply_id: int) -> Channel:
    """A reply and the new replies below it."""
    channel = channels.of_reply(db.session(), window, reply_id)
    depends_on(thread_topic(channel.news.about.thread_id))
    return channel


@_feed("/users/<username>", MemberNotFound)
def user(window: Window, username: str) -> Channel:
    """New threads and replies by a member."""
    return channels.of_member(db.session(), window, username)


_TOKEN = {"token": {"type": "string", "maxLength": 100}}


@_feed("/me/replies", Unauthorized, **_TOKEN)
def to_me(window: Window) -> Channel:
    """Replies to what one wrote, for the feed reader of a member.

    It shows a feed token, as the password of HTTP Basic or as the parameter `token`.
    """
    with _asking_for_token():
        return channels.to_holder(db.session(), window, _token())


def _add_queue(extension: str) -> None:
    """Publish the queue in one format."""
    made = WRITERS[extension]

    @described(
        made.MEDIA_TYPE,
        errors=[Unauthorized, Invalid, TooManyRequests, Unavailable],
        query=_TOKEN,
    )
    def to_moderators() -> Response:
        """What waits for moderators, for the feed reader of one of them.

        It shows a feed token, as the password of HTTP Basic or as the parameter `token`.
        """
        token = request.args.get("token")
        site = current_app.extensions["site"]
        self_url = _address(site, queue.NAME, extension, token=token)
        with _asking_for_token():
            document = queue.feed(db.session(), _token(), site, self_url)
        response = Response(made.render(document), mimetype=made.MEDIA_TYPE)
        response.headers["Cache-Control"] = "private, no-cache"
        response.add_etag(weak=True)
        response.make_conditional(request)
        return response

    blueprint.add_url_rule(f"/{queue.NAME}.{extension}", f"queue_{extension}", to_moderators)


for _extension in FORMATS:
    _add_queue(_extension)


@contextmanager
def _asking_for_token() -> Iterator[None]:
    """Let who shows none that is good know how to."""
    try:
        yield
    except InvalidToken as error:
        raise InvalidToken(headers={"WWW-Authenticate": 'Basic realm="feeds"'}) from error


def _token() -> str:
    """The feed token that is shown; empty if there is none."""
    shown = request.authorization
    password = shown.password if shown and shown.type == "basic" else None
    return password or request.args.get("token", "")


def _answer(extension: str, part: Part, channel: Channel) -> Response:
    """The channel as a document, unless the caller holds it already."""
    made, site = WRITERS[extension], current_app.extensions["site"]
    response = Response(mimetype=made.MEDIA_TYPE)
    response.set_etag(_version(extension, part, site, channel), weak=True)
    response.last_modified = _last_modified(channel.news)
    hub = settings_in(current_app).websub_hub if part.is_topic else ""
    if channel.is_private:
        response.headers["Cache-Control"] = "private, no-cache"
    elif hub:
        links = f'<{hub}>; rel="hub", <{_address(site, channel.name, extension)}>; rel="self"'
        response.headers["Link"] = links
    response.make_conditional(request)
    if response.status_code == 200:
        response.set_data(made.render(_document(extension, part, site, channel)))
    return response


def _document(extension: str, part: Part, site: Site, channel: Channel) -> Feed:
    token = request.args.get("token")
    address = partial(_address, site, channel.name, extension, part.limit, token=token)
    self_url = address(archive=part.archive, cursor=part.after)
    links = [*part.links(channel.news, address)]
    hub = settings_in(current_app).websub_hub
    if hub and part.is_topic and not channel.is_private:
        links.append(Link("hub", hub))
    texts = channels.texts(db.session(), channel.news.items)
    return entries.feed(channel, part, site, self_url, links, texts)


def _address(site: Site, name: str, extension: str, limit: int = DEFAULT_LIMIT, **part: Any) -> str:
    query = urlencode(parts.query_of(name, limit, **part))
    return site.url(f"feeds/{name}.{extension}") + (f"?{query}" if query else "")


def _version(*shown: object) -> str:
    return etag_of(repr(shown).encode())


def _last_modified(news: News) -> datetime | None:
    """When this news last changed, in a second that is over.

    HTTP counts whole seconds: during the present one, in which more may happen, the one before it
    is told, so that what happens until its end is not taken for known later on.
    """
    changed_at = max(_times(news), default=None)
    return changed_at and min(changed_at, clock.now() - timedelta(seconds=1))


def _times(news: News) -> Iterator[datetime]:
    for row in (*news.items, *news.left):
        yield from (at for name in TIMES if (at := getattr(row, name)) is not None)
    if news.elsewhere_at:
        yield news.elsewhere_at
