"""Finding out whose the address is to which somebody has asked for a letter."""

from forum.accounts import letter_requests
from forum.accounts.models import AskedLetter
from forum.core.db import db, writing
from forum.core.work import does


@does(AskedLetter, at_once=2)
def answer(asked_id: int) -> None:
    """Queue the letter."""
    with writing():
        letter_requests.answer(db.session(), asked_id)
        db.session.commit()
