"""Working days and hours as Swedish offices keep them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import add_working_hours, is_working_day, next_working_day
from bot.domain.organisation import Reminders
from bot.domain.zone import STOCKHOLM

OFFICE = Reminders(day_starts=8, day_ends=17)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 6, 19), False),  # midsommarafton
        (date(2026, 12, 24), False),  # julafton
        (date(2026, 12, 31), False),  # nyårsafton
        (date(2026, 12, 23), True),
        (date(2026, 4, 3), False),  # långfredagen
        (date(2026, 6, 6), False),  # nationaldagen
        (date(2027, 5, 6), False),  # Kristi himmelsfärdsdag
    ],
)
def test_days_off_are_those_that_nobody_works(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_after_christmas_eve_comes_the_monday() -> None:
    assert next_working_day(date(2026, 12, 23)) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-24T10:00", 4, "2026-11-24T14:00"),
        ("2026-11-24T16:00", 4, "2026-11-25T11:00"),
        ("2026-11-27T16:30", 1, "2026-11-30T08:30"),  # over the weekend
        ("2026-11-28T12:00", 1, "2026-11-30T09:00"),  # flagged on a Saturday
        ("2026-11-24T03:00", 1, "2026-11-24T09:00"),  # at night
        ("2026-11-24T20:00", 1, "2026-11-25T09:00"),  # in the evening
        ("2026-04-02T16:00", 2, "2026-04-07T09:00"),  # over Easter
        ("2026-06-18T16:00", 2, "2026-06-22T09:00"),  # over midsummer
        ("2026-03-27T16:00", 2, "2026-03-30T09:00"),  # summer time begins
        ("2026-10-23T16:00", 2, "2026-10-26T09:00"),  # and ends
        ("2026-12-23T16:00", 2, "2026-12-28T09:00"),  # over Christmas
        ("2026-12-30T16:30", 1, "2027-01-04T08:30"),  # over New Year
        ("2026-10-25T02:30", 1, "2026-10-26T09:00"),  # in the hour that comes twice
        ("2026-03-29T03:30", 1, "2026-03-30T09:00"),  # right after the one that is left out
        ("2026-11-24T10:00", 0, "2026-11-24T10:00"),
        ("2026-11-28T10:00", 0, "2026-11-30T08:00"),
        ("2026-11-24T17:00", 1, "2026-11-25T09:00"),
        ("2026-11-24T08:00", 9, "2026-11-24T17:00"),
        ("2026-11-24T08:00", 18, "2026-11-25T17:00"),
    ],
)
def test_working_hours_are_counted_within_office_hours(start: str, hours: float, end: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=STOCKHOLM)
    assert add_working_hours(begun, hours, OFFICE) == datetime.fromisoformat(end).replace(tzinfo=STOCKHOLM)


def test_the_start_may_stand_in_any_zone() -> None:
    friday_in_winter = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
    assert add_working_hours(friday_in_winter, 1, OFFICE) == datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    friday_in_summer = datetime(2026, 7, 3, 14, 30, tzinfo=UTC)
    assert add_working_hours(friday_in_summer, 1, OFFICE) == datetime(2026, 7, 6, 6, 30, tzinfo=UTC)


def test_an_office_may_keep_quarters_of_hours() -> None:
    office = Reminders(day_starts=7.75, day_ends=16.25)
    start = datetime(2026, 11, 24, 16, 0, tzinfo=STOCKHOLM)
    assert add_working_hours(start, 0.5, office) == datetime(2026, 11, 25, 8, 0, tzinfo=STOCKHOLM)


moments = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001  given their zone below
    max_value=datetime(2029, 1, 1),  # noqa: DTZ001
).map(lambda moment: moment.replace(tzinfo=UTC))


@given(moments, st.floats(min_value=0.25, max_value=60), st.floats(min_value=0.25, max_value=60))
def test_more_hours_end_later_and_always_in_the_office(start: datetime, few: float, more: float) -> None:
    end = add_working_hours(start, few, OFFICE)
    assert end >= start
    assert is_working_day(end.date())
    assert 8 <= end.hour + end.minute / 60 <= 17
    assert add_working_hours(start, few + more, OFFICE) > end
    assert abs(
        add_working_hours(end, more, OFFICE) - add_working_hours(start, few + more, OFFICE)
    ) < timedelta(seconds=1)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)))
def test_the_next_working_day_is_the_first_after_and_never_far(day: date) -> None:
    following = next_working_day(day)
    assert is_working_day(following)
    assert 1 <= (following - day).days <= 6
    between = [day + timedelta(days=step) for step in range(1, (following - day).days)]
    assert not any(is_working_day(one) for one in between)
