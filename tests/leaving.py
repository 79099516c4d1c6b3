"""Members who leave, and all that is done about it."""

from flask import Flask
from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.accounts.identity import viewer_of
from forum.core.db import db, reading_first, writing
from forum.portability import commands, jobs
from forum.portability.models import Erasure


def leave(app: Flask, username: str, content: str = "remove") -> None:
    """Erase the account of somebody, and do what the worker does about it."""
    with app.app_context():
        with writing():
            member = accounts.member_by_username(db.session(), username)
            commands.leave(db.session(), viewer_of(member), content)
            db.session.commit()
        with reading_first():
            mine = select(Erasure.id).where(Erasure.member_id == member.id)
            erasure_id = db.session.scalars(mine).one()
        jobs.finish(erasure_id)
