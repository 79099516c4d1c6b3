"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, by each key."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime
from secrets import token_bytes

PREFIX = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """A key as receivers are given it."""
    return PREFIX + b64encode(token_bytes(KEY_BYTES)).decode()


def headers(
    message_id: str, moment: datetime, body: bytes, secrets: Iterable[str]
) -> dict[str, str]:
    """The headers of a message that is sent at a moment, signed with each of the keys."""
    timestamp = str(int(moment.timestamp()))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(signed, secret) for secret in secrets),
    }


def _signature(signed: bytes, secret: str) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
