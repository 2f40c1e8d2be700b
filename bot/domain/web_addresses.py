"""Addresses of channels: which are plain web addresses, and which two are the same place."""

import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_NOT_IN_ADDRESSES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_SAME_HOST = ("www.", "m.", "mobile.")
_SHORT_HOSTS = {"fb.com": "facebook.com", "twitter.com": "x.com"}
_IN_A_LANGUAGE = re.compile(r"^[a-z]{2}-[a-z]{2}\.(?=facebook\.com$)")
_SLASHES = re.compile("/{2,}")
_TRACKING = frozenset({"fbclid", "gclid", "igsh", "igshid", "mibextid", "ref", "si", "hl", "locale"})


def is_web_address(address: str) -> bool:
    """Whether it leads to a web page: http or https, a host, no spaces, controls or sign-in in it."""
    parts = _split(address)
    return (
        parts is not None
        and parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and parts.username is None
        and not any(unicodedata.category(char) in _NOT_IN_ADDRESSES for char in address)
    )


def normal_address(address: str) -> str:
    """What two addresses of one channel have in common.

    Scheme, ``www.`` and the like, a last slash, fragments and tracking don't tell channels apart; neither do
    capitals, which platforms ignore in names, or letters written as percent signs.
    """
    parts = _split(address)
    if parts is None:
        return address.casefold()
    host = (parts.hostname or "").rstrip(".")
    for prefix in _SAME_HOST:
        host = host.removeprefix(prefix)
    host = _SHORT_HOSTS.get(host, _IN_A_LANGUAGE.sub("", host))
    path = quote(unquote(_SLASHES.sub("/", parts.path)).rstrip("/"), safe="/@:")
    kept = sorted(pair for pair in parse_qsl(parts.query) if not _is_tracking(pair[0]))
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{path}{query}".casefold()


def _is_tracking(name: str) -> bool:
    return name.startswith("utm_") or name in _TRACKING


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts
