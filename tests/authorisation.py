"""Who may call which route: the table that `tests/test_authorisation.py` holds against the routes.

A row is named by method and address below /api/v1; `scope` is what a personal access token needs,
None where no token will do.
"""

from dataclasses import dataclass
from typing import Any

from tests.community import PASSWORD

ANYBODY = "anybody"
MEMBERS = "members"
WITH_GUESTS = "members and guests"
CONFIRMED = "members with a confirmed address"
OTHERS = "members with a confirmed address, but for the author"
AUTHOR = "the author"
AUTHOR_OR_MODERATORS = "the author and moderators"
BUT_AUTHOR = "members, but for the author"
OWNER = "the owner, of what nobody else is told of"
MODERATORS = "moderators"
NOTER = "the moderator who wrote it"
ADMINS = "admins"
REFRESHERS = "holders of a refresh token"
ALIKE = "everybody, whatever token comes along"

READ, SAY, VOTE, PATHS = "read", "replies:write", "votes:write", "paths:write"
MODERATE, POSTS, WEBHOOKS, EXPORT = "moderate", "posts:write", "webhooks", "export"


@dataclass(frozen=True)
class Row:
    """Who may call a route, and what they send that it succeeds."""

    who: str
    scope: str | None = None
    body: Any = None
    query: str = ""
    successes: tuple[int, ...] = (200, 201, 202, 204)


_CODE = {"code": "123 456"}
_HANDED = {"token": "made-up", "verifier": "x" * 43}
NOT_SET_UP = (409,)
_TEXT = {"body": "What would you do?"}
_WATCHING = (("GET", READ, None), ("PUT", None, {"level": "all"}), ("DELETE", None, None))
_HOOK = {"url": "https://bot.example.com/", "events": ["reply.written"]}
_REASON = {"reason": "It goes in circles."}
_APPEAL = {"text": "It was a quotation."}
_NOTE = {"body": "Was warned by mail."}
_DECISION = {"action": "dismiss", "claim_seq": 1, "revision": None, "evidence_seq": 1}
_BULK = {"action": "remove", "filter": {"author": "owner"}, **_REASON}
_RULE = {"kind": "word", "action": "flag", "value": "casino"}
_EMAIL = {"email": "reader@example.org"}

ROWS: dict[str, Row] = {
    # Accounts
    "POST /auth/register": Row(
        ALIKE, body={"username": "newcomer", "email": "new@example.org", "password": PASSWORD}
    ),
    "POST /auth/login": Row(ALIKE, body={"login": "owner", "password": PASSWORD}),
    "POST /auth/sso": Row(ALIKE, body={"token": "a.b.c"}),
    "POST /guests/confirm": Row(ALIKE, body={"token": "made-up"}),
    "GET /auth/oidc/{provider}": Row(
        ALIKE, query=f"return_to=http://127.0.0.1:8000/&challenge={'x' * 43}"
    ),
    "GET /auth/oidc/{provider}/callback": Row(ALIKE, query="state=made-up"),
    "POST /auth/oidc/redeem": Row(ALIKE, body=_HANDED),
    "GET /auth/identities": Row(MEMBERS),
    "POST /auth/identities/oidc": Row(
        MEMBERS, body={**_HANDED, "password": PASSWORD}, successes=(401,)
    ),
    "POST /auth/identities/sso": Row(
        MEMBERS, body={"token": "a.b.c", "password": PASSWORD}, successes=(404,)
    ),
    "GET /auth/identities/{identity_id}": Row(OWNER),
    "DELETE /auth/identities/{identity_id}": Row(OWNER),
    "POST /auth/refresh": Row(REFRESHERS),
    "POST /auth/logout": Row(MEMBERS),
    "GET /auth/sessions": Row(MEMBERS),
    "DELETE /auth/sessions": Row(MEMBERS),
    "DELETE /auth/sessions/{session_id}": Row(OWNER),
    "POST /auth/tokens": Row(MEMBERS, body={"name": "A tool", "scopes": ["read"]}),
    "GET /auth/tokens": Row(MEMBERS),
    "GET /auth/tokens/{token_id}": Row(OWNER),
    "DELETE /auth/tokens/{token_id}": Row(OWNER),
    "POST /auth/email/confirm": Row(ALIKE, body={"token": "made-up"}),
    "POST /auth/email/resend": Row(MEMBERS),
    "POST /auth/email/change": Row(MEMBERS, body={**_EMAIL, "password": PASSWORD}),
    "POST /auth/password": Row(
        MEMBERS, body={"password": PASSWORD, "new_password": "four louder harbour bells"}
    ),
    "POST /auth/password/forgot": Row(ALIKE, body=_EMAIL),
    "POST /auth/password/reset": Row(ALIKE, body={"token": "made-up", "password": PASSWORD}),
    "POST /auth/link": Row(ALIKE, body=_EMAIL),
    "POST /auth/link/redeem": Row(ALIKE, body={"token": "made-up"}),
    "GET /auth/two-factor": Row(MEMBERS),
    "POST /auth/two-factor": Row(MEMBERS),
    "POST /auth/two-factor/confirm": Row(MEMBERS, body=_CODE, successes=NOT_SET_UP),
    "POST /auth/two-factor/recovery-codes": Row(MEMBERS, body=_CODE, successes=NOT_SET_UP),
    "POST /auth/two-factor/disable": Row(
        MEMBERS, body={"password": PASSWORD, **_CODE}, successes=NOT_SET_UP
    ),
    "GET /me": Row(MEMBERS, READ),
    "PATCH /me": Row(MEMBERS, body={"display_name": "Robin"}),
    "POST /me/erasure": Row(MEMBERS, body={"password": PASSWORD, "content": "keep"}),
    "GET /me/export": Row(MEMBERS, EXPORT),
    "GET /me/held": Row(WITH_GUESTS, READ),
    "POST /me/feed-tokens": Row(MEMBERS, body={}),
    "GET /me/feed-tokens": Row(MEMBERS, READ),
    "GET /me/feed-tokens/{token_id}": Row(OWNER, READ),
    "DELETE /me/feed-tokens/{token_id}": Row(OWNER),
    "GET /users": Row(MODERATORS, MODERATE),
    "PATCH /users/{username}": Row(MODERATORS, body={"role": "moderator"}),
    "GET /users/{username}": Row(ANYBODY, READ),
    "GET /users/{username}/replies": Row(ANYBODY, READ),
    # What somebody is told
    "GET /me/notifications": Row(MEMBERS, READ),
    "GET /me/notifications/count": Row(MEMBERS, READ),
    "POST /me/notifications/read": Row(MEMBERS, body={"up_to": 1}),
    "GET /me/subscriptions": Row(MEMBERS, READ),
    "GET /me/mutes": Row(MEMBERS, READ),
    "PUT /me/mutes/{username}": Row(MEMBERS),
    "DELETE /me/mutes/{username}": Row(MEMBERS),
    **{
        f"{method} {place}/subscription": Row(MEMBERS, scope, body)
        for place in ("/community", "/paths/{path}", "/posts/{slug}", "/threads/{thread_id}")
        for method, scope, body in _WATCHING
    },
    **{
        f"POST {place}/subscription/requests": Row(ANYBODY, body=_EMAIL)
        for place in ("/paths/{path}", "/posts/{slug}", "/threads/{thread_id}")
    },
    # Posts
    "GET /posts": Row(ANYBODY, READ),
    "GET /posts/lookup": Row(ANYBODY, READ, query="url=https://blog.example.com/known"),
    "GET /posts/counts": Row(ANYBODY, READ, query="url=https://blog.example.com/known"),
    "POST /posts": Row(ADMINS, POSTS, {"url": "https://blog.example.com/another", "title": "A"}),
    "GET /posts/{slug}": Row(ANYBODY, READ),
    "PATCH /posts/{slug}": Row(ADMINS, POSTS, {"title": "Another title"}),
    "DELETE /posts/{slug}": Row(ADMINS, POSTS),
    # Threads and replies
    "GET /posts/{slug}/threads": Row(ANYBODY, READ),
    "POST /posts/{slug}/threads": Row(MEMBERS, SAY, _TEXT),
    "GET /threads/{thread_id}": Row(ANYBODY, READ),
    "PATCH /threads/{thread_id}": Row(AUTHOR_OR_MODERATORS, SAY, _TEXT),
    "DELETE /threads/{thread_id}": Row(AUTHOR_OR_MODERATORS, SAY),
    "GET /threads/{thread_id}/replies": Row(ANYBODY, READ),
    "POST /threads/{thread_id}/replies": Row(MEMBERS, SAY, _TEXT),
    "GET /replies/{reply_id}": Row(ANYBODY, READ),
    "PATCH /replies/{reply_id}": Row(AUTHOR_OR_MODERATORS, SAY, _TEXT),
    "DELETE /replies/{reply_id}": Row(AUTHOR_OR_MODERATORS, SAY),
    "GET /replies/{reply_id}/replies": Row(ANYBODY, READ),
    "GET /replies/{reply_id}/context": Row(ANYBODY, READ),
    "GET /replies/{reply_id}/revisions": Row(ANYBODY, READ),
    # Votes and paths
    **{
        f"{method} /{place}/vote": Row(OTHERS, VOTE, body)
        for place in ("threads/{thread_id}", "replies/{reply_id}")
        for method, body in (("PUT", {"value": 1}), ("DELETE", None))
    },
    "GET /replies/{reply_id}/path": Row(ANYBODY, READ),
    "PUT /replies/{reply_id}/path": Row(AUTHOR, PATHS, {"path": "technical-path"}),
    "PUT /replies/{reply_id}/ballot": Row(OTHERS, PATHS, {"path": "neither"}),
    "DELETE /replies/{reply_id}/ballot": Row(OTHERS, PATHS),
    "PUT /replies/{reply_id}/pin": Row(MODERATORS, MODERATE, {"path": None, **_REASON}),
    "DELETE /replies/{reply_id}/pin": Row(MODERATORS, MODERATE),
    # Moderation
    "PUT /threads/{thread_id}/lock": Row(MODERATORS, MODERATE, _REASON),
    "DELETE /threads/{thread_id}/lock": Row(MODERATORS, MODERATE),
    "PUT /threads/{thread_id}/pin": Row(MODERATORS, MODERATE),
    "DELETE /threads/{thread_id}/pin": Row(MODERATORS, MODERATE),
    "GET /log": Row(ANYBODY, READ),
    "GET /moderation/log": Row(MODERATORS, MODERATE),
    "GET /moderation/log/verify": Row(MODERATORS, MODERATE),
    "POST /moderation/log/{group_id}/undo": Row(MODERATORS, MODERATE, _REASON),
    "POST /moderation/bulk": Row(MODERATORS, MODERATE, _BULK),
    "GET /moderation/bulk/{bulk_id}": Row(MODERATORS, MODERATE),
    "POST /moderation/bulk/{bulk_id}/execute": Row(MODERATORS, MODERATE),
    "POST /moderation/users/{username}/sanctions": Row(
        MODERATORS, MODERATE, {"kind": "mute", **_REASON}
    ),
    "GET /moderation/users/{username}/sanctions": Row(MODERATORS, MODERATE),
    "GET /moderation/sanctions/{sanction_id}": Row(MODERATORS, MODERATE),
    "DELETE /moderation/sanctions/{sanction_id}": Row(MODERATORS, MODERATE),
    "GET /moderation/policy": Row(MODERATORS, MODERATE),
    "PUT /moderation/policy": Row(ADMINS, MODERATE, {}),
    "DELETE /moderation/policy": Row(ADMINS, MODERATE),
    "GET /moderation/posts/{slug}/policy": Row(MODERATORS, MODERATE),
    "PUT /moderation/posts/{slug}/policy": Row(ADMINS, MODERATE, {}),
    "DELETE /moderation/posts/{slug}/policy": Row(ADMINS, MODERATE),
    "GET /moderation/rules": Row(MODERATORS, MODERATE),
    "POST /moderation/rules": Row(MODERATORS, MODERATE, _RULE),
    "GET /moderation/rules/{rule_id}": Row(MODERATORS, MODERATE),
    "PUT /moderation/rules/{rule_id}": Row(MODERATORS, MODERATE, _RULE),
    "DELETE /moderation/rules/{rule_id}": Row(MODERATORS, MODERATE),
    "POST /moderation/rules/{rule_id}/trial": Row(MODERATORS, MODERATE, {}),
    "GET /me/sanctions": Row(MEMBERS, READ),
    "GET /me/decisions": Row(MEMBERS, READ),
    "GET /me/decisions/{decision_id}": Row(OWNER, READ),
    "POST /me/decisions/{decision_id}/appeal": Row(OWNER, body=_APPEAL),
    "POST /appeals": Row(ANYBODY, body={**_APPEAL, "token": "made-up"}, successes=(404,)),
    **{
        f"{method} /moderation/{place}/notes": Row(MODERATORS, MODERATE, body)
        for place in ("users/{username}", "queue/{item_id}")
        for method, body in (("GET", None), ("POST", _NOTE))
    },
    "GET /moderation/notes/{note_id}": Row(MODERATORS, MODERATE),
    "PATCH /moderation/notes/{note_id}": Row(NOTER, MODERATE, _NOTE),
    "GET /moderation/bans": Row(MODERATORS, MODERATE),
    "POST /moderation/bans": Row(MODERATORS, MODERATE, {"address": "203.0.113.9", **_REASON}),
    "GET /moderation/bans/{ban_id}": Row(MODERATORS, MODERATE),
    "DELETE /moderation/bans/{ban_id}": Row(MODERATORS, MODERATE),
    "PUT /me/sanctions/{sanction_id}/seen": Row(OWNER),
    **{
        f"{method} /moderation/threads/{{thread_id}}/{state}": Row(MODERATORS, MODERATE, body)
        for state, put in (("lock", _REASON), ("pin", None), ("slow-mode", {"seconds": 60}))
        for method, body in (("PUT", put), ("DELETE", None))
    },
    "POST /moderation/threads/{thread_id}/move": Row(MODERATORS, MODERATE, {"post": "known"}),
    "POST /moderation/threads/{thread_id}/merge": Row(MODERATORS, MODERATE, {"into": 2}),
    "POST /moderation/replies/{reply_id}/split": Row(MODERATORS, MODERATE, {}),
    "PUT /moderation/replies/{reply_id}/lock": Row(MODERATORS, MODERATE, _REASON),
    "DELETE /moderation/replies/{reply_id}/lock": Row(MODERATORS, MODERATE),
    "POST /replies/{reply_id}/reports": Row(BUT_AUTHOR, body={"reason": "spam"}),
    "POST /threads/{thread_id}/reports": Row(BUT_AUTHOR, body={"reason": "spam"}),
    "GET /me/reports": Row(MEMBERS, READ),
    "GET /moderation/queue": Row(MODERATORS, MODERATE),
    "GET /moderation/queue/{item_id}": Row(MODERATORS, MODERATE),
    "GET /moderation/stats": Row(MODERATORS, MODERATE),
    "POST /moderation/queue/next": Row(MODERATORS, MODERATE),
    "POST /moderation/queue/{item_id}/claim": Row(MODERATORS, MODERATE),
    "POST /moderation/queue/{item_id}/take-over": Row(ADMINS, MODERATE),
    "POST /moderation/queue/{item_id}/extend": Row(MODERATORS, MODERATE, successes=(409,)),
    "POST /moderation/queue/{item_id}/release": Row(MODERATORS, MODERATE, successes=(409,)),
    "POST /moderation/queue/{item_id}/decision": Row(
        MODERATORS, MODERATE, _DECISION, successes=(409,)
    ),
    # Webhooks
    "POST /webhooks": Row(ADMINS, WEBHOOKS, _HOOK),
    "GET /webhooks": Row(ADMINS, WEBHOOKS),
    "GET /webhooks/{webhook_id}": Row(ADMINS, WEBHOOKS),
    "PATCH /webhooks/{webhook_id}": Row(ADMINS, WEBHOOKS, {"enabled": False}),
    "DELETE /webhooks/{webhook_id}": Row(ADMINS, WEBHOOKS),
    "POST /webhooks/{webhook_id}/secret": Row(ADMINS, WEBHOOKS),
    "POST /webhooks/{webhook_id}/test": Row(ADMINS, WEBHOOKS),
    "GET /webhooks/{webhook_id}/deliveries": Row(ADMINS, WEBHOOKS),
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": Row(ADMINS, WEBHOOKS),
}

PLAIN = (
    *("/", "/posts/{slug}", "/threads/{thread_id}", "/replies/{reply_id}", "/users/{username}"),
    *("/subscriptions/confirm", "/subscriptions/stop", "/problems", "/problems/{code}"),
    *("/appeal", "/account/confirm", "/account/password", "/account/sign-in", "/account/guest"),
    *("/docs", "/docs/{name}", "/openapi.json", "/assets/{filename}"),
    *("/healthz", "/readyz", "/metrics"),
    *(
        "/feeds.opml",
        "/feeds/me/replies",
        "/feeds/me/queue",
        "/feeds/replies",
        "/feeds/replies/{reply_id}",
    ),
    *("/feeds/threads/{thread_id}", "/feeds/users/{username}", "/feeds/paths/{path}"),
    *("/feeds/posts/{slug}", "/feeds/posts/{slug}/paths/{path}"),
    *("/feeds/gap", "/feeds/gap/{path}"),
)
"""Pages, feeds and the service: they look at nobody's token. Feeds without their extensions."""
