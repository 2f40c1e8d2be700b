"""Due days, and what is to be said of them now."""

from datetime import date

from bot.domain.channels import ChannelEntry
from bot.domain.duties.events import DutyEscalated, DutyReminded, DutyScheduled
from bot.domain.duties.state import Duty
from bot.domain.duties.terms import ESCALATED_AFTER, LAST_WITHIN, REACHED_AFTER, DutyKind, Level


def next_steps(duty: Duty, today: date) -> tuple[DutyReminded | DutyEscalated, ...]:
    """The events that are due now and not yet recorded; none once they are.

    Who was away for long gets the most urgent reminder that is reached, not all that were missed.
    """
    if not duty.is_open:
        return ()
    reached = [level for level in Level if today >= duty.due + REACHED_AFTER[level]]
    steps: list[DutyReminded | DutyEscalated] = []
    if reached and (duty.level is None or _order(reached[-1]) > _order(duty.level)):
        steps.append(DutyReminded(due=duty.due, level=reached[-1]))
    if today >= duty.due + ESCALATED_AFTER and not duty.escalated:
        steps.append(DutyEscalated(due=duty.due))
    return tuple(steps)


def _order(level: Level) -> int:
    return list(Level).index(level)


def step_key(duty: Duty, step: DutyReminded | DutyEscalated) -> str:
    """Names the step for good: who records it under this key records and sends it once."""
    what = step.level if isinstance(step, DutyReminded) else "escalated"
    return f"duty:{duty.id}:{step.due.isoformat()}:{what}"


def same_day(day: date, year: int) -> date:
    """That day of another year; 29 February is the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def next_due(duty: Duty, done: date) -> date:
    """A year after the due day, or the first such day after it was done, for what was done more than a year late."""
    year = duty.due.year + 1
    while same_day(duty.first_due, year) <= done:
        year += 1
    return same_day(duty.first_due, year)


def first_duties(entry: ChannelEntry, day: date) -> tuple[DutyScheduled, ...]:
    """What a channel owes from that day on: screenshot and confirmed contact details, a year later each."""
    due = same_day(day, day.year + 1)
    return tuple(
        DutyScheduled(kind=kind, subject=entry.id, administration=entry.administration, due=due)
        for kind in (DutyKind.SCREENSHOT, DutyKind.CONTACT_DETAILS)
    )


def evaluation(administration: str, day: date) -> DutyScheduled:
    """What an administration owes from its first channel on."""
    due = same_day(day, day.year + 1)
    return DutyScheduled(
        kind=DutyKind.EVALUATION, subject=administration, administration=administration, due=due
    )


def last_screenshot(entry: ChannelEntry, day: date) -> DutyScheduled:
    return DutyScheduled(
        kind=DutyKind.LAST_SCREENSHOT,
        subject=entry.id,
        administration=entry.administration,
        due=day + LAST_WITHIN,
    )
