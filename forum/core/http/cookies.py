"""Nobody is given a cookie: whoever signs in sends a token."""

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin


class NoSessions(SessionInterface):
    """Flask's sessions, which would be kept in cookies, left out."""

    _NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return self._NONE

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing is ever in it."""
