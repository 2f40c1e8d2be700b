"""A request with its texts opened, as one person may see it: what its cards are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.administrations import StandingDecision
from bot.domain.channels import ChannelTexts
from bot.domain.organisation import Organisation
from bot.domain.requests import (
    Awaits,
    Bar,
    Called,
    Command,
    FormTexts,
    Kind,
    NobodyMayDecide,
    Part,
    Problem,
    Request,
    RequestStatus,
    RequestTexts,
)
from bot.domain.views import Clause


class RequestForm(StrEnum):
    """Which inputs a request's card shows."""

    EDIT = "edit"
    OPINION = "opinion"
    DECIDE = "decide"
    ASK = "ask"
    REASSIGN = "reassign"
    HAND_OVER = "hand_over"
    WITHDRAW = "withdraw"
    COMMENT = "comment"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoices:
    """What the form's closed lists offer: channels and administrations as id and name, people by object id."""

    channels: tuple[tuple[str, str], ...]
    administrations: tuple[tuple[str, str], ...]
    own_administration: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """``opinions``, ``questions``, ``answers`` and ``comments`` run parallel to the request's own. ``waited_for`` is
    whose turn it is, ``called`` why the card that asks for the decision goes where it goes; ``bar`` why the viewer,
    who could decide or give an opinion otherwise, may not; ``deputies`` to whom it can be passed on;
    ``conflicts`` what has changed since that stands against it. ``terms`` is the guideline's clause on copyright."""

    request: Request
    kind: Kind | None
    organisation: Organisation
    channels: Mapping[str, str]
    form: FormTexts | None
    contact: str
    opinions: tuple[RequestTexts, ...]
    questions: tuple[RequestTexts, ...]
    answers: tuple[RequestTexts, ...]
    comments: tuple[RequestTexts, ...]
    decision: RequestTexts
    withdrawal: RequestTexts
    clause: Clause | None
    terms: Clause | None
    waited_for: tuple[str, ...]
    called: Called | NobodyMayDecide | None
    viewer: str | None
    parts: frozenset[Part]
    bar: Bar | None
    may: frozenset[type[Command]]
    deputies: tuple[str, ...]
    conflicts: tuple[Problem, ...]
    approvable: bool
    choices: FormChoices


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestItemView:
    """What the registrar needs of a decided request, as ``RegistrationView`` tells it of a case."""

    view: RequestView
    public: str
    protected: str
    may_register: bool
    may_correct: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSummary:
    """A request as one row of a list."""

    designation: str
    kind: str
    status: RequestStatus
    awaits: Awaits | None
    about: str
    requester: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """One page of a list; ``number`` and ``of`` count pages from 1."""

    rows: tuple[RequestSummary, ...]
    number: int
    of: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInForce:
    """What stands decided about working hours in an administration, if anything does."""

    administration: str
    decision: StandingDecision | None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNotice:
    """Who administers a channel now, and how they are reached: told communications after a decision.

    ``unknown`` are names that the bot can't tell the people of; ``removed`` whom the decision took the role from, of
    whom those among ``admins`` have it still by an Entra group."""

    request: str
    channel: ChannelTexts
    admins: tuple[str, ...]
    contact: str
    unknown: str
    removed: tuple[str, ...] = ()


class EndOfRole(StrEnum):
    """Why somebody no longer administers a channel by the register."""

    REMOVED = "removed"
    CLOSED = "closed"
    ONLY_IN_REGISTER = "only_in_register"
    """An Entra group gives the role all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What somebody's own absence is told with; ``until`` None when it has ended."""

    until: date | None
    administrations: tuple[str, ...]
    deputies: tuple[str, ...]
