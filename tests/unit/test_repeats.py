"""Answers that are kept for repeats, and forgotten when what they say is destroyed."""

import asyncio

from bot.teams.repeats import Repeats


async def test_an_answer_under_way_is_given_to_those_who_wait_and_then_forgotten() -> None:
    repeats, released, asked = Repeats[str](lambda _: True), asyncio.Event(), 0

    async def answer() -> str:
        nonlocal asked
        asked += 1
        await released.wait()
        return f"text {asked}"

    waiting = [asyncio.create_task(repeats.once("key", answer)) for _ in range(2)]
    await asyncio.sleep(0)
    repeats.forget(lambda said: said.startswith("text"))
    released.set()
    assert await asyncio.gather(*waiting) == ["text 1", "text 1"]
    assert await repeats.once("key", answer) == "text 2"


async def test_what_is_not_to_be_forgotten_is_given_again() -> None:
    repeats = Repeats[str](lambda _: True)

    async def answer() -> str:
        return "sent"

    await repeats.once("key", answer)
    repeats.forget(lambda said: said.startswith("text"))

    async def another() -> str:
        return "sent twice"

    assert await repeats.once("key", another) == "sent"
