"""An administration's own stream: absences of its deciders, and its standing decisions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from bot.domain.administrations import (
    AbsenceSet,
    AdministrationRecord,
    Command,
    EndAbsence,
    Reason,
    RecordStandingDecision,
    Refusal,
    SetAbsence,
    StandingDecisionRecorded,
    apply,
    decide,
)
from tests.unit.request_world import ORGANISATION

TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
UNTIL = date(2027, 1, 12)
EMPTY = AdministrationRecord(id="kof")


def after(record: AdministrationRecord, command: Command, by: str = "head") -> AdministrationRecord:
    events = decide(record, command, by=by, today=TODAY, organisation=ORGANISATION)
    assert not isinstance(events, Refusal), events
    for event in events:
        record = apply(record, event, at=AT)
    return record


def standing(request: str, holds_from: date, ends: date | None = None) -> RecordStandingDecision:
    made = StandingDecisionRecorded(
        request=request,
        by="head",
        by_name="Förvaltningschef",
        texts_ref="t",
        holds_from=holds_from,
        ends=ends,
    )
    return RecordStandingDecision(decision=made)


def test_an_absence_holds_from_its_first_through_its_last_day() -> None:
    record = after(EMPTY, SetAbsence(starts=TODAY + timedelta(days=1), until=UNTIL))
    days = [TODAY, TODAY + timedelta(days=1), UNTIL, UNTIL + timedelta(days=1)]
    assert [record.away_until("head", day) for day in days] == [None, UNTIL, UNTIL, None]
    assert record.away_until("deputy", UNTIL) is None


def test_the_last_word_on_an_absence_holds_and_who_is_back_is_back() -> None:
    record = after(EMPTY, SetAbsence(starts=TODAY, until=UNTIL))
    longer = after(record, SetAbsence(starts=TODAY, until=UNTIL + timedelta(days=7)))
    assert longer.away_until("head", TODAY) == UNTIL + timedelta(days=7)
    back = after(longer, EndAbsence())
    assert back.away_until("head", TODAY) is None
    assert back.revision == 3


def test_the_record_keeps_who_set_an_absence() -> None:
    (event,) = decide(
        EMPTY, SetAbsence(starts=TODAY, until=UNTIL), by="deputy", today=TODAY, organisation=ORGANISATION
    )  # type: ignore[misc]
    assert event == AbsenceSet(person="deputy", starts=TODAY, until=UNTIL, by="deputy")


@pytest.mark.parametrize(
    ("command", "by", "reason"),
    [
        (SetAbsence(starts=TODAY, until=UNTIL), "staff", Reason.NOT_ALLOWED),
        (SetAbsence(starts=TODAY, until=UNTIL), "kom", Reason.NOT_ALLOWED),
        (SetAbsence(starts=TODAY, until=TODAY - timedelta(days=1)), "head", Reason.UNTIL_BEFORE_START),
        (SetAbsence(starts=date(2026, 11, 1), until=date(2026, 11, 23)), "head", Reason.UNTIL_PAST),
        (SetAbsence(starts=TODAY, until=TODAY + timedelta(days=367)), "head", Reason.TOO_LONG),
        (EndAbsence(), "head", Reason.NOT_ABSENT),
        (SetAbsence(starts=TODAY, until=TODAY), "deputy2", None),
    ],
)
def test_who_may_tell_which_absence(command: Command, by: str, reason: Reason | None) -> None:
    outcome = decide(EMPTY, command, by=by, today=TODAY, organisation=ORGANISATION)
    assert (outcome.reason if isinstance(outcome, Refusal) else None) == reason


def test_what_holds_is_the_latest_that_has_come_into_force() -> None:
    record = after(EMPTY, standing("AN-1", TODAY))
    record = after(record, standing("AN-2", date(2027, 1, 1)))
    assert [one.made.request for one in record.coming(TODAY)] == ["AN-2"]
    holding = [record.holding(day) for day in (TODAY - timedelta(days=1), TODAY, date(2027, 1, 1))]
    assert [one.made.request if one else None for one in holding] == [None, "AN-1", "AN-2"]


def test_a_later_decision_from_the_same_day_takes_the_place_of_the_earlier() -> None:
    record = after(after(EMPTY, standing("AN-1", TODAY)), standing("AN-2", TODAY))
    holding = record.holding(TODAY)
    assert holding is not None
    assert holding.made.request == "AN-2"


def test_what_was_decided_later_goes_before_what_was_to_begin_later() -> None:
    record = after(after(EMPTY, standing("AN-1", date(2027, 6, 1))), standing("AN-2", date(2027, 1, 1)))
    assert [one.made.request for one in record.coming(TODAY)] == ["AN-2"]
    holding = record.holding(date(2027, 7, 1))
    assert holding is not None
    assert holding.made.request == "AN-2"


def test_a_decision_that_has_ended_leaves_none_and_brings_no_older_one_back() -> None:
    record = after(EMPTY, standing("AN-1", TODAY))
    record = after(record, standing("AN-2", TODAY, ends=UNTIL))
    assert record.holding(UNTIL) is not None
    assert record.holding(UNTIL + timedelta(days=1)) is None


def test_an_approval_that_is_carried_out_twice_stands_once() -> None:
    record = after(EMPTY, standing("AN-1", TODAY))
    outcome = decide(record, standing("AN-1", TODAY), by="system", today=TODAY, organisation=ORGANISATION)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reason.ALREADY_STANDS


def test_an_administration_comes_back_from_the_store_as_it_was() -> None:
    record = after(after(EMPTY, standing("AN-1", TODAY)), SetAbsence(starts=TODAY, until=UNTIL))
    adapter = TypeAdapter(AdministrationRecord)
    assert adapter.validate_python(adapter.dump_python(record, mode="json", exclude_defaults=True)) == record
