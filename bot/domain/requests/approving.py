"""The head's decision, and the number that the registrar enters afterwards."""

from collections.abc import Sequence
from datetime import date

from bot.domain.diary import is_diary_number, tidy_number
from bot.domain.organisation import Person
from bot.domain.requests.commands import Decide, Register
from bot.domain.requests.declaring import Effect
from bot.domain.requests.events import Decided, Registered, RequestEvent
from bot.domain.requests.fields import Fault, Problem
from bot.domain.requests.rights import Surroundings
from bot.domain.requests.state import Request
from bot.domain.requests.terms import Part, Reason, Refusal, Verdict


def decide_verdict(
    request: Request,
    command: Decide,
    by: Person,
    acting: frozenset[Part],
    within: Surroundings,
    day: date,
) -> Sequence[RequestEvent] | Refusal:
    if command.seen != request.version:
        return Refusal(reason=Reason.STALE)
    if command.verdict is Verdict.REJECTED:
        if not command.has_reason:
            return Refusal(reason=Reason.REASON_MISSING, field="reason")
        return [_decided(request, command, by, acting, effects=())]
    kind = within.kinds.get(request.kind)
    if kind is None:
        return Refusal(reason=Reason.UNKNOWN_KIND, field="kind")
    conflicts = within.conflicts(kind, request.form, day)
    settled = _settled(conflicts)
    if not may_be_approved(request, conflicts):
        return Refusal(reason=Reason.CONFLICT, field=conflicts[0].field, problems=conflicts)
    if request.lacks_opinion and not command.has_consultation:
        return Refusal(reason=Reason.CONSULTATION_RECORD_MISSING, field="consultation")
    effects = tuple(
        one for one in kind.effects(request.designation, request.form) if one.person not in settled
    )
    return [_decided(request, command, by, acting, effects=effects)]


def may_be_approved(request: Request, conflicts: tuple[Problem, ...]) -> bool:
    """Of several people, one who has got or lost the role meanwhile stands in no other's way."""
    settled = _settled(conflicts)
    others = bool(request.form.unknown_people or set(request.form.admins) - settled)
    return all(others and one.subject in settled for one in conflicts)


def _settled(conflicts: tuple[Problem, ...]) -> frozenset[str]:
    """Those for whom nothing is left to be done."""
    return frozenset(
        one.subject for one in conflicts if one.fault in {Fault.ALREADY_ADMIN, Fault.NOT_AN_ADMIN}
    )


def _decided(
    request: Request,
    command: Decide,
    by: Person,
    acting: frozenset[Part],
    effects: tuple[Effect, ...],
) -> Decided:
    return Decided(
        verdict=command.verdict,
        by=by.id,
        by_name=by.name,
        part=Part.HEAD if Part.HEAD in acting else Part.DEPUTY,
        seen=command.seen,
        texts_ref=command.texts_ref,
        opinion=len(request.opinions),
        has_consultation=command.has_consultation,
        passage=command.passage,
        guideline=command.guideline,
        names_ref=command.names_ref,
        effects=effects,
    )


def register(request: Request, command: Register) -> Sequence[RequestEvent] | Refusal:
    item = request.registration
    if item is None or item.id != command.item:
        return Refusal(reason=Reason.UNKNOWN_ITEM)
    if item.number is not None and not command.corrects:
        return Refusal(reason=Reason.ALREADY_REGISTERED, by=item.number, at=item.registered_at)
    number = tidy_number(command.number)
    if not number:
        return Refusal(reason=Reason.NUMBER_MISSING, field="number")
    if not is_diary_number(number):
        return Refusal(reason=Reason.NUMBER_WRONG, field="number")
    return [Registered(item=item.id, number=number)]
