"""What the tests of shared databases say in short."""

from collections.abc import Iterable

from storage.store import Message


def ids(owed: Iterable[object]) -> list[str]:
    return [one.message.id for one in owed]  # type: ignore[attr-defined]


def to(person: int, name: str) -> Message:
    return Message(id=name, to=f"person:{person}", kind="case", subject="s")
