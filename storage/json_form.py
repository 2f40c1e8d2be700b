"""JSON, quickly: orjson, with the standard library behind it for what orjson refuses.

Reading and writing JSON was a seventh of a click's work. orjson refuses half a surrogate pair, which chat clients do
send, and numbers beyond 64 bits; both are rare, so they may be slow.
"""

import json
from typing import Any

import orjson

_slow = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def to_json(value: object) -> bytes:
    """Compact, one line. Raises TypeError or ValueError for what is no JSON."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return _slow(value).encode("ascii")


def from_json(raw: bytes) -> Any:
    """Raises ValueError for what is no JSON, and RecursionError for what is nested too deeply."""
    try:
        return orjson.loads(raw)
    except ValueError:
        return json.loads(raw)
