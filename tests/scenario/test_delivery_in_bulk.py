"""Many cards at once while Teams is unwell: everything arrives, nothing twice, no quota is broken."""

import random

from bot.teams.gate import CONCURRENCY
from bot.teams.pacing import PER_TENANT, Pacing
from tests.fakes.connector import Answer, AnswerLost, Call, FakeConnector, Fault
from tests.scenario.delivery_room import MARK, delivery_room

CARDS = 100


class Behaviour:
    """Refuses 30% of the calls before delivery; loses the answers of a share of the others."""

    def __init__(self, rng: random.Random, lost: float) -> None:
        self._rng = rng
        self._lost = lost
        self.lost: list[str] = []

    def __call__(self, call: Call) -> Fault | None:
        if self._rng.random() < 0.3:
            retry = self._rng.random() < 0.5
            return Answer(status=429, retry_after=1) if retry else Answer(status=502)
        if self._rng.random() < self._lost and call.conversation not in self.lost:
            self.lost.append(call.conversation)
            return AnswerLost()
        return None


async def test_all_arrive_once_at_nearly_the_rate_that_the_quotas_allow() -> None:
    async with delivery_room(speed=3) as room:
        room.teams.behaviour = Behaviour(random.Random(7), lost=0)
        for number in range(CARDS):
            room.owe(number, await room.knows(f"p{number}"))
        await room.settled(within=20)
        assert len(room.teams.sent) == CARDS
        assert len({one.conversation for one in room.teams.sent}) == CARDS
        assert not room.teams.breaches
        at = [call.at for call in room.teams.calls]
        assert sum(one < at[0] + 2 for one in at) >= 0.9 * 2 * PER_TENANT


async def test_lost_answers_are_the_only_duplicates_and_marked() -> None:
    async with delivery_room(speed=10) as room:
        behaviour = Behaviour(random.Random(3), lost=0.03)
        room.teams.behaviour = behaviour
        for number in range(CARDS):
            room.owe(number, await room.knows(f"p{number}"))
        await room.settled(within=20)
        assert behaviour.lost
        assert not room.teams.breaches
        assert room.delivery.counts.unknown == len(behaviour.lost)
        for number in range(CARDS):
            conversation = f"a:p{number}"
            twice = conversation in behaviour.lost
            assert room.said_in(conversation) == (
                [f"{number}", f"{number} {MARK}"] if twice else [f"{number}"]
            )


async def test_one_conversation_gets_many_cards_below_its_own_quota() -> None:
    async with delivery_room(speed=20) as room:
        admin, chef = await room.knows("admin"), await room.knows("chef")
        for number in range(70):
            room.owe(number, admin)
        room.owe("other", chef)
        await room.settled(within=20)
        assert room.said_in("a:admin") == [f"{number}" for number in range(70)]
        assert not room.teams.breaches
        assert next(one.at for one in room.teams.sent if one.conversation == "a:chef") < 10


async def test_few_connections_serve_many_messages() -> None:
    async with delivery_room(pacing=Pacing(per_tenant=500)) as room:
        room.teams.per_tenant = 500
        for number in range(100 * CONCURRENCY):
            room.owe(number, await room.knows(f"p{number}"))
        await room.settled(within=60)
        assert len(room.teams.sent) == 100 * CONCURRENCY
        assert room.teams.connections <= CONCURRENCY


def test_the_fake_notices_a_broken_quota() -> None:
    teams = FakeConnector()
    for number in range(8):
        call = Call(
            operation="send",
            conversation="c",
            activity_id="",
            activity={},
            authorization=None,
            at=number / 10,
        )
        teams._within_quotas(call)
    assert teams.breaches == ["conversation c: more than 7 in 1.0 s"]
