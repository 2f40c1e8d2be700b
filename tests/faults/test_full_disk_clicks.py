"""The disk runs full under the whole bot: a click is refused in words, the bot lives, and nothing is lost."""

import asyncio
import os
from pathlib import Path

from storage.reading import verify
from tests.scenario.world import Answer, World, a_flag, a_world, words

SAVED_NOTHING = "Det gick inte att spara, så inget är beslutat."


async def _fill(path: Path) -> None:
    """Takes what room is left, to the last byte."""

    def take() -> None:
        with path.open("ab", buffering=0) as file:
            for step in (65536, 4096, 512, 1):
                while True:
                    try:
                        if file.write(os.urandom(step)) == 0:
                            break
                    except OSError:
                        break

    await asyncio.to_thread(take)


async def _decide(world: World, case: str) -> Answer:
    card = await world["admin"].waits_for(case)
    return await world["admin"].clicks(card, "Radera", ground="svordomar", reason="Grova ord. " * 700)


async def test_a_click_on_a_full_disk_is_refused_in_words_and_works_again_with_room(small_disk: Path) -> None:
    async with a_world(small_disk / "data") as world:
        await world.arrive("admin")
        first, second = await world.flag(), await world.flag()
        assert "Beslutat" in (await _decide(world, first)).words
        await world.settle()
        await world["admin"].waits_for(second)
        await _fill(small_disk / "ballast")
        assert SAVED_NOTHING in (await _decide(world, second)).words
        status, problem = await world.post_flag(a_flag({"text": "x" * 5000}))
        assert status == 503
        assert problem["type"].endswith(":unwritable")
        assert "Beslutat" in words(await world["admin"].asks_for(f"visa {first}"))
        (small_disk / "ballast").unlink()
        assert "Beslutat" in (await _decide(world, second)).words
    kinds = verify(small_disk / "data")
    async with a_world(small_disk / "data") as world:
        for case in (first, second):
            events = [event.kind for event in await world.bot.services.store.load(case)]
            assert events.count("decided") == 1
    assert kinds.events


async def test_a_bot_that_cannot_write_is_not_ready_until_there_is_room_again(small_disk: Path) -> None:
    """Nobody has to click for it to find out that there is."""
    async with a_world(small_disk / "data") as world:
        await world.arrive("admin")
        case = await world.flag()
        assert await world.readiness() == (200, "ok")
        await world["admin"].waits_for(case)
        await _fill(small_disk / "ballast")
        assert await world.readiness() == (200, "ok"), "a store that refused nothing is not tried"
        assert SAVED_NOTHING in (await _decide(world, case)).words
        async with world.http.get(f"{world.url}/metrics") as answer:
            assert 'riktlinjebot_refusals_total{reason="store_unwritable"} 1.0' in await answer.text()
        for _ in range(3):
            assert await world.readiness() == (503, "unwritable")
        (small_disk / "ballast").unlink()
        assert await world.readiness() == (200, "ok")
        assert "Beslutat" in (await _decide(world, case)).words
        assert await world.readiness() == (200, "ok")
    assert verify(small_disk / "data").events, "what was tried left no trace"
    assert verify(small_disk / "data").torn == 0


async def test_a_write_that_succeeds_again_makes_the_bot_ready(small_disk: Path) -> None:
    async with a_world(small_disk / "data") as world:
        await world.arrive("admin")
        case = await world.flag()
        await world["admin"].waits_for(case)
        await _fill(small_disk / "ballast")
        assert SAVED_NOTHING in (await _decide(world, case)).words
        (small_disk / "ballast").unlink()
        assert "Beslutat" in (await _decide(world, case)).words
        files = (small_disk / "data").iterdir()
        before = {file.name: file.stat().st_mtime_ns for file in files}
        assert await world.readiness() == (200, "ok")
        assert before == {file.name: file.stat().st_mtime_ns for file in (small_disk / "data").iterdir()}
