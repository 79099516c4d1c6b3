"""Isso, a comment server in Python, with the same replies; from pip, in its own environment."""

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.http import HOST, Request
from benchmarks.servers import WORKERS, Program
from forum.replies.tree_key import ids

PACKAGES = ("isso", "gunicorn")
REPLIES = 10_000
"""It reads all replies there are for any page of them, so it is spared the rest."""

_CONFIGURATION = """\
[general]
dbpath = {database}
host = http://blog.example.com/
max-age = 15m
[guard]
enabled = false
[rss]
base = http://blog.example.com/
[server]
listen = http://localhost/
"""
_NO_VOTERS = bytes(256)
_REPLIES = """\
SELECT r.id, r.tree_key, strftime('%s', r.created_at), m.display_name, m.email, r.body, r.up, r.down
FROM replies r JOIN members m ON m.id = r.author_id WHERE r.thread_id = ? AND r.visible = 1
"""
_INSERT = """\
INSERT INTO comments
(tid, id, parent, created, author, email, text, likes, dislikes, voters, mode, remote_addr)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '192.0.2.0')
"""


class Isso:
    """Its environment at `home`, which is kept, and its files in `folder`."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._home, self._folder = home, folder
        self._database = folder / "isso.db"

    def install(self) -> str:
        """Install what is missing; gives the version. Raises `CalledProcessError`."""
        if not (self._home / "bin" / "gunicorn").exists():
            _run([sys.executable, "-m", "venv", str(self._home)])
            _run([str(self._home / "bin" / "pip"), "install", "--quiet", *PACKAGES])
        told = _run([str(self._home / "bin" / "pip"), "show", "isso"])
        return next(line for line in told.splitlines() if line.startswith("Version: "))[9:]

    def program(self) -> Program:
        """Two workers of gunicorn, as its documentation advises."""
        settings = self._folder / "isso.cfg"
        settings.write_text(_CONFIGURATION.format(database=self._database))
        command = [str(self._home / "bin" / "gunicorn"), "--workers", str(WORKERS)]
        command += ["--preload", "--bind", f"{HOST}:{{port}}", "isso.run"]
        return Program(command, {"ISSO_SETTINGS": str(settings)}, Request("GET", "/config"))

    def load(self, forum: str, threads: Sequence[int]) -> list[int]:
        """Copy threads of a SQLite forum, as many as fit, once the server has made its tables.

        Gives the threads that it has now.
        """
        loaded: list[int] = []
        with closing(sqlite3.connect(forum)) as source, closing(self._connect()) as target:
            for thread in threads:
                rows = source.execute(_REPLIES, (thread,)).fetchall()
                target.execute("INSERT INTO threads VALUES (?, ?, '')", (thread, uri(thread)))
                target.executemany(_INSERT, [_comment(thread, *row) for row in rows])
                loaded.append(thread)
                if target.total_changes >= REPLIES:
                    break
            target.commit()
        return loaded

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._database)


def uri(thread: int) -> str:
    """What Isso knows a thread by."""
    return f"/threads/{thread}/"


def _comment(thread: int, reply: int, key: bytes, created: str, *rest: Any) -> tuple[Any, ...]:
    """A row of its table; it nests one level deep."""
    top = ids(key)[0]
    return (thread, reply, None if top == reply else top, float(created), *rest, _NO_VOTERS)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout
