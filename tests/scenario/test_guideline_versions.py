"""A decision keeps the guideline's words as they were when it was taken."""

from pathlib import Path

from bot.settings import SHIPPED_GUIDELINE
from tests.scenario.world import World, a_world, words

OLD = "måste raderas eller avpubliceras"
NEW = "ska genast raderas eller avpubliceras"


async def decided(world: World) -> str:
    await world.arrive("admin")
    case = await world.flag()
    typed = {"ground": "svordomar", "reason": "Könsord."}
    await world["admin"].clicks(await world["admin"].waits_for(case), "Radera", **typed)
    return case


async def test_what_was_decided_under_an_older_guideline_quotes_that_one(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    assert OLD in text
    file.write_text(text, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        first = await decided(world)
    file.write_text(text.replace(OLD, NEW), encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        second = await decided(world)
        before = words(await world["admin"].asks_for(f"visa {first}"))
        after = words(await world["admin"].asks_for(f"visa {second}"))
        assert OLD in before
        assert NEW not in before
        assert NEW in after
        (old,) = [one for one in await world.bot.services.store.load(first) if one.kind == "decided"]
        assert old.data["guideline"][:12] in before


async def test_a_guideline_without_the_clause_is_decided_under_no_clause(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    file.write_text(text[: text.index("3. Skriva inlägg")], encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        await world.arrive("admin")
        case = await world.flag()
        kept = await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
        (made,) = [one for one in await world.bot.services.store.load(case) if one.kind == "decided"]
        assert made.data["passage"] == ""
        assert "Ur riktlinjen" not in kept.words
