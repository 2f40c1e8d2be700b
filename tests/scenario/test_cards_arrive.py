"""From a flag to a card: whom it reaches, what it shows, and that a repeat is the same case."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.settings import SHIPPED_ORGANISATION
from storage.reading import Reading
from tests.scenario.world import World, a_flag, a_world, buttons, elements, inputs, words

ORGANISATION = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
THREAD = "19:kanalen@thread.tacv2"


async def test_the_admins_of_the_channel_get_a_card_each_and_nobody_else(world: World) -> None:
    await world.arrive("admin", "admin2", "kommunikation", "registrator", "personal")
    case = await world.flag()
    for who in ("admin", "admin2"):
        assert case in words(await world[who].waits_for(case))
    for who in ("kommunikation", "registrator", "personal"):
        assert not [card for card in world[who].cards() if case in words(card)]


async def test_the_card_shows_all_that_a_decision_needs(world: World) -> None:
    await world.arrive("admin")
    post = {
        "text": "Hon i växeln är dum!",
        "author": "Invånare 7",
        "url": "https://www.facebook.com/haningekommun/posts/7",
        "published_at": "2026-11-23T07:00:00+01:00",
        "attachments": [
            {"name": "bild.png", "content_type": "image/png", "url": "https://cdn.example/bild.png"}
        ],
    }
    case = await world.flag(post, by="Medarbetare", note="Hängs ut som person", ground="personangrepp")
    world.clock.forward(hours=3)
    card = await world["admin"].asks_for(f"visa {case}")
    told = words(card)
    for shown in (
        "Facebook",
        "Haninge kommun på Facebook",
        "Invånare 7",
        "för 3 timmar sedan",
        "Hon i växeln är dum!",
        "bild.png",
        "https://www.facebook.com/haningekommun/posts/7",
        "Medarbetare",
        "Hängs ut som person",
        "Personangrepp",
        "Riktlinjen: ska tas bort",
        "Lagen: ingen plikt",
        "Lagen: plikt om uppenbart",
    ):
        assert shown in told, shown
    assert inputs(card)["ground"]["value"] == "personangrepp"
    assert [one for one in elements(card) if one.get("type") == "Action.OpenUrl"]


async def test_a_public_post_has_every_decision_and_only_removal_asks_for_inputs(world: World) -> None:
    await world.arrive("admin")
    card = await world["admin"].waits_for(await world.flag())
    shown = buttons(card)
    assert {
        "Radera",
        "Avpublicera",
        "Behåll",
        "Besvara…",
        "Hänvisa till partierna…",
        "Vidarebefordra…",
    } <= set(shown)
    for title, button in shown.items():
        wanted = "auto" if title in {"Radera", "Avpublicera"} else "none"
        assert button["associatedInputs"] == wanted, title
    assert {name for name, one in inputs(card).items() if one.get("isRequired")} == {"ground", "reason"}


async def test_a_direct_message_has_its_own_decisions(world: World) -> None:
    await world.arrive("admin")
    card = await world["admin"].waits_for(await world.flag({"kind": "direct_message", "text": "Hej"}))
    shown = set(buttons(card))
    assert {"Överlämna för diarieföring…", "Besvara…", "Vidarebefordra…"} <= shown
    assert not shown & {"Radera", "Avpublicera", "Behåll", "Hänvisa till partierna…"}


async def test_a_channel_without_an_admin_goes_to_communications_who_may_decide(world: World) -> None:
    await world.arrive("kommunikation")
    case = await world.flag(channel="linkedin-haninge")
    card = await world["kommunikation"].waits_for(case)
    assert "Kanalen saknar administratör" in words(card)
    assert "Beslutat" in (await world["kommunikation"].clicks(card, "Behåll")).words


async def test_admins_out_of_reach_leave_the_case_to_communications(world: World) -> None:
    """Nobody of the admins has installed the bot."""
    await world.arrive("kommunikation")
    case = await world.flag()
    card = await world["kommunikation"].waits_for(case)
    assert "Kortet har inte nått: \nAdministratör ett, Administratör två" in words(card)
    assert "Beslutat" in (await world["kommunikation"].clicks(card, "Behåll")).words


async def test_an_admin_who_installs_later_gets_the_waiting_card(world: World) -> None:
    await world.arrive("kommunikation")
    case = await world.flag()
    await world.settle()
    await world.arrive("admin")
    assert case in words(await world["admin"].waits_for(case))


async def test_a_teams_channel_can_get_the_cards_instead(tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    at = (
        "    administration: kommunstyrelseforvaltningen\n    admins: [00000000-0000-0000-0000-000000000001, "
    )
    assert at in ORGANISATION
    file.write_text(ORGANISATION.replace(at, f'    cards_to: "{THREAD}"\n{at}', 1), encoding="utf-8")
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(file)) as world:
        await world.arrive("admin")
        case = await world.flag()
        await world.settle()
        (card,) = [one for one in world.cards_in(THREAD) if case in words(one)]
        assert not [one for one in world["admin"].cards() if case in words(one)]
        thread = {"conversationType": "channel", "id": f"{THREAD};messageid=1", "tenantId": "t"}
        click = {**world["admin"].click(card, "Behåll"), "conversation": thread}
        assert "Beslutat" in (await world["admin"].sends(click)).words
        await world.settle()
        assert "Beslutat" in words(world.cards_in(THREAD)[-1])


async def test_a_repeat_is_the_same_case(world: World) -> None:
    flag = a_flag()
    answers = [
        await world.post_flag(flag, message="msg_a"),
        await world.post_flag(flag, message="msg_a"),
        await world.post_flag(flag, message="msg_b"),
    ]
    assert answers == [(202, {"case": "SM-2026-0001"})] * 3
    assert len(await world.bot.services.store.load("SM-2026-0001")) == 1


async def test_a_changed_text_adds_a_snapshot_and_the_card_says_so(world: World) -> None:
    await world.arrive("admin")
    flag = a_flag({"text": "Före"})
    _, body = await world.post_flag(flag)
    card = await world["admin"].waits_for(body["case"])
    flag["post"]["text"] = "Efter"
    assert await world.post_flag(flag) == (202, body)
    newer = await world["admin"].waits_for("Efter")
    assert "Före" in words(newer)
    stale = await world["admin"].clicks(card, "Behåll")
    assert "Ärendet har ändrats" in stale.words
    assert "Beslutat" in (await world["admin"].clicks(newer, "Behåll")).words


async def test_the_post_is_frozen_with_its_hash_and_the_journal_holds_none_of_its_words(
    world: World, tmp_path: Path
) -> None:
    case = await world.flag({"text": "Ett ovanligt ord: kvastskaft", "author": "Invånare 99"})
    (event,) = await world.bot.services.store.load(case)
    journal = (tmp_path / "data" / "journal.jsonl").read_text(encoding="utf-8")
    assert case in journal
    for secret in ("kvastskaft", "Invånare 99", "posts/"):
        assert secret not in journal
    data = await world.bot.services.store.content(event.data["post_ref"])
    assert data
    assert json.loads(data)["text"] == "Ett ovanligt ord: kvastskaft"


async def test_a_staff_member_flags_in_chat(world: World) -> None:
    await world.arrive("admin", "personal")
    form = await world["personal"].asks_for("flagga")
    typed = {
        "channel": "facebook-haninge",
        "kind": "comment",
        "text": "Otrevligheter",
        "author": "Invånare 3",
        "url": "https://www.facebook.com/haningekommun/posts/77",
        "note": "Såg den i dag",
        "ground": "svordomar",
    }
    click = world["personal"].click(form, "Flagga", **typed)
    receipt = await world["personal"].sends(click)
    assert "SM-2026-0001" in receipt.words
    again = await world["personal"].clicks(form, "Flagga", **typed)
    assert "SM-2026-0001" in again.words
    card = await world["admin"].waits_for("SM-2026-0001")
    told = words(card)
    assert "Otrevligheter" in told
    assert "Medarbetare" in told
    assert "Såg den i dag" in told


@pytest.mark.parametrize(
    ("typed", "kept"),
    [({"channel": "", "text": "Text som jag skrev"}, "Text som jag skrev"), ({"text": ""}, "Min notering")],
)
async def test_a_flag_that_lacks_something_keeps_what_was_typed(
    world: World, typed: dict[str, str], kept: str
) -> None:
    form = await world["personal"].asks_for("flag")
    filled = {"channel": "facebook-haninge", "kind": "comment", "note": "Min notering", **typed}
    answer = await world["personal"].clicks(form, "Flagga", **filled)
    assert kept in answer.words
    assert not await world.bot.services.store.select("cases")


NASTY: dict[str, Any] = {
    "two hundred thousand characters": "Jag gillar gröt. " * 11_764,
    "control characters": "a\u0007b\u001b[31mc\u0000d",
    "right to left": "bra \u202eglad\u202c \u200f\u2066x\u2069",
    "Markdown": "**fet** [haninge.se](https://ont.example) ![x](https://ont.example/x.png) # rubrik",
    "mentions": "<at>Alla</at> </at> <at id=1>x",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;",
    "emoji sequences": "👩‍👩‍👧‍👦🏳️‍🌈🇸🇪 1️⃣ e\u0301" * 50,
    "templates": "{{DATE(2026-11-24,SHORT)}} ${data} {{{x}}}",
    "lone surrogates": "halv \ud83d slut",
}


@pytest.mark.parametrize("text", list(NASTY.values()), ids=list(NASTY))
async def test_whatever_was_written_reaches_the_admin_as_plain_text(world: World, text: str) -> None:
    await world.arrive("admin")
    case = await world.flag({"text": text, "author": text[:100]}, note=text[:500])
    card = await world["admin"].waits_for(case)
    assert len(json.dumps(card, ensure_ascii=False).encode()) <= 25_000
    for one in elements(card):
        if one.get("type") == "TextBlock":
            assert "ont.example" not in one["text"]
            assert "<at>" not in one["text"]
        if one.get("type") == "Action.OpenUrl":
            assert one["url"].startswith("https://www.facebook.com/")
    assert "{{DATE" not in json.dumps(card)
    assert "\u202e" not in json.dumps(card, ensure_ascii=False)
    decided = await world["admin"].clicks(
        card, "Radera", ground="annat_lagbrott", law=text[:150], reason=text[:2500]
    )
    assert "Beslutat" in decided.words
    assert len(json.dumps(decided.card, ensure_ascii=False).encode()) <= 25_000


async def test_a_link_that_lies_is_shown_by_where_it_leads(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag({"url": "https://haninge.se@ont.example/posts"})
    told = words(await world["admin"].waits_for(case))
    assert "Öppna inlägget på haninge.se" not in told


async def test_once_it_is_answered_the_files_hold_the_whole_case(world: World, tmp_path: Path) -> None:
    case = await world.flag({"text": "Står på disken"})
    reading = Reading(tmp_path / "data")
    events = [event async for event in reading.events() if event.stream == case]
    assert [event.kind for event in events] == ["flagged"]
    assert await reading.content(events[0].data["post_ref"])
