"""Telling the hub of a feed that it has changed (WebSub, section 7)."""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, select, update

from forum.config import Settings, settings_in
from forum.core import clock
from forum.core.db import db, reading_first, writing
from forum.core.outbound import NoExchange, post
from forum.core.work import does
from forum.feeds.models import HubPing
from forum.feeds.site import FORMATS, Site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIRST_PAUSE = timedelta(seconds=5)
MOST_ATTEMPTS = 12
"""The pauses double: the last follows after about three hours."""

_log = logging.getLogger(__name__)


@does(HubPing)
def ping(ping_id: int) -> None:
    """Tell the hub of a feed in each of its formats; later again if it does not take it."""
    row = select(HubPing.feed, HubPing.changed_at, HubPing.attempts).where(HubPing.id == ping_id)
    with reading_first():
        found = db.session.execute(row).one_or_none()
    if found is not None:
        told = _tell(settings_in(current_app), found.feed)
        _settle(ping_id, found.changed_at, found.attempts + 1, told)


def _tell(settings: Settings, feed: str) -> bool:
    """Whether the hub has taken it; where there is no hub any more, there is nothing to tell."""
    if not settings.websub_hub:
        return True
    site = Site.at(settings.base_url, settings.site_name)
    topics = [("hub.url", site.url(f"feeds/{feed}.{extension}")) for extension in FORMATS]
    body = urlencode([("hub.mode", "publish"), *topics]).encode()
    try:
        answer = post(settings.websub_hub, body, FORM, allowed=settings.outbound_allowed)
    except NoExchange as error:
        _log.warning("the hub was not told of %s: %s", feed, error)
        return False
    return 200 <= answer.status < 300


def _settle(ping_id: int, changed_at: datetime, attempts: int, told: bool) -> None:
    """Be done with it or set it for later, unless the feed has changed again meanwhile."""
    same: ColumnElement[bool] = and_(HubPing.id == ping_id, HubPing.changed_at == changed_at)
    with writing():
        if told or attempts >= MOST_ATTEMPTS:
            db.session.execute(delete(HubPing).where(same))
        else:
            again = clock.now() + FIRST_PAUSE * 2 ** (attempts - 1)
            later = update(HubPing).where(same).values(due_at=again, attempts=attempts)
            db.session.execute(later)
        db.session.commit()
