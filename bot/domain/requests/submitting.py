"""The requester's side: the form goes in whole or is told, field by field, what it lacks."""

from collections.abc import Sequence
from datetime import date

from bot.domain.organisation import Person
from bot.domain.requests.commands import Complete, Resume, Submit
from bot.domain.requests.declaring import Kind
from bot.domain.requests.events import Completed, RequestEvent, Resumed, Submitted
from bot.domain.requests.fields import Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.rights import Surroundings
from bot.domain.requests.routing import whose_turn
from bot.domain.requests.state import Request
from bot.domain.requests.terms import Part, Reason, Refusal, RequestStatus


def submit(
    request: Request, command: Submit, within: Surroundings, day: date
) -> Sequence[RequestEvent] | Refusal:
    kind = within.kinds.get(request.kind)
    if kind is None:
        return Refusal(reason=Reason.UNKNOWN_KIND, field="kind")
    refused = _lacking(kind, command.form, command.problems, within, day)
    if refused:
        return refused
    unit = within.administration_of(kind, command.form, command.administration)
    if not unit:
        return Refusal(reason=Reason.UNKNOWN_ADMINISTRATION, field="administration")
    due = command.consultation_due if kind.consults else None
    return [Submitted(administration=unit, form=command.form, consultation_due=due)]


def complete(
    request: Request, command: Complete, within: Surroundings, day: date
) -> Sequence[RequestEvent] | Refusal:
    """The administration stays: whoever could move a request to another one could choose its head."""
    kind = within.kinds.get(request.kind)
    if kind is None:
        return Refusal(reason=Reason.UNKNOWN_KIND, field="kind")
    if command.seen != request.version:
        return Refusal(reason=Reason.STALE)
    refused = _lacking(kind, command.form, command.problems, within, day)
    if refused:
        return refused
    if kind.administration(command.form, request.administration, within.register) != request.administration:
        return Refusal(reason=Reason.OTHER_ADMINISTRATION, field=kind.channel_field)
    due = _due_anew(request, command.consultation_due)
    return [Completed(form=command.form, texts_ref=command.texts_ref, consultation_due=due)]


def resume(
    request: Request, command: Resume, by: Person, acting: frozenset[Part]
) -> Sequence[RequestEvent] | Refusal:
    if not acting & whose_turn(request.returns_to):
        return Refusal(reason=Reason.NOT_YOUR_TURN)
    if command.seen != request.version:
        return Refusal(reason=Reason.STALE)
    return [Resumed(by=by.id, consultation_due=_due_anew(request, command.consultation_due))]


def _due_anew(request: Request, due: date) -> date | None:
    return due if request.returns_to is RequestStatus.CONSULTATION else None


def _lacking(
    kind: Kind, form: Form, problems: tuple[Problem, ...], within: Surroundings, day: date
) -> Refusal | None:
    """What is wrong with the form by itself, else what in the register stands against it."""
    if problems:
        return Refusal(reason=Reason.INCOMPLETE, field=problems[0].field, problems=problems)
    conflicts = within.conflicts(kind, form, day)
    if conflicts:
        return Refusal(reason=Reason.CONFLICT, field=conflicts[0].field, problems=conflicts)
    return None
