"""Looks again at disputes that last."""

from forum.core.db import db, writing
from forum.core.work import does
from forum.moderation.disputes import commands
from forum.moderation.disputes.models import Dispute


@does(Dispute, at_once=1)
def look_again(dispute_id: int) -> None:
    """See whether a reply is still contested, and let moderators decide then."""
    with writing():
        commands.look_again(db.session(), dispute_id)
        db.session.commit()
