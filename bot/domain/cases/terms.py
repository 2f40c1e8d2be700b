"""What the life of a case is told in: kinds, states, reasons for a no, and who acts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.organisation import Role


class DecisionKind(StrEnum):
    DELETE = "delete"
    UNPUBLISH = "unpublish"
    KEEP = "keep"
    ANSWER = "answer"
    REFER_TO_PARTIES = "refer_to_parties"
    FORWARD = "forward"
    HAND_OVER = "hand_over"


REMOVALS = frozenset({DecisionKind.DELETE, DecisionKind.UNPUBLISH})
FOR_PUBLIC = frozenset(DecisionKind) - {DecisionKind.HAND_OVER}
FOR_DIRECT = frozenset({DecisionKind.HAND_OVER, DecisionKind.ANSWER, DecisionKind.FORWARD})


class DecisionState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    REVERSED = "reversed"


class ApplicationState(StrEnum):
    NONE = "none"
    PENDING = "pending"
    APPLIED = "applied"
    VERIFIED = "verified"


class DisposalState(StrEnum):
    KEPT = "kept"
    DISPOSED = "disposed"


class PoliceReport(StrEnum):
    NOT_ASSESSED = "not_assessed"
    NOT_NEEDED = "not_needed"
    RECOMMENDED = "recommended"
    REPORTED = "reported"


class ForwardPurpose(StrEnum):
    """Why a case is forwarded: to be answered by one who masters the subject, or handled by the right unit."""

    ANSWER = "answer"
    REGISTRATION = "registration"
    VIEWS = "views"


class RegistrationCause(StrEnum):
    REMOVAL = "removal"
    DIRECT_MESSAGE = "direct_message"
    FORWARDED = "forwarded"


class Reason(StrEnum):
    """Why a command was refused."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_CASE = "unknown_case"
    BAD_PAYLOAD = "bad_payload"
    STALE = "stale"
    ALREADY_DECIDED = "already_decided"
    NOT_DECIDED = "not_decided"
    WRONG_FOR_KIND = "wrong_for_kind"
    GROUND_MISSING = "ground_missing"
    REASON_MISSING = "reason_missing"
    LAW_MISSING = "law_missing"
    REPLY_MISSING = "reply_missing"
    HIDING_NOT_ENOUGH = "hiding_not_enough"
    RECIPIENT_MISSING = "recipient_missing"
    POLICE_REFERENCE_MISSING = "police_reference_missing"
    POLICE_DATE_WRONG = "police_date_wrong"
    NOT_A_REMOVAL = "not_a_removal"
    NOT_APPLIED = "not_applied"
    ALREADY_APPLIED = "already_applied"
    NUMBER_MISSING = "number_missing"
    NUMBER_WRONG = "number_wrong"
    UNKNOWN_ITEM = "unknown_item"
    ALREADY_REGISTERED = "already_registered"
    NOTHING_KEPT = "nothing_kept"
    FILES_NOT_REACHED = "files_not_reached"
    STORE_UNWRITABLE = "store_unwritable"
    STORE_UNSURE = "store_unsure"
    ROLES_OUT_OF_DATE = "roles_out_of_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected no. ``by`` and ``at`` tell who was first, ``field`` which input is meant."""

    reason: Reason
    field: str | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and the role that gives the right to; None means no right to this case."""

    id: str
    name: str
    right: Role | None
