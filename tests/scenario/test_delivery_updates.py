"""Cards that were sent are kept up to date, in order, and with no more calls than needed."""

import asyncio

import pytest

from tests.fakes.connector import Answer, AnswerLost, CutOff, Fault, into, operation
from tests.scenario.delivery_room import MARK, delivery_room


async def test_an_update_replaces_the_card_that_was_sent() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        await room.settled()
        room.renderer.states["SM-1"] = "decided"
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1 decided"]
        assert len(room.teams.sent) == 1


async def test_a_card_owed_together_with_its_update_arrives_before_it() -> None:
    async with delivery_room(speed=50) as room:
        admin = await room.knows("admin")
        room.teams.fails(429, times=2)
        room.owe("SM-1", admin)
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        assert [call.operation for call in room.teams.calls] == ["send", "send", "send", "update"]


async def test_several_pending_updates_of_one_card_become_one() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        room.owe("SM-2", admin)
        for number in range(5):
            room.owe(f"update {number}", admin, kind="update", subject="SM-1")
        room.owe("other", admin, kind="update", subject="SM-2")
        await room.settled()
        assert [call.operation for call in room.teams.calls] == ["send", "send", "update", "update"]
        assert set(room.outbox.done.values()) == {"sent"}
        assert room.delivery.counts.coalesced == 4


async def test_a_card_that_teams_no_longer_knows_is_sent_anew_and_updated_from_then_on() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        await room.settled()
        room.teams.forgets("a:admin", "m1")
        for number in (1, 2):
            room.owe(f"update {number}", admin, kind="update", subject="SM-1")
            await room.settled()
        assert [call.operation for call in room.teams.calls] == ["send", "update", "send", "update"]
        assert room.said_in("a:admin") == ["SM-1"]


@pytest.mark.parametrize("fault", [Answer(status=429), Answer(status=503), CutOff(), AnswerLost()])
async def test_a_card_that_is_sent_anew_survives_a_passing_fault(fault: Fault) -> None:
    async with delivery_room(speed=50) as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        await room.settled()
        room.teams.forgets("a:admin", "m1")
        room.renderer.states["SM-1"] = "decided"
        room.teams.does(fault, when=operation("send"), times=1)
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        shown = room.said_in("a:admin")
        assert shown in (["SM-1 decided"], [f"SM-1 decided {MARK}"], ["SM-1 decided", f"SM-1 decided {MARK}"])
        assert (len(shown) == 2) == isinstance(fault, AnswerLost)


async def test_whoever_is_inside_is_answered_before_others_are_sent_anything() -> None:
    inside = asyncio.Event()
    async with delivery_room(give_way=inside.wait) as room:
        room.owe("SM-1", await room.knows("admin"))
        room.running = asyncio.create_task(room.delivery.run())
        await asyncio.sleep(0.1)
        assert not room.teams.calls
        inside.set()
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1"]


async def test_who_deletes_the_newest_of_two_copies_is_sent_no_third() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        room.owe("reminder", admin, subject="SM-1")
        await room.settled()
        room.teams.forgets("a:admin", "m2")
        room.renderer.states["SM-1"] = "decided"
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        assert [call.operation for call in room.teams.calls[:2]] == ["send", "send"]
        assert {call.operation for call in room.teams.calls[2:]} == {"update"}
        assert room.said_in("a:admin") == ["SM-1 decided"]


async def test_an_update_whose_conversation_is_gone_reports_the_person() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        await room.settled()
        room.teams.fails(404, "ConversationNotFound", when=into("a:admin"), times=None)
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        assert room.unreachable == [("update", "ConversationNotFound")]
        assert len(room.teams.calls) == 2


async def test_an_update_whose_answer_was_lost_is_no_duplicate() -> None:
    async with delivery_room(speed=20) as room:
        admin = await room.knows("admin")
        room.owe("SM-1", admin)
        await room.settled()
        room.teams.does(AnswerLost(), when=operation("update"))
        room.owe("update", admin, kind="update", subject="SM-1")
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1"]
        assert room.delivery.counts.unknown == 0


@pytest.mark.parametrize("people", [3])
async def test_every_copy_is_updated_for_its_own_recipient(people: int) -> None:
    async with delivery_room() as room:
        everybody = [await room.knows(f"p{number}") for number in range(people)]
        for one in everybody:
            room.owe(f"card {one}", one, subject="SM-1")
        await room.settled()
        room.renderer.states["SM-1"] = "decided"
        for one in everybody:
            room.owe(f"update {one}", one, kind="update", subject="SM-1")
        await room.settled()
        assert [room.said_in(f"a:p{number}") for number in range(people)] == [["SM-1 decided"]] * people
