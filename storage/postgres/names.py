"""Names as the database knows them.

PostgreSQL's text has no place for NUL and half surrogate pairs, both of which a chat client can send, and its
indexes none for names of some thousand letters: so names are looked up by their hash and written as in JSON.
"""

import hashlib
import json


def digest(*names: str) -> bytes:
    return hashlib.sha256(json.dumps(names).encode("ascii")).digest()


def written(name: str) -> str:
    return json.dumps(name)[1:-1]


def writable(words: str) -> str:
    """For text that is read by people alone: what has no place there is replaced."""
    return words.encode(errors="replace").decode().replace("\0", "\ufffd")


def read(name: str) -> str:
    return str(json.loads(f'"{name}"'))
