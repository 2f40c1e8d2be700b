"""The register of channels: what it takes in, what it refuses, and what it says beside the organisation file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain.channels import (
    Amend,
    Appoint,
    ChannelEntry,
    ChannelEvent,
    ChannelImported,
    ChannelOpened,
    ChannelStatus,
    ChannelTexts,
    Close,
    Command,
    DifferenceKind,
    Import,
    Open,
    Reason,
    Refusal,
    Register,
    Remove,
    apply,
    channel_id,
    channels_in_force,
    decide,
    differences,
    entered,
    freed_contacts,
    is_to_be_imported,
    may_amend,
)
from bot.domain.organisation import Channel, Platform, Role
from tests.unit.request_world import ORGANISATION

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
OPEN = Open(
    channel="tiktok-an-2026-0007",
    platform=Platform.TIKTOK,
    administration="kof",
    request="AN-2026-0007",
    texts_ref="texts",
    address_key="tiktok",
    ends=date(2028, 1, 1),
)
ID = OPEN.channel


def after(register: Register, *commands: Command) -> Register:
    for command in commands:
        events = decide(register, command)
        assert not isinstance(events, Refusal), events
        register = folded(register, command.channel, events)
    return register


def folded(register: Register, channel: str, events: Sequence[ChannelEvent]) -> Register:
    entry = register.channels.get(channel)
    for event in events:
        if isinstance(event, ChannelImported | ChannelOpened):
            entry = entered(channel, event, at=AT)
        else:
            assert entry is not None
            entry = apply(entry, event, at=AT)
    assert entry is not None
    return Register(channels={**register.channels, channel: entry})


def appoint(person: str, contact: str = "") -> Appoint:
    return Appoint(channel=ID, person=person, request="AN-2026-0007", contact_ref=contact)


def test_an_approved_channel_is_on_the_list_with_the_decision_that_opened_it() -> None:
    register = after(Register(), OPEN, appoint("a", "contact"))
    (entry,) = register.active()
    assert (entry.status, entry.opened_by, entry.administration) == (
        ChannelStatus.ACTIVE,
        "AN-2026-0007",
        "kof",
    )
    assert (entry.admins, entry.contacts, entry.ends) == (("a",), {"a": "contact"}, date(2028, 1, 1))
    assert register.of("kof") == register.administered_by("a") == (entry,)


def test_a_closed_channel_is_off_the_list_and_its_records_stay() -> None:
    register = after(Register(), OPEN, appoint("a", "contact"), Close(channel=ID, request="AN-2027-0001"))
    entry = register.channels[ID]
    assert register.active() == register.administered_by("a") == ()
    assert (entry.admins, entry.former_admins, entry.closed_by) == ((), ("a",), "AN-2027-0001")
    assert (entry.opened_by, entry.texts_ref, entry.contacts) == ("AN-2026-0007", "texts", {})


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (OPEN, Reason.CHANNEL_EXISTS),
        (replace(OPEN, channel="another"), Reason.CHANNEL_EXISTS),
        (replace(OPEN, channel="another", address_key="elsewhere"), None),
        (appoint("a"), Reason.ALREADY_ADMIN),
        (appoint("b"), None),
        (replace(appoint("b"), channel="unknown"), Reason.UNKNOWN_CHANNEL),
        (Remove(channel=ID, person="b", request="r"), Reason.NOT_AN_ADMIN),
        (Remove(channel=ID, person="a", request="r"), None),
        (Amend(channel=ID, texts_ref="texts", address_key="tiktok"), Reason.NOTHING_NEW),
        (Amend(channel=ID, texts_ref="new", address_key="tiktok"), None),
        (Close(channel=ID, request="r"), None),
    ],
)
def test_what_an_open_channel_takes_in(command: Command, reason: Reason | None) -> None:
    outcome = decide(after(Register(), OPEN, appoint("a")), command)
    assert (outcome.reason if isinstance(outcome, Refusal) else None) == reason


@pytest.mark.parametrize(
    "command",
    [
        Close(channel=ID, request="r"),
        appoint("b"),
        Remove(channel=ID, person="a", request="r"),
        Amend(channel=ID, texts_ref="new", address_key="new"),
    ],
)
def test_a_closed_channel_takes_in_nothing(command: Command) -> None:
    register = after(Register(), OPEN, appoint("a"), Close(channel=ID, request="AN-2027-0001"))
    outcome = decide(register, command)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.request) == (Reason.CHANNEL_CLOSED, "AN-2027-0001")


def test_a_place_that_was_closed_may_be_opened_anew_by_another_decision() -> None:
    register = after(Register(), OPEN, Close(channel=ID, request="r"))
    again = replace(OPEN, channel="tiktok-an-2028-0001", request="AN-2028-0001")
    assert len(after(register, again).active()) == 1


def test_a_channel_does_not_move_to_where_another_one_is() -> None:
    other = replace(OPEN, channel="other", address_key="other")
    outcome = decide(
        after(Register(), OPEN, other), Amend(channel="other", texts_ref="n", address_key="tiktok")
    )
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.channel) == (Reason.CHANNEL_EXISTS, ID)


def test_contact_details_that_nobody_needs_any_longer_are_to_be_erased() -> None:
    before = after(Register(), OPEN, appoint("a", "one"), appoint("b", "one"), appoint("c", "two"))
    without_a = after(before, Remove(channel=ID, person="a", request="r"))
    assert freed_contacts(before.channels[ID], without_a.channels[ID]) == ()
    closed = after(without_a, Close(channel=ID, request="r"))
    assert freed_contacts(without_a.channels[ID], closed.channels[ID]) == ("one", "two")


def test_the_id_of_a_channel_says_what_opened_it_and_no_typed_word() -> None:
    assert channel_id(Platform.TIKTOK, "AN-2026-0007") == ID


def test_who_may_correct_a_channel_without_a_decision() -> None:
    entry = after(Register(), OPEN, appoint("a")).channels[ID]
    assert may_amend(entry, "a", ORGANISATION) is Role.CHANNEL_ADMIN
    assert may_amend(entry, "kom", ORGANISATION) is Role.COMMUNICATIONS
    assert may_amend(entry, "head", ORGANISATION) is None


FILE = {
    "facebook": Channel(
        id="facebook",
        name="Haninge på Facebook",
        platform=Platform.FACEBOOK,
        url="https://facebook.com/haninge",
        administration="kof",
        admins=("a", "b"),
        cards_to="19:x",
    )
}
IMPORT = Import(
    channel="facebook",
    platform=Platform.FACEBOOK,
    administration="kof",
    texts_ref="t",
    address_key="facebook",
    admins=("a", "b", "a"),
)


def test_the_file_is_imported_once_and_then_the_record_rules() -> None:
    assert is_to_be_imported(Register())
    register = after(Register(), IMPORT)
    assert not is_to_be_imported(register)
    assert register.channels["facebook"].admins == ("a", "b")
    assert differences(register, FILE) == ()
    texts = {"facebook": ChannelTexts(name="Haninge på Facebook", address="https://facebook.com/haninge")}
    assert channels_in_force(register, texts, FILE) == FILE


def test_where_file_and_record_differ_it_is_told() -> None:
    register = after(Register(), IMPORT, OPEN)
    register = after(register, Remove(channel="facebook", person="b", request="r"))
    file = FILE | {"new": replace(FILE["facebook"], id="new")}
    told = [(one.channel, one.kind) for one in differences(register, file)]
    assert told == [
        ("facebook", DifferenceKind.ADMINS),
        ("new", DifferenceKind.ONLY_IN_FILE),
        (ID, DifferenceKind.ONLY_IN_RECORD),
    ]
    closed = after(register, Close(channel="facebook", request="r"))
    assert (differences(closed, FILE)[0].kind) is DifferenceKind.CLOSED_IN_RECORD
    assert set(channels_in_force(closed, {}, FILE)) == {ID}


ids = st.sampled_from(["one", "two"])
persons = st.sampled_from(["a", "b"])
texts = st.sampled_from(["t1", "t2"])
register_commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(replace, st.just(OPEN), channel=ids, address_key=texts),
    st.builds(replace, st.just(IMPORT), channel=ids, address_key=texts),
    st.builds(Close, channel=ids, request=st.just("r")),
    st.builds(Appoint, channel=ids, person=persons, request=st.just("r"), contact_ref=texts),
    st.builds(Remove, channel=ids, person=persons, request=st.just("r")),
    st.builds(Amend, channel=ids, texts_ref=texts, address_key=texts),
)


@given(st.lists(register_commands, max_size=25))
def test_no_sequence_of_commands_makes_a_channel_twice_or_an_admin_twice(walk: list[Command]) -> None:
    register, recorded = Register(), 0
    for command in walk:
        outcome = decide(register, command)
        if isinstance(outcome, Refusal):
            continue
        before = register.channels.get(command.channel)
        register = folded(register, command.channel, outcome)
        recorded += len(outcome)
        entry = register.channels[command.channel]
        assert before is None or before.is_active
        assert len(entry.admins) == len(set(entry.admins))
        assert entry.is_active or not entry.admins
        assert set(entry.contacts) <= set(entry.admins)
    keys = [one.address_key for one in register.active()]
    assert len(keys) == len(set(keys))
    assert sum(one.revision for one in register.channels.values()) == recorded
    adapter = TypeAdapter(ChannelEntry)
    for entry in register.channels.values():
        doc = adapter.dump_python(entry, mode="json", exclude_defaults=True)
        assert adapter.validate_python(doc) == entry
