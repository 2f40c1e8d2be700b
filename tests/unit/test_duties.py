"""Yearly duties: when they are due, what is said of them and how often, and who may do them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain.channels import ChannelStatus, Register
from bot.domain.duties import (
    AUTOMATION,
    SCREENSHOTS,
    Cancel,
    CancelCause,
    ChangeDocumented,
    Command,
    DocumentChange,
    Duty,
    DutyCancelled,
    DutyEscalated,
    DutyEvent,
    DutyFulfilled,
    DutyKind,
    DutyReminded,
    DutyRenewed,
    DutyScheduled,
    DutyStatus,
    Fulfil,
    Level,
    Picture,
    Reason,
    Refusal,
    answerable,
    apply,
    ask_for_change,
    cause_to_cancel,
    decide,
    evaluation,
    first_duties,
    last_screenshot,
    next_due,
    next_steps,
    same_day,
    schedule,
    scheduled,
    screenshot_command,
    step_key,
    wanted,
)
from bot.domain.organisation import SYSTEM
from tests.unit.request_world import CHANNEL, ORGANISATION, REGISTER

DUE = date(2027, 3, 1)
PICTURE = Picture(text_ref="t", data_ref="d")


def a_duty(kind: DutyKind = DutyKind.SCREENSHOT, due: date = DUE) -> Duty:
    subject = "kof" if kind is DutyKind.EVALUATION else CHANNEL.id
    return scheduled(DutyScheduled(kind=kind, subject=subject, administration="kof", due=due))


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


def folded(duty: Duty, events: Sequence[DutyEvent], day: date) -> Duty:
    for event in events:
        duty = apply(duty, event, at=at(day))
    return duty


def outcome_of(
    duty: Duty, command: Command, by: str = "other", day: date = DUE, register: Register = REGISTER
) -> Sequence[DutyEvent] | Refusal:
    return decide(duty, command, by=by, today=day, organisation=ORGANISATION, register=register)


def after(duty: Duty, command: Command, by: str = "other", day: date = DUE) -> Duty:
    events = outcome_of(duty, command, by, day)
    assert not isinstance(events, Refusal), events
    return folded(duty, events, day)


def fulfil(duty: Duty) -> Fulfil:
    return Fulfil(due=duty.due, picture=PICTURE, texts_ref="text", has_text=True)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-31, ()),
        (-30, (Level.NOTICE,)),
        (0, (Level.DUE,)),
        (14, (Level.OVERDUE,)),
        (29, (Level.OVERDUE,)),
        (30, (Level.OVERDUE, "escalated")),
        (400, (Level.OVERDUE, "escalated")),
    ],
)
def test_what_is_to_be_said_on_which_day(days: int, said: tuple[str, ...]) -> None:
    steps = next_steps(a_duty(), DUE + timedelta(days=days))
    assert tuple(one.level if isinstance(one, DutyReminded) else "escalated" for one in steps) == said


@given(st.lists(st.integers(0, 500), max_size=30))
def test_nothing_is_ever_said_twice_however_often_and_irregularly_one_looks(looks: list[int]) -> None:
    duty, keys = a_duty(), list[str]()
    for days in sorted(looks):
        today = DUE + timedelta(days=days - 60)
        steps = next_steps(duty, today)
        keys += [step_key(duty, step) for step in steps]
        duty = folded(duty, steps, today)
        assert next_steps(duty, today) == ()
    assert len(keys) == len(set(keys))


def test_a_step_of_an_earlier_year_changes_nothing_in_this_one() -> None:
    duty = after(a_duty(), fulfil(a_duty()))
    late: list[DutyEvent] = [DutyReminded(due=DUE, level=Level.OVERDUE), DutyEscalated(due=DUE)]
    told = folded(duty, late, DUE)
    assert (told.level, told.escalated) == (None, False)


def test_what_is_done_is_due_again_a_year_after_the_due_day_in_the_same_breath() -> None:
    events = outcome_of(a_duty(), fulfil(a_duty()), day=DUE + timedelta(days=20))
    assert events == [
        DutyFulfilled(due=DUE, by="other", picture=PICTURE, texts_ref="text"),
        DutyRenewed(due=date(2028, 3, 1)),
    ]
    duty = after(a_duty(), fulfil(a_duty()), day=DUE + timedelta(days=20))
    assert (duty.due, duty.status, duty.level) == (date(2028, 3, 1), DutyStatus.OPEN, None)
    assert next_steps(duty, DUE + timedelta(days=20)) == ()


def test_years_that_were_missed_are_not_asked_for_afterwards() -> None:
    duty = after(a_duty(), fulfil(a_duty()), day=date(2029, 6, 1))
    assert duty.due == date(2030, 3, 1)


def test_a_duty_of_29_february_is_of_the_28th_where_there_is_none_and_comes_back_to_the_29th() -> None:
    duty, days = a_duty(due=date(2028, 2, 29)), list[date]()
    for _ in range(4):
        duty = after(duty, fulfil(duty), day=duty.due)
        days.append(duty.due)
    assert days == [date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)]


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 1500))
def test_the_next_due_day_is_ahead_and_at_most_a_year_ahead(due: date, late: int) -> None:
    day = due + timedelta(days=late)
    duty = after(a_duty(due=due), fulfil(a_duty(due=due)), day=day)
    assert day < duty.due <= max(day, due) + timedelta(days=366)
    assert duty.due == same_day(due, duty.due.year)


TABLE = """
kind             who     command   open  done  cancelled
screenshot       admin   fulfil    ok    -     cancelled
screenshot       kom     fulfil    ok    -     cancelled
screenshot       head    fulfil    no    -     no
screenshot       admin   document  ok    -     cancelled
screenshot       bot     cancel    ok    -     cancelled
screenshot       admin   cancel    no    -     no
contact_details  admin   fulfil    ok    -     cancelled
contact_details  staff   fulfil    no    -     no
contact_details  admin   document  wrong -     cancelled
contact_details  bot     cancel    ok    -     cancelled
evaluation       head    fulfil    ok    -     cancelled
evaluation       deputy  fulfil    ok    -     cancelled
evaluation       kom     fulfil    ok    -     cancelled
evaluation       admin   fulfil    no    -     no
evaluation       head    document  wrong -     cancelled
last_screenshot  admin   fulfil    ok    first cancelled
last_screenshot  kom     fulfil    ok    first cancelled
last_screenshot  head    fulfil    no    no    no
last_screenshot  admin   document  wrong wrong cancelled
last_screenshot  bot     cancel    ok    first cancelled
"""
WORDS = {
    "ok": None,
    "no": Reason.NOT_ALLOWED,
    "wrong": Reason.WRONG_FOR_KIND,
    "first": Reason.ALREADY_FULFILLED,
    "cancelled": Reason.CANCELLED,
}
WHO = {"admin": "other", "kom": "kom", "head": "head", "deputy": "deputy", "staff": "staff", "bot": SYSTEM}


@pytest.mark.parametrize("row", TABLE.strip().splitlines()[1:])
def test_who_may_do_what_with_which_duty_in_which_state(row: str) -> None:
    kind, who, what, *cells = row.split()
    open_duty = a_duty(DutyKind(kind))
    states = {
        DutyStatus.OPEN: open_duty,
        DutyStatus.DONE: replace(open_duty, status=DutyStatus.DONE),
        DutyStatus.CANCELLED: replace(open_duty, status=DutyStatus.CANCELLED),
    }
    former = replace(CHANNEL, status=ChannelStatus.CLOSED, former_admins=("other",))
    closed = DutyKind(kind) is DutyKind.LAST_SCREENSHOT
    register = Register(channels={CHANNEL.id: former}) if closed else REGISTER
    commands: dict[str, Command] = {
        "fulfil": fulfil(open_duty),
        "document": DocumentChange(picture=PICTURE),
        "cancel": Cancel(cause=CancelCause.CHANNEL_CLOSED),
    }
    for duty, word in zip(states.values(), cells, strict=True):
        if word != "-":
            outcome = outcome_of(duty, commands[what], WHO[who], register=register)
            assert (outcome.reason if isinstance(outcome, Refusal) else None) == WORDS[word], duty.status


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        (DutyKind.SCREENSHOT, {"picture": None}, Reason.PICTURE_MISSING),
        (DutyKind.EVALUATION, {"has_text": False}, Reason.TEXT_MISSING),
        (DutyKind.EVALUATION, {"has_text": False, "unchanged": True}, Reason.TEXT_MISSING),
        (DutyKind.CONTACT_DETAILS, {"has_text": False}, Reason.TEXT_MISSING),
        (DutyKind.CONTACT_DETAILS, {"has_text": False, "unchanged": True}, None),
    ],
)
def test_a_duty_is_done_with_what_it_asks_for(
    kind: DutyKind, change: dict[str, object], reason: Reason | None
) -> None:
    command = replace(fulfil(a_duty(kind)), **change)  # type: ignore[arg-type]
    by = "head" if kind is DutyKind.EVALUATION else "other"
    outcome = outcome_of(a_duty(kind), command, by)
    assert (outcome.reason if isinstance(outcome, Refusal) else None) == reason


def test_the_second_of_two_administrators_learns_who_was_first() -> None:
    duty = a_duty()
    done = after(duty, fulfil(duty))
    outcome = outcome_of(done, fulfil(duty), "kom")
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.by, outcome.at) == (Reason.ALREADY_FULFILLED, "other", at(DUE))


def test_a_picture_long_before_the_day_is_of_a_change_and_moves_no_due_day() -> None:
    early = DUE - timedelta(days=61)
    outcome = outcome_of(a_duty(), fulfil(a_duty()), day=early)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.due) == (Reason.TOO_EARLY, DUE)
    documented = after(a_duty(), DocumentChange(picture=PICTURE), day=early)
    assert (documented.due, documented.last, len(documented.fulfilments)) == (DUE, None, 1)
    (event,) = outcome_of(a_duty(), DocumentChange(picture=PICTURE), day=early)  # type: ignore[misc]
    assert isinstance(event, ChangeDocumented)


def test_a_new_channel_owes_its_first_duties_a_year_later_and_once() -> None:
    wanted = first_duties(CHANNEL, date(2028, 2, 29))
    assert [(one.kind, one.due) for one in wanted] == [
        (DutyKind.SCREENSHOT, date(2029, 2, 28)),
        (DutyKind.CONTACT_DETAILS, date(2029, 2, 28)),
    ]
    for one in wanted:
        assert schedule(None, one) == one
        again = schedule(scheduled(one), one)
        assert isinstance(again, Refusal)
        assert again.reason is Reason.ALREADY_SCHEDULED


def test_what_nobody_owed_for_a_while_comes_back_with_a_day_of_its_own() -> None:
    duty = folded(scheduled(evaluation("kof", DUE)), [DutyCancelled(cause=CancelCause.NO_CHANNELS)], DUE)
    later = DUE + timedelta(days=100)
    event = schedule(duty, evaluation("kof", later))
    assert isinstance(event, DutyRenewed)
    duty = folded(duty, [event], later)
    assert (duty.is_open, duty.cancelled) == (True, None)
    assert duty.first_due == duty.due == date(later.year + 1, later.month, later.day)
    assert next_due(duty, duty.due) == date(later.year + 2, later.month, later.day)


def test_a_closed_channels_last_administrators_are_asked_at_once_for_its_last_screenshot() -> None:
    entry = replace(CHANNEL, status=ChannelStatus.CLOSED, admins=(), former_admins=("other",))
    duty = scheduled(last_screenshot(entry, DUE))
    (step,) = next_steps(duty, DUE)
    assert isinstance(step, DutyReminded)
    register = Register(channels={entry.id: entry})
    assert answerable(duty, ORGANISATION, register) == ("other",)
    done = folded(duty, outcome_of(duty, fulfil(duty), register=register), DUE)  # type: ignore[arg-type]
    assert done.status is DutyStatus.DONE
    assert next_steps(done, DUE + timedelta(days=400)) == ()


def test_who_is_asked_and_who_instead_when_they_are_away() -> None:
    assert answerable(a_duty(), ORGANISATION, REGISTER) == ("other",)
    assert answerable(a_duty(), ORGANISATION, REGISTER, unreachable={"other"}) == ("kom", "kom2")
    yearly = a_duty(DutyKind.EVALUATION)
    assert answerable(yearly, ORGANISATION, REGISTER) == ("head",)
    assert answerable(yearly, ORGANISATION, REGISTER, unreachable={"head"}) == ("deputy",)
    assert answerable(yearly, ORGANISATION, REGISTER, absent={"head"}) == ("deputy",)
    assert answerable(yearly, ORGANISATION, REGISTER, absent={"head", "deputy", "deputy2"}) == ("head",)
    assert answerable(a_duty(), ORGANISATION, Register()) == ("kom", "kom2")


whats = st.sampled_from(["fulfil", "stale", "document", "cancel", "look"])


@given(
    kind=st.sampled_from(DutyKind),
    walk=st.lists(st.tuples(whats, st.integers(0, 200), st.sampled_from(["kom", "staff"])), max_size=20),
)
def test_no_sequence_loses_a_year_or_an_event(kind: DutyKind, walk: list[tuple[str, int, str]]) -> None:
    duty, today, recorded = a_duty(kind), DUE - timedelta(days=90), 1
    for what, days, by in walk:
        today += timedelta(days=days)
        commands: dict[str, Command] = {
            "fulfil": fulfil(duty),
            "stale": replace(fulfil(duty), due=duty.due - timedelta(days=365)),
            "document": DocumentChange(picture=PICTURE),
            "cancel": Cancel(cause=CancelCause.CHANNEL_CLOSED),
        }
        outcome: Sequence[DutyEvent] | Refusal
        if what == "look":
            outcome = next_steps(duty, today)
        else:
            outcome = outcome_of(duty, commands[what], SYSTEM if what == "cancel" else by, today)
        if isinstance(outcome, Refusal) or not outcome:
            continue
        assert what != "stale"
        before, duty = duty, folded(duty, outcome, today)
        recorded += len(outcome)
        assert before.is_open
        assert len(duty.fulfilments) >= len(before.fulfilments)
        if what == "fulfil" and kind is not DutyKind.LAST_SCREENSHOT:
            assert duty.is_open
            assert duty.due > today
    assert duty.revision == recorded
    adapter = TypeAdapter(Duty)
    assert adapter.validate_python(adapter.dump_python(duty, mode="json", exclude_defaults=True)) == duty


def test_a_signing_system_hands_in_screenshots_and_nothing_else() -> None:
    for kind in DutyKind:
        outcome = outcome_of(a_duty(kind), fulfil(a_duty(kind)), AUTOMATION)
        refused = isinstance(outcome, Refusal) and outcome.reason is Reason.NOT_ALLOWED
        assert refused is (kind not in SCREENSHOTS), kind
    assert isinstance(outcome_of(a_duty(), Cancel(cause=CancelCause.CHANNEL_CLOSED), AUTOMATION), Refusal)


@pytest.mark.parametrize(
    ("kind", "days", "is_due"),
    [
        (DutyKind.SCREENSHOT, -61, False),
        (DutyKind.SCREENSHOT, -60, True),
        (DutyKind.SCREENSHOT, 300, True),
        (DutyKind.LAST_SCREENSHOT, -14, True),
    ],
)
def test_what_a_screenshot_of_that_day_is(kind: DutyKind, days: int, is_due: bool) -> None:
    command = screenshot_command(a_duty(kind), PICTURE, DUE + timedelta(days=days))
    assert isinstance(command, Fulfil) is is_due


@pytest.mark.parametrize(
    ("kind", "by", "reason"),
    [
        (DutyKind.SCREENSHOT, "other", None),
        (DutyKind.SCREENSHOT, "kom", None),
        (DutyKind.SCREENSHOT, "head", Reason.NOT_ALLOWED),
        (DutyKind.SCREENSHOT, AUTOMATION, Reason.NOT_ALLOWED),
        (DutyKind.EVALUATION, "head", Reason.WRONG_FOR_KIND),
    ],
)
def test_who_may_ask_for_a_screenshot_now(kind: DutyKind, by: str, reason: Reason | None) -> None:
    outcome = ask_for_change(a_duty(kind), by=by, organisation=ORGANISATION, register=REGISTER)
    assert (outcome.reason if isinstance(outcome, Refusal) else None) == reason


def test_the_register_wants_each_channels_duties_each_administrations_and_a_last_screenshot() -> None:
    closed = replace(CHANNEL, id="closed", status=ChannelStatus.CLOSED, closed_at=at(DUE))
    found = {
        (one.kind, one.subject): one.due for one in wanted(Register(channels={"a": CHANNEL, "b": closed}))
    }
    a_year_on = date(2027, 11, 24)
    assert found == {
        (DutyKind.SCREENSHOT, CHANNEL.id): a_year_on,
        (DutyKind.CONTACT_DETAILS, CHANNEL.id): a_year_on,
        (DutyKind.EVALUATION, "kof"): a_year_on,
        (DutyKind.LAST_SCREENSHOT, "closed"): DUE + timedelta(days=14),
    }


def test_what_nobody_owes_any_longer_is_cancelled() -> None:
    closed = Register(channels={CHANNEL.id: replace(CHANNEL, status=ChannelStatus.CLOSED)})
    gone = replace(ORGANISATION, administrations={})
    causes = {
        (kind, name): cause_to_cancel(a_duty(kind), register, organisation)
        for kind in DutyKind
        for name, register, organisation in (
            ("as it is", REGISTER, ORGANISATION),
            ("closed", closed, ORGANISATION),
            ("gone", closed, gone),
        )
    }
    assert {one: cause for one, cause in causes.items() if cause} == {
        (DutyKind.SCREENSHOT, "closed"): CancelCause.CHANNEL_CLOSED,
        (DutyKind.SCREENSHOT, "gone"): CancelCause.CHANNEL_CLOSED,
        (DutyKind.CONTACT_DETAILS, "closed"): CancelCause.CHANNEL_CLOSED,
        (DutyKind.CONTACT_DETAILS, "gone"): CancelCause.CHANNEL_CLOSED,
        (DutyKind.EVALUATION, "closed"): CancelCause.NO_CHANNELS,
        (DutyKind.EVALUATION, "gone"): CancelCause.ADMINISTRATION_GONE,
    }
