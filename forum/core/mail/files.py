"""Mail as files, where no server is named: for reading what would have been sent."""

from pathlib import Path

from forum.core.mail.messages import Message


class FileTransport:
    """Writes each message to a file of its own that mail programs open; one sent twice is one."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, message: Message) -> None:
        """Write one message."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        name = message.id.strip("<>").partition("@")[0].replace("/", "-")
        file = self._directory / f"{name}-{message.recipient.partition('@')[0]}.eml"
        file.write_bytes(message.content)

    def close(self) -> None:
        """Nothing is held open."""
