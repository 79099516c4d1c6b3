"""No route lets staff change anything that the audit log does not tell."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from forum.api.blueprint import Blueprint
from forum.api.edge import ADMINS, MEMBERS, MODERATORS
from forum.core import audit
from forum.core.audit import Entry
from forum.core.db import db
from forum.core.http import transactions
from forum.core.http.transactions import SAFE_METHODS
from tests.community import API, Community
from tests.databases import on_one_database

pytestmark = on_one_database


def silent() -> Response:
    """Does something that no log tells."""
    return Response(status=204)


def logged() -> Response:
    """Does something, and logs it."""
    audit.append(db.session(), Entry("thing.do", "thing:1"))
    return Response(status=204)


def idle() -> Response:
    """Finds nothing to do."""
    audit.append_nothing(db.session())
    return Response(status=204)


@pytest.mark.parametrize(
    ("rule", "who", "view", "status"),
    [
        ("/things", MODERATORS, silent, 500),
        ("/things", ADMINS, silent, 500),
        ("/moderation/things", MEMBERS, silent, 500),
        ("/things", MODERATORS, logged, 204),
        ("/things", MODERATORS, idle, 204),
        ("/things", MEMBERS, silent, 204),
    ],
)
def test_who_acts_is_answered_only_if_it_is_logged(
    make_community: Callable[[], Community], rule: str, who: str, view: Any, status: int
) -> None:
    community = make_community()
    things = Blueprint("things", __name__, description="Things.")
    things.operation("PUT", rule, who=who)(view)
    community.app.register_blueprint(things)
    transactions.init_app(community.app)
    community.app.config["PROPAGATE_EXCEPTIONS"] = False
    sent = {"Authorization": f"Bearer {community.admin.token}"}
    assert FlaskClient(community.app).put(API + rule, headers=sent).status_code == status


def test_every_route_by_which_moderators_act_is_held_to_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        changes = (rule.methods or set()) - SAFE_METHODS
        if changes and rule.rule.startswith(f"{API}/moderation/"):
            assert "_logged.<locals>.logged" in layers(app.view_functions[rule.endpoint])


def layers(view: Any) -> list[str]:
    """What stands around a view, by the names in the source, and the view itself."""
    around = getattr(view, "__wrapped__", None)
    return [view.__code__.co_qualname, *(layers(around) if around else [])]
