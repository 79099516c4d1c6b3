"""Addresses of pages: which are acceptable, and which lead to the same page."""

import re
from urllib.parse import unquote_plus

from ada_url import URL

MAX_LENGTH = 2000

_HTTP = re.compile(r"https?://(?![/?#])[^\s\\\0-\x1f\x7f-\x9f]+", re.IGNORECASE)
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})?")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")

TRACKING_PREFIXES = ("utm_", "hsa_", "matomo_", "mtm_", "piwik_")
TRACKING_PARAMETERS = frozenset(
    {"_ga", "_gac", "_gl", "dclid", "gbraid", "gclid", "gclsrc", "srsltid", "wbraid"}
    | {"gad_campaignid", "gad_source"}
    | {"fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid", "igsh", "igshid"}
    | {"epik", "li_fat_id", "rdt_cid", "ref_src", "ref_url", "sccid", "ttclid", "twclid"}
    | {"_openstat", "msclkid", "yclid", "ysclid"}
    | {"_hsenc", "_hsmi", "hsctatracking", "mc_cid", "mc_eid", "mkt_tok", "vero_conv", "vero_id"}
    | {"_branch_match_id", "_kx", "oly_anon_id", "oly_enc_id", "s_cid", "wickedid"}
    | {"ml_subscriber", "ml_subscriber_hash"}
    | {"pk_campaign", "pk_cid", "pk_content", "pk_keyword", "pk_kwd", "pk_medium", "pk_source"}
)
"""Of search engines, social networks, newsletters and analytics; in lower case."""


def is_http_url(url: str) -> bool:
    """Whether it is an absolute http or https address with a host and without credentials.

    Neither as written nor as a browser would send it may it be longer than `MAX_LENGTH`.
    """
    try:
        parse(url)
    except ValueError:
        return False
    return True


def page_key(url: str) -> str:
    """The key under which a page is known, `host[:port][/path][?query]`.

    Addresses that differ only in scheme, default port, case or encoding of the host, trailing
    slash, fragment, tracking parameters or needless percent-encoding (RFC 3986, 6.2.2) share it.
    Raises `ValueError` for what `is_http_url` refuses.
    """
    parsed = parse(url)
    host = parsed.hostname.rstrip(".")
    port = f":{parsed.port}" if parsed.port else ""
    path = _normal_escapes(parsed.pathname).rstrip("/")
    kept = [part for part in parsed.search[1:].split("&") if part and not _is_tracking(part)]
    query = "?" + _normal_escapes("&".join(kept)) if kept else ""
    return f"{host}{port}{path}{query}"


def parse(url: str) -> URL:
    """Read an address as browsers do (WHATWG URL); `ValueError` for what `is_http_url` refuses."""
    if len(url) > MAX_LENGTH or not _HTTP.fullmatch(url):
        raise ValueError("This is not an http or https address.")
    parsed = URL(url)
    if parsed.username or parsed.password:
        raise ValueError("An address must not carry credentials.")
    if len(parsed.href.rstrip("/")) > MAX_LENGTH or not parsed.hostname.strip("."):
        raise ValueError("This is not an http or https address.")
    return parsed


def _is_tracking(parameter: str) -> bool:
    name = unquote_plus(parameter.partition("=")[0]).lower()
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)


def _normal_escapes(value: str) -> str:
    return _ESCAPE.sub(_normal_escape, value)


def _normal_escape(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
    char = chr(int(escape[1], 16))
    return char if _UNRESERVED.fullmatch(char) else escape[0].upper()
