"""Second factors: after the password a code, which is taken once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import RecoveryCode, SecondFactor
from forum.core import clock
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database


class App:
    """What shows codes on somebody's phone; `recovery` are those on paper."""

    def __init__(self, owner: Person) -> None:
        self.secret = owner.ok("POST", "/auth/two-factor")["secret"]
        told = owner.ok("POST", "/auth/two-factor/confirm", {"code": self.code()})
        self.recovery: list[str] = told["recovery_codes"]

    def code(self, at: datetime | None = None) -> str:
        return pyotp.TOTP(self.secret).at(at or clock.now())


def sign_in(community: Community, code: str | None = None, password: str = PASSWORD) -> Answer:
    body = {"login": "noor", "password": password, **({"code": code} if code else {})}
    return community.passer_by.post("/auth/login", body)


def outcome(answer: Answer) -> tuple[int, str | None]:
    return answer.status_code, answer.json.get("code")


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


@pytest.fixture
def app_of_noor(noor: Person, let_pass: LetPass) -> App:
    """Set up a minute ago, so that its code now is a new one."""
    app = App(noor)
    let_pass(minutes=1)
    return app


def test_signing_in_takes_the_code_of_the_app(community: Community, app_of_noor: App) -> None:
    assert outcome(sign_in(community)) == (401, "second-factor-needed")
    assert sign_in(community, app_of_noor.code()).status_code == 200


def test_a_code_is_asked_for_only_after_the_password(
    community: Community, app_of_noor: App
) -> None:
    answer = sign_in(community, app_of_noor.code(), password="another quiet harbour")
    assert outcome(answer) == (401, "invalid-credentials")
    assert outcome(sign_in(community, app_of_noor.code())) == (200, None)


def test_a_code_is_taken_once(community: Community, app_of_noor: App) -> None:
    code = app_of_noor.code()
    assert sign_in(community, code).status_code == 200
    assert outcome(sign_in(community, code)) == (401, "wrong-code")


def test_an_old_code_is_not_taken_after_a_newer_one(
    community: Community, app_of_noor: App, let_pass: LetPass
) -> None:
    old = app_of_noor.code()
    let_pass(seconds=30)
    assert sign_in(community, app_of_noor.code()).status_code == 200
    assert outcome(sign_in(community, old)) == (401, "wrong-code")


def test_a_code_ages(community: Community, app_of_noor: App, let_pass: LetPass) -> None:
    old = app_of_noor.code()
    let_pass(seconds=61)
    assert outcome(sign_in(community, old)) == (401, "wrong-code")


def test_a_code_counts_when_it_is_confirmed(community: Community, noor: Person) -> None:
    noor.ok("POST", "/auth/two-factor")
    assert sign_in(community).status_code == 200
    wrong = noor.post("/auth/two-factor/confirm", {"code": "000000"})
    assert outcome(wrong) == (401, "wrong-code")
    assert noor.ok("GET", "/auth/two-factor")["enabled"] is False


def test_sessions_that_began_without_a_code_end(community: Community, noor: Person) -> None:
    other = Person(community.client, token=sign_in(community).json["access_token"])
    App(noor)
    assert (noor.get("/me").status_code, other.get("/me").status_code) == (200, 401)


@pytest.mark.usefixtures("app_of_noor")
def test_wrong_codes_are_bounded_for_a_member(community: Community, let_pass: LetPass) -> None:
    answers = [sign_in(community, "000000") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].json["code"] == "too-many-codes"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 15 * 60


def test_a_right_code_waits_with_the_wrong_ones(
    community: Community, app_of_noor: App, let_pass: LetPass
) -> None:
    for _ in range(5):
        sign_in(community, "000000")
    assert outcome(sign_in(community, app_of_noor.code())) == (429, "too-many-codes")
    let_pass(minutes=16)
    assert sign_in(community, app_of_noor.code()).status_code == 200


def test_a_recovery_code_stands_in_once(community: Community, app_of_noor: App) -> None:
    code = app_of_noor.recovery[0]
    assert sign_in(community, code.upper().replace("-", " ")).status_code == 200
    assert outcome(sign_in(community, code)) == (401, "wrong-code")


def test_new_recovery_codes_replace_the_old(
    community: Community, noor: Person, app_of_noor: App
) -> None:
    told = noor.ok("POST", "/auth/two-factor/recovery-codes", {"code": app_of_noor.code()})
    assert outcome(sign_in(community, app_of_noor.recovery[0])) == (401, "wrong-code")
    assert sign_in(community, told["recovery_codes"][0]).status_code == 200
    assert noor.ok("GET", "/auth/two-factor")["recovery_codes_left"] == 9


def test_no_secret_is_kept_as_it_is(session: Session, app_of_noor: App) -> None:
    kept = [
        *session.execute(select(SecondFactor.__table__)).one(),
        *session.scalars(select(RecoveryCode.code_hash)),
    ]
    told = [app_of_noor.secret, *(code.replace("-", "") for code in app_of_noor.recovery)]
    assert [secret for secret in told if secret in map(str, kept)] == []


@on_one_database
def test_the_secret_can_be_shown_as_an_address(noor: Person) -> None:
    told = noor.ok("POST", "/auth/two-factor")
    read = pyotp.parse_uri(told["uri"])
    assert (read.secret, read.name, read.issuer) == (told["secret"], "noor", "Crossroads")


def test_it_takes_password_and_code_to_disable_it(
    community: Community, noor: Person, app_of_noor: App
) -> None:
    def disable(password: str) -> tuple[int, str | None]:
        body = {"password": password, "code": app_of_noor.code()}
        answer = noor.post("/auth/two-factor/disable", body)
        return answer.status_code, answer.json["code"] if answer.data else None

    assert disable("another quiet harbour") == (401, "invalid-credentials")
    assert disable(PASSWORD) == (204, None)
    assert sign_in(community).status_code == 200


@on_one_database
def test_a_second_factor_in_force_is_not_replaced(noor: Person, app_of_noor: App) -> None:
    assert outcome(noor.post("/auth/two-factor")) == (409, "two-factor-in-force")
    body = {"code": app_of_noor.code()}
    assert outcome(noor.post("/auth/two-factor/confirm", body)) == (409, "two-factor-in-force")


@on_one_database
@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_staff_has_its_powers_with_a_second_factor(
    make_community: Callable[..., Community], role: str
) -> None:
    community = make_community(FORUM_REQUIRE_STAFF_2FA="true")
    staff = community.member(role=role)
    reply = staff_reply(community)
    pin, removal = f"/threads/{reply['thread_id']}/pin", f"/replies/{reply['id']}"
    assert outcome(staff.put(pin)) == (403, "two-factor-required")
    assert outcome(staff.delete(removal)) == (403, "forbidden")
    assert staff.put(f"{removal}/vote", {"value": 1}).status_code == 200
    App(staff)
    assert (staff.put(pin).status_code, staff.delete(removal).status_code) == (200, 204)


def staff_reply(community: Community) -> Any:
    """A reply below a post, which it took an admin with a second factor to add."""
    App(community.admin)
    return community.reply()


@on_one_database
def test_a_tool_of_staff_has_its_powers_with_a_second_factor(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_REQUIRE_STAFF_2FA="true")
    admin = community.admin
    token = admin.ok("POST", "/auth/tokens", {"name": "A tool", "scopes": ["posts:write"]})
    tool, post = Person(community.client, token=token["token"]), {"url": "https://a.example/"}
    assert outcome(tool.post("/posts", {**post, "title": "A"})) == (403, "two-factor-required")
    App(admin)
    assert tool.post("/posts", {**post, "title": "A"}).status_code == 201


def test_the_owner_takes_a_lost_second_factor_away(
    community: Community, cli: FlaskCliRunner, app_of_noor: App
) -> None:
    assert "noor" in cli.invoke(args=["users", "reset-two-factor", "noor"]).output
    assert sign_in(community).status_code == 200
