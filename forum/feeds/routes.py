"""The addresses of the feeds.

A reader who asks again costs one look at the newest rows without their texts, which indexes serve:
the validator is made of all that a feed shows but the texts, and an edited text has another time.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from types import ModuleType

from flask import Blueprint, Flask, Response, current_app, request

from forum.accounts.errors import MemberNotFound
from forum.config import settings_in
from forum.core import clock, outbox
from forum.core.db import db
from forum.core.errors import Invalid, NotFound, TooManyRequests, Unavailable
from forum.core.http.conditional import etag_of
from forum.core.http.description import described
from forum.core.http.page_cache import depends_on
from forum.core.http.parameters import refuse_undescribed
from forum.core.http.quota import count_read
from forum.feeds import atom, channels, entries, json_feed, rss
from forum.feeds.channels import Channel
from forum.feeds.site import Site
from forum.posts.errors import PostNotFound
from forum.replies.models import PATHS
from forum.threads.errors import ThreadNotFound
from forum.threads.events import thread_topic

FORMATS: dict[str, ModuleType] = {"rss": rss, "atom": atom, "json": json_feed}
DEFAULT_LIMIT = 50
MOST_ENTRIES = 100

_PATH = f"<any({', '.join(map(repr, PATHS))}):path>"
_LIMIT = re.compile("[1-9][0-9]{0,2}", re.ASCII)
_LIMIT_SCHEMA = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST_ENTRIES,
    "default": DEFAULT_LIMIT,
}

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")
blueprint.before_request(count_read)
blueprint.before_request(refuse_undescribed)


def init_app(app: Flask) -> None:
    """Register the feeds; raises `ConfigurationError` where the site's address makes no ids."""
    settings = settings_in(app)
    app.extensions["site"] = Site.at(settings.base_url, settings.site_name)
    app.register_blueprint(blueprint)


def _feed(
    rule: str, *errors: type[NotFound]
) -> Callable[[Callable[..., Channel]], Callable[..., Channel]]:
    """Publish what a function of names in the address and of a limit finds, in every format."""

    def register(find: Callable[..., Channel]) -> Callable[..., Channel]:
        for extension, made in FORMATS.items():
            describe = described(
                made.MEDIA_TYPE,
                errors=[*errors, Invalid, TooManyRequests, Unavailable],
                query={"limit": _LIMIT_SCHEMA},
            )
            view = describe(_view(find, extension))
            blueprint.add_url_rule(f"{rule}.{extension}", f"{find.__name__}_{extension}", view)
        return find

    return register


def _view(find: Callable[..., Channel], extension: str) -> Callable[..., Response]:
    @wraps(find)
    def view(**names: str | int) -> Response:
        limit = _limit()
        return _answer(extension, limit, find(**names, limit=limit))

    return view


@_feed("/replies")
def community(limit: int) -> Channel:
    """New threads and replies of the whole community."""
    return channels.of_community(db.session(), limit)


@_feed(f"/paths/{_PATH}")
def path(path: str, limit: int) -> Channel:
    """New replies on a path, and those that both paths claim."""
    return channels.of_path(db.session(), path, limit)


@_feed("/posts/<slug>", PostNotFound)
def post(slug: str, limit: int) -> Channel:
    """New threads and replies below a post."""
    return channels.of_post(db.session(), slug, limit)


@_feed("/threads/<id:thread_id>", ThreadNotFound)
def thread(thread_id: int, limit: int) -> Channel:
    """A thread and the new replies in it."""
    depends_on(thread_topic(thread_id))
    return channels.of_thread(db.session(), thread_id, limit)


@_feed("/users/<username>", MemberNotFound)
def user(username: str, limit: int) -> Channel:
    """New threads and replies by a member."""
    return channels.of_member(db.session(), username, limit)


def _limit() -> int:
    """How many entries are asked for; raises `Invalid`."""
    given = request.args.get("limit", str(DEFAULT_LIMIT))
    if not _LIMIT.fullmatch(given) or int(given) > MOST_ENTRIES:
        raise Invalid(f"Must be a whole number from 1 to {MOST_ENTRIES}.", pointer="?limit")
    return int(given)


def _answer(extension: str, limit: int, channel: Channel) -> Response:
    """The channel as a document, unless the caller holds it already."""
    made, site = FORMATS[extension], current_app.extensions["site"]
    response = Response(mimetype=made.MEDIA_TYPE)
    response.set_etag(_version(extension, site, channel), weak=True)
    response.last_modified = _last_modified()
    response.make_conditional(request)
    if response.status_code == 200:
        texts = channels.texts(db.session(), channel.items)
        self_url = _address(site, channel.name, extension, limit)
        response.set_data(made.render(entries.feed(channel, site, self_url, texts)))
    return response


def _address(site: Site, name: str, extension: str, limit: int) -> str:
    query = "" if limit == DEFAULT_LIMIT else f"?limit={limit}"
    return site.url(f"feeds/{name}.{extension}") + query


def _version(*shown: object) -> str:
    return etag_of(repr(shown).encode())


def _last_modified() -> datetime | None:
    """When anything last happened, in a second that is over.

    HTTP counts whole seconds: during the present one, in which more may happen, the one before it
    is told, so that what happens until its end is not taken for known later on.
    """
    happened_at = outbox.latest(db.session())
    return happened_at and min(happened_at, clock.now() - timedelta(seconds=1))
