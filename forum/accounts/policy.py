"""What accounts allow. Pure predicates."""

from forum.accounts.identity import Viewer


def may_judge(viewer: Viewer, confirmed_email_required: bool) -> bool:
    """Votes and ballots may be given by members, with a confirmed address where that is asked."""
    return viewer.is_member and (viewer.email_confirmed or not confirmed_email_required)
