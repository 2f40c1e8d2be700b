"""A request as its events have made it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.organisation import Person
from bot.domain.requests.declaring import Effect
from bot.domain.requests.events import Commented, Decided, EffectCarriedOut, MoreAsked, OpinionGiven
from bot.domain.requests.forms import Form
from bot.domain.requests.terms import Awaits, Bar, Flaw, LapseCause, RequestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """An opinion with the time it was given. ``form_version`` tells which state of the form it is about."""

    given: OpinionGiven
    at: datetime
    form_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    asked: MoreAsked
    at: datetime
    answer_ref: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment with the time it was made."""

    made: Commented
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The head's decision, either way, with the time it was made."""

    made: Decided
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    by: str
    by_name: str
    at: datetime
    texts_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A registration item (diarieföring): owed from the decision on, closed by the diary number."""

    id: str
    administration: str
    owed_at: datetime
    number: str | None = None
    registered_at: datetime | None = None
    registered_by: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """``version`` counts what a decider must have seen, ``revision`` the whole stream, ``turn`` how often it became
    somebody else's turn; ``since`` is when it last did. Comments raise no version: a remark must not undo what
    somebody is just writing.

    ``requesters`` are all who ever were it: handing a request over takes no bar away. ``earlier_requesters`` are those
    who handed it over, by the name they had then.
    """

    designation: str
    kind: str
    administration: str
    requester: str
    requester_name: str
    form: Form
    drafted_at: datetime
    since: datetime
    status: RequestStatus = RequestStatus.DRAFT
    version: int = 1
    revision: int = 1
    form_version: int = 1
    turn: int = 1
    requesters: tuple[str, ...] = ()
    earlier_requesters: tuple[Person, ...] = ()
    submitted_at: datetime | None = None
    consultation_due: date | None = None
    """The last day for an opinion; None for a kind without consultation."""
    lapsed: LapseCause | None = None
    opinions: tuple[Opinion, ...] = ()
    questions: tuple[Questions, ...] = ()
    comments: tuple[Remark, ...] = ()
    returns_to: RequestStatus | None = None
    reassigned: tuple[str, ...] = ()
    decision: Approval | None = None
    withdrawal: Withdrawal | None = None
    registration: Registration | None = None
    carried_out: tuple[EffectCarriedOut, ...] = ()
    recipients: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    delivered_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    deputies_called_at: datetime | None = None

    @property
    def consults(self) -> bool:
        return self.consultation_due is not None

    @property
    def opinion(self) -> Opinion | None:
        """The latest."""
        return self.opinions[-1] if self.opinions else None

    def flaw(self, opinion: Opinion) -> Flaw | None:
        """Why the opinion is no consultation on the request as it is now; None when it is."""
        if self.bar(opinion.given.by) is not None:
            return Flaw.BARRED
        return Flaw.EARLIER_FORM if opinion.form_version < self.form_version else None

    @property
    def opinion_in_force(self) -> Opinion | None:
        """The one that is about the request as it is now, by somebody whom nothing bars."""
        return next((one for one in reversed(self.opinions) if self.flaw(one) is None), None)

    @property
    def lacks_opinion(self) -> bool:
        """Whether an approval must record how the consultation took place: one that came late took place too."""
        return self.consults and self.opinion_in_force is None

    @property
    def awaits(self) -> Awaits | None:
        return _AWAITS.get(self.status)

    @property
    def requester_is_missed(self) -> bool:
        """Whether others may name another requester: an answer is waited for, or no card reaches the one there is."""
        asked = self.status is RequestStatus.MORE_INFORMATION
        return asked or f"person:{self.requester}" in self.unreachable

    @property
    def effects_left(self) -> tuple[Effect, ...]:
        """What the approval still owes, in order."""
        done = {one.effect for one in self.carried_out}
        effects = self.decision.made.effects if self.decision else ()
        return tuple(one for one in effects if one.key not in done)

    @property
    def owed(self) -> Registration | None:
        item = self.registration
        return item if item and item.number is None else None

    def bar(self, person: str) -> Bar | None:
        """Why the person may neither decide nor give an opinion, however high the office."""
        if person in self.requesters:
            return Bar.REQUESTER
        return Bar.NAMED if person in self.form.people else None

    def advised_by(self, person: str) -> bool:
        return any(one.given.by == person for one in self.opinions)


_AWAITS = {
    RequestStatus.CONSULTATION: Awaits.OPINION,
    RequestStatus.DECISION: Awaits.DECISION,
    RequestStatus.MORE_INFORMATION: Awaits.COMPLETION,
}


def trail_of(designation: str) -> str:
    """The stream of what happens around a request without changing it."""
    return f"{designation}/trail"
