"""What the worker tidies up."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.accounts.models import SignIn
from forum.core import clock
from forum.core.idempotency import KeyedAnswer
from forum.notifications.models import Notification
from forum.worker.jobs import HEARTBEAT, forget_expired, show_life
from tests.community import Community
from tests.worker import work_off


@pytest.mark.parametrize(("hours", "kept"), [(23, 1), (25, 0)])
def test_answers_are_kept_for_a_day(
    community: Community, session: Session, hours: int, kept: int
) -> None:
    post = {"url": "https://blog.example.com/kept", "title": "Kept"}
    community.admin.ok("POST", "/posts", post, headers={"Idempotency-Key": "once"})
    with clock.at(clock.now() + timedelta(hours=hours)):
        forget_expired()
    assert session.scalar(select(func.count()).select_from(KeyedAnswer)) == kept


def test_sessions_are_forgotten_when_their_last_token_has_expired(
    app: Flask, community: Community, session: Session
) -> None:
    community.member()
    with clock.at(clock.now() + timedelta(days=31)):
        forget_expired()
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0


@pytest.mark.parametrize(("days", "kept"), [(364, True), (366, False)])
def test_what_somebody_was_told_is_kept_for_a_year(
    community: Community, session: Session, days: int, kept: bool
) -> None:
    community.reply(to=community.reply())
    work_off(community.app)
    with clock.at(clock.now() + timedelta(days=days)):
        forget_expired()
    assert bool(session.scalar(select(func.count()).select_from(Notification))) == kept


def test_the_heart_of_the_worker_beats_again(tmp_path: Path) -> None:
    heart = tmp_path / HEARTBEAT
    show_life(tmp_path)
    os.utime(heart, (0, 0))
    show_life(tmp_path)
    assert heart.stat().st_mtime > 0
