"""The interactive documentation: everything it loads is local and allowed by its policy."""

from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from tests.web.page import Page, read

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no matter which


@pytest.fixture
def docs(client: FlaskClient) -> Page:
    return read(client, "/docs")


def test_the_documentation_loads_local_files_only(docs: Page, client: FlaskClient) -> None:
    loaded = [script.get("src", "") for script in docs.all("script")]
    loaded += [link.get("href", "") for link in docs.all("link")]
    assert len(loaded) == 4
    for address in loaded:
        assert address.startswith("/")
        assert client.get(urljoin("/docs", address)).status_code == 200


def test_the_documentation_has_no_script_in_the_page(docs: Page) -> None:
    assert not ["".join(script.itertext()) for script in docs.all("script") if script.text]


def test_the_documentation_describes_this_api(docs: Page, client: FlaskClient) -> None:
    described = client.get(docs.one("main").get("data-description", ""))
    assert described.json is not None
    assert described.json["openapi"].startswith("3.1")


def test_the_policy_of_the_documentation_allows_local_scripts_alone(docs: Page) -> None:
    policy = docs.response.headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == "'self'"


def test_no_other_file_of_swagger_ui_is_published(client: FlaskClient) -> None:
    assert client.get("/docs/oauth2-redirect.html").status_code == 404
