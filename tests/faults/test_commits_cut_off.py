"""The database is lost between a commit and its answer, and stays away: nobody is told what nobody knows."""

from pathlib import Path

from storage.opening import open_record
from tests.fakes.cutting import cutting
from tests.postgres import Postgres
from tests.scenario.world import a_flag, a_world, words

UNSURE = "Det är osäkert om det hann sparas."
REMOVAL = {"ground": "personangrepp", "reason": "Hänger ut en namngiven anställd."}


async def test_what_may_be_recorded_is_called_unsure_and_counts_once_when_it_is_done_again(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.place()
    async with cutting(url) as wire, a_world(tmp_path / "none", STORAGE_URL=wire.url) as world:
        await world.arrive("admin", "admin2")
        flag = a_flag()
        wire.armed = True
        status, problem = await world.post_flag(flag, message="msg_cut")
        assert (status, "may be in it" in problem["detail"]) == (503, True)
        wire.heals()
        status, told = await world.post_flag(flag, message="msg_cut")
        assert status == 202
        case = told["case"]
        card = await world["admin"].waits_for(case)
        wire.armed = True
        unsure = await world["admin"].clicks(card, "Radera", **REMOVAL)
        assert wire.cut
        assert UNSURE in words(unsure.body["value"])
        wire.heals()
        assert "Beslutat" in words(await world["admin2"].waits_for(case)), "it was recorded"
        again = await world["admin"].clicks(card, "Radera", **REMOVAL)
        assert "Beslutat" in again.words
        assert "Redan beslutat" not in again.words
    async with open_record(url) as record:
        await record.verify()
        kinds = [event.kind async for event in record.events()]
    assert (kinds.count("decided"), kinds.count("flagged")) == (1, 1)
