"""What an administration's own stream is told in: when its deciders are away, and what stands decided."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a command was refused."""

    NOT_ALLOWED = "not_allowed"
    UNTIL_BEFORE_START = "until_before_start"
    UNTIL_PAST = "until_past"
    TOO_LONG = "too_long"
    NOT_ABSENT = "not_absent"
    ALREADY_STANDS = "already_stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected no; ``field`` tells which input is meant."""

    reason: Reason
    field: str | None = None
