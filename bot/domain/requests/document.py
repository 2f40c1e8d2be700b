"""What a decision document says, modelled on förvaltningslagen (2017:900) 31 §.

Day, content, who decided, who was rapporteur (föredragande), who else took part. The bot knows of no rapporteur; the
texts behind the references are opened by whoever writes the document.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.requests.forms import Form
from bot.domain.requests.state import Opinion, Request
from bot.domain.requests.terms import Flaw, LapseCause, Part, Verdict
from bot.domain.zone import local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One who took part without deciding, by the name they had then."""

    person: str
    name: str
    part: Part
    formerly: bool = False
    """No longer in that part when it was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDocument:
    """``texts_ref`` holds the decider's reasons and, where no opinion came, how the consultation took place."""

    designation: str
    kind: str
    administration: str
    day: date
    verdict: Verdict
    form: Form
    decided_by: str
    decided_by_name: str
    decided_as: Part
    texts_ref: str
    participants: tuple[Participant, ...]
    opinion: Opinion | None
    """The latest of ``opinions``."""
    opinions: tuple[Opinion, ...]
    flaws: tuple[Flaw | None, ...]
    """Of each opinion, why it was no consultation on what was decided."""
    opinion_was_due: date | None
    lapsed: LapseCause | None
    passage: str
    guideline: str


def document_of(request: Request) -> DecisionDocument | None:
    """None until it is decided."""
    if request.decision is None:
        return None
    made = request.decision.made
    return DecisionDocument(
        designation=request.designation,
        kind=request.kind,
        administration=request.administration,
        day=local_day(request.decision.at),
        verdict=made.verdict,
        form=request.form,
        decided_by=made.by,
        decided_by_name=made.by_name,
        decided_as=made.part,
        texts_ref=made.texts_ref,
        participants=_participants(request),
        opinion=request.opinion,
        opinions=request.opinions,
        flaws=tuple(request.flaw(one) for one in request.opinions),
        opinion_was_due=request.consultation_due,
        lapsed=request.lapsed,
        passage=made.passage,
        guideline=made.guideline,
    )


def _participants(request: Request) -> tuple[Participant, ...]:
    """Requester and who was it before, who gave an opinion, who asked for more: comments are no part in the decision."""
    took_part = [
        Participant(person=request.requester, name=request.requester_name, part=Part.REQUESTER),
        *_former_requesters(request),
        *(_participant(one.given.by, one.given.by_name, Part.CONSULTED) for one in request.opinions),
        *(_participant(one.asked.by, one.asked.by_name, one.asked.part) for one in request.questions),
    ]
    decider = request.decision.made.by if request.decision else ""
    return tuple(dict.fromkeys(one for one in took_part if one.person != decider))


def _former_requesters(request: Request) -> list[Participant]:
    return [
        Participant(person=one.id, name=one.name, part=Part.REQUESTER, formerly=True)
        for one in request.earlier_requesters
        if one.id != request.requester
    ]


def _participant(person: str, name: str, part: Part) -> Participant:
    return Participant(person=person, name=name, part=part)
