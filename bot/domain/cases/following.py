"""What may be done once a case is under way: destroy, secure, confirm, report, register."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.cases.commands import (
    ConfirmApplied,
    ConfirmVerified,
    Decide,
    Register,
    ReportToPolice,
    SecureFiles,
    SuspectAbuse,
)
from bot.domain.cases.events import (
    Applied,
    CaseEvent,
    CopyDestroyed,
    FilesSecured,
    PoliceReported,
    Registered,
    VerifiedGone,
)
from bot.domain.cases.forming import form_decision, plausible_day
from bot.domain.cases.state import Case
from bot.domain.cases.terms import (
    REMOVALS,
    Actor,
    ApplicationState,
    DecisionKind,
    DisposalState,
    PoliceReport,
    Reason,
    Refusal,
)
from bot.domain.diary import is_diary_number, tidy_number
from bot.domain.grounds import Ground
from bot.domain.organisation import Role


def suspect_abuse(case: Case, command: SuspectAbuse, by: Actor) -> Sequence[CaseEvent] | Refusal:
    if case.disposal is DisposalState.DISPOSED:
        return Refusal(reason=Reason.NOTHING_KEPT)
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    destroyed = CopyDestroyed(refs=_all_that_tells_of_it(case))
    removal = Decide(
        kind=DecisionKind.DELETE,
        seen=command.seen,
        texts_ref=command.texts_ref,
        ground=Ground.VALD_PORNOGRAFI,
        obvious=True,
        police=PoliceReport.RECOMMENDED,
        passage=command.passage,
        guideline=command.guideline,
    )
    return [destroyed, replace(form_decision(case, removal, by), abuse=True)]


def _all_that_tells_of_it(case: Case) -> tuple[str, ...]:
    """Also reasons, replies and notes, which may quote it; not the number of a police report that stands by itself."""
    files = [ref for one in case.secured for file in one.files for ref in (file.text_ref, file.data_ref)]
    written = [one.made.texts_ref for one in case.decisions] + [one.texts_ref for one in case.forwards]
    return tuple(dict.fromkeys(ref for ref in (*case.snapshots, *case.flags, *files, *written) if ref))


def secure(case: Case, command: SecureFiles) -> Sequence[CaseEvent] | Refusal:
    if case.disposal is DisposalState.DISPOSED:
        return Refusal(reason=Reason.NOTHING_KEPT)
    known = {file.place for file in case.secured_of(command.snapshot)}
    files = tuple(file for file in command.files if file.place not in known)
    if not files:
        return Refusal(reason=Reason.FILES_NOT_REACHED)
    return [FilesSecured(snapshot=command.snapshot, files=files)]


def confirm(case: Case, command: ConfirmApplied | ConfirmVerified) -> Sequence[CaseEvent] | Refusal:
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    match case.application, command:
        case ApplicationState.NONE, _:
            return Refusal(reason=Reason.NOT_A_REMOVAL)
        case ApplicationState.PENDING, ConfirmApplied():
            return [Applied()]
        case ApplicationState.PENDING, ConfirmVerified():
            return Refusal(reason=Reason.NOT_APPLIED)
        case ApplicationState.APPLIED, ConfirmVerified():
            return [VerifiedGone()]
        case _:
            return Refusal(reason=Reason.ALREADY_APPLIED, at=case.verified_at or case.applied_at)


def report(case: Case, command: ReportToPolice, at: datetime) -> Sequence[CaseEvent] | Refusal:
    if case.current is None or case.current.made.kind not in REMOVALS:
        return Refusal(reason=Reason.NOT_A_REMOVAL)
    if not command.has_reference:
        return Refusal(reason=Reason.POLICE_REFERENCE_MISSING, field="police_reference")
    if not plausible_day(command.reported, case, at):
        return Refusal(reason=Reason.POLICE_DATE_WRONG, field="police_date")
    return [PoliceReported(reference_ref=command.reference_ref, reported=command.reported)]


def register(case: Case, command: Register, by: Actor) -> Sequence[CaseEvent] | Refusal:
    item = next((item for item in case.registrations if item.id == command.item), None)
    if item is None:
        return Refusal(reason=Reason.UNKNOWN_ITEM)
    if by.right is not Role.REGISTRAR:
        return Refusal(reason=Reason.NOT_ALLOWED)
    if item.number is not None and not (command.corrects and command.seen == item.entered):
        return Refusal(reason=Reason.ALREADY_REGISTERED, by=item.number, at=item.registered_at)
    number = tidy_number(command.number)
    if not number:
        return Refusal(reason=Reason.NUMBER_MISSING, field="number")
    if not is_diary_number(number):
        return Refusal(reason=Reason.NUMBER_WRONG, field="number")
    return [Registered(item=command.item, number=number)]
