"""What Teams answers, and what becomes of the message."""

import asyncio
import datetime as dt
import time
from itertools import pairwise

import pytest

from bot.turns import Sender
from storage.store import Message
from tests.fakes.connector import AcceptedWithoutId, AnswerLost, CutOff, Slow, into, operation
from tests.scenario.delivery_room import CHANNEL, MARK, START, delivery_room, text_card


async def test_a_card_arrives_once_and_is_reported() -> None:
    async with delivery_room() as room:
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1"]
        assert room.delivered == ["SM-1"]
        assert room.outbox.done == {"SM-1": "sent"}
        activity = room.teams.sent[0].activity
        assert activity["summary"] == "SM-1"
        assert "text" not in activity


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
async def test_passing_faults_are_tried_again(status: int) -> None:
    """After a gateway's time-out nobody knows whether the card had been passed on, and the next one says so."""
    doubtful = status == 504
    async with delivery_room(speed=50) as room:
        room.teams.fails(status, times=3)
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == [f"SM-1 {MARK}" if doubtful else "SM-1"]
        assert len(room.teams.calls) == 4
        assert room.delivery.counts.postponed == 3
        assert (room.delivery.counts.unknown, room.delivery.counts.repeated) == (
            (3, 1) if doubtful else (0, 0)
        )


async def test_an_update_that_a_gateway_gave_up_on_is_simply_repeated() -> None:
    async with delivery_room(speed=50) as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        await room.settled()
        room.teams.fails(504, when=operation("update"), times=2)
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1"]
        assert room.delivery.counts.unknown == 0


@pytest.mark.parametrize("status", [302, 401, 408, 500, 501])
async def test_a_fault_of_the_service_is_tried_again_and_holds_against_nobody(status: int) -> None:
    doubtful = status in (408, 500, 501)
    async with delivery_room(speed=50) as room:
        room.teams.fails(status, "SomeCode", times=3)
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == [f"SM-1 {MARK}" if doubtful else "SM-1"]
        assert room.unreachable == []
        assert room.delivery.counts.repeated == int(doubtful)
        waits = [later.at - call.at for call, later in pairwise(room.teams.calls)]
        assert all(wait >= 5 for wait in waits), "nobody is besieged while out of order"


async def test_a_message_that_breaks_the_service_holds_up_none_of_its_recipients_others() -> None:
    async with delivery_room() as room:
        room.teams.fails(500, when=lambda call: call.activity["summary"] == "SM-1", times=None)
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        room.owe("SM-2", admin)
        await room.delivery.drain()
        assert room.said_in("a:admin") == ["SM-2"]
        for _ in range(100):
            room.clock.leap(1800)
            await room.delivery.drain()
        assert len(room.teams.calls) < 120, "not one call more than every half hour or so"
        room.clock.leap(2 * 86400)
        await room.delivery.drain()
        assert room.unreachable == [("SM-1", "expired")]


async def test_a_conversation_that_could_not_be_opened_is_opened_when_the_service_heals() -> None:
    async with delivery_room(speed=50) as room:
        room.teams.fails(500, when=operation("create"), times=2)
        in_a_channel = room.address("19:kanal@thread.tacv2;messageid=1", kind=CHANNEL)
        await room.addresses.on_seen(Sender(object_id="ny", user="29:ny", name=""), in_a_channel)
        room.owe("SM-1", "person:ny")
        await room.settled()
        assert room.said_in("a:29:ny") == ["SM-1"]


@pytest.mark.parametrize("status", [400, 413])
async def test_what_is_wrong_with_the_message_itself_is_reported_and_not_repeated(status: int) -> None:
    async with delivery_room(speed=50) as room:
        room.teams.fails(status, "SomeCode", times=None)
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert len(room.teams.calls) == 1
        assert room.unreachable == [("SM-1", "SomeCode")]
        address = await room.addresses.address_of("person:admin")
        assert address is not None
        assert address.unreachable_since is None


@pytest.mark.parametrize(("local", "level"), [(True, "INFO"), (False, "WARNING")])
async def test_somebody_who_is_not_here_yet_is_warned_of_only_where_people_are_expected(
    caplog: pytest.LogCaptureFixture, local: bool, level: str
) -> None:
    caplog.set_level("INFO")
    async with delivery_room(local=local) as room:
        room.owe("SM-1", "person:ny")
        await room.settled()
        room.teams.fails(403, "BotDisabledByAdmin", times=None)
        room.owe("SM-2", await room.knows("admin"))
        await room.settled()
        assert room.unreachable == [("SM-1", "unknown_address"), ("SM-2", "BotDisabledByAdmin")]
    told = [one for one in caplog.records if one.message == "A message will not arrive"]
    assert [one.levelname for one in told] == [level, "WARNING"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "BotDisabledByAdmin"),
        (403, "MessageWritesBlocked"),
        (403, "ConversationBlockedByUser"),
        (403, "BotNotInConversationRoster"),
        (404, "ConversationNotFound"),
    ],
)
async def test_who_is_out_of_reach_is_marked_and_reported(status: int, code: str) -> None:
    async with delivery_room() as room:
        room.teams.fails(status, code, when=into("a:chef"), times=None)
        room.owe("SM-1", await room.knows("chef"))
        room.owe("SM-2", await room.knows("admin"))
        await room.settled()
        assert room.unreachable == [("SM-1", code)]
        assert room.outbox.done == {"SM-1": code, "SM-2": "sent"}
        address = await room.addresses.address_of("person:chef")
        assert address is not None
        assert address.unreachable_since is not None
        await room.knows("chef")  # writes to the bot again
        address = await room.addresses.address_of("person:chef")
        assert address is not None
        assert address.unreachable_since is None


async def test_somebody_never_seen_is_out_of_reach_without_a_call() -> None:
    async with delivery_room() as room:
        room.owe("SM-1", "person:stranger")
        await room.settled()
        assert room.unreachable == [("SM-1", "unknown_address")]
        assert not room.teams.calls


async def test_retry_after_is_honoured_and_holds_up_nobody_else() -> None:
    async with delivery_room(speed=20) as room:
        room.teams.fails(429, retry_after=30, when=into("a:admin"))
        admin, chef = await room.knows("admin"), await room.knows("chef")
        room.owe("SM-1", admin)
        room.owe("SM-2", admin)
        room.owe("SM-3", chef)
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1", "SM-2"]
        refused, *later = [call for call in room.teams.calls if call.conversation == "a:admin"]
        assert all(call.at - refused.at >= 30 for call in later)
        assert len(later) == 2
        assert next(one.at for one in room.teams.sent if one.conversation == "a:chef") - refused.at < 10


async def test_a_lost_answer_is_repeated_once_and_marked() -> None:
    async with delivery_room(speed=20) as room:
        room.teams.does(AnswerLost())
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1", f"SM-1 {MARK}"]
        assert (room.delivery.counts.unknown, room.delivery.counts.repeated) == (1, 1)
        assert room.delivered == ["SM-1"]
        assert ("unsure", "SM-1") not in room.outbox.collections


async def test_an_answer_lost_twice_is_reported_instead_of_sent_a_third_time() -> None:
    async with delivery_room(speed=20) as room:
        room.teams.does(CutOff(), times=None)
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert len(room.teams.calls) == 2
        assert room.unreachable == [("SM-1", "answer_lost")]


async def test_a_repeat_that_is_refused_for_now_stays_marked() -> None:
    async with delivery_room(speed=50) as room:
        room.teams.does(CutOff())
        room.teams.fails(429)
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == [f"SM-1 {MARK}"]


async def test_an_answer_that_takes_too_long_is_a_lost_one() -> None:
    async with delivery_room(speed=5, answer_within=0.1) as room:
        room.teams.does(Slow(seconds=0.5))
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1", f"SM-1 {MARK}"]


async def test_nothing_left_when_the_connection_was_refused() -> None:
    async with delivery_room(speed=50) as room:
        admin = await room.knows("admin", service_url="http://127.0.0.1:1/")
        room.owe("SM-1", admin)
        await room.delivery.drain()
        assert room.delivery.counts.postponed == 1
        await room.knows("admin")  # Teams moved, and tells so with the next turn
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1"]


async def test_no_call_leaves_for_an_address_that_is_not_allowed() -> None:
    async with delivery_room() as room:
        room.owe("SM-1", await room.knows("admin", service_url="https://teams.example/"))
        await room.settled()
        assert room.unreachable == [("SM-1", "ServiceUrlRefused")]


async def test_sent_without_an_id_is_sent_but_not_updatable() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.teams.does(AcceptedWithoutId())
        room.owe("SM-1", admin)
        await room.settled()
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        assert room.outbox.done == {"SM-1": "sent", "update": "nothing_to_send"}
        assert len(room.teams.calls) == 1


async def test_a_card_too_large_is_tried_once_in_a_smaller_form() -> None:
    async with delivery_room() as room:
        room.renderer.smaller = lambda: text_card("short")
        room.teams.fails(413, "MessageSizeTooBig")
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == ["short"]


async def test_what_is_over_is_not_sent() -> None:
    async with delivery_room() as room:
        room.owe("SM-1", await room.knows("admin"), kind="over")
        await room.settled()
        assert not room.teams.calls
        assert not room.unreachable


async def test_a_fault_in_rendering_stops_nobody_else_and_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.owe("broken", admin, kind="broken")
        room.owe("SM-1", admin)
        await room.delivery.drain()
        assert room.said_in("a:admin") == ["SM-1"]
        assert ("started", "broken") not in room.outbox.log
        assert room.outbox.until["broken"] > room.clock.now()
        assert "could not be rendered" in caplog.text


async def test_a_hook_that_fails_does_not_send_the_message_again(caplog: pytest.LogCaptureFixture) -> None:
    async with delivery_room() as room:
        room.delivered = None  # type: ignore[assignment]
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert len(room.teams.sent) == 1
        assert "SM-1" in room.outbox.done


async def test_what_is_tried_for_three_days_is_given_up() -> None:
    async with delivery_room() as room:
        room.teams.fails(503, times=None)
        room.owe("SM-1", await room.knows("admin"))
        await room.delivery.drain()
        room.clock.leap(4 * 86400)
        await room.delivery.drain()
        assert room.unreachable == [("SM-1", "expired")]


async def test_somebody_seen_only_in_a_channel_gets_a_personal_conversation() -> None:
    async with delivery_room(speed=20) as room:
        room.teams.fails(503, when=operation("create"))
        sender_there = room.address("19:kanal@thread.tacv2;messageid=1", kind=CHANNEL)
        await room.knows("admin")
        await room.addresses.on_seen(Sender(object_id="ny", user="29:ny", name=""), sender_there)
        room.owe("SM-1", "person:ny")
        await room.settled()
        room.owe("SM-2", "person:ny")
        await room.settled()
        assert room.said_in("a:29:ny") == ["SM-1", "SM-2"]
        assert [call.operation for call in room.teams.calls] == ["create", "create", "send", "send"]


async def test_a_channel_nobody_has_written_in_is_reached_as_the_tenant_is() -> None:
    async with delivery_room() as room:
        await room.knows("admin")
        room.owe("SM-1", "conversation:19:kanal@thread.tacv2")
        await room.settled()
        assert room.said_in("19:kanal@thread.tacv2") == ["SM-1"]


async def test_a_removed_bot_makes_no_call_until_it_is_back() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        sender = Sender(object_id="admin", user="29:admin", name="")
        await room.addresses.on_removed(sender, room.address("a:admin"))
        room.owe("SM-1", admin)
        await room.settled()
        assert room.unreachable == [("SM-1", "not_installed")]
        await room.knows("admin")
        room.owe("SM-2", admin)
        await room.settled()
        assert room.said_in("a:admin") == ["SM-2"]


async def test_an_address_is_written_only_when_it_changed() -> None:
    async with delivery_room() as room:
        await room.knows("admin")
        before = len(room.outbox.log)
        await room.knows("admin")
        assert len(room.outbox.log) == before


async def test_a_woken_loop_sends_at_once() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        running = asyncio.create_task(room.delivery.run())
        await asyncio.sleep(0.1)
        began = time.monotonic()
        room.owe("SM-1", admin)
        await room.teams.wait_for(1)
        assert time.monotonic() - began < 0.5
        await room.delivery.stop()
        await running


async def test_not_before_is_kept() -> None:
    async with delivery_room(speed=20) as room:
        admin = await room.knows("admin")
        later = START + dt.timedelta(seconds=8)
        room.outbox.owe(
            Message(id="SM-1", to=admin, kind="card", subject="SM-1", not_before=later), room.clock.now()
        )
        await room.settled()
        assert room.teams.sent[0].at >= 8
