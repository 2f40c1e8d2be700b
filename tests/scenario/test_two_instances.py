"""Two instances of the bot behind one address, each a process, on one PostgreSQL."""

import asyncio
import random
from collections.abc import Awaitable

from storage.opening import open_record
from storage.store import Event
from tests.fakes.connector import Slow, into, operation
from tests.faults.extent import extent
from tests.postgres import Postgres
from tests.scenario.instances import Instance, instances, until
from tests.scenario.world import Answer, Json, Somebody, words

REMOVAL = {"ground": "personangrepp", "reason": "Hänger ut en namngiven anställd."}
CASES = extent(whole=1000, short=20)
AT_ONCE = 20
DELIVERIES = 3


async def record(url: str) -> list[Event]:
    async with open_record(url) as whole:
        await whole.verify()
        return [event async for event in whole.events()]


async def a_card(who: Somebody, case: str) -> Json:
    """The outbox brings other cards into the same chat meanwhile."""
    while case not in words(card := await who.asks_for(f"visa {case}")):
        pass
    return card


async def deliver(click: Json, who: Somebody, where: list[Instance]) -> list[Answer]:
    """The same activity several times at once, wherever the address in front leads each."""
    replies = [random.choice(where).post(click) for _ in range(DELIVERIES)]
    return [Answer(status=status, body=body) for status, body in await asyncio.gather(*replies)]


def double_click(case: str, one: Instance, two: Instance) -> list[Awaitable[list[Answer]]]:
    admin, admin2, card = one["admin"], two["admin2"], {"case": case, "version": 1}
    removal = admin.invoke("decide", {**card, "kind": "delete", **REMOVAL})
    keeping = admin2.invoke("decide", {**card, "kind": "keep"})
    return [deliver(removal, admin, [one, two]), deliver(keeping, admin2, [one, two])]


async def test_double_clicks_on_two_instances_are_one_decision_and_one_polite_refusal_each(
    postgres: Postgres,
) -> None:
    url = postgres.place()
    cases, answers = list[str](), list[list[Answer]]()
    async with instances(url) as (one, two):
        for _ in range(0, CASES, AT_ONCE):
            some = await asyncio.gather(*((one, two)[n % 2].flag() for n in range(AT_ONCE)))
            cases += some
            answers += await asyncio.gather(*(sent for case in some for sent in double_click(case, one, two)))
        assert len(set(cases)) == CASES, "no designation is given twice"
    refusals = 0
    for case, first, second in zip(cases, answers[::2], answers[1::2], strict=True):
        refused = ["Redan beslutat av" in answer.words for answer in (*first, *second)]
        assert refused in ([False] * 3 + [True] * 3, [True] * 3 + [False] * 3), case
        assert all("Beslutat" in answer.words for answer in (*first, *second)), case
        refusals += 1
    events = await record(url)
    decided = [event.stream for event in events if event.kind == "decided"]
    assert (sorted(decided), refusals) == (sorted(cases), CASES)


async def test_a_message_delivered_to_both_is_answered_once(postgres: Postgres) -> None:
    async with instances(postgres.place()) as (one, two):
        await one.arrive("admin")
        before = len(one.connector.sent)
        for text in ("kö", "hjälp", "visa SM-2026-0001"):
            message = one["admin"].activity("message", text=text, textFormat="plain")
            answers = await asyncio.gather(*(where.post(message) for where in (one, two, one, two)))
            assert [status for status, _ in answers] == [200] * 4
        assert len(one.connector.sent) == before + 3


async def test_each_message_leaves_from_one_instance_only(postgres: Postgres) -> None:
    url = postgres.place()
    async with instances(url) as (one, two):
        await one.arrive("admin", "admin2")
        cases = await asyncio.gather(*((one, two)[n % 2].flag() for n in range(6)))
        await one.settle()
        for who in ("admin", "admin2"):
            brought = [case for card in one[who].cards() for case in cases if case in words(card)]
            assert sorted(brought) == sorted(cases)


async def test_an_instance_killed_in_mid_send_is_taken_over_from(postgres: Postgres) -> None:
    url = postgres.place() + "&lease=1"
    async with instances(url) as (one, two):
        await one.arrive("admin")
        before = len(one.cards_in("a:admin"))
        one.connector.does(Slow(seconds=30), when=operation("send"), times=1)
        case = await one.flag()
        await until(lambda: len(one.cards_in("a:admin")), before + 1)
        await one.dies()
        await two.settle()
        sent = [words(one.activity) for one in two.connector.sent if one.conversation == "a:admin"]
        shown = [told for told in sent if case in told]
    assert ["Kan ha skickats tidigare" in told for told in shown] == [False, True], (
        "repeated once, and marked"
    )
    kinds = [event.kind for event in await record(url) if event.stream.startswith(case)]
    assert kinds.count("delivered") == 1


async def test_what_the_dead_one_had_only_taken_arrives_once(postgres: Postgres) -> None:
    url = postgres.place() + "&lease=1"
    async with instances(url) as (one, two):
        await one.arrive("admin", "admin2")
        before = len(one.cards_in("a:admin"))
        one.connector.does(Slow(seconds=30), when=into("a:admin"), times=1)
        cases = [await one.flag() for _ in range(4)]
        await until(lambda: len(one.cards_in("a:admin")), before + 1)
        await one.dies()
        cases.append(await two.flag())
        await two.settle()
        brought = [case for card in two["admin"].cards() for case in cases if case in words(card)]
    assert sorted(set(brought)) == sorted(cases)
    assert len(brought) == len(cases) + 1, "the one that was under way comes twice, the others once"
