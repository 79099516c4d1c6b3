"""Akismet, by its API 1.1 (akismet.com/developers/detailed-docs/comment-check/)."""

from urllib.parse import urlencode

from forum.config import Settings
from forum.core.outbound import NoExchange, post
from forum.moderation.spam.suspects import NoVerdict, Suspect

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Akismet:
    """A client for one key and one site, both of which are settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def is_spam(self, suspect: Suspect) -> bool:
        """Whether Akismet takes a text for spam; raises `NoVerdict`."""
        answer = self._ask("comment-check", suspect)
        if answer not in {"true", "false"}:  # "invalid", for a key that is not good
            raise NoVerdict(f"Akismet answered: {answer[:200]}")
        return answer == "true"

    def tell(self, suspect: Suspect, is_spam: bool) -> None:
        """Correct Akismet, which learns from it; raises `NoVerdict`."""
        self._ask("submit-spam" if is_spam else "submit-ham", suspect)

    def _ask(self, call: str, suspect: Suspect) -> str:
        url = f"{self._settings.akismet_url.removesuffix('/')}/{call}"
        form = urlencode({k: v for k, v in self._form(suspect).items() if v}).encode()
        try:
            answer = post(url, form, FORM, allowed=self._settings.outbound_allowed)
        except NoExchange as reason:
            raise NoVerdict(str(reason)) from reason
        if answer.status != 200:
            raise NoVerdict(f"Akismet answered with status {answer.status}.")
        return answer.body.decode(errors="replace").strip()

    def _form(self, suspect: Suspect) -> dict[str, str | None]:
        return {
            "api_key": self._settings.akismet_key,
            "blog": self._settings.base_url,
            "user_ip": suspect.sender.address,
            "user_agent": suspect.sender.agent,
            "permalink": suspect.url,
            "comment_type": "forum-post" if suspect.is_thread else "reply",
            "comment_author": suspect.author,
            "comment_author_email": suspect.email,
            "comment_content": suspect.words,
            "comment_date_gmt": suspect.written_at.isoformat(),
        }
