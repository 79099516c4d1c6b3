"""Which service the owner has chosen to be asked about spam."""

from forum.config import Settings
from forum.moderation.spam.akismet import Akismet
from forum.moderation.spam.suspects import Service


def chosen(settings: Settings) -> Service | None:
    """The service, or None where nobody is asked."""
    return Akismet(settings) if settings.akismet_key else None
