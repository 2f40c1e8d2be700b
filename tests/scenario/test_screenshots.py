"""Screenshots: sent in chat by those who administer the channel, checked, kept with their hash, sent on, once."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.domain.channels import Close
from bot.duties.looking import DutyLooking
from storage.store import Json, Store
from tests.fakes.files import FakeFiles
from tests.scenario.pictures import JPEG, WEBP, answered, png, sends_files, with_files
from tests.scenario.test_channels import change
from tests.scenario.test_duties import FIRST_NOTICE, SCREENSHOT, at, kinds, told
from tests.scenario.world import Clock, World, a_world, buttons, elements, inputs, words

SAVED = "Tack! Det är sparat och skickat till kommunikationsenheten."
WHICH = "Vilken kanal visar bilden?"
NOTHING = "Ingen skärmdump är sparad"
HANDED_IN = "Årlig skärmdump inlämnad"


@pytest.fixture
async def files() -> AsyncIterator[FakeFiles]:
    async with FakeFiles() as one:
        one.files |= {"a.png": png(1), "b.png": png(2), "c.jpg": JPEG, "d.webp": WEBP}
        one.files |= {"text.png": b"<html>hej</html>", "large.png": png(padding=11 << 20)}
        yield one


@pytest.fixture
async def due(world: World) -> World:
    """A month before the day; "admin2" has two channels to picture, "admin" three."""
    await world.arrive("admin", "admin2", "kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE)
    return world


async def only_one_is_due(world: World) -> None:
    """For "admin2", who has another channel too."""
    await change(world, Close(channel="facebook-biblioteken", request="AN-2026-0003"), at=world.clock())
    await world.later()


async def handed_in(world: World, channel: str = "facebook-haninge") -> list[dict[str, object]]:
    doc = await world.bot.services.store.get("duties", f"screenshot/{channel}")
    assert doc is not None
    found: list[dict[str, object]] = doc["duty"].get("fulfilments", [])
    return found


@pytest.mark.parametrize("pasted", [False, True])
@pytest.mark.parametrize("name", ["a.png", "c.jpg", "d.webp"])
async def test_a_picture_is_kept_with_its_hash_and_sent_on(
    due: World, files: FakeFiles, name: str, pasted: bool, tmp_path: Path
) -> None:
    card = await sends_files(due["admin2"], files, name, pasted=pasted)
    chosen = await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
    assert SAVED in chosen.words
    digest = hashlib.sha256(files.files[name]).hexdigest()
    assert digest[:16] in chosen.words
    sent = words(await due["kommunikation"].waits_for(HANDED_IN))
    assert digest[:16] in sent
    assert "Haninge kommun på Facebook" in sent
    assert "Administratör två" in sent
    (done,) = await handed_in(due)
    assert done["due"] == "2027-11-23"
    journal = (tmp_path / "data" / "journal.jsonl").read_text()
    assert digest not in journal
    assert name not in journal


async def test_where_one_channel_waits_it_is_that_ones(due: World, files: FakeFiles) -> None:
    first = await sends_files(due["admin2"], files, "a.png")
    await due["admin2"].clicks(first, "Spara skärmdumpen", channel="facebook-haninge")
    card = await sends_files(due["admin2"], files, "b.png")
    assert SAVED in words(card)
    assert "Haninges bibliotek på Facebook" in words(card)
    assert len(await handed_in(due, "facebook-biblioteken")) == 1


async def test_it_is_due_again_in_a_year_and_all_copies_say_so(due: World, files: FakeFiles) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
    await due.settle()
    copies = [
        words(one)
        for one in due["admin"].cards()
        if SCREENSHOT in words(one) and "Haninge kommun på Facebook" in words(one)
    ]
    assert copies
    assert all("Klar" in one and "23 nov. 2028" in one for one in copies)
    await at(due, datetime(2027, 12, 27, 8, 0, tzinfo=UTC))
    assert told(due, "admin2", SCREENSHOT, "Haninge kommun på Facebook", "Försenad") == 0


@pytest.mark.parametrize("name", ["text.png", "large.png", "missing.png"])
async def test_what_is_no_picture_or_cannot_be_had_is_told_and_not_kept(
    due: World, files: FakeFiles, name: str
) -> None:
    before = await kinds(due)
    card = words(await sends_files(due["admin2"], files, name))
    assert NOTHING in card
    assert ("PNG, JPEG eller WebP" if name == "text.png" else "större än 10 MB") in card
    assert await kinds(due) == before


async def test_several_pictures_at_once_are_not_guessed_about(due: World, files: FakeFiles) -> None:
    assert "en bild i taget" in words(await sends_files(due["admin2"], files, "a.png", "b.png"))
    assert files.asked == []


async def test_of_one_who_administers_nothing_no_file_is_fetched(due: World, files: FakeFiles) -> None:
    assert NOTHING in words(await sends_files(due["personal"], files, "a.png"))
    assert files.asked == []


async def test_a_picture_beside_somebody_elses_question_is_no_screenshot(
    due: World, files: FakeFiles
) -> None:
    answer = await sends_files(due["personal"], files, "a.png", text="Vad är det som ska diarieföras?")
    assert NOTHING not in words(answer)
    assert files.asked == []


async def test_a_picture_in_a_group_is_left_alone(due: World, files: FakeFiles) -> None:
    activity = with_files(due["admin"], files, "a.png", text="Vad är det som ska diarieföras?")
    activity["conversation"] = {"id": "19:grupp", "conversationType": "groupChat", "isGroup": True}
    await due.post(activity)
    assert files.asked == []


async def test_nobody_hands_in_for_a_channel_of_others(due: World, files: FakeFiles) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    offered = {one["value"] for one in inputs(card)["channel"]["choices"]}
    assert offered == {"facebook-haninge", "facebook-biblioteken"}
    again = await due["admin2"].clicks(card, "Spara skärmdumpen", channel="instagram-haninge")
    assert "Välj en av dina kanaler." in again.words
    assert await handed_in(due, "instagram-haninge") == []


async def test_nobody_uses_a_picture_of_somebody_else(due: World, files: FakeFiles) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    stolen = due["admin"].click(card, "Spara skärmdumpen", channel="facebook-haninge")
    assert NOTHING in (await due["admin"].sends(stolen)).words
    assert await handed_in(due) == []


async def test_the_same_picture_twice_is_no_new_screenshot(due: World, files: FakeFiles) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
    again = await sends_files(due["admin"], files, "a.png")
    refused = await due["admin"].clicks(again, "Spara skärmdumpen", channel="facebook-haninge")
    assert "redan inlämnad för kanalen, av Administratör två" in refused.words
    assert len(await handed_in(due)) == 1
    other = await due["admin"].clicks(again, "Spara skärmdumpen", channel="instagram-haninge")
    assert SAVED in other.words


async def test_a_picture_is_used_once(due: World, files: FakeFiles) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
    second = await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-biblioteken")
    assert NOTHING in second.words
    assert await handed_in(due, "facebook-biblioteken") == []


async def test_a_message_delivered_twice_is_one_picture_also_after_a_restart(
    tmp_path: Path, files: FakeFiles
) -> None:
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.arrive("admin2")
        await world.later()
        clock.now = FIRST_NOTICE
        message = with_files(world["admin2"], files, "a.png")
        first = await answered(world["admin2"], message)
        await world.post(message)
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.post({**message, "serviceUrl": world.connector.url})
        assert files.asked == ["a.png"]
        assert (await kinds(world))["picture_received"] == 1
        done = await world["admin2"].clicks(first, "Spara skärmdumpen", channel="facebook-haninge")
        assert SAVED in done.words


async def test_a_click_delivered_twice_is_one_screenshot_also_after_a_restart(
    tmp_path: Path, files: FakeFiles
) -> None:
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.arrive("admin2")
        await world.later()
        clock.now = FIRST_NOTICE
        card = await sends_files(world["admin2"], files, "a.png")
        click = world["admin2"].click(card, "Spara skärmdumpen", channel="facebook-haninge")
        for _ in range(2):
            assert SAVED in (await world["admin2"].sends(click)).words
    async with a_world(tmp_path / "data", clock=clock) as world:
        assert SAVED in (await world["admin2"].sends({**click, "serviceUrl": world.connector.url})).words
        assert len(await handed_in(world)) == 1
        assert (await kinds(world))["duty_fulfilled"] == 1


async def test_a_picture_that_nobody_says_anything_of_is_destroyed(due: World, files: FakeFiles) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    (row,) = await due.bot.services.store.select("received_pictures")
    await due.later(days=6)
    assert await due.bot.services.store.content(row["picture"]["data_ref"]) == png(1)
    await due.later(days=1)
    assert await due.bot.services.store.content(row["picture"]["data_ref"]) is None
    late = await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
    assert NOTHING in late.words


async def test_a_picture_when_nothing_is_due_is_of_a_great_change(world: World, files: FakeFiles) -> None:
    await world.arrive("admin2", "kommunikation")
    await world.later()
    card = await sends_files(world["admin2"], files, "a.png")
    assert WHICH in words(card)
    await world["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
    (done,) = await handed_in(world)
    assert done["due"] is None
    await world["kommunikation"].waits_for("Skärmdump efter en stor förändring")
    await at(world, FIRST_NOTICE)
    assert told(world, "admin2", SCREENSHOT, "Haninge kommun på Facebook") == 1


async def test_communications_ask_for_a_screenshot_now_and_the_admins_hand_it_in(
    world: World, files: FakeFiles
) -> None:
    await world.arrive("admin", "admin2", "kommunikation")
    await world.later()
    ask = world["kommunikation"].invoke("change", {"duty": "screenshot/facebook-haninge"})
    for _ in range(2):
        assert "en ny skärmdump behövs nu" in (await world["kommunikation"].sends(ask)).words
    await world.settle()
    for who in ("admin", "admin2"):
        assert told(world, who, SCREENSHOT, "en ny skärmdump behövs nu") == 1
    assert SAVED in words(await sends_files(world["admin2"], files, "a.png"))
    (done,) = await handed_in(world)
    assert done["due"] is None


async def test_a_last_screenshot_is_handed_in_by_those_who_administered_the_channel(
    due: World, files: FakeFiles
) -> None:
    await only_one_is_due(due)
    card = await sends_files(due["admin2"], files, "a.png")
    done = await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-biblioteken")
    assert "Sista skärmdump av en avslutad kanal" in done.words
    assert "Klar" in done.words
    await due["kommunikation"].waits_for("Sista skärmdump inlämnad")


class Reads:
    """A store that tells which duties were read one by one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.of = list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def get(self, table: str, key: str) -> Json | None:
        self.of += [key] if table == "duties" else []
        return await self._store.get(table, key)


async def test_a_last_screenshot_that_was_handed_in_is_not_read_at_every_look(
    due: World, files: FakeFiles
) -> None:
    await only_one_is_due(due)
    card = await sends_files(due["admin2"], files, "a.png")
    await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-biblioteken")
    reads = Reads(due.bot.services.store)
    duties = DutyLooking(replace(due.bot.services, store=cast("Store", reads)))
    for _ in range(3):
        await duties.look()
    assert reads.of.count("last_screenshot/facebook-biblioteken") == 1


async def test_a_channel_that_closed_meanwhile_gets_no_yearly_screenshot(
    due: World, files: FakeFiles
) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    await only_one_is_due(due)
    done = await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-biblioteken")
    assert "Sista skärmdump av en avslutad kanal" in done.words
    assert await handed_in(due, "facebook-biblioteken") == []


# Opening ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def reached(tmp_path: Path, files: FakeFiles) -> AsyncIterator[World]:
    """A bot that knows its own address, and a screenshot that communications have been sent."""
    async with a_world(tmp_path / "data", BOT_DOMAIN="bot.example.se") as world:
        await world.arrive("admin2", "kommunikation")
        await world.later()
        await at(world, FIRST_NOTICE)
        card = await sends_files(world["admin2"], files, "a.png")
        await world["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
        yield world


async def link_in(world: World) -> str:
    card = await world["kommunikation"].waits_for(HANDED_IN)
    opened = await world["kommunikation"].clicks(card, "Öppna bilden")
    (url,) = [one["url"] for one in elements(opened.card) if one.get("type") == "Action.OpenUrl"]
    assert url.startswith("https://bot.example.se/filer/")
    return f"{world.url}{url.removeprefix('https://bot.example.se')}"


async def test_communications_open_the_picture(reached: World) -> None:
    async with reached.http.get(await link_in(reached)) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert await answer.read() == png(1)


async def test_a_link_is_good_for_some_minutes_and_as_it_was_made(reached: World) -> None:
    url = await link_in(reached)
    for wrong in (url[:-1] + ("0" if url[-1] != "0" else "1"), url.replace("/filer/", "/filer/9"), url[:-65]):
        async with reached.http.get(wrong) as answer:
            assert answer.status == 404
    reached.clock.now += timedelta(minutes=11)
    async with reached.http.get(url) as answer:
        assert answer.status == 404


async def test_one_who_may_not_see_the_duty_gets_no_link(reached: World) -> None:
    ask = reached["personal"].invoke("duty_file", {"duty": "screenshot/facebook-haninge", "number": 1})
    shown = await reached["personal"].sends(ask)
    assert "filer" not in json.dumps(shown.card)
    assert buttons(shown.card) == {}


async def test_where_the_bot_does_not_know_its_address_it_says_so(due: World, files: FakeFiles) -> None:
    card = await sends_files(due["admin2"], files, "a.png")
    done = await due["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
    assert "BOT_DOMAIN" in (await due["admin2"].clicks(done.card, "Öppna bilden")).words
