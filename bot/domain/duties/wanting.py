"""What the register makes owed: each active channel's yearly duties, each administration's evaluation, and a last
screenshot of what is closed."""

from bot.domain.channels import ChannelEntry, Register
from bot.domain.duties.events import DutyScheduled
from bot.domain.duties.state import Duty
from bot.domain.duties.terms import CancelCause, DutyKind
from bot.domain.duties.timing import evaluation, first_duties, last_screenshot
from bot.domain.organisation import Organisation
from bot.domain.zone import local_day


def wanted(register: Register) -> tuple[DutyScheduled, ...]:
    """All that should be scheduled, whether it is or not. The days come from the register alone, so that whoever looks
    whenever finds the same."""
    channels = [one for entry in register.channels.values() for one in _of_channel(entry)]
    units = dict.fromkeys(one.administration for one in register.active())
    return (*channels, *(_of_administration(unit, register) for unit in units))


def _of_channel(entry: ChannelEntry) -> tuple[DutyScheduled, ...]:
    if entry.is_active:
        return first_duties(entry, local_day(entry.opened_at))
    return (last_screenshot(entry, local_day(entry.closed_at)),) if entry.closed_at else ()


def _of_administration(administration: str, register: Register) -> DutyScheduled:
    first = min(one.opened_at for one in register.of(administration))
    return evaluation(administration, local_day(first))


def cause_to_cancel(duty: Duty, register: Register, organisation: Organisation) -> CancelCause | None:
    """Why nobody owes it any longer. An administration is gone when neither file nor register knows it; one without
    channels has no presence to evaluate."""
    match duty.kind:
        case DutyKind.LAST_SCREENSHOT:
            return None
        case DutyKind.EVALUATION:
            if register.of(duty.subject):
                return None
            there = duty.subject in organisation.administrations
            return CancelCause.NO_CHANNELS if there else CancelCause.ADMINISTRATION_GONE
        case _:
            entry = register.channels.get(duty.subject)
            return None if entry is None or entry.is_active else CancelCause.CHANNEL_CLOSED
