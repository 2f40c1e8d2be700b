"""From what a card asks for to the domain's command, with the texts it brings to be kept."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.cases.clauses import clause_of, clause_of_answer_by_another, clause_of_removal
from bot.cases.evidence import FetchedFiles
from bot.contents import sealed
from bot.domain import cases
from bot.domain.cases import REMOVALS, Case, Command, DecisionKind, ForwardPurpose, Reason, Refusal
from bot.domain.grounds import Ground
from bot.domain.organisation import Organisation
from bot.domain.views import DecisionTexts
from bot.guidelines.in_force import Edition
from bot.policy.guideline import Guideline
from bot.services import Services
from cards.payload import Confirming, Deciding, Forwarding, Registering, ReportingToPolice, SuspectingAbuse
from storage.store import Content

CaseWish = (
    Deciding | Forwarding | Confirming | SuspectingAbuse | FetchedFiles | ReportingToPolice | Registering
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    command: Command
    contents: tuple[Content, ...] = ()


def prepare(wish: CaseWish, case: Case, services: Services) -> Prepared | Refusal:
    """The command that the wish is, or why it is none."""
    guideline = services.policy.guideline
    match wish:
        case Deciding():
            return _with_texts(_texts_of(wish), lambda ref: _deciding(wish, ref, services.in_force.now))
        case Forwarding():
            receivers = _receivers(wish.to, case, services.organisation)
            said = DecisionTexts(note=wish.note)
            return _with_texts(said, lambda ref: _forwarding(wish, ref, receivers, guideline))
        case Confirming(verb="applied"):
            return Prepared(command=cases.ConfirmApplied(seen=wish.version))
        case Confirming():
            return Prepared(command=cases.ConfirmVerified(seen=wish.version))
        case SuspectingAbuse():
            said = DecisionTexts(reason=services.law.abuse_reason)
            return _with_texts(said, lambda ref: _suspecting(wish, ref, services.in_force.now))
        case FetchedFiles():
            command = cases.SecureFiles(snapshot=wish.snapshot, files=wish.files)
            return Prepared(command=command, contents=wish.contents)
        case ReportingToPolice():
            return _reporting(wish)
        case Registering():
            corrects = wish.verb == "correct"
            return Prepared(
                command=cases.Register(item=wish.item, number=wish.number, seen=wish.seen, corrects=corrects)
            )


def _with_texts(said: DecisionTexts, command: Callable[[str], Command]) -> Prepared:
    """Nothing said is nothing to keep: no content, no second sync, and an empty reference."""
    if said == DecisionTexts():
        return Prepared(command=command(""))
    content = sealed(said)
    return Prepared(command=command(content.ref), contents=(content,))


def _texts_of(wish: Deciding) -> DecisionTexts:
    return DecisionTexts(
        reason=wish.reason, law=wish.law, reply=wish.reply, police_reference=wish.police_reference
    )


def _deciding(wish: Deciding, texts_ref: str, now: Edition) -> Command:
    guideline, removal = now.policy.guideline, wish.kind in REMOVALS
    command = cases.Decide(
        kind=wish.kind,
        seen=wish.version,
        texts_ref=texts_ref,
        has_reason=bool(wish.reason),
        has_law=bool(wish.law),
        has_reply=bool(wish.reply),
        ground=wish.ground,
        obvious=wish.obvious,
        police=wish.police,
        has_police_reference=bool(wish.police_reference),
        police_date=wish.police_date,
        passage=clause_of_removal(wish.ground, now.law) if removal else clause_of(wish.kind, guideline),
        guideline=guideline.version,
    )
    return cases.Reverse(decision=command) if wish.verb == "reverse" else command


def _suspecting(wish: SuspectingAbuse, texts_ref: str, now: Edition) -> Command:
    return cases.SuspectAbuse(
        seen=wish.version,
        texts_ref=texts_ref,
        passage=clause_of_removal(Ground.VALD_PORNOGRAFI, now.law),
        guideline=now.policy.guideline.version,
    )


def _reporting(wish: ReportingToPolice) -> Prepared | Refusal:
    reported = wish.police_date
    if reported is None:
        return Refusal(reason=Reason.POLICE_DATE_WRONG, field="police_date")
    return _with_texts(
        DecisionTexts(police_reference=wish.police_reference),
        lambda ref: cases.ReportToPolice(
            reference_ref=ref, reported=reported, has_reference=bool(wish.police_reference)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receivers:
    people: tuple[str, ...]
    administration: str


def _receivers(to: str, case: Case, organisation: Organisation) -> _Receivers:
    """Who a forwarded case goes to: a unit's registrars take it in, a person gets it themselves."""
    unit = organisation.administrations.get(to)
    if unit is not None:
        return _Receivers(people=unit.registrars, administration=unit.id)
    person = to.lower()
    if person not in organisation.people:
        return _Receivers(people=(), administration=case.administration)
    own = next(
        (
            one.id
            for one in organisation.administrations.values()
            if person in (one.head, *one.deputies, *one.registrars)
        ),
        case.administration,
    )
    return _Receivers(people=(person,), administration=own)


def _forwarding(wish: Forwarding, texts_ref: str, to: _Receivers, guideline: Guideline) -> Command:
    answer = wish.purpose is ForwardPurpose.ANSWER
    passage = clause_of_answer_by_another(guideline) if answer else clause_of(DecisionKind.FORWARD, guideline)
    return cases.Forward(
        seen=wish.version,
        to=wish.to,
        purpose=wish.purpose,
        administration=to.administration,
        people=to.people,
        texts_ref=texts_ref,
        passage=passage,
        guideline=guideline.version,
    )
