"""Signing in with a name or an address, and a password."""

import pytest
from sqlalchemy.orm import Session

from forum.core.db import writing
from tests.apps import Answer
from tests.community import PASSWORD, Community, Person
from tests.sanctions import put_into_force


def sign_in(community: Community, login: str, password: str = PASSWORD) -> Answer:
    return community.passer_by.post("/auth/login", {"login": login, "password": password})


@pytest.fixture
def noor(community: Community) -> None:
    community.member("noor", password=PASSWORD)


def without_request_id(answer: Answer) -> str:
    return answer.text.replace(answer.headers["X-Request-ID"], "")


@pytest.mark.usefixtures("noor")
@pytest.mark.parametrize("login", ["noor", "NOOR", "noor@example.org", "Noor@Example.Org"])
def test_name_and_address_sign_in_in_any_case(community: Community, login: str) -> None:
    assert sign_in(community, login).status_code == 200


@pytest.mark.usefixtures("noor")
def test_signing_in_gives_a_pair_of_bearer_tokens(community: Community) -> None:
    answer = sign_in(community, "noor").json
    assert answer.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 15 * 60)


@pytest.mark.usefixtures("noor")
def test_a_token_that_is_no_good_does_not_keep_anybody_from_signing_in(
    community: Community,
) -> None:
    expired = Person(community.client, token="expired")
    login = {"login": "noor", "password": PASSWORD}
    assert expired.post("/auth/login", login).status_code == 200
    newcomer = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
    assert expired.post("/auth/register", newcomer).status_code == 201


@pytest.mark.usefixtures("noor")
def test_tokens_are_not_kept_by_caches(community: Community) -> None:
    assert sign_in(community, "noor").headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("noor")
def test_a_wrong_password_does_not_sign_in(community: Community) -> None:
    answer = sign_in(community, "noor", "another quiet harbour")
    assert (answer.status_code, answer.json["code"]) == (401, "invalid-credentials")


@pytest.mark.usefixtures("noor")
def test_an_unknown_name_is_answered_like_a_wrong_password(community: Community) -> None:
    wrong, unknown = sign_in(community, "noor", "wrong"), sign_in(community, "nobody", "wrong")
    assert unknown.status_code == wrong.status_code
    assert without_request_id(unknown) == without_request_id(wrong)


@pytest.mark.usefixtures("noor")
def test_all_who_are_refused_are_answered_alike(community: Community) -> None:
    community.member("wordless")
    suspended = community.member("suspended", password=PASSWORD)
    put_into_force(community, suspended, "suspend")
    refused = [
        sign_in(community, "noor", "wrong"),
        sign_in(community, "nobody", "wrong"),
        sign_in(community, "wordless", "wrong"),
        sign_in(community, "suspended", PASSWORD),
    ]
    own = {"Date", "X-Request-ID"}
    told = [[(k, v) for k, v in answer.headers if k not in own] for answer in refused]
    assert {answer.status_code for answer in refused} == {401}
    assert len({without_request_id(answer) for answer in refused}) == 1
    assert all(headers == told[0] for headers in told)


@pytest.mark.usefixtures("noor")
def test_a_name_that_only_looks_alike_does_not_sign_in(community: Community) -> None:
    assert sign_in(community, "no0r").status_code == 401


def test_a_member_without_a_password_cannot_sign_in(community: Community) -> None:
    community.member("wordless")
    assert sign_in(community, "wordless").json["code"] == "invalid-credentials"


def test_a_password_may_be_typed_on_any_keyboard(community: Community) -> None:
    community.member("noor", password="crème brûlée at dusk")
    assert sign_in(community, "noor", "cre\u0300me bru\u0302le\u0301e at dusk").status_code == 200


@pytest.mark.usefixtures("noor")
def test_checking_a_password_waits_for_no_writer(community: Community, session: Session) -> None:
    with writing():
        session.connection()
    assert sign_in(community, "noor", "wrong").status_code == 401
