"""The pages that links in mails lead to: GET shows what would be done, POST does it (RFC 8058).

Who opens them has not signed in; what they may do stands in the link, sealed.
"""

from flask import Response, current_app, render_template, request

from forum.config import settings_in
from forum.core.db import db
from forum.core.http.description import PAGE, described
from forum.notifications import chosen, commands, links
from forum.notifications.links import LinkNotFound

_TOKEN = {"token": {"type": "string", "maxLength": 2000}}
_with_token = described(*PAGE.media_types, query=_TOKEN, statuses=PAGE.statuses)


@_with_token
def confirming() -> Response:
    """Asks whether an address wants mail."""
    asked = links.request_of(settings_in(current_app), _token())
    title = chosen.title_of(db.session(), asked.target)
    if title is None:
        raise LinkNotFound
    return _page("confirm", title=title, email=asked.email, mail=asked.mail)


@_with_token
def confirm() -> Response:
    """Subscribes the address."""
    asked = links.request_of(settings_in(current_app), _token())
    commands.confirm(db.session(), asked)
    title = chosen.title_of(db.session(), asked.target)
    return _page("confirmed", title=title, email=asked.email)


@_with_token
def stopping() -> Response:
    """Asks whether somebody wants no more mail."""
    return _page("stop", title=_stopped())


@_with_token
def stop() -> Response:
    """Sends somebody no more mail, about one thing or at all."""
    commands.stop_mail(db.session(), links.stop_of(settings_in(current_app), _token()))
    return _page("stopped", title=_stopped())


def _stopped() -> str | None:
    """What the mail is about; None for all of it, and for what is not there any more."""
    target = links.stop_of(settings_in(current_app), _token()).target
    return chosen.title_of(db.session(), target) if target else None


def _token() -> str:
    return request.args.get("token", "")


def _page(step: str, **shown: str | None) -> Response:
    """One of the pages; nobody else is to find it in a cache."""
    response = Response(render_template("subscription.html", step=step, **shown))
    response.headers["Cache-Control"] = "no-store"
    return response
