"""Decisions as they stand on record, and what they are held to."""

from datetime import date, datetime, timedelta

from bot.domain.cases.commands import Decide
from bot.domain.cases.events import Decided
from bot.domain.cases.state import Case
from bot.domain.cases.terms import REMOVALS, Actor, PoliceReport
from bot.domain.grounds import DUTY_GROUNDS, Ground
from bot.domain.organisation import Role
from bot.domain.zone import local_day


def is_duty(ground: Ground, *, obvious: bool) -> bool:
    """Whether the law itself demands that the post goes: such a ground, and the offence ticked as obvious."""
    return obvious and ground in DUTY_GROUNDS


def form_decision(case: Case, command: Decide, by: Actor) -> Decided:
    removal = command.kind in REMOVALS
    return Decided(
        number=len(case.decisions) + 1,
        kind=command.kind,
        by=by.id,
        by_name=by.name,
        role=_right(by),
        seen=command.seen,
        snapshot_ref=case.snapshots[-1],
        texts_ref=command.texts_ref,
        passage=command.passage,
        guideline=command.guideline,
        ground=command.ground if removal else None,
        obvious=removal and command.obvious,
        police=command.police if removal else PoliceReport.NOT_ASSESSED,
        police_date=command.police_date if removal else None,
        administration=case.administration,
    )


def _right(by: Actor) -> Role:
    if by.right is None:
        raise AssertionError("rights are checked before a decision is formed")
    return by.right


def plausible_day(reported: date, case: Case, at: datetime) -> bool:
    """Nobody reports a post before it was published; where nobody knows when, not a year before it was flagged.

    A time of publishing that comes after the flag is a platform's or a sender's mistake, and bars nothing."""
    earliest = (
        local_day(min(case.published_at, case.flagged_at))
        if case.published_at
        else local_day(case.flagged_at) - timedelta(days=365)
    )
    return earliest <= reported <= local_day(at)
