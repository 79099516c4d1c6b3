"""Mail as files, where no server is named: for reading what would have been sent."""

from pathlib import Path

from forum.core.mail.messages import Message


class FileTransport:
    """Writes each message to a file that mail programs open; what is sent again, to the same."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __str__(self) -> str:
        return f"into {self._directory}"

    def send(self, message: Message) -> None:
        """Write one message."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        name = f"{message.recipient[:100]} {message.id.strip('<>').partition('@')[0]}"
        (self._directory / f"{name.replace('/', '-')}.eml").write_bytes(message.content)

    def close(self) -> None:
        """Nothing is held open."""
