"""What happens around a case or a request without changing it: where its cards got to, and who has opened it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """The card could not be delivered to this recipient; ``why`` is the platform's code."""

    to: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One who was out of reach has turned up and is owed the card."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Shown to one who was not sent the card: from then on this copy is updated like the others."""

    by: str
