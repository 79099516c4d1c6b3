"""The version of all that texts are looked at for: whoever changes a policy or a rule turns it."""

from sqlalchemy.orm import Session

from forum.core import versions

VERSION = versions.version_of(versions.WATCHED)


def turn(session: Session) -> None:
    """Let every process read policies and rules anew before it looks at the next text."""
    versions.turn(session, versions.WATCHED)
