"""Routes of posts."""

from typing import Any

from flask import Response, url_for

from forum.accounts.grants import POSTS_WRITE
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import ADMINS, viewer
from forum.api.schemas.posts import (
    ChangePostBody,
    CountsQuery,
    CountsSchema,
    LookupQuery,
    NewPostBody,
    PostListSchema,
    PostSchema,
    PostsQuery,
)
from forum.core.db import db
from forum.core.http.conditional import require_match
from forum.core.http.json import json_response
from forum.core.http.page_cache import depends_on
from forum.core.pages import Record
from forum.moderation import commands as moderation
from forum.posts import commands, queries
from forum.posts.commands import NewPost
from forum.posts.errors import AddressTaken, PostNotFound, SlugTaken
from forum.posts.events import post_topic

blueprint = Blueprint("posts", __name__, description="Articles the community talks about.")


@blueprint.operation("GET", "/posts", query=PostsQuery, answer=PostListSchema)
def posts(arguments: dict[str, Any]) -> Response:
    """Posts; with `path`, those below which somebody stands on that path."""
    page = queries.posts(
        db.session(),
        arguments["sort"],
        lists.position(arguments),
        arguments["limit"],
        arguments["path"],
    )
    return lists.listed(page, arguments, lists.posts)


@blueprint.operation(
    "POST",
    "/posts",
    who=ADMINS,
    scope=POSTS_WRITE,
    body=NewPostBody,
    status=201,
    other_status=200,
    answer=PostSchema,
    errors=[SlugTaken],
    creates=True,
)
def add_post(data: dict[str, Any]) -> Response:
    """Add an article; for a known URL, 200 with the post that it belongs to."""
    post, is_new = moderation.add_post(db.session(), viewer(), NewPost(**data))
    response = json_response(representations.post(post), 201 if is_new else 200)
    response.headers["Location"] = url_for("posts.post", slug=post.slug)
    return response


@blueprint.operation(
    "GET", "/posts/lookup", query=LookupQuery, answer=PostSchema, errors=[PostNotFound]
)
def lookup(arguments: dict[str, Any]) -> Response:
    """The post of a page, whatever its fragment, tracking parameters, scheme or trailing slash."""
    return json_response(_shown(queries.post_by_url(db.session(), arguments["url"])))


@blueprint.operation("GET", "/posts/counts", query=CountsQuery, answer=CountsSchema)
def counts(arguments: dict[str, Any]) -> Response:
    """Thread and reply counts of many pages at once, zeros for unknown ones."""
    urls = arguments["url"]
    found = queries.counts(db.session(), urls)
    items = [
        {
            "url": url,
            "post_id": row.id if row else None,
            "thread_count": row.thread_count if row else 0,
            "reply_count": row.reply_count if row else 0,
        }
        for url, row in zip(urls, found, strict=True)
    ]
    return json_response({"items": items})


@blueprint.operation("GET", "/posts/<slug:slug>", answer=PostSchema, errors=[PostNotFound])
def post(slug: str) -> Response:
    """A post."""
    return json_response(_shown(queries.post_by_slug(db.session(), slug)))


@blueprint.operation(
    "PATCH",
    "/posts/<slug:slug>",
    who=ADMINS,
    scope=POSTS_WRITE,
    body=ChangePostBody,
    answer=PostSchema,
    errors=[PostNotFound, SlugTaken, AddressTaken],
)
def change_post(data: dict[str, Any], slug: str) -> Response:
    """Change an article's facts; a former URL stays an alias."""
    require_match(representations.post(commands.find_for_renaming(db.session(), slug)))
    changed = moderation.change_post(db.session(), viewer(), slug, data)
    return json_response(representations.post(changed))


@blueprint.operation(
    "DELETE", "/posts/<slug:slug>", who=ADMINS, scope=POSTS_WRITE, status=204, errors=[PostNotFound]
)
def delete_post(slug: str) -> Response:
    """Delete a post and remove all that was said below it."""
    moderation.delete_post(db.session(), viewer(), slug)
    return Response(status=204)


def _shown(post: Record) -> dict[str, Any]:
    depends_on(post_topic(post.id))
    return representations.post(post)
