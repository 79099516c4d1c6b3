"""Routes of webhooks."""

from typing import TYPE_CHECKING, Any

from flask import Response, url_for

from forum.accounts.grants import WEBHOOKS
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import ADMINS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.webhooks import (
    ChangeWebhookBody,
    DeliveryListSchema,
    DeliverySchema,
    MessageSchema,
    NewWebhookBody,
    WebhookListSchema,
    WebhookSchema,
    WebhookWithSecretSchema,
)
from forum.core.db import db
from forum.core.http.conditional import require_match
from forum.core.http.json import json_response
from forum.posts.errors import PostNotFound
from forum.webhooks import commands, queries
from forum.webhooks.commands import NewWebhook
from forum.webhooks.errors import (
    DeliveryNotFound,
    TooManyKeys,
    TooManyWebhooks,
    WebhookIsDisabled,
    WebhookNotFound,
)
from forum.webhooks.messages import KINDS
from forum.webhooks.models import Webhook

if TYPE_CHECKING:
    from apispec import APISpec

blueprint = Blueprint("webhooks", __name__, description="Programs that are told what happens.")
SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")


@blueprint.operation(
    "POST",
    "/webhooks",
    who=ADMINS,
    scope=WEBHOOKS,
    body=NewWebhookBody,
    status=201,
    answer=WebhookWithSecretSchema,
    errors=[TooManyWebhooks, PostNotFound],
    creates=True,
)
def add_webhook(data: dict[str, Any]) -> Response:
    """Have an address called whenever one of these events happens."""
    added = commands.add_webhook(db.session(), viewer(), NewWebhook(**data))
    response = json_response(_with_secret(added), 201)
    response.headers["Location"] = url_for("webhooks.webhook", webhook_id=added.id)
    return response


@blueprint.operation(
    "GET",
    "/webhooks",
    who=ADMINS,
    scope=WEBHOOKS,
    query=PageQuery,
    answer=WebhookListSchema,
)
def webhooks(arguments: dict[str, Any]) -> Response:
    """All webhooks, newest first."""
    position = lists.position(arguments)
    page = queries.webhooks(db.session(), viewer(), position, arguments["limit"])
    return lists.listed(page, arguments, lists.webhooks)


@blueprint.operation(
    "GET",
    "/webhooks/<id:webhook_id>",
    who=ADMINS,
    scope=WEBHOOKS,
    answer=WebhookSchema,
    errors=[WebhookNotFound],
)
def webhook(webhook_id: int) -> Response:
    """A webhook; its key is not told again."""
    return _answer(queries.webhook(db.session(), viewer(), webhook_id))


@blueprint.operation(
    "PATCH",
    "/webhooks/<id:webhook_id>",
    who=ADMINS,
    scope=WEBHOOKS,
    body=ChangeWebhookBody,
    answer=WebhookSchema,
    errors=[WebhookNotFound, PostNotFound],
)
def change_webhook(data: dict[str, Any], webhook_id: int) -> Response:
    """Change where and about what it is called; enabled again, it is sent what waited."""
    found = queries.webhook(db.session(), viewer(), webhook_id)
    require_match(representations.webhook(found))
    return _answer(commands.change_webhook(db.session(), viewer(), webhook_id, data))


@blueprint.operation(
    "DELETE",
    "/webhooks/<id:webhook_id>",
    who=ADMINS,
    scope=WEBHOOKS,
    status=204,
    errors=[WebhookNotFound],
)
def delete_webhook(webhook_id: int) -> Response:
    """Forget a webhook and all that was sent to it."""
    commands.delete_webhook(db.session(), viewer(), webhook_id)
    return Response(status=204)


@blueprint.operation(
    "POST",
    "/webhooks/<id:webhook_id>/secret",
    who=ADMINS,
    scope=WEBHOOKS,
    answer=WebhookWithSecretSchema,
    errors=[WebhookNotFound, TooManyKeys],
    creates=True,
)
def rotate_secret(webhook_id: int) -> Response:
    """A new key; for a day messages are signed with each former one as well."""
    return json_response(_with_secret(commands.rotate_secret(db.session(), viewer(), webhook_id)))


@blueprint.operation(
    "POST",
    "/webhooks/<id:webhook_id>/test",
    who=ADMINS,
    scope=WEBHOOKS,
    status=202,
    answer=DeliverySchema,
    errors=[WebhookNotFound, WebhookIsDisabled],
    creates=True,
)
def send_test(webhook_id: int) -> Response:
    """Send a message of the type `webhook.test`, which tells of nothing."""
    test = commands.send_test(db.session(), viewer(), webhook_id)
    return json_response(representations.delivery(test), 202)


@blueprint.operation(
    "GET",
    "/webhooks/<id:webhook_id>/deliveries",
    who=ADMINS,
    scope=WEBHOOKS,
    query=PageQuery,
    answer=DeliveryListSchema,
    errors=[WebhookNotFound],
)
def deliveries(arguments: dict[str, Any], webhook_id: int) -> Response:
    """What it was sent in the last thirty days or is to be sent, newest first."""
    position = lists.position(arguments)
    page = queries.deliveries(db.session(), viewer(), webhook_id, position, arguments["limit"])
    return lists.listed(page, arguments, lists.deliveries)


@blueprint.operation(
    "POST",
    "/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>/redeliver",
    who=ADMINS,
    scope=WEBHOOKS,
    status=202,
    answer=DeliverySchema,
    errors=[WebhookNotFound, DeliveryNotFound, WebhookIsDisabled],
)
def redeliver(webhook_id: int, delivery_id: int) -> Response:
    """Send a message once more, under the id that it had."""
    again = commands.redeliver(db.session(), viewer(), webhook_id, delivery_id)
    return json_response(representations.delivery(again), 202)


def describe_messages(spec: "APISpec") -> dict[str, Any]:
    """The section `webhooks` of the OpenAPI document: what is sent to those that are called."""
    spec.components.schema("WebhookMessage", schema=MessageSchema)
    message = {"$ref": "#/components/schemas/WebhookMessage"}
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in SIGNED
    ]
    return {
        name: {
            "post": {
                "operationId": f"on_{name.replace('.', '_')}",
                "summary": kind.summary,
                "tags": [blueprint.name],
                "security": [],
                "parameters": headers,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": message}},
                },
                "responses": {
                    "2XX": {"description": "Taken."},
                    "410": {"description": "Never call again."},
                    "default": {"description": "To be sent again; Retry-After is honoured."},
                },
            }
        }
        for name, kind in KINDS.items()
    }


def _answer(found: Webhook) -> Response:
    return json_response(representations.webhook(found))


def _with_secret(found: Webhook) -> dict[str, Any]:
    return {**representations.webhook(found), "secret": found.secret}
