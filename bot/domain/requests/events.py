"""What happened to a request, and around it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.requests.declaring import Effect
from bot.domain.requests.forms import Form
from bot.domain.requests.terms import (
    Awaits,
    EscalationCause,
    LapseCause,
    OpinionKind,
    Part,
    Verdict,
)
from bot.domain.trail import Delivered, Opened, Reached, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    kind: str
    requester: str
    requester_name: str
    administration: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved:
    administration: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """``consultation_due`` is None for a kind without consultation: it goes to the head at once."""

    administration: str
    form: Form
    consultation_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGiven:
    """``number`` counts the request's opinions from 1; ``late`` when it came after its last day."""

    number: int
    kind: OpinionKind
    by: str
    by_name: str
    seen: int
    texts_ref: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationLapsed:
    cause: LapseCause


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreAsked:
    by: str
    by_name: str
    part: Part
    seen: int
    texts_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """``consultation_due`` is the new last day where the consultation goes on."""

    form: Form
    texts_ref: str = ""
    consultation_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    by: str
    consultation_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as it stands on record. ``opinion`` is the number of the one that lay before the decider, 0 for none;
    ``effects`` what follows by itself, ``names_ref`` what the ids in the request were called then."""

    verdict: Verdict
    by: str
    by_name: str
    part: Part
    seen: int
    texts_ref: str
    opinion: int = 0
    has_consultation: bool = False
    passage: str = ""
    guideline: str = ""
    names_ref: str = ""
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    by: str
    by_name: str
    texts_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    to: str
    by: str
    texts_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    to: str
    to_name: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    by: str
    by_name: str
    texts_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    item: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    of: Awaits
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """Communications were told that it stands still; it gives nobody a right."""

    why: EscalationCause
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputiesCalled:
    """The head doesn't react or can't be reached: the deputies have the card too, and may decide."""

    why: EscalationCause
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAsked:
    """Somebody who may see the decision asked for its document."""

    by: str


class Outcome(StrEnum):
    DONE = "done"
    NEEDLESS = "needless"
    """It was so already: the person is an administrator, the channel is closed."""
    IMPOSSIBLE = "impossible"
    """Communications are told; ``why`` is the code of what stood against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectCarriedOut:
    """``effect`` is the key of one of the decision's effects."""

    effect: str
    outcome: Outcome = Outcome.DONE
    why: str = ""


RequestEvent = (
    Drafted
    | DraftSaved
    | Submitted
    | OpinionGiven
    | ConsultationLapsed
    | MoreAsked
    | Completed
    | Resumed
    | Decided
    | Withdrawn
    | Reassigned
    | HandedOver
    | Commented
    | Registered
)
TrailEvent = (
    Delivered
    | Unreachable
    | Reached
    | Opened
    | Reminded
    | Escalated
    | DeputiesCalled
    | DocumentAsked
    | EffectCarriedOut
)
"""What happened around the request without changing what was seen of it: on a stream of its own, raises no version."""
