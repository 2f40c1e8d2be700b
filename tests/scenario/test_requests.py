"""Requests by card: each kind from form to effect, and each step on the way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.erasing import Erasing
from tests.scenario.request_stage import FORMS, OPEN, RULE, a_stage, applies, form, kinds, request
from tests.scenario.world import World, buttons, inputs, object_id, words

EVERYBODY = (
    "admin", "admin2", "chef", "kommunikation", "kommunikation2", "registrator", "personal",
    "stallforetradare", "stallforetradare2",
)  # fmt: skip


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive(*EVERYBODY)
        yield one


async def approves(world: World, designation: str, who: str = "chef", **said: str) -> str:
    card = await world[who].waits_for(designation)
    answer = await world[who].clicks(card, "Godkänn", **said)
    await world.settle()
    return answer.words


async def supports(world: World, designation: str) -> None:
    await world.settle()
    card = await world["kommunikation"].asks_for(f"visa {designation}")
    answer = await world["kommunikation"].clicks(card, "Yttra er", opinion="supports", reason="Bra idé")
    assert "tillstyrker" in answer.words
    await world.settle()


async def test_a_channel_goes_from_the_form_to_the_public_list(world: World) -> None:
    name = await applies(world)
    await supports(world, name)
    head = await world["chef"].waits_for(name)
    assert "tillstyrker" in words(head)
    assert "Bra idé" in words(head)
    assert "bifall av Förvaltningschef" in await approves(world, name)
    async with world.http.get(f"{world.url}/sociala-medier") as answer:
        assert "Haninge ungdom" in await answer.text()
    channel = f"tiktok-{name.lower()}"
    case = await world.flag(channel=channel)
    assert case in words(await world["personal"].waits_for(case))


async def test_yearly_duties_follow_what_is_approved(world: World) -> None:
    name = await applies(world)
    await supports(world, name)
    await approves(world, name)
    assert (await request(world, name)).effects_left == ()
    assert "Haninge ungdom" in words(await world["kommunikation"].asks_for("årshjul"))
    closing = await applies(world, kind="Avsluta en kanal")
    await supports(world, closing)
    await approves(world, closing)
    assert (await request(world, closing)).effects_left == ()
    listed = words(await world["kommunikation"].asks_for("årshjul"))
    assert "sista skärmdump" in listed.lower()


async def test_communications_are_told_how_the_new_administrators_are_reached(world: World) -> None:
    name = await applies(world)
    await supports(world, name)
    await approves(world, name)
    told = words(await world["kommunikation"].waits_for("Kontaktuppgifter till administratörer"))
    assert "ungdom@haninge.se" in told
    assert "Medarbetare" in told


async def test_a_new_administrator_is_welcomed_with_the_guidelines_own_words(world: World) -> None:
    name = await applies(world, kind="Utse en administratör")
    await approves(world, name)
    welcome = words(await world["personal"].waits_for("Du är nu administratör"))
    assert "ska diarieföras med motivering" in welcome
    assert "Haninges bibliotek på Facebook" in welcome
    case = await world.flag(channel="facebook-biblioteken")
    assert case in words(await world["personal"].waits_for(case))


async def test_who_is_removed_gets_no_more_posts_and_is_told(world: World) -> None:
    name = await applies(world, kind="Ta bort en administratör")
    await approves(world, name)
    await world["admin2"].waits_for("Du administrerar inte längre kanalen")
    case = await world.flag(channel="facebook-biblioteken")
    await world.settle()
    assert not [card for card in world["admin2"].cards() if case in words(card)]


async def test_contact_details_go_when_the_administrator_goes(world: World) -> None:
    name = await applies(world, kind="Utse en administratör")
    await approves(world, name)
    ref = (await request(world, name)).form.contact_ref
    store = world.bot.services.store
    assert await store.content(ref)
    second = await applies(world, kind="Ta bort en administratör", admins=object_id("personal"))
    await approves(world, second)
    await Erasing(store).look()
    assert await store.content(ref) is None
    assert "bifall av" in words(await world["chef"].asks_for(f"visa {name}"))


async def test_a_closed_channel_leaves_the_public_list(world: World) -> None:
    name = await applies(world, kind="Avsluta en kanal")
    await supports(world, name)
    await approves(world, name)
    async with world.http.get(f"{world.url}/sociala-medier") as answer:
        assert "Haninges bibliotek på Facebook" not in await answer.text()


async def test_a_rule_for_working_hours_can_be_asked_for_in_chat(world: World) -> None:
    before = words(await world["personal"].asks_for("arbetstid"))
    assert "Inget är beslutat." in before
    name = await applies(world, kind="Sociala medier på arbetstid")
    await approves(world, name)
    after = words(await world["personal"].asks_for("working hours"))
    assert RULE["rule"] in after
    assert name in after


@pytest.mark.parametrize("kind", list(FORMS))
async def test_each_kind_is_registered_whichever_way_it_is_decided(world: World, kind: str) -> None:
    name = await applies(world, kind=kind)
    if kind in {"Öppna en kanal", "Avsluta en kanal"}:
        await supports(world, name)
    card = await world["chef"].waits_for(name)
    rejected = await world["chef"].clicks(card, "Avslå", reason="Behövs inte.")
    assert "avslag av Förvaltningschef" in rejected.words
    item = await world["registrator"].waits_for(f"Beslut att diarieföra: {name}")
    assert "Sökande: Administratör ett" in words(item)
    numberless = await world["registrator"].clicks(item, "Spara diarienumret", number="")
    assert "Skriv diarienumret." in numberless.words
    done = await world["registrator"].clicks(numberless.card, "Spara diarienumret", number="KFN 2026/17")
    assert "KFN 2026/17" in done.words
    assert (await request(world, name)).owed is None


async def test_the_requester_sees_each_step_on_the_one_card(world: World) -> None:
    name = await applies(world)
    await supports(world, name)
    own = [card for card in world["admin"].cards() if name in words(card)][-1]
    assert "Väntar på beslut" in words(own)
    await approves(world, name)
    decided = [card for card in world["admin"].cards() if "Bifall" in words(card)]
    assert len(decided) == 2, "the one that was there, and a new one that tells of it"


async def test_a_form_tells_all_that_is_wrong_at_once_and_keeps_what_was_typed(world: World) -> None:
    card = await form(world, "admin", "Öppna en kanal")
    typed = {"name": "Ungdom", "address": "ingen adress", "purpose": "Nå unga", "ends": "2020-01-01"}
    answer = await world["admin"].clicks(card, "Skicka in", **typed)
    assert "Något saknas eller behöver rättas." in answer.words
    assert "är ingen webbadress" in answer.words
    assert "ligger inte framåt i tiden" in answer.words
    assert inputs(answer.card)["purpose"]["value"] == "Nå unga"
    assert await world.bot.services.store.select("open_requests") == []
    again = await world["admin"].clicks(answer.card, "Skicka in", **{**OPEN, "ends": ""})
    assert "Hos kommunikationsenheten" in again.words


async def test_a_draft_is_kept_and_sent_in_later(world: World) -> None:
    card = await form(world, "admin", "Öppna en kanal")
    draft = await world["admin"].clicks(card, "Spara utkast", name="Ungdom")
    assert "Utkast" in draft.words
    listed = await world["admin"].asks_for("mina ansökningar")
    shown = await world["admin"].clicks(listed, "Visa")
    assert inputs(shown.card)["name"]["value"] == "Ungdom"
    sent = await world["admin"].clicks(shown.card, "Skicka in", **OPEN)
    assert "Hos kommunikationsenheten" in sent.words
    assert (await kinds(world, "AN-2026-0001"))[:2] == ["request_drafted", "request_submitted"]


async def test_more_information_goes_back_to_the_requester_and_returns_to_where_it_was(world: World) -> None:
    name = await applies(world)
    await supports(world, name)
    head = await world["chef"].waits_for(name)
    ask = await world["chef"].clicks(head, "Begär komplettering")
    asked = await world["chef"].clicks(ask.card, "Begär komplettering", questions="Vilka tider?")
    assert "Väntar på komplettering" in asked.words
    card = await world["admin"].waits_for("Du ombeds komplettera")
    assert "Vilka tider?" in words(card)
    staffed = {**OPEN, "staffing": "Vardagar 8-17", "note": "Nu med tider."}
    answer = await world["admin"].clicks(card, "Skicka kompletteringen", **staffed)
    assert "Väntar på beslut" in answer.words
    head = await world["chef"].waits_for("Nu med tider.")
    assert "Vardagar 8-17" in words(head)
    assert "före kompletteringen" in words(head)


async def test_a_comment_reaches_all_copies_and_undoes_nothing(world: World) -> None:
    name = await applies(world)
    await supports(world, name)
    head = await world["chef"].waits_for(name)
    writing = await world["kommunikation"].clicks(
        await world["kommunikation"].asks_for(f"visa {name}"), "Kommentera…"
    )
    done = await world["kommunikation"].clicks(writing.card, "Kommentera", comment="Ring mig gärna.")
    assert "Ring mig gärna." in done.words
    await world.settle()
    assert "Ring mig gärna." in words(await world["chef"].waits_for(name))
    late = await world["chef"].clicks(head, "Godkänn")
    assert "bifall av" in late.words


async def test_the_terms_are_read_beside_the_guidelines_clause_on_copyright(world: World) -> None:
    card = await form(world, "admin", "Öppna en kanal")
    assert "Varje kanal har egna juridiska villkor." in words(card)
    picker = inputs(card)["admins"]
    assert picker["choices.data"]["dataset"] == "graph.microsoft.com/users"
    assert "typed_admins" in inputs(card)


async def test_lists_show_what_is_mine_and_what_waits_for_me(world: World) -> None:
    name = await applies(world)
    assert name in words(await world["admin"].asks_for("my requests"))
    assert name in words(await world["kommunikation"].asks_for("ansökningar"))
    assert name not in words(await world["chef"].asks_for("requests"))
    await supports(world, name)
    assert name in words(await world["chef"].asks_for("requests"))
    assert "Inga ansökningar väntar" in words(await world["personal"].asks_for("ansökningar"))


async def test_what_is_to_be_registered_is_listed_with_the_cases(world: World) -> None:
    name = await applies(world, kind="Sociala medier på arbetstid")
    await approves(world, name)
    listed = await world["registrator"].asks_for("oregistrerat")
    assert f"{name}" in words(listed)
    assert "Regel för sociala medier på arbetstid gäller" in words(listed)
    item = await world["registrator"].clicks(listed, "Visa")
    done = await world["registrator"].clicks(item.card, "Spara diarienumret", number="KFN 2026/18")
    assert "KFN 2026/18" in done.words
    assert name not in words(await world["registrator"].asks_for("oregistrerat"))


async def test_english_speakers_get_it_in_english(world: World) -> None:
    world["admin2"].locale = "en-GB"
    card = await world["admin2"].asks_for("apply")
    assert "What do you want to ask for?" in words(card)
    assert "Open a channel" in buttons(card)
