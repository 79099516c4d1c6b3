"""The examples of the OpenAPI document, called as they are in the demo community."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from flask.testing import FlaskCliRunner

from forum import examples
from tests.community import Community, Json
from tests.databases import on_one_database

pytestmark = on_one_database

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
LAST = (
    "end_other_sessions",
    "change_password",
    "split_thread",
    "merge_thread",
    "delete_reply",
    "delete_thread",
    "delete_post",
    "erase_me",
)
BY_ITS_AUTHOR_ONLY = {"declare_path": 403}
NOT_OF_ONESELF = {"lift_sanction": 403}
ABOUT_SOMEBODY_ELSE = {"my_decision": 404, "appeal": 404, "end_session": 404}
BY_CODES_OF_AN_APP = {
    "confirm_two_factor": 401,
    "renew_recovery_codes": 409,
    "disable_two_factor": 409,
}
MOVED_BEFORE = {"delete_reply": 409, "delete_thread": 409}
BY_LINKS_IN_MAILS = dict.fromkeys(
    [
        *("web_confirming", "web_confirm", "web_stopping", "web_stop"),
        *("appeal_by_link", "web_appealing", "web_appeal"),
    ],
    404,
) | dict.fromkeys(
    [
        "confirm_email",
        "reset_password",
        "sign_in_by_link",
        "web_confirming_address",
        "web_confirm_address",
        "web_choosing_password",
        "web_choose_password",
        "web_signing_in",
        "confirm_guest",
        "web_confirming_guest",
        "web_confirm_guest",
    ],
    422,
)
WHERE_OTHERS_VOUCH = {
    "sign_in_as_user_of_the_blog": 404,
    "start_sign_in": 404,
    "return_from_provider": 401,
    "redeem_sign_in": 401,
    "join_by_oidc": 401,
    "join_by_sso": 404,
    "identity": 404,
    "remove_identity": 404,
}
TAKEN_OVER_BY_AN_ADMIN = dict.fromkeys(["extend_claim", "release_claim", "decide"], 409)
BY_A_FEED_TOKEN = {
    f"feeds_{feed}_{kind}": 401 for feed in ("to_me", "queue") for kind in ("rss", "atom", "json")
}


def test_the_demo_community_answers_every_example(
    cli: FlaskCliRunner, community: Community
) -> None:
    cli.invoke(args=["demo"])
    have_a_sanction(community)
    have_tokens(community)
    have_a_webhook(community)
    have_a_report(community)
    have_a_rule(community)
    have_a_bulk(community)
    tokens = {
        "admin": community.admin.token,
        "else": signed_in(community)["access_token"],
        "logout": signed_in(community)["access_token"],
        "refresh": signed_in(community)["refresh_token"],
    }
    refused = {}
    for name, operation, call in calls(community.client.open("/openapi.json").json):
        token = tokens.get(name) or tokens[whom(operation)]
        headers = {"Authorization": f"Bearer {token}"}
        with closing(community.client.open(**call, headers=headers)) as answer:
            if answer.status_code >= 400:
                refused[name] = answer.status_code
    assert refused == (
        BY_ITS_AUTHOR_ONLY
        | NOT_OF_ONESELF
        | ABOUT_SOMEBODY_ELSE
        | BY_CODES_OF_AN_APP
        | MOVED_BEFORE
        | BY_LINKS_IN_MAILS
        | BY_A_FEED_TOKEN
        | WHERE_OTHERS_VOUCH
        | TAKEN_OVER_BY_AN_ADMIN
    )


def have_a_webhook(community: Community) -> None:
    """The demo has none, for it would call somebody."""
    hook = {"url": "https://bot.example.com/", "events": ["reply.written"]}
    made = community.admin.ok("POST", "/webhooks", hook)
    community.admin.ok("POST", f"/webhooks/{made['id']}/test")


def have_a_sanction(community: Community) -> None:
    """The demo has none, nor a ban or a note."""
    sanction = {"kind": "note", "reason": "Thank you."}
    community.admin.ok("POST", f"/moderation/users/{examples.LOGIN}/sanctions", sanction)
    ban = {"email_domain": "throwaway.example", "reason": "Spam."}
    community.admin.ok("POST", "/moderation/bans", ban)
    headers = {"Authorization": f"Bearer {signed_in(community)['access_token']}"}
    address, note = f"/moderation/users/{examples.LOGIN}/notes", {"body": "That is me."}
    community.passer_by.ok("POST", address, note, headers=headers)


def have_a_report(community: Community) -> None:
    """The demo has none, for somebody would have to decide."""
    community.admin.ok("POST", f"/replies/{examples.ID}/reports", {"reason": "other"})


def have_a_rule(community: Community) -> None:
    """The demo has none, for nobody moderates it."""
    rule = {"kind": "word", "action": "flag", "value": "casino"}
    community.moderator().ok("POST", "/moderation/rules", rule)


def have_a_bulk(community: Community) -> None:
    """The demo has none, for nobody writes there what is removed in bulk."""
    found = {"action": "remove", "reason": "Spam.", "filter": {"author": examples.USERNAME}}
    community.moderator().ok("POST", "/moderation/bulk", found)


def have_tokens(community: Community) -> None:
    """The demo has none, for a token is told to its owner alone."""
    headers = {"Authorization": f"Bearer {signed_in(community)['access_token']}"}
    community.passer_by.ok("POST", "/me/feed-tokens", {}, headers=headers)
    token = {"name": "Backup", "scopes": ["read"]}
    community.passer_by.ok("POST", "/auth/tokens", token, headers=headers)


def signed_in(community: Community) -> Json:
    login = {"login": examples.LOGIN, "password": examples.PASSWORD}
    tokens: Json = community.passer_by.ok("POST", "/auth/login", login)
    return tokens


def calls(document: Json) -> Iterator[tuple[str, Json, Json]]:
    """Name, operation and the request by example: what takes most away comes last."""
    found = [
        (operation["operationId"], operation, request(document, path, method, item))
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]
    yield from sorted(found, key=finality)


def finality(call: tuple[str, Json, Json]) -> tuple[int, int]:
    name, _, request = call
    return LAST.index(name) if name in LAST else -1, METHODS.index(request["method"])


def request(document: Json, path: str, method: str, item: Json) -> Json:
    operation = item[method]
    given = {
        (each["in"], each["name"]): example(each)
        for each in [*operation.get("parameters", []), *item.get("parameters", [])]
        if each.get("required")
    }
    for (place, name), value in given.items():
        if place == "path":
            path = path.replace(f"{{{name}}}", str(value))
    query = {name: value for (place, name), value in given.items() if place == "query"}
    return {
        "path": path,
        "method": method.upper(),
        "query_string": query,
        **body(document, operation),
    }


def body(document: Json, operation: Json) -> Json:
    if "requestBody" not in operation:
        return {}
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    names = [
        name
        for name, member in schema["properties"].items()
        if "example" in member or name in schema.get("required", ())
    ]
    return {"json": {name: example({"schema": schema["properties"][name]}) for name in names}}


def example(described: Json) -> Any:
    schema = described["schema"]
    candidates = [*schema.get("examples", []), *schema.get("enum", [])]
    return described.get("example", schema.get("example", next(iter(candidates), None)))


def whom(operation: Json) -> str:
    roles = [role for way in operation.get("security", []) for role in way.get("bearer", [])]
    return "admin" if roles == ["admin"] else "else"
