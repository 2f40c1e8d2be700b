"""What must hold between the fields of an organisation file.

Looked for in the file as it stands, before it is known to be right, so that these problems are told beside the
fields' own and nobody has to correct a file in two rounds.
"""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from bot.organisation.form import is_object_id

Path = tuple[str | int, ...]
Problem = tuple[Path, str]
_UNIT_PLACES = ("head", "deputies", "registrars")
_LISTS = ("people", "administrations", "channels", "templates", "disposal_mandates")


def doubtful(tree: Any) -> Iterator[Problem]:
    """Repeated ids, people and administrations that nobody described, deputies of themselves, nobody at all."""
    ids = {name: list(_texts(tree, name, "id")) for name in _LISTS}
    named = list(_named(tree))
    for name in _LISTS:
        yield from _repeated(ids[name], "is there twice")
    yield from _repeated(
        ((path, (path[:-1], key)) for path, key in named if isinstance(path[-1], int)),
        "is named twice in one list",
    )
    yield from _strange(named, {key for _, key in ids["people"]}, "is not among the people")
    units = {key for _, key in ids["administrations"]}
    yield from _strange(_texts(tree, "channels", "administration"), units, "is not among the administrations")
    yield from _own_deputies(tree)
    yield from _nobody(tree)


def _nobody(tree: Any) -> Iterator[Problem]:
    """People may be left out only where Entra groups name them."""
    people = tree.get("people", ...) if isinstance(tree, dict) else None
    if people is ... and not _names_groups(tree):
        yield ("people",), "is missing"
    if people == [] and not _names_groups(tree):
        yield ("people",), "is empty"


def _names_groups(tree: Any) -> bool:
    places = [
        *(unit.get(name) for _, unit in _entries(tree, "administrations") for name in _UNIT_PLACES),
        *(channel.get("admins") for _, channel in _entries(tree, "channels")),
        _members(tree),
    ]
    return any(isinstance(place, dict) for place in places)


def _members(tree: Any) -> Any:
    unit = tree.get("communications") if isinstance(tree, dict) else None
    return unit.get("members") if isinstance(unit, dict) else None


def _repeated(keys: Iterable[tuple[Path, Hashable]], what: str) -> Iterator[Problem]:
    seen: set[Hashable] = set()
    for path, key in keys:
        if key in seen:
            yield path, what
        seen.add(key)


def _strange(named: Iterable[tuple[Path, str]], known: set[str], what: str) -> Iterator[Problem]:
    """Nothing when none is known at all: then the list itself is the problem, and it has been told."""
    return ((path, what) for path, key in named if known and key not in known)


def _own_deputies(tree: Any) -> Iterator[Problem]:
    heads = {path[1]: key for path, key in _texts(tree, "administrations", "head")}
    for path, key in _named(tree):
        if "deputies" in path and heads.get(path[1]) == key:
            yield path, "is the head, who can't be their own deputy"


def _named(tree: Any) -> Iterator[tuple[Path, str]]:
    """Everyone to whom the file gives a role; what is no object id is told as such elsewhere."""
    for path, key in _roles(tree):
        if is_object_id(key):
            yield path, key


def _roles(tree: Any) -> Iterator[tuple[Path, str]]:
    yield from _texts(tree, "administrations", "head")
    for index, unit in _entries(tree, "administrations"):
        yield from _items(unit, "deputies", ("administrations", index))
        yield from _items(unit, "registrars", ("administrations", index))
    for index, channel in _entries(tree, "channels"):
        yield from _items(channel, "admins", ("channels", index))
    if isinstance(tree, dict):
        yield from _items(tree.get("communications"), "members", ("communications",))


def _entries(tree: Any, name: str) -> Iterator[tuple[int, dict[Any, Any]]]:
    value = tree.get(name) if isinstance(tree, dict) else None
    for index, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, dict):
            yield index, one


def _texts(tree: Any, name: str, key: str) -> Iterator[tuple[Path, str]]:
    for index, one in _entries(tree, name):
        value = one.get(key)
        if isinstance(value, str):
            yield (name, index, key), value.lower()


def _items(group: Any, name: str, path: Path) -> Iterator[tuple[Path, str]]:
    value = group.get(name) if isinstance(group, dict) else None
    for index, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, str):
            yield (*path, name, index), one.lower()
