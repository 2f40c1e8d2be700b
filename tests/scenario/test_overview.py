"""``översikt``: the figures that a head has of the own administration, and communications of all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.overviews import open_requests
from bot.settings import SHIPPED_ORGANISATION
from storage.store import Json
from tests.scenario.test_duties import at
from tests.scenario.world import World, a_world, elements, object_id, words

CHARTS = {"Chart.HorizontalBar", "Chart.VerticalBar"}


async def removed(world: World, ground: str, *, channel: str = "facebook-haninge") -> str:
    case = await world.flag(channel=channel)
    reason = {"ground": ground, "reason": "Står i kommentaren."}
    await world["admin"].clicks(await world["admin"].waits_for(case), "Radera", **reason)
    return case


def charts(card: Json) -> dict[str, dict[str, int]]:
    """Each chart's figures by its title, nothing at zero."""
    return {
        one["title"]: {bar["x"]: bar["y"] for bar in one["data"] if bar["y"]}
        for one in elements(card)
        if one.get("type") in CHARTS
    }


async def test_communications_see_what_waits_what_is_late_and_what_was_removed(world: World) -> None:
    await world.arrive("admin")
    for ground in ("svordomar", "svordomar", "reklam"):
        await removed(world, ground)
    await world.flag()
    await world.later(days=2)
    await world.flag()
    card = await world["kommunikation"].asks_for("översikt")
    told = words(card)
    for said in (
        "alla förvaltningar",
        "2 ärenden väntar på beslut",
        "Det äldsta flaggades",
        "3 inlägg är beslutade men inte borttagna än",
        "3 handlingar är inte diarieförda",
        "3 skulle redan vara diarieförda",
        "0 ansökningar väntar",
    ):
        assert said in told
    found = charts(card)
    assert sorted(found["Efter grund"].values()) == [1, 2]
    assert found["Efter månad"] == {"nov. 2026": 3}
    assert sum(found["Hur länge de har väntat"].values()) == 2
    assert len(found["Hur länge de har väntat"]) == 2


async def test_each_chart_reads_as_a_table_where_it_is_not_drawn(world: World) -> None:
    await world.arrive("admin")
    await removed(world, "svordomar")
    card = await world["kommunikation"].asks_for("overview")
    for one in (one for one in elements(card) if one.get("type") in CHARTS):
        fallback = one["fallback"]
        assert fallback["type"] == "Table"
        rows = [[cell["items"][0]["text"] for cell in row["cells"]] for row in fallback["rows"]]
        level, upright = one["xAxisTitle"], one["yAxisTitle"]
        assert rows[0] == ([upright, level] if one["type"] == "Chart.HorizontalBar" else [level, upright])
        assert rows[1:] == [[bar["x"], str(bar["y"])] for bar in one["data"]]


async def test_a_reversed_removal_is_no_removal_and_another_ground_is_the_one_that_counts(
    world: World,
) -> None:
    await world.arrive("admin")
    kept, other = await removed(world, "svordomar"), await removed(world, "svordomar")
    for case, data in (
        (kept, {"kind": "keep", "reason": "Var ett citat."}),
        (other, {"kind": "delete", "ground": "reklam", "reason": "Var reklam."}),
    ):
        reverse = world["admin"].invoke("reverse", {"case": case, "version": 2, **data})
        assert "Beslutat" in (await world["admin"].sends(reverse)).words
    rows = await world.bot.services.store.select("removals")
    assert [(row["ground"], row["count"]) for row in rows] == [("reklam", 1)]


async def test_a_head_sees_the_own_administration_alone(tmp_path: Path) -> None:
    told = yaml.safe_load(SHIPPED_ORGANISATION.read_text(encoding="utf-8"))
    told["administrations"][1]["head"] = object_id("personal")
    file = tmp_path / "organisation.yaml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(file)) as world:
        await world.arrive("admin")
        await removed(world, "svordomar")
        await world.flag(channel="facebook-biblioteken")
        of_one = await world["chef"].asks_for("översikt")
        of_other = await world["personal"].asks_for("översikt")
    assert "Kommunstyrelseförvaltningen" in words(of_one)
    assert "0 ärenden väntar på beslut" in words(of_one)
    assert "1 handling är inte diarieförd" in words(of_one)
    assert "Kultur- och fritidsförvaltningen" in words(of_other)
    assert "1 ärende väntar på beslut" in words(of_other)
    assert "Inget är borttaget." in words(of_other)
    assert "0 handlingar är inte diarieförda" in words(of_other)


@pytest.mark.parametrize("who", ["admin", "registrator", "personal"])
async def test_nobody_else_sees_it(world: World, who: str) -> None:
    clicked = await world[who].sends(world[who].invoke("overview", {}))
    for told in (words(await world[who].asks_for("översikt")), clicked.words):
        assert told == "Översikt\nÖversikten är för förvaltningschefer och kommunikationsenheten."


async def test_late_duties_are_counted(world: World) -> None:
    await world.later()
    await at(world, datetime(2027, 11, 24, 8, 0, tzinfo=UTC))
    assert "10 är försenade" in words(await world["kommunikation"].asks_for("översikt"))


async def test_open_requests_are_counted_where_there_are_any() -> None:
    class Rows:
        async def select(self, table: str) -> list[Json]:
            assert table == "open_requests"
            return [{"administration": "kof"}, {"administration": "ks"}]

    assert await open_requests(Rows(), None) == 2
    assert await open_requests(Rows(), frozenset({"ks"})) == 1
