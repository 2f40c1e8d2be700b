"""Ids made from headings: ASCII, readable, unique within one guideline."""

import re
import unicodedata

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """``Administratörens ansvar`` -> ``administratorens-ansvar``."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", title.casefold())
        if not unicodedata.combining(letter)
    )
    return _NOT_PLAIN.sub("-", plain).strip("-") or "avsnitt"


class Slugs:
    """Hands out each id once; a repeated one gets ``-2``, ``-3`` and so on."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, title: str) -> str:
        return self.unique(slug(title))

    def unique(self, wanted: str) -> str:
        candidate, number = wanted, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{wanted}-{number}"
        self._taken.add(candidate)
        return candidate
