"""The bot itself (``python app.py``) is killed in the midst of intake, decisions and sending, again and again.

After each start everything that it acknowledged over HTTP is there, and no card comes twice but one whose answer the
kill took away, which then says that it may have come before.
"""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from storage.opening import open_record
from storage.reading import verify
from tests.fakes.connector import Sent
from tests.faults.extent import extent
from tests.scenario.served import Served, served, surroundings
from tests.scenario.world import Json, a_flag, words

KILLS = extent(whole=200, short=6)
FLAGS_A_LIFE = 2
SEED = 20261125
MARK = "Kan ha skickats tidigare."
DECISION = {"kind": "delete", "version": 1, "ground": "personangrepp", "reason": "Angriper en anställd."}
ALREADY = "Redan beslutat"


@dataclass
class Acknowledged:
    """What the bot has answered for. ``flags``: message id -> flag and case; ``decided``: case -> who."""

    flags: dict[str, tuple[Json, str]] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)


async def flag(world: Served, known: Acknowledged, number: int) -> None:
    message, body = f"kill-{number}", a_flag()
    status, answer = await world.post_flag(body, message=message)
    assert status == 202, answer
    known.flags[message] = (body, answer["case"])
    await decide(world, known, answer["case"], random.Random(number).choice(("admin", "admin2")))


async def decide(world: Served, known: Acknowledged, case: str, who: str) -> None:
    known.tried.add(case)
    somebody = world[who]
    answer = await somebody.sends(somebody.invoke("decide", {"case": case, **DECISION}))
    assert "Ska raderas" in answer.words, answer.words
    known.decided[case] = who


async def live(world: Served, known: Acknowledged, chance: random.Random, life: int) -> None:
    """Until the kill: some are flagging, others deciding, the outbox sending."""
    await world.until(200)
    await check(world, known, chance)
    numbers = range(life * FLAGS_A_LIFE, (life + 1) * FLAGS_A_LIFE)
    under_way = [asyncio.create_task(flag(world, known, number)) for number in numbers]
    await asyncio.sleep(chance.uniform(0.0, 0.06))
    world.process.kill()
    await world.process.wait()
    for task in under_way:
        with suppress(aiohttp.ClientError):
            await task


async def check(world: Served, known: Acknowledged, chance: random.Random) -> None:
    """Some of what was acknowledged, the newest above all, is asked for again as its senders would."""
    for message in [*chance.sample(sorted(known.flags), min(3, len(known.flags))), *list(known.flags)[-2:]]:
        body, case = known.flags[message]
        assert await world.post_flag(body, message=message) == (202, {"case": case})
    for case in list(known.decided)[-2:]:
        other = "admin2" if known.decided[case] == "admin" else "admin"
        somebody = world[other]
        answer = await somebody.sends(somebody.invoke("decide", {"case": case, **DECISION}))
        assert ALREADY in answer.words, case


async def test_whatever_the_bot_acknowledged_survives_its_being_killed(tmp_path: Path) -> None:
    chance, known, data = random.Random(SEED), Acknowledged(), tmp_path / "data"
    async with surroundings() as around:
        async with served(data, around) as world:
            await world.until(200)
            for who in ("admin", "admin2", "registrator"):
                await world[who].installs()
        for life in range(KILLS):
            async with served(data, around) as world:
                await live(world, known, chance, life)
        async with served(data, around) as world:
            await world.until(200)
            await check(world, known, chance)
            world.told_to_stop()
            assert await world.ended() == 0
        sent = world.connector.sent
    assert known.decided, "the kills left time for decisions"
    verify(data)
    await check_record(data, known)
    check_cards(sent)


async def check_record(data: Path, known: Acknowledged) -> None:
    decisions = defaultdict[str, list[str]](list)
    async with open_record(f"tinydb:{data}") as record:
        async for event in record.events():
            if event.kind == "decided":
                decisions[event.stream].append(event.actor)
    assert not {case: made for case, made in decisions.items() if len(made) > 1}, "nothing is decided twice"
    assert known.decided.keys() <= decisions.keys(), "nothing that was acknowledged is lost"
    assert decisions.keys() <= known.tried | known.decided.keys(), "nothing is decided that nobody asked for"


def check_cards(sent: list[Sent]) -> None:
    """By conversation and case: one card, and after it none but marked ones."""
    brought = defaultdict[tuple[str, str], list[str]](list)
    for one in sent:
        for card in one.activity.get("attachments", ()):
            said = words(card["content"])
            case = next((word for word in said.replace(":", " ").split() if word.startswith("SM-")), "")
            banner = "uppdatering" if one.reply_to else ""
            brought[one.conversation, f"{case}{banner}"].append(said)
    for cards in brought.values():
        unmarked = [said for said in cards if MARK not in said]
        assert len(unmarked) <= 1, unmarked
