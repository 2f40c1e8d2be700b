"""What the life of a request is told in: states, opinions, verdicts, reasons for a no, and who is what to it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.requests.fields import Problem


class RequestStatus(StrEnum):
    DRAFT = "draft"
    CONSULTATION = "consultation"
    """Communications are asked for their opinion (samråd)."""
    DECISION = "decision"
    """The administration's head is to decide."""
    MORE_INFORMATION = "more_information"
    """The requester is asked to complete the form (komplettering); then it goes back to where it was."""
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


UNDER_WAY = frozenset({RequestStatus.CONSULTATION, RequestStatus.DECISION, RequestStatus.MORE_INFORMATION})
DECIDED = frozenset({RequestStatus.APPROVED, RequestStatus.REJECTED})
CLOSED = DECIDED | {RequestStatus.WITHDRAWN}


class OpinionKind(StrEnum):
    """An opinion (yttrande) is advice: none of them binds the head."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    NO_OBJECTION = "no_objection"


class Verdict(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"


class LapseCause(StrEnum):
    """Why a consultation ended without an opinion."""

    DEADLINE = "deadline"
    NOBODY = "nobody"
    """All of communications are the requester or named in the request."""


class Part(StrEnum):
    """What somebody is to a request; one person may be several."""

    REQUESTER = "requester"
    CONSULTED = "consulted"
    HEAD = "head"
    DEPUTY = "deputy"
    """A deputy who is called on: the head is barred or away, has handed the request over or doesn't react."""
    REGISTRAR = "registrar"
    SYSTEM = "system"
    """The bot itself, when a day has come."""


DECIDERS = frozenset({Part.HEAD, Part.DEPUTY})


class Flaw(StrEnum):
    """Why an opinion that was given doesn't count as consultation."""

    EARLIER_FORM = "earlier_form"
    """It is about the form before it was completed."""
    BARRED = "barred"
    """Who gave it is, or has become, one whom the request bars."""


class Bar(StrEnum):
    """Why one who would decide or give an opinion may not (jäv)."""

    REQUESTER = "requester"
    """Has been the requester, if only for a while."""
    NAMED = "named"
    ADVISED = "advised"
    """Gave the opinion: bars from deciding only, and only where somebody else of head and deputies is there."""


class Awaits(StrEnum):
    """What somebody still has to do."""

    OPINION = "opinion"
    DECISION = "decision"
    COMPLETION = "completion"


class EscalationCause(StrEnum):
    """Why communications are told of a request that stands still."""

    OVERDUE = "overdue"
    UNREACHABLE = "unreachable"
    NOBODY_MAY_DECIDE = "nobody_may_decide"
    REQUESTER_GONE = "requester_gone"


class Reason(StrEnum):
    """Why a command was refused."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_REQUEST = "unknown_request"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_ADMINISTRATION = "unknown_administration"
    OTHER_ADMINISTRATION = "other_administration"
    BAD_PAYLOAD = "bad_payload"
    STALE = "stale"
    OWN_REQUEST = "own_request"
    NAMED_IN_REQUEST = "named_in_request"
    GAVE_THE_OPINION = "gave_the_opinion"
    NOT_YOUR_TURN = "not_your_turn"
    NOT_SUBMITTED = "not_submitted"
    ALREADY_SUBMITTED = "already_submitted"
    CONSULTATION_OPEN = "consultation_open"
    CONSULTATION_OVER = "consultation_over"
    NO_CONSULTATION = "no_consultation"
    NOT_YET_DUE = "not_yet_due"
    OPINION_GIVEN = "opinion_given"
    AWAITS_REQUESTER = "awaits_requester"
    NOTHING_ASKED = "nothing_asked"
    ALREADY_DECIDED = "already_decided"
    NOT_DECIDED = "not_decided"
    WITHDRAWN = "withdrawn"
    INCOMPLETE = "incomplete"
    CONFLICT = "conflict"
    OPINION_MISSING = "opinion_missing"
    REASON_MISSING = "reason_missing"
    QUESTIONS_MISSING = "questions_missing"
    CONSULTATION_RECORD_MISSING = "consultation_record_missing"
    TEXT_MISSING = "text_missing"
    NOT_A_DEPUTY = "not_a_deputy"
    DEPUTY_BARRED = "deputy_barred"
    DEPUTY_AWAY = "deputy_away"
    ALREADY_THEIRS = "already_theirs"
    RECIPIENT_MISSING = "recipient_missing"
    RECIPIENT_DECIDES = "recipient_decides"
    RECIPIENT_CONSULTED = "recipient_consulted"
    REQUESTER_IS_THERE = "requester_is_there"
    UNKNOWN_ITEM = "unknown_item"
    NUMBER_MISSING = "number_missing"
    NUMBER_WRONG = "number_wrong"
    ALREADY_REGISTERED = "already_registered"
    STORE_UNWRITABLE = "store_unwritable"
    ROLES_OUT_OF_DATE = "roles_out_of_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected no. ``by`` and ``at`` tell who was first, ``due`` until when it is somebody else's turn, ``field``
    which input is meant, ``problems`` what is wrong with the form."""

    reason: Reason
    field: str | None = None
    by: str | None = None
    at: datetime | None = None
    due: date | None = None
    problems: tuple[Problem, ...] = ()
