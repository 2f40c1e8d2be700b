"""How values of the domain are written to and read from JSON: pydantic's adapters, each made when it is first asked for.

All of them together take a megabyte and 30 ms of every start; a day's work needs most of them, an hour's few.
"""

from typing import Any

from pydantic import TypeAdapter


class Adapters(dict[type[Any], TypeAdapter[Any]]):
    """By type."""

    def __missing__(self, kind: type[Any]) -> TypeAdapter[Any]:
        made = self[kind] = TypeAdapter(kind)
        return made


ADAPTERS = Adapters()
