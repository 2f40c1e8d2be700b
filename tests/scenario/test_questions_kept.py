"""Questions on record: every word is exported and nothing that is destroyed; a full disk keeps nobody from an answer."""

import asyncio
import json
from pathlib import Path
from typing import Any

from bot.exports.exporting import export
from tests.scenario.test_answers import ANSWERED, MISSING, REGISTERED
from tests.scenario.test_learning import accepted
from tests.scenario.test_questions import NOT_THERE
from tests.scenario.world import World, words


async def exported(world: World, directory: Path) -> dict[str, list[dict[str, Any]]]:
    await asyncio.to_thread(directory.mkdir, exist_ok=True)
    services = world.bot.services
    await export(services.store, directory, organisation=services.organisation, law=services.law)
    return await asyncio.to_thread(rows_in, directory)


def rows_in(directory: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for file in directory.glob("*.jsonl")
    }


async def test_questions_replies_and_what_is_learned_are_exported(world: World, tmp_path: Path) -> None:
    await accepted(world)
    await world["personal"].clicks(await world["personal"].asks_for(REGISTERED), "Ja")
    tables = await exported(world, tmp_path / "out")
    (question,), (reply,), (learned,) = tables["questions"], tables["replies"], tables["learned_phrasings"]
    assert (question["question"], question["asker_name"]) == (NOT_THERE, "Medarbetare")
    assert (question["status"], question["outcome"]) == ("answered", "not_in_guideline")
    assert (reply["by_name"], reply["passage"]) == ("Kommunikatör", question["nearest"][1])
    assert (learned["status"], learned["phrasing"], learned["version"]) == ("accepted", NOT_THERE, 2)
    (rating,) = tables["ratings"]
    assert (rating["helped"], rating["passage"]) == (True, "administratorens-ansvar/5/a")
    assert "answer_rated" in {event["kind"] for event in tables["events"]}
    assert (tmp_path / "out" / "replies.csv").read_text(encoding="utf-8-sig").startswith('"designation";')


async def test_what_is_destroyed_is_not_exported(world: World, tmp_path: Path) -> None:
    card = await accepted(world)
    await world["personal"].says("Vad kostar en annons på TikTok?")
    before = await exported(world, tmp_path / "before")
    assert {row["question"] for row in before["unanswered_questions"]} == {
        NOT_THERE,
        "Vad kostar en annons på TikTok?",
    }
    await world["kommunikation"].clicks(card, "Ta tillbaka")
    await world.later(days=91)
    after = await exported(world, tmp_path / "after")
    assert NOT_THERE not in str(after)
    assert "TikTok" not in str(after)
    assert after["questions"][0]["destroyed"]
    assert after["unanswered_questions"] == []


async def test_a_store_that_cannot_write_keeps_nobody_from_an_answer(world: World) -> None:
    await world["personal"].says("hjälp")
    store: Any = world.bot.services.store
    await store.close()
    for question, heading in ((REGISTERED, ANSWERED), (NOT_THERE, MISSING)):
        assert heading in words(await world["personal"].asks_for(question))
