"""From the first probe to the last turn: what a host sees of the process that it starts and stops."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.embedded import EmbeddedStore
from storage.store import Drop, Event, NewEvent, Put, Tables
from tests.fakes.connector import Slow, into, operation
from tests.scenario.delivery_room import MARK, delivery_room
from tests.scenario.served import Served, served, surroundings
from tests.scenario.world import MONDAY, a_flag, words

QUICK = 10.0
"""Seconds: a stop with nothing in its way takes a fraction of one."""


@asynccontextmanager
async def ready(directory: Path, **environ: str) -> AsyncIterator[Served]:
    async with surroundings() as around, served(directory, around, **environ) as bot:
        await bot.until(200)
        yield bot


@asynccontextmanager
async def a_database_that_never_answers() -> AsyncIterator[str]:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    try:
        yield f"postgresql://bot:x@127.0.0.1:{server.sockets[0].getsockname()[1]}/db?sslmode=disable"
    finally:
        server.close()


# Starting ----------------------------------------------------------------------------------------------------


async def test_until_the_record_is_read_the_bot_lives_and_is_not_ready(tmp_path: Path) -> None:
    async with (
        a_database_that_never_answers() as url,
        surroundings() as around,
        served(tmp_path / "data", around, STORAGE_URL=url) as bot,
    ):
        await bot.until(200, "/healthz")
        assert await bot.probe() == (503, {"status": "starting"})
        for path, body in (("/api/messages", bot["admin"].activity("message", text="hjälp")),
                           ("/api/flags", a_flag())):  # fmt: skip
            async with bot.http.post(f"{bot.url}{path}", json=body) as answer:
                problem = await answer.json(content_type="application/problem+json")
                assert answer.status == 503
                assert int(answer.headers["Retry-After"]) > 0
                assert problem["type"].endswith(":not-ready")
        async with bot.http.get(f"{bot.url}/metrics") as answer:
            text = await answer.text()
        assert "riktlinjebot_ready 0.0" in text
        assert "riktlinjebot_loop_stall_seconds_count" in text


async def test_a_bot_that_is_told_to_stop_while_it_starts_stops(tmp_path: Path) -> None:
    async with (
        a_database_that_never_answers() as url,
        surroundings() as around,
        served(tmp_path / "data", around, STORAGE_URL=url) as bot,
    ):
        await bot.until(503)
        bot.told_to_stop()
        assert await bot.ended(within=QUICK) == 0
        assert "Traceback" not in bot.log.read_text()


async def test_a_start_that_fails_ends_the_process_with_its_reason(tmp_path: Path) -> None:
    async with ready(tmp_path / "data") as first, surroundings() as around:
        async with served(tmp_path / "data", around) as second:
            assert await second.ended(within=QUICK) == 1
        assert (await first.probe())[0] == 200
    assert "is in use by another process" in second.log.read_text()


def slowly(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    time.sleep(0.005)
    return [Put(table="t", key=event.stream, doc={"n": event.seq})]


async def test_the_event_loop_is_free_while_a_record_is_replayed(tmp_path: Path) -> None:
    store = await EmbeddedStore.open(tmp_path / "data", projector=lambda event, tables: ())
    for number in range(100):
        await store.append(
            f"s{number}", [NewEvent(kind="k", data={})], expected_version=0, actor="x", at=MONDAY
        )
    await store.close()
    opening = asyncio.create_task(EmbeddedStore.open(tmp_path / "data", projector=slowly))
    turns = 0
    while not opening.done():
        await asyncio.sleep(0.005)
        turns += 1
    await (await opening).close()
    assert turns > 20


async def test_a_replay_that_is_given_up_leaves_the_record_free(tmp_path: Path) -> None:
    store = await EmbeddedStore.open(tmp_path / "data", projector=slowly)
    for number in range(40):
        await store.append(
            f"s{number}", [NewEvent(kind="k", data={})], expected_version=0, actor="x", at=MONDAY
        )
    await store.close()
    opening = asyncio.create_task(EmbeddedStore.open(tmp_path / "data", projector=slowly))
    await asyncio.sleep(0.02)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await (await EmbeddedStore.open(tmp_path / "data", projector=slowly)).close()


# Stopping ----------------------------------------------------------------------------------------------------


async def test_a_turn_under_way_gets_its_answer_and_nobody_else_is_let_in(tmp_path: Path) -> None:
    async with ready(tmp_path / "data") as bot:
        admin = bot["admin"]
        bot.connector.does(Slow(seconds=1.5), when=operation("reply"))
        turn = asyncio.create_task(bot.post(admin.activity("message", text="hjälp")))
        await bot.connector.wait_until(lambda: len(answers(bot)) == 1)
        bot.told_to_stop()
        assert await bot.until(503) == {"status": "stopping"}
        assert (await bot.post(admin.activity("message", text="hjälp")))[0] == 503
        assert (await bot.probe("/healthz"))[0] == 200
        assert not turn.done()
        assert (await turn)[0] == 200
        assert await bot.ended(within=QUICK) == 0
    assert len(answers(bot)) == 1
    assert "Traceback" not in bot.log.read_text()


def answers(bot: Served) -> list[str]:
    return [one.id for one in bot.connector.sent if one.reply_to]


async def test_what_is_not_sent_at_the_end_is_sent_by_the_next_start_once(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    async with surroundings() as around:
        async with served(directory, around) as bot:
            await bot.until(200)
            await bot["admin"].installs()
            bot.connector.fails(503, when=operation("send"), times=None)
            case = await bot.flag()
            await bot.connector.wait_until(
                lambda: any(one.operation == "send" for one in bot.connector.calls)
            )
            bot.told_to_stop()
            assert await bot.ended(within=QUICK) == 0
        assert not [card for card in bot["admin"].cards() if case in words(card)]
        bot.connector.recovers()
        async with served(directory, around) as again:
            await again.until(200)
            await again.connector.wait_until(lambda: bool(brought(again, case)), within=20)
            again.told_to_stop()
            assert await again.ended(within=QUICK) == 0
        (card,) = brought(again, case)
        assert "skickats tidigare" not in words(card)


def brought(bot: Served, case: str) -> list[object]:
    return [card for card in bot["admin"].cards() if case in words(card)]


async def test_a_message_on_its_way_is_waited_for_and_not_sent_again(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    async with surroundings() as around:
        async with served(directory, around) as bot:
            await bot.until(200)
            await bot["admin"].installs()
            await bot.connector.wait_until(lambda: len(bot["admin"].cards()) >= 6)  # the demonstration's
            bot.connector.does(Slow(seconds=1.0), when=into("a:admin"))
            case = await bot.flag()
            await bot.connector.wait_until(lambda: bool(brought(bot, case)), within=20)
            bot.told_to_stop()
            assert await bot.ended(within=QUICK) == 0
        async with served(directory, around) as again:
            await again.until(200)
            sent = len(brought(again, case))
            other = await again.flag()
            await again.connector.wait_until(lambda: bool(brought(again, other)), within=20)
    assert sent == len(brought(again, case)) == 1


async def test_a_message_that_takes_too_long_is_broken_off_and_marked_by_the_next_start() -> None:
    async with delivery_room() as room:
        room.teams.does(Slow(seconds=30))
        room.owe("SM-1", await room.knows("admin"))
        running = asyncio.create_task(room.delivery.run())
        await room.teams.wait_for(1)
        began = time.monotonic()
        await room.delivery.stop(within=0.2)
        assert time.monotonic() - began < 5
        await running
        room.outbox.crash()
        async with delivery_room(outbox=room.outbox) as second:
            await second.knows("admin")
            await second.settled()
            assert second.said_in("a:admin") == [f"SM-1 {MARK}"]


async def test_the_log_of_a_whole_life_is_lines_of_the_agreed_form(tmp_path: Path) -> None:
    async with ready(tmp_path / "data") as bot:
        case = await bot.flag({"text": "Hemligt ord"})
        bot.told_to_stop()
        await bot.ended()
    lines = bot.log.read_text().splitlines()
    (flagged,) = [line for line in lines if "a post was flagged" in line and case in line]
    assert json.loads(flagged.partition(" case=")[2].partition(" ")[0]) == case
    assert "Hemligt" not in "".join(lines)
