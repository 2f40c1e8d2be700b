"""Who can't be reached, and who comes late: somebody else gets to know, and the late one gets what waits."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.settings import SHIPPED_ORGANISATION
from storage.store import StoreUnwritable
from tests.scenario.world import TENANT, World, a_world, words

REMOVAL = {"ground": "svordomar", "reason": "Könsord."}
THREAD = "19:kommunikation@thread.tacv2"


async def removed(world: World) -> str:
    case = await world.flag()
    await world["admin"].clicks(await world["admin"].waits_for(case), "Radera", **REMOVAL)
    return case


async def test_a_registrar_who_installs_later_gets_what_is_owed(world: World) -> None:
    await world.arrive("admin")
    case = await removed(world)
    await world.settle()
    await world.arrive("registrator")
    assert f"{case}-1" in words(await world["registrator"].waits_for(f"{case}-1"))


async def test_everybody_with_a_registration_card_sees_the_number(world: World) -> None:
    """Communications got it in the registrar's place, and opened another from their list."""
    await world.arrive("admin", "kommunikation")
    case = await removed(world)
    await world["kommunikation"].waits_for(f"{case}-1")
    await world.arrive("registrator")
    card = await world["registrator"].waits_for(f"{case}-1")
    await world["registrator"].clicks(card, "Spara diarienumret", number="KS 2026/1")
    await world.settle()
    copies = [words(card) for card in world["kommunikation"].cards() if f"{case}-1" in words(card)]
    assert copies
    assert all("KS 2026/1" in told for told in copies)


async def test_a_number_is_corrected_and_another_one_is_not_taken_silently(world: World) -> None:
    await world.arrive("admin", "registrator")
    case = await removed(world)
    card = await world["registrator"].waits_for(f"{case}-1")
    done = await world["registrator"].clicks(card, "Spara diarienumret", number="KS 2026/132")
    other = await world["registrator"].clicks(card, "Spara diarienumret", number="KS 2026/123")
    assert "Redan diariefört med nummer KS 2026/132" in other.words
    corrected = await world["registrator"].clicks(done.card, "Rätta numret", number="KS 2026/123")
    assert "KS 2026/123" in corrected.words
    numbers = [
        one.data["number"] for one in await world.bot.services.store.load(case) if one.kind == "registered"
    ]
    assert numbers == ["KS 2026/132", "KS 2026/123"]


@pytest.mark.parametrize("number", ["Anna Andersson", "x" * 60, "KS=1", "<b>1</b>"])
async def test_a_number_is_no_free_text(world: World, number: str) -> None:
    """It stays in the journal for good."""
    await world.arrive("admin", "registrator")
    case = await removed(world)
    card = await world["registrator"].waits_for(f"{case}-1")
    refused = await world["registrator"].clicks(card, "Spara diarienumret", number=number)
    assert "skriv diarienumret med siffror" in refused.words


async def test_communications_teams_channel_gets_what_a_registrar_cannot(tmp_path: Path) -> None:
    text = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
    at = "  members: [00000000-0000-0000-0000-000000000004]\n"
    assert at in text
    file = tmp_path / "organisation.yaml"
    file.write_text(text.replace(at, f'{at}  cards_to: "{THREAD}"\n'), encoding="utf-8")
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(file)) as world:
        await world.arrive("admin")
        case = await removed(world)
        await world.settle()
        assert any(f"{case}-1" in words(card) for card in world.cards_in(THREAD))
        doc = await world.bot.services.store.get("cases", case)
        assert doc
        assert all(one.startswith("person:0000") for one in doc["unreachable"])


async def test_whoever_a_reminder_cannot_reach_is_marked_and_told_of(world: World) -> None:
    await world.arrive("admin", "admin2")
    case = await world.flag()
    await world.settle()
    world.clock.forward(hours=4)
    await world.bot.reminding.look()
    gone = world["admin2"].conversation
    world.connector.fails(
        403, "MessageWritesBlocked", when=lambda call: call.conversation == gone, times=None
    )
    await world.settle()
    told = words(await world["admin"].waits_for(case))
    assert "Kortet har inte nått: \nAdministratör två" in told


async def test_the_card_an_admin_has_tells_whom_it_has_not_reached(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag()
    assert "Kortet har inte nått: \nAdministratör två" in words(await world["admin"].waits_for(case))
    await world.arrive("admin2")
    assert "Kortet har inte nått" not in words(await world["admin"].waits_for(case))


@pytest.mark.parametrize("status", [500, 401])
async def test_a_case_flagged_while_the_service_is_out_of_order_reaches_everybody_when_it_heals(
    world: World, status: int
) -> None:
    await world.arrive("admin", "admin2", "kommunikation")
    world.connector.fails(status, times=None)
    case = await world.flag()
    await world.settle()
    await world.later(hours=4)
    doc = await world.bot.services.store.get("cases", case)
    assert doc
    assert doc["reminded_at"]
    assert not doc.get("unreachable")
    assert not doc.get("escalated_at")
    world.connector.recovers()
    await world.later(minutes=30)
    for one in ("admin", "admin2"):
        told = words(await world[one].waits_for(case))
        assert "Kortet har inte nått" not in told
        assert ("Kan ha skickats tidigare" in told) == (status == 500)


@pytest.mark.parametrize("status", [500, 401])
async def test_what_the_registrar_and_communications_are_owed_outlives_a_fault_of_the_service(
    world: World, status: int
) -> None:
    await world.arrive("admin", "registrator", "kommunikation")
    case = await world.flag()
    card = await world["admin"].waits_for(case)
    other = await world.flag()
    world.connector.fails(status, when=lambda call: call.operation != "reply", times=None)
    await world["admin"].clicks(card, "Radera", **REMOVAL)
    await world.later(hours=9)
    assert not any(f"{case}-1" in words(one) for one in world["registrator"].cards())
    world.connector.recovers()
    await world.later(minutes=30)
    assert f"{case}-1" in words(await world["registrator"].waits_for(f"{case}-1"))
    assert other in words(await world["kommunikation"].waits_for(other))


class Full:
    """Refuses what is appended, as a full disk does, until there is room."""

    def __init__(self, file: Any) -> None:
        self._file, self._append = file, file.append

    def __enter__(self) -> None:
        self._file.append = self._refuse

    def __exit__(self, *_: object) -> None:
        self._file.append = self._append

    def _refuse(self, _: bytes) -> None:
        raise StoreUnwritable("journal.jsonl: No space left on device")


async def test_reminders_outlive_a_full_disk(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag()
    await world.settle()
    world.clock.forward(hours=4)
    store: Any = world.bot.services.store
    with Full(store.record.journal.file):
        await world.bot.reminding.look()
    await world.bot.reminding.look()
    await world.settle()
    doc = await store.get("cases", case)
    assert doc["reminded_at"]


async def test_that_somebody_is_out_of_reach_outlives_a_full_disk(world: World) -> None:
    await world.arrive("kommunikation")
    case = await world.flag()
    store: Any = world.bot.services.store
    with Full(store.record.journal.file):
        settling = asyncio.create_task(world.settle())
        await asyncio.sleep(0.2)
    async with asyncio.timeout(20):
        await settling
    doc = await store.get("cases", case)
    assert doc["unreachable"]
    assert case in words(await world["kommunikation"].waits_for(case))


async def test_what_a_click_of_an_old_client_asks_for_is_not_shown_to_a_whole_team(world: World) -> None:
    """Action.Submit is answered by a message of its own, which everybody reads."""
    case = await world.flag({"text": "Hemligt", "kind": "direct_message"})
    team = {"id": "19:team", "conversationType": "channel", "tenantId": TENANT}
    for value in ({"verb": "list", "what": "queue"}, {"verb": "show", "case": case}):
        await world.post(world["admin"].activity("message", value=value, conversation=team))
    told = "".join(words(one.activity) + str(one.activity.get("text")) for one in world.connector.sent)
    assert "Hemligt" not in told
    assert case not in told


async def test_clicks_without_an_id_are_told_apart(world: World) -> None:
    await world.arrive("admin", "admin2")
    cases = [await world.flag(), await world.flag()]
    async with asyncio.timeout(20):
        for case in cases:
            click = world["admin"].click(await world["admin"].waits_for(case), "Behåll")
            answer = await world["admin"].sends({**click, "id": ""})
            assert f"{case}" in answer.words
            assert "Beslutat" in answer.words or "Behålls" in answer.words
        other = world["admin2"].click(await world["admin2"].asks_for(f"visa {cases[0]}"), "Ompröva beslutet…")
        assert (await world["admin2"].sends({**other, "id": ""})).status == 200
    for case in cases:
        assert [one.kind for one in await world.bot.services.store.load(case)] == ["flagged", "decided"]


async def test_what_nobody_can_see_is_no_reason(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag()
    card = await world["admin"].waits_for(case)
    refused = await world["admin"].clicks(card, "Radera", ground="svordomar", reason="\u200b\u2060 \ufeff")
    assert "skriv en motivering" in refused.words


async def test_a_unit_that_gets_a_case_to_register_reads_it_and_does_not_decide_it(world: World) -> None:
    await world.arrive("admin", "registrator")
    case = await world.flag()
    await world["admin"].waits_for(case)
    to = {"case": case, "version": 1, "to": "kultur-och-fritidsforvaltningen", "purpose": "registration"}
    await world["admin"].sends(world["admin"].invoke("forward", to))
    taken = {"case": case, "version": 2, "kind": "delete", **REMOVAL}
    refused = await world["registrator"].sends(world["registrator"].invoke("reverse", taken))
    assert "Du har inte rätt" in refused.words
    assert case in refused.words
