"""`.env.example` shows every setting with its default."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from forum.config import Settings, environment_name

EXAMPLE = (Path(__file__).parents[2] / ".env.example").read_text()
SHOWN = dict(re.findall(r"^#([A-Z0-9_]+)=(.*)$", EXAMPLE, re.MULTILINE))
NOT_FOR_OWNERS = {"secret_key", "testing"}
SETTINGS = {f.name: f for f in fields(Settings) if f.name not in NOT_FOR_OWNERS}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_shown_with_its_default(name: str) -> None:
    key = "FORUM_SECRET_KEY"
    secret = "nothing that anybody would guess"
    shown = Settings.load({key: secret, environment_name(name): SHOWN[environment_name(name)]})
    assert getattr(shown, name) == SETTINGS[name].default


def test_no_secret_is_given_away() -> None:
    assert "\nFORUM_SECRET_KEY=\n" in EXAMPLE
