"""Links in mails by which those appeal who cannot sign in."""

from dataclasses import asdict, dataclass

from forum.config import Settings
from forum.core.seals import BrokenSeal, seal, unseal
from forum.moderation.errors import DecisionNotFound

APPEAL = "appeal against a decision"


@dataclass(frozen=True)
class Decided:
    """A decision about a member, as a link names it."""

    member_id: int
    group_id: int


def appealing(settings: Settings, decided: Decided) -> str:
    """The address of the page on which one appeals."""
    return f"{settings.base_url}/appeal?token={seal(settings.secret_key, APPEAL, asdict(decided))}"


def decided_in(settings: Settings, token: str) -> Decided:
    """What a link is about; raises `DecisionNotFound`."""
    try:
        return Decided(**unseal(settings.secret_key, APPEAL, token))
    except BrokenSeal as error:
        raise DecisionNotFound from error
