"""One connection to an SMTP server, which is cut where a turn on it takes too long.

The standard library counts the seconds of every single wait alone: a server that sends a little
now and then would keep it for as long as it likes.
"""

import smtplib
import ssl
import time
from threading import Timer
from typing import Any

from forum.core.deadlines import cut, first_open, left, resolved


class Dialogue(smtplib.SMTP):
    """A connection that is open and has been greeted, in TLS if there is a context for it.

    A turn has begun with it, which is over at `deadline`; each step may take `patience` seconds.
    """

    def __init__(
        self,
        host: str,
        port: int,
        own_name: str,
        *,
        patience: float,
        deadline: float,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._tls = tls
        self._deadline = deadline
        super().__init__(host, port, own_name, patience)

    def connect(
        self, host: str = "", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        """Open the connection within one step; gives the greeting."""
        step = min(self._deadline, time.monotonic() + self.timeout)
        opened = first_open(resolved(host, step), port, step)
        self._wire = opened.dup()  # the same connection, whoever speaks TLS on it meanwhile
        try:
            self.begin(self._deadline)
            opened.settimeout(self.timeout)
            self.sock = self._tls.wrap_socket(opened, server_hostname=host) if self._tls else opened
            self.file = None
            return self.getreply()
        except BaseException:
            self.close()
            raise

    def begin(self, deadline: float) -> None:
        """A turn begins."""
        self._timer = Timer(left(deadline), cut, [self._wire])
        self._timer.start()

    def rest(self) -> None:
        """The turn is over, and the connection may be kept for another."""
        self._timer.cancel()

    def close(self) -> None:
        """Close the connection; again changes nothing."""
        super().close()
        self.rest()
        self._wire.close()
