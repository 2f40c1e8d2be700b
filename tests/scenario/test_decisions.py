"""Deciding by card: what is checked on the server, what is shown, what is recorded, and who gets to know."""

import asyncio
from typing import Any

import pytest

from tests.scenario.world import Answer, Json, World, buttons, inputs, object_id, words

REMOVAL = {"ground": "personangrepp", "reason": "Angriper en namngiven tjänsteman."}


async def a_card(world: World, who: str = "admin", **post: Any) -> tuple[str, Json]:
    case = await world.flag(post)
    return case, await world[who].waits_for(case)


async def kinds(world: World, case: str) -> list[str]:
    return [event.kind for event in await world.bot.services.store.load(case)]


async def test_a_removal_shows_at_once_who_when_what_why_and_the_guidelines_words(world: World) -> None:
    await world.arrive("admin")
    case, card = await a_card(world)
    decided = await world["admin"].clicks(card, "Radera", **REMOVAL)
    for shown in (
        f"Ska raderas: {case}",
        "Administratör ett, administratör",
        "23 nov. 2026 kl. 09.00",
        "Personangrepp",
        "måste raderas eller avpubliceras om de innehåller personangrepp",
        "Angriper en namngiven tjänsteman.",
    ):
        assert shown in decided.words, shown


async def test_the_record_of_a_decision_holds_what_a_court_would_ask_for(world: World) -> None:
    await world.arrive("admin")
    case, card = await a_card(world)
    await world["admin"].clicks(
        card, "Radera", **REMOVAL, obvious="true", police="reported", police_reference="K1", police_date="2026-11-23"
    )  # fmt: skip
    flagged, decided = await world.bot.services.store.load(case)
    data = decided.data
    assert decided.actor == data["by"] == object_id("admin")
    assert decided.at == world.clock.now
    assert data["by_name"] == "Administratör ett"
    assert (data["role"], data["seen"], data["number"]) == ("channel_admin", 1, 1)
    assert (data["ground"], data["obvious"], data["police"]) == ("personangrepp", True, "reported")
    assert data["snapshot_ref"] == flagged.data["post_ref"]
    assert data["guideline"] == world.bot.services.policy.guideline.version
    assert data["passage"] == "administratorens-ansvar/2"
    assert b"Angriper en namngiven" in (await world.bot.services.store.content(data["texts_ref"]) or b"")


async def test_every_other_copy_of_the_card_is_updated(world: World) -> None:
    await world.arrive("admin", "admin2")
    case, card = await a_card(world)
    await world["admin2"].asks_for(f"visa {case}")  # a second copy in the same chat
    await world["admin"].clicks(card, "Behåll")
    await world.settle()
    copies = [one for who in ("admin", "admin2") for one in world[who].cards() if case in words(one)]
    assert len(copies) == 3
    assert all("Beslutat" in words(one) for one in copies)
    assert not any("Radera" in buttons(one) for one in copies)


DECISIONS: list[tuple[str, str | None, str, dict[str, str], str]] = [
    ("comment", None, "Radera", REMOVAL, "delete"),
    ("comment", None, "Avpublicera", {"ground": "reklam", "reason": "Säljer lån."}, "unpublish"),
    ("comment", None, "Behåll", {}, "keep"),
    ("comment", "Besvara…", "Besvara", {"reply": "Hej! Läs mer på https://haninge.se."}, "answer"),
    ("post", "Hänvisa till partierna…", "Hänvisa till partierna", {}, "refer_to_parties"),
    ("direct_message", "Överlämna för diarieföring…", "Överlämna för diarieföring", {}, "hand_over"),
    ("direct_message", "Besvara…", "Besvara", {"reply": "Hej!"}, "answer"),
]


@pytest.mark.parametrize(("kind", "form", "button", "typed", "recorded"), DECISIONS)
async def test_every_decision_can_be_taken_from_the_card(
    world: World, kind: str, form: str | None, button: str, typed: dict[str, str], recorded: str
) -> None:
    await world.arrive("admin")
    case, card = await a_card(world, kind=kind)
    if form:
        card = (await world["admin"].clicks(card, form)).card
    decided = await world["admin"].clicks(card, button, **typed)
    assert "Beslutat" in decided.words
    events = await world.bot.services.store.load(case)
    assert events[-1].data["kind"] == recorded


async def test_the_parties_template_is_ready_to_send(world: World) -> None:
    await world.arrive("admin")
    _, card = await a_card(world)
    form = await world["admin"].clicks(card, "Hänvisa till partierna…")
    assert "Vänd dig gärna till partierna" in inputs(form.card)["reply"]["value"]


REFUSED: list[tuple[str, dict[str, str], str]] = [
    ("Radera", {"ground": "", "reason": "Därför."}, "välj en grund"),
    ("Radera", {"ground": "reklam", "reason": ""}, "skriv en motivering"),
    ("Radera", {"ground": "reklam", "reason": "  \n "}, "skriv en motivering"),
    ("Radera", {"ground": "annat_lagbrott", "reason": "Därför.", "law": ""}, "skriv vilken lag"),
    ("Avpublicera", {"ground": "hets_mot_folkgrupp", "reason": "Därför.", "obvious": "true"}, "välj Radera i stället"),
    ("Radera", {**REMOVAL, "police": "reported"}, "skriv polisens diarienummer"),
    ("Radera", {**REMOVAL, "police": "reported", "police_reference": "K1", "police_date": "2027-01-01"},
     "Den kan inte ligga i framtiden"),
]  # fmt: skip


@pytest.mark.parametrize(("button", "typed", "told"), REFUSED)
async def test_what_is_lacking_is_told_and_what_was_typed_is_kept(
    world: World, button: str, typed: dict[str, str], told: str
) -> None:
    await world.arrive("admin")
    case, card = await a_card(world)
    refused = await world["admin"].clicks(card, button, **typed)
    assert told in refused.words
    shown = inputs(refused.card)
    for name, value in typed.items():
        assert shown[name].get("value", "") == value.strip() or value.strip() == ""
    assert await kinds(world, case) == ["flagged"]
    corrected = {**REMOVAL, "police": "not_needed"}
    assert "Beslutat" in (await world["admin"].clicks(refused.card, "Radera", **corrected)).words


async def test_hiding_is_enough_where_the_law_asks_for_nothing(world: World) -> None:
    await world.arrive("admin")
    _, card = await a_card(world)
    typed = {"ground": "hets_mot_folkgrupp", "reason": "Gränsfall."}
    assert "Beslutat" in (await world["admin"].clicks(card, "Avpublicera", **typed)).words


@pytest.mark.parametrize("who", ["personal", "registrator", "chef", "kommunikation"])
async def test_nobody_without_the_right_decides_whatever_the_payload_says(world: World, who: str) -> None:
    """The same click as the admin's, sent by somebody else: rights are the server's."""
    await world.arrive("admin", who)
    case, card = await a_card(world)
    button = buttons(card)["Radera"]
    data = {**button["data"], **REMOVAL, "by": object_id("admin"), "role": "channel_admin", "right": "admin"}
    answer = await world[who].sends(world[who].invoke("decide", data))
    assert "Du har inte rätt" in answer.words or "Ärendet finns inte" in answer.words
    assert await kinds(world, case) == ["flagged"]
    (refusal,) = await world.bot.services.store.load("refusals")
    assert refusal.actor == object_id(who)


async def test_two_clicks_at_once_are_one_decision_and_one_courteous_no(world: World) -> None:
    await world.arrive("admin", "admin2")
    case, card = await a_card(world)
    first = world["admin"].click(card, "Radera", **REMOVAL)
    second = world["admin2"].click(card, "Behåll")
    answers = await asyncio.gather(world["admin"].sends(first), world["admin2"].sends(second))
    told = [one.words for one in answers]
    assert sum("Redan beslutat av Administratör" in one for one in told) == 1
    assert all("Beslutat" in one for one in told)
    assert (await kinds(world, case)).count("decided") == 1


async def test_a_delivery_repeated_gets_the_same_answer_and_no_second_record(world: World) -> None:
    await world.arrive("admin")
    case, card = await a_card(world)
    click = world["admin"].click(card, "Radera", **REMOVAL)
    answers: list[Answer] = [await world["admin"].sends(click) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert (await kinds(world, case)).count("decided") == 1


async def test_deliveries_at_the_same_moment_are_one_too(world: World) -> None:
    await world.arrive("admin")
    case, card = await a_card(world)
    click = world["admin"].click(card, "Radera", **REMOVAL)
    answers = await asyncio.gather(*(world["admin"].sends(click) for _ in range(5)))
    assert all(one == answers[0] for one in answers)
    assert (await kinds(world, case)).count("decided") == 1


async def test_a_double_click_is_one_decision(world: World) -> None:
    """Two activities of their own, the same card, person, verb and version."""
    await world.arrive("admin")
    case, card = await a_card(world)
    answers = await asyncio.gather(*(world["admin"].clicks(card, "Radera", **REMOVAL) for _ in range(2)))
    assert all("Redan beslutat" not in one.words for one in answers)
    assert (await kinds(world, case)).count("decided") == 1


async def test_a_repeat_of_somebody_elses_click_is_not_answered_as_theirs(world: World) -> None:
    await world.arrive("admin", "personal")
    _, card = await a_card(world)
    click = world["admin"].click(card, "Radera", **REMOVAL)
    await world["admin"].sends(click)
    stolen = {**click, "from": world["personal"].activity("message")["from"]}
    assert REMOVAL["reason"] not in str((await world["personal"].sends(stolen)).body)


async def test_a_decision_can_be_reversed_with_a_new_reason_and_both_stay(world: World) -> None:
    await world.arrive("admin", "admin2")
    case, card = await a_card(world)
    decided = await world["admin"].clicks(card, "Radera", **REMOVAL)
    form = await world["admin"].clicks(decided.card, "Ompröva beslutet…")
    refused = await world["admin"].clicks(form.card, "Fatta nytt beslut", kind="keep", reason="")
    assert "skriv en motivering" in refused.words
    again = await world["admin"].clicks(
        refused.card, "Fatta nytt beslut", kind="keep", reason="Jag läste fel, det är satir."
    )
    assert "Jag läste fel, det är satir." in again.words
    assert REMOVAL["reason"] in again.words
    first, second = [one for one in await world.bot.services.store.load(case) if one.kind == "decided"]
    assert (first.data["kind"], second.data["kind"]) == ("delete", "keep")
    assert (first.data["number"], second.data["number"]) == (1, 2)


async def test_an_unlucky_reversal_says_that_it_was_reversed(world: World) -> None:
    await world.arrive("admin", "admin2")
    _, card = await a_card(world)
    decided = await world["admin"].clicks(card, "Behåll")
    form = await world["admin"].clicks(decided.card, "Ompröva beslutet…")
    other = await world["admin2"].clicks(form.card, "Fatta nytt beslut", kind="delete", **REMOVAL)
    assert "Ska raderas" in other.words
    late = await world["admin"].clicks(form.card, "Fatta nytt beslut", kind="delete", **REMOVAL)
    assert "Ärendet har ändrats" in late.words


FORGED: list[tuple[str, dict[str, Any]]] = [
    ("decide", {"case": "SM-2026-9999", "version": 1, "kind": "keep"}),
    ("decide", {"case": "SM-2026-0001", "version": 99, "kind": "keep"}),
    ("decide", {"case": "SM-2026-0001", "version": "1", "kind": "keep"}),
    ("decide", {"case": "SM-2026-0001", "version": 1, "kind": "burn"}),
    ("decide", {"case": "SM-2026-0001", "version": 1, "kind": "forward"}),
    ("decide", {"case": "SM-2026-0001", "version": 1, "kind": "hand_over"}),
    ("decide", {"version": 1, "kind": "keep"}),
    ("decide", {}),
    ("decide", {"case": ["SM-2026-0001"], "version": {}, "kind": None}),
    ("decide", {"case": "../../etc/passwd", "version": 1, "kind": "keep"}),
    ("reverse", {"case": "SM-2026-0001", "version": 1, "kind": "keep", "reason": "x"}),
    ("erase_everything", {"case": "SM-2026-0001"}),
    ("register", {"case": "SM-2026-0001", "item": "SM-2026-0001-1", "number": "1"}),
    ("applied", {"case": "SM-2026-0001", "version": 1}),
    ("forward", {"case": "SM-2026-0001", "version": 1, "to": "nobody", "purpose": "answer"}),
    ("decide", {"case": "SM-2026-0001", "version": 1, "kind": "delete", "ground": "personangrepp",
                "reason": {"$ne": None}}),
    ("decide", {"case": "SM-2026-0001", "version": 1, "kind": "delete", "ground": "personangrepp",
                "reason": "x" * 9000}),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "data"), FORGED)
async def test_a_payload_made_up_by_hand_is_a_courteous_refusal(
    world: World, verb: str, data: dict[str, Any]
) -> None:
    await world.arrive("admin")
    case, _ = await a_card(world)
    answer = await world["admin"].sends(world["admin"].invoke(verb, data))
    assert answer.status == 200
    assert answer.body["statusCode"] == 200
    assert "Traceback" not in str(answer.body)
    assert await kinds(world, case) == ["flagged"]
    refusals = await world.bot.services.store.load("refusals")
    stale = (
        data.get("version") == 99
        or verb in {"reverse", "forward", "applied"}
        or data.get("kind") == "forward"
    )
    assert len(refusals) == (0 if stale else 1), answer.words
