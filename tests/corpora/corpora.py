"""The corpora: data of other projects, read where `FORUM_CORPORA` says they lie."""

import json
import os
from pathlib import Path
from typing import Any

HOME = Path(os.environ["FORUM_CORPORA"])


def records(path: str) -> list[Any]:
    """The records of a JSON file."""
    found: list[Any] = json.loads((HOME / path).read_text("utf-8"))
    return found


def texts(path: str, member: str = "") -> list[str]:
    """The records of a JSON file, or one member of each."""
    return [record[member] if member else record for record in records(path)]


NAUGHTY = texts("naughty/blns.json")
"""Strings that have broken something somewhere."""

ATTACKS = {
    "dompurify": texts("xss/dompurify_expect.json", "payload"),
    "loofah": texts("xss/loofah_sanitizer_tests1.json", "input"),
    "nh3": texts("xss/nh3_test_nh3_strings.json"),
    "owasp": texts("xss/owasp_filter_evasion.json", "payload"),
    "sanitize-html": texts("xss/sanitize_html_inputs.json"),
}
"""Markup that has run a script somewhere, by who has collected it."""
