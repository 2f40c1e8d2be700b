"""The figures of an administration, or of all, as a head or communications see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Age(StrEnum):
    """How long a case has waited, in this order."""

    TODAY = "today"
    """Less than a day."""
    DAYS = "days"
    """Up to three."""
    WEEK = "week"
    OLDER = "older"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """``administrations`` are names, empty for all of them. ``removals_by_ground`` is by the ground's code, "" for none,
    most first, and ``removals_by_month`` by YYYY-MM, oldest first, both of the last twelve months."""

    administrations: tuple[str, ...]
    open_by_age: Mapping[Age, int]
    to_remove: int
    oldest: datetime | None
    removals_by_ground: Mapping[str, int]
    removals_by_month: Mapping[str, int]
    unregistered: int
    unregistered_late: int
    duties_due: int
    duties_late: int
    requests: int
