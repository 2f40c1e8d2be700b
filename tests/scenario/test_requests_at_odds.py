"""Requests where two parts of the municipality act beside one another: instances, decisions, a shared conversation."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.register import ChannelRegister
from bot.domain.organisation import Channel, Platform
from bot.domain.requests import Outcome
from tests.postgres import Postgres
from tests.scenario.request_stage import FORMS, OPEN, a_stage, applies, decided_only, form, kinds, request
from tests.scenario.world import MONDAY, Clock, buttons, object_id, words

THREAD = "19:kommunikation@thread.tacv2"
RULES = "Sociala medier på arbetstid"


async def test_a_request_that_two_instances_decide_at_once_is_decided_once(
    postgres: Postgres, tmp_path: Path
) -> None:
    url, clock = postgres.place(), Clock(MONDAY)
    deputies = ("stallforetradare", "stallforetradare2")
    async with (
        a_stage(tmp_path, clock=clock, storage=url) as one,
        a_stage(tmp_path, clock=clock, storage=url) as other,
    ):
        for world in (one, other):
            await world.arrive("chef", "registrator", *deputies)
        name = await applies(one, "chef", RULES)
        await other.settle()
        clicks = [
            world[who].sends(
                world[who].invoke(
                    "request_decide", {"request": name, "version": 2, "verdict": verdict, "reason": "Skäl."}
                )
            )
            for world, who, verdict in zip((one, other), deputies, ("approved", "rejected"), strict=True)
        ]
        answers = await asyncio.gather(*clicks)
        refused = [answer for answer in answers if "Redan avgjord av Ställföreträdare" in answer.words]
        assert len(refused) == 1, [answer.words for answer in answers]
        assert (await kinds(one, name)).count("request_decided") == 1
        await asyncio.gather(one.settle(), other.settle())
        await asyncio.gather(one.later(minutes=1), other.later(minutes=1))
        decided = await request(other, name)
        assert decided.effects_left == ()
        events = [event.kind async for event in one.bot.services.store.events()]
        approved = decided.decision is not None and decided.decision.made.verdict == "approved"
        assert events.count("standing_decision_recorded") == int(approved)


async def test_what_the_register_refuses_after_an_approval_stands_on_the_card_and_is_told(
    tmp_path: Path,
) -> None:
    """The bot dies between the decision and its effects, and meanwhile the channel comes in another way."""
    async with a_stage(tmp_path) as world:
        await world.arrive("admin", "personal", "chef", "kommunikation", "registrator")
        name = await applies(world)
        card = await world["kommunikation"].asks_for(f"visa {name}")
        await world["kommunikation"].clicks(card, "Yttra er", opinion="no_objection")
        await world.settle()
        await decided_only(world, name)
        services = world.bot.services
        register = ChannelRegister(services.store, services.pepper)
        there = Channel(
            id="tiktok-ungdom",
            name="Haninge ungdom",
            platform=Platform.TIKTOK,
            url=OPEN["address"],
            administration=OPEN["administration"],
        )
        assert await register.bring_in(there, by="organisation_file", at=world.clock.now) is None
        await world.later(minutes=1)
        await world.later(minutes=1)
        carried_out = (await request(world, name)).carried_out
        assert [one.effect for one in carried_out if one.outcome is Outcome.IMPOSSIBLE]
        told = words(await world["kommunikation"].waits_for("En del av beslutet gick inte att verkställa."))
        assert name in told
        shown = words(await world["admin"].asks_for(f"visa {name}"))
        assert "registret har ändrats sedan ansökan skickades in" in shown
        async with world.http.get(f"{world.url}/sociala-medier.json") as answer:
            assert (await answer.text()).count(OPEN["address"]) == 1


async def test_communications_decide_in_their_own_conversation(tmp_path: Path) -> None:
    async with a_stage(tmp_path, cards_to=THREAD) as world:
        await world.arrive("admin", "chef", "kommunikation", "registrator")
        name = await applies(world)
        (card,) = [one for one in world.cards_in(THREAD) if name in words(one)]
        assert "Yttra er" in buttons(card)
        assert [one for one in world["kommunikation"].cards() if name in words(one)] == []
        outsider = world["admin"].invoke(
            "request_opinion", {"request": name, "version": 2, "opinion": "supports"}
        )
        assert "Du har inte rätt att göra det här." in (await world["admin"].sends(outsider)).words
        given = world["kommunikation"].invoke(
            "request_opinion", {"request": name, "version": 2, "opinion": "supports", "reason": "Bra."}
        )
        assert "tillstyrker" in (await world["kommunikation"].sends(given)).words
        await world.settle()
        (card,) = [one for one in world.cards_in(THREAD) if name in words(one)]
        assert "tillstyrker" in words(card)
        assert "Yttra er" not in buttons(card)


async def test_a_saved_draft_is_sent_in_from_the_first_card_in_another_client(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        await world.arrive("admin", "chef")
        card = await form(world, "admin", RULES)
        saving = world["admin"].click(card, "Spara utkast", **FORMS[RULES])
        assert "Utkast" in (await world["admin"].sends(saving)).words
        sending = world["admin"].click(card, "Skicka in", **{**FORMS[RULES], "why": "Det frågas ofta"})
        sent = await world["admin"].sends(sending)
        assert "Väntar på beslut" in sent.words
        assert "Det frågas ofta" in sent.words
        fresh = [world["admin"].click(card, title, **FORMS[RULES]) for title in ("Skicka in", "Spara utkast")]
        for again in (sending, *fresh):
            assert "Väntar på beslut" in (await world["admin"].sends(again)).words
        assert await kinds(world, "AN-2026-0001") == ["request_drafted", "request_submitted"]
        assert await world.bot.services.store.get("requests", "AN-2026-0002") is None


async def test_a_saved_draft_that_lacks_something_stays_one_and_is_told_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        await world.arrive("admin")
        card = await form(world, "admin", RULES)
        await world["admin"].clicks(card, "Spara utkast", **FORMS[RULES])
        refused = await world["admin"].clicks(card, "Skicka in", **{**FORMS[RULES], "why": ""})
        assert "Något saknas eller behöver rättas." in refused.words
        assert (await request(world, "AN-2026-0001")).status == "draft"


@pytest.mark.parametrize("deputies", [["stallforetradare"], []])
async def test_a_head_who_gave_the_opinion_decides_only_where_nobody_else_may(
    tmp_path: Path, deputies: list[str]
) -> None:
    async with a_stage(tmp_path, deputies=[object_id(one) for one in deputies], advisers=["chef"]) as world:
        await world.arrive("admin", "chef", *deputies)
        name = await applies(world)
        card = await world["chef"].waits_for(name)
        given = await world["chef"].clicks(card, "Yttra er", opinion="supports", reason="Bra.")
        assert ("Godkänn" in buttons(given.card)) == (not deputies)
        for who in deputies:
            assert "Du har yttrat dig över ansökan" in given.words
            forged = {"request": name, "version": (await request(world, name)).version, "verdict": "approved"}
            await world["chef"].sends(world["chef"].invoke("request_decide", forged))
            refusals = await world.bot.services.store.load("refusals")
            assert refusals[-1].data["reason"] == "gave_the_opinion"
            card = await world[who].waits_for(name)
            assert "eftersom chefen har yttrat sig" in words(card)
            assert "bifall av" in (await world[who].clicks(card, "Godkänn")).words


async def test_a_request_about_a_channel_that_was_closed_meanwhile_says_so_and_is_not_offered_for_approval(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as world:
        await world.arrive("admin", "chef", "kommunikation", "personal")
        waiting = await applies(world, kind="Utse en administratör")
        assert "Godkänn" in buttons(await world["chef"].asks_for(f"visa {waiting}"))
        closing = await applies(world, kind="Avsluta en kanal")
        await world.later(days=9)
        card = await world["chef"].waits_for(closing)
        await world["chef"].clicks(card, "Godkänn", consultation="Per telefon.")
        await world.settle()
        for card in (await world["chef"].asks_for(f"visa {waiting}"), await world["chef"].waits_for(waiting)):
            assert "Det här har ändrats sedan ansökan skickades in:" in words(card)
            assert "är redan avslutad" in words(card)
            assert "Godkänn" not in buttons(card)
        shown = await world["chef"].asks_for(f"visa {waiting}")
        rejected = await world["chef"].clicks(shown, "Avslå", reason="Kanalen är avslutad.")
        assert "avslag av" in rejected.words
