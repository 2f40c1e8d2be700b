"""The register of channels: taken in from the file once, ruled by the record from then on, shown in chat."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.register import ChannelRegister
from bot.domain.channels import Appoint, Close, Remove
from bot.settings import SHIPPED_ORGANISATION
from tests.scenario.world import MONDAY, World, a_world, object_id, words


def organisation(tmp_path: Path, **changes: Any) -> str:
    """The demonstration's file, its first channel changed."""
    told = yaml.safe_load(SHIPPED_ORGANISATION.read_text(encoding="utf-8"))
    told["channels"][0] |= changes
    path = tmp_path / "organisation.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return str(path)


def register(world: World) -> ChannelRegister:
    return ChannelRegister(world.bot.services.store, world.bot.services.pepper)


async def change(world: World, command: Appoint | Close | Remove, *, at: datetime = MONDAY) -> None:
    assert await register(world).carry_out(command, by=object_id("chef"), at=at) is None


async def test_the_files_channels_are_taken_in_once(tmp_path: Path) -> None:
    for _ in range(2):
        async with a_world(tmp_path / "data") as world:
            kinds = [event.kind async for event in world.bot.services.store.events()]
            listed = len(yaml.safe_load(SHIPPED_ORGANISATION.read_text(encoding="utf-8"))["channels"])
            assert kinds.count("channel_imported") == listed
            assert kinds.count("register_imported") == 1


async def test_no_name_or_address_stands_in_the_journal(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        channels = world.bot.services.organisation.channels.values()
    journal = (tmp_path / "data" / "journal.jsonl").read_text(encoding="utf-8")
    assert not [one.name for one in channels if one.name in journal or one.url in journal]


async def test_what_is_changed_in_the_file_later_is_told_and_does_not_rule(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path / "data"):
        pass
    changed = organisation(tmp_path, admins=[object_id("personal")])
    async with a_world(tmp_path / "data", ORGANISATION_FILE=changed) as world:
        admins = world.bot.services.organisation.channels["facebook-haninge"].admins
        assert object_id("personal") not in admins
    differing = [vars(one) for one in caplog.records if "differ" in one.getMessage()]
    assert [(one["channel"], one["in"]) for one in differing] == [("facebook-haninge", "admins")]


async def test_who_is_appointed_gets_the_next_flagged_post_and_who_is_removed_no_more(world: World) -> None:
    await world.arrive("admin", "admin2", "personal")
    await change(
        world, Appoint(channel="facebook-haninge", person=object_id("personal"), request="AN-2026-0001")
    )
    await change(
        world, Remove(channel="facebook-haninge", person=object_id("admin2"), request="AN-2026-0002")
    )
    case = await world.flag()
    await world.settle()
    assert case in words(await world["personal"].waits_for(case))
    assert not [card for card in world["admin2"].cards() if case in words(card)]
    clicked = await world["personal"].clicks(await world["personal"].waits_for(case), "Behåll")
    assert "Beslutat" in clicked.words


async def test_a_closed_channel_takes_no_flags_is_on_no_list_and_its_cases_go_to_communications(
    world: World,
) -> None:
    await world.arrive("admin", "kommunikation")
    case = await world.flag()
    await change(world, Close(channel="facebook-haninge", request="AN-2026-0003"))
    status, problem = await world.post_flag({**_flag()})
    assert (status, problem["type"].rpartition(":")[2]) == (404, "unknown-channel")
    async with world.http.get(f"{world.url}/sociala-medier") as answer:
        assert "Haninge kommun på Facebook" not in await answer.text()
    somebody = world["kommunikation"]
    keep = somebody.invoke("decide", {"case": case, "version": 1, "kind": "keep"})
    assert "Beslutat" in (await somebody.sends(keep)).words


def _flag() -> dict[str, Any]:
    post = {
        "id": "x1",
        "kind": "comment",
        "text": "Hej",
        "author": "Invånare",
        "url": "https://example.com/x1",
    }
    return {"channel": "facebook-haninge", "post": post, "flag": {"source": "person", "by": "Medarbetare"}}


async def test_everybody_sees_all_channels_and_an_admin_first_their_own(world: World) -> None:
    admin, staff = await world["admin2"].asks_for("kanaler"), await world["personal"].asks_for("channels")
    assert "Mina kanaler" in words(admin)
    assert "Haninge kommun på LinkedIn" not in words(admin)
    assert "Alla kanaler" in words(staff)
    for channel in world.bot.services.organisation.channels.values():
        assert channel.name in words(staff)
    everything = await world["admin2"].clicks(admin, "Alla kanaler")
    assert "Haninge kommun på LinkedIn" in everything.words
    assert "Administratör ett, Administratör två" in words(staff)


async def test_a_head_sees_those_of_the_own_administration(world: World) -> None:
    card = await world["chef"].asks_for("kanaler")
    shown = await world["chef"].clicks(card, "Förvaltningens")
    assert "Haninges bibliotek på Facebook" in shown.words
