"""After the decision: gone from the platform, forwarded, suspected abuse, and into the register."""

import json
from pathlib import Path
from typing import Any

import pytest

from storage.reading import verify
from tests.scenario.world import Answer, Json, World, buttons, inputs, words

REMOVAL = {"ground": "svordomar", "reason": "Könsord."}


async def removed(world: World, **post: Any) -> tuple[str, Answer]:
    case = await world.flag(post)
    card = await world["admin"].waits_for(case)
    return case, await world["admin"].clicks(card, "Radera", **REMOVAL)


async def the_case(world: World, case: str) -> Json:
    found = await world.bot.services.store.get("cases", case)
    assert found
    return found


# On the platform --------------------------------------------------------------------------------------------


async def test_a_removal_is_confirmed_in_two_steps_each_with_its_time(world: World) -> None:
    await world.arrive("admin")
    case, decided = await removed(world)
    assert "väntar på att tas bort på plattformen" in decided.words
    assert "Kontrollerat: borta" not in buttons(decided.card)
    world.clock.forward(minutes=10)
    applied = await world["admin"].clicks(decided.card, "Borttaget på plattformen")
    assert "23 nov. 2026 kl. 09.10" in applied.words
    world.clock.forward(minutes=5)
    gone = await world["admin"].clicks(applied.card, "Kontrollerat: borta")
    assert "23 nov. 2026 kl. 09.15" in gone.words
    kinds = [event.kind for event in await world.bot.services.store.load(case)]
    assert kinds == ["flagged", "decided", "applied", "verified_gone"]


async def test_a_colleague_who_confirms_too_is_told_that_it_is_done(world: World) -> None:
    await world.arrive("admin", "admin2")
    _, decided = await removed(world)
    await world["admin"].clicks(decided.card, "Borttaget på plattformen")
    other = await world["admin2"].clicks(decided.card, "Borttaget på plattformen")
    assert "Det är redan bekräftat." in other.words


async def test_what_was_kept_cannot_be_confirmed_as_removed(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag()
    await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
    made_up = world["admin"].invoke("applied", {"case": case, "version": 2})
    assert "så är det inte beslutat här" in (await world["admin"].sends(made_up)).words


async def test_a_police_report_made_later_is_added_with_its_number_and_day(world: World) -> None:
    await world.arrive("admin")
    _, decided = await removed(world)
    form = await world["admin"].clicks(decided.card, "Registrera polisanmälan…")
    refused = await world["admin"].clicks(
        form.card, "Spara polisanmälan", police_reference="5000-K9-26", police_date=""
    )
    assert "välj dagen då anmälan gjordes" in refused.words
    assert inputs(refused.card)["police_reference"]["value"] == "5000-K9-26"
    saved = await world["admin"].clicks(refused.card, "Spara polisanmälan", police_date="2026-11-23")
    assert "5000-K9-26" in saved.words


async def test_a_post_from_the_future_can_be_reported_to_the_police_today(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag({"published_at": "2027-01-01T00:00:00+01:00"})
    report = {"police": "reported", "police_reference": "5000-K1-26", "police_date": "2026-11-23"}
    decided = await world["admin"].clicks(await world["admin"].waits_for(case), "Radera", **REMOVAL, **report)
    assert f"Ska raderas: {case}" in decided.words


async def test_the_last_police_report_is_shown_with_its_own_day_and_number(world: World) -> None:
    await world.arrive("admin", "registrator")
    case = await world.flag()
    first = {"police": "reported", "police_reference": "5000-K1-26", "police_date": "2026-11-23"}
    card = await world["admin"].waits_for(case)
    decided = await world["admin"].clicks(card, "Radera", **REMOVAL, **first)
    assert "5000-K1-26" in decided.words
    world.clock.forward(days=1)
    second = first | {"police_reference": "5000-K2-26", "police_date": "2026-11-24"}
    again = {"case": case, "version": 2, "kind": "unpublish"} | REMOVAL | second
    reversed_ = await world["admin"].sends(world["admin"].invoke("reverse", again))
    assert "24 nov. 2026" in police_line(reversed_.card)
    assert "5000-K2-26" in police_line(reversed_.card)
    third = {"case": case, "police_reference": "5000-K3-26", "police_date": "2026-11-23"}
    reported = await world["admin"].sends(world["admin"].invoke("police", third))
    assert "23 nov. 2026" in police_line(reported.card)
    assert "5000-K3-26" in police_line(reported.card)


def police_line(card: Json) -> str:
    """What the card says of the report as it stands."""
    return next(text for text in words(card).splitlines()[::-1] if "5000-K" in text)


# Forwarded --------------------------------------------------------------------------------------------------


async def forwarded(world: World, to: str, purpose: str, **post: Any) -> tuple[str, Answer]:
    case = await world.flag(post)
    card = await world["admin"].waits_for(case)
    form = await world["admin"].clicks(card, "Vidarebefordra…")
    offered = {one["title"]: one["value"] for one in inputs(form.card)["to"]["choices"]}
    (value,) = [value for title, value in offered.items() if to in title]
    typed = {"to": value, "purpose": purpose, "note": "Du kan det här."}
    return case, await world["admin"].clicks(form.card, "Vidarebefordra", **typed)


async def test_a_person_gets_the_card_and_may_answer_and_the_admin_keeps_the_right(world: World) -> None:
    await world.arrive("admin", "personal")
    case, sent = await forwarded(world, "Medarbetare", "answer")
    assert "Medarbetare" in sent.words
    card = await world["personal"].waits_for(case)
    assert "Ärendet har vidarebefordrats till dig." in words(card)
    assert "Du kan det här." in words(card)
    assert case in words(await world["personal"].asks_for("kö"))
    form = await world["personal"].clicks(card, "Besvara…")
    answered = await world["personal"].clicks(form.card, "Besvara", reply="Hej! Plogas på fredag.")
    assert "Medarbetare, medarbetare" in answered.words
    late = await world["admin"].clicks(sent.card, "Behåll")
    assert "Redan beslutat av Medarbetare" in late.words


@pytest.mark.parametrize("purpose", ["answer", "registration"])
async def test_a_colleague_who_has_the_card_already_gets_a_new_one(world: World, purpose: str) -> None:
    await world.arrive("admin", "admin2")
    case = await world.flag()
    card = await world["admin"].waits_for(case)
    form = await world["admin"].clicks(card, "Vidarebefordra…")
    typed = {"to": world["admin2"].object_id, "purpose": purpose, "note": "Kan du svara?"}
    await world["admin"].clicks(form.card, "Vidarebefordra", **typed)
    await world.settle()
    assert came(world, "admin2") == 1
    assert "Kan du svara?" in words(await world["admin2"].waits_for("Ärendet har vidarebefordrats till dig."))


async def test_a_second_forward_to_the_same_person_is_a_second_card(world: World) -> None:
    await world.arrive("admin", "personal")
    case, _ = await forwarded(world, "Medarbetare", "answer")
    await world.settle()
    assert came(world, "personal") == 1
    again = {
        "case": case,
        "version": 2,
        "to": world["personal"].object_id,
        "purpose": "answer",
        "note": "Hinner du?",
    }
    await world["admin"].sends(world["admin"].invoke("forward", again))
    await world.settle()
    assert came(world, "personal") == 2
    assert "Hinner du?" in words(world["personal"].cards()[-1])
    await world["admin"].sends(world["admin"].invoke("forward", again))
    await world.settle()
    assert came(world, "personal") == 2, "the same click again is the first one"


def came(world: World, who: str) -> int:
    """How many cards came to that person as forwarded, each a message of its own."""
    there = [one for one in world.connector.sent if one.conversation == world[who].conversation]
    return sum("Ärendet har vidarebefordrats till dig." in words(one.activity) for one in there)


@pytest.mark.parametrize("kind", ["comment", "direct_message"])
@pytest.mark.parametrize("purpose", ["registration", "views"])
async def test_a_unit_gets_it_as_a_registration_item(world: World, purpose: str, kind: str) -> None:
    await world.arrive("admin", "registrator")
    case, sent = await forwarded(world, "Kultur- och fritidsförvaltningen", purpose, kind=kind)
    assert "Beslutat" in sent.words
    card = await world["registrator"].waits_for(f"{case}-1")
    assert "Kultur- och fritidsförvaltningen" in words(card)
    (item,) = (await the_case(world, case))["registrations"]
    assert item["administration"] == "kultur-och-fritidsforvaltningen"
    assert item["cause"] == "forwarded"


async def test_a_forward_to_nobody_is_refused_and_keeps_the_note(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag()
    form = await world["admin"].clicks(await world["admin"].waits_for(case), "Vidarebefordra…")
    typed = {"to": "00000000-dead-beef-0000-000000000000", "purpose": "answer", "note": "Till dig"}
    refused = await world["admin"].clicks(form.card, "Vidarebefordra", **typed)
    assert "välj vem som ska få ärendet" in refused.words
    assert inputs(refused.card)["note"]["value"] == "Till dig"


# Suspected child abuse material -----------------------------------------------------------------------------


async def test_suspected_abuse_material_leaves_no_copy_and_names_the_police(
    world: World, tmp_path: Path
) -> None:
    await world.arrive("admin", "registrator")
    case = await world.flag({"text": "Unik text om bilden", "author": "Invånare 55"}, note="Ser ut som barn")
    card = await world["admin"].waits_for(case)
    warned = await world["admin"].clicks(card, "Misstänkt övergrepp mot barn…")
    assert "Unik text om bilden" not in warned.words
    assert "polis" in warned.words.lower()
    done = await world["admin"].clicks(warned.card, "Bekräfta: förstör kopian och radera")
    assert "114 14" in done.words
    assert "Öppna inlägget" not in done.words
    await world.settle()
    assert "Unik text om bilden" not in json.dumps(world["admin"].cards(), ensure_ascii=False)
    assert "Invånare 55" not in json.dumps(world["registrator"].cards(), ensure_ascii=False)
    assert "https://www.facebook.com/" in done.words
    for file in (tmp_path / "data").iterdir():
        data = file.read_bytes()
        for gone in ("Unik text om bilden", "Invånare 55", "Ser ut som barn"):
            assert gone.encode() not in data, file.name
    assert verify(tmp_path / "data").disposed == 2
    assert (await the_case(world, case))["disposal"] == "disposed"


async def test_what_people_wrote_on_suspected_abuse_material_goes_with_it(
    world: World, tmp_path: Path
) -> None:
    """Notes, replies and reasons may quote the post; only the standard reason of the last decision is left."""
    await world.arrive("admin", "personal", "registrator")
    case = await world.flag({"text": "Unik text om bilden"})
    admin = world["admin"]
    forward = {"case": case, "version": 1, "to": world["personal"].object_id, "purpose": "answer"}
    await admin.sends(admin.invoke("forward", forward | {"note": "Unik anteckning"}))
    answer = {"case": case, "version": 2, "kind": "answer", "reply": "Unikt svar"}
    await admin.sends(admin.invoke("decide", answer))
    removal = {
        "case": case,
        "version": 3,
        "kind": "delete",
        "ground": "svordomar",
        "reason": "Unik motivering",
    }
    before = await admin.sends(admin.invoke("reverse", removal))
    assert "Unik motivering" in before.words
    done = await admin.sends(admin.invoke("abuse", {"case": case, "version": 4}))
    await world.settle()
    assert "Unik" not in done.words
    assert world.bot.services.law.abuse_reason in done.words
    for who in ("admin", "personal", "registrator"):
        assert "Unik" not in json.dumps(world[who].cards(), ensure_ascii=False), who
    for file in (tmp_path / "data").iterdir():
        assert b"Unik" not in file.read_bytes(), file.name


async def test_a_card_delivered_again_after_the_destruction_shows_nothing_of_it(world: World) -> None:
    """Teams delivers again within half a minute, and is given the answer that it did not get."""
    await world.arrive("admin", "admin2")
    case = await world.flag({"text": "Unik text om bilden"})
    show = world["admin2"].invoke("show", {"case": case})
    form = world["admin"].invoke("form", {"case": case, "form": "removal"})
    assert "Unik text" in (await world["admin2"].sends(show)).words
    assert "Unik text" in (await world["admin"].sends(form)).words
    abuse = world["admin"].invoke("abuse", {"case": case, "version": 1})
    done = await world["admin"].sends(abuse)
    assert "Unik text" not in (await world["admin2"].sends(show)).words
    assert "Unik text" not in (await world["admin"].sends(form)).words
    assert (await world["admin"].sends(abuse)).words == done.words
    kinds = [event.kind for event in await world.bot.services.store.load(case)]
    assert kinds.count("decided") == 1


async def test_a_list_delivered_again_after_the_destruction_is_still_answered_once(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag({"text": "Unik text om bilden"})
    await world.settle()
    asked = world["admin"].activity("message", text="kö", textFormat="plain")
    await world.post(asked)
    await world["admin"].sends(world["admin"].invoke("abuse", {"case": case, "version": 1}))
    await world.settle()
    sent = len(world.connector.sent)
    await world.post(asked)
    assert len(world.connector.sent) == sent


# Registration -----------------------------------------------------------------------------------------------


async def test_a_removal_comes_to_the_registrar_with_what_the_law_asks_for(world: World) -> None:
    await world.arrive("admin", "registrator")
    case, _ = await removed(world, text="Fula ord", author="Invånare 8")
    card = await world["registrator"].waits_for(f"{case}-1")
    for shown in (
        "23 nov. 2026 kl. 09.00",
        f"{case}-1",
        "Invånare 8",
        "Haninge kommun",
        "Fula ord",
        "Könsord.",
        "Svordomar eller obscena ord",
    ):
        assert shown in words(card), shown


async def test_the_public_wording_names_nobody(world: World) -> None:
    await world.arrive("admin", "registrator")
    case, _ = await removed(world, text="Fula ord", author="Invånare 8")
    told = words(await world["registrator"].waits_for(f"{case}-1"))
    public, _, protected = told.partition("offentlig lydelse")[2].partition("skyddad lydelse")
    assert "Raderat material (kommentar) i kanalen Haninge kommun på Facebook" in public
    assert "Invånare 8" not in public
    assert "Fula ord" not in public
    assert "Fula ord" in protected


async def test_the_registrar_enters_the_number_and_the_item_closes_everywhere(world: World) -> None:
    await world.arrive("admin", "registrator")
    case, _ = await removed(world)
    card = await world["registrator"].waits_for(f"{case}-1")
    empty = await world["registrator"].clicks(card, "Spara diarienumret", number=" ")
    assert "skriv diarienumret" in empty.words
    assert case in words(await world["registrator"].asks_for("oregistrerat"))
    done = await world["registrator"].clicks(empty.card, "Spara diarienumret", number="KS 2026/123")
    assert "KS 2026/123" in done.words
    assert case not in words(await world["registrator"].asks_for("oregistrerat"))
    assert "KS 2026/123" in words(await world["admin"].waits_for("KS 2026/123"))
    again = await world["registrator"].clicks(card, "Spara diarienumret", number="KS 2026/124")
    assert (
        "KS 2026/124" not in words(again.card).replace("KS 2026/124", "", 0)
        or "Redan diariefört" in again.words
    )


async def test_a_number_corrected_back_and_forth_ends_as_it_was_written_last(world: World) -> None:
    await world.arrive("admin", "registrator")
    case, _ = await removed(world)
    card = await world["registrator"].waits_for(f"{case}-1")
    answer = await world["registrator"].clicks(card, "Spara diarienumret", number="KS 2026/1")
    for number in ("KS 2026/2", "KS 2026/1", "KS 2026/2"):
        answer = await world["registrator"].clicks(answer.card, "Rätta numret", number=number)
    assert (await the_case(world, case))["registrations"][0]["number"] == "KS 2026/2"
    kinds = [event.kind for event in await world.bot.services.store.load(case)]
    assert kinds.count("registered") == 4


async def test_a_correction_of_a_number_that_is_there_no_more_is_refused_with_the_one_that_is(
    world: World,
) -> None:
    await world.arrive("admin", "registrator")
    case, _ = await removed(world)
    card = await world["registrator"].waits_for(f"{case}-1")
    shown = await world["registrator"].clicks(card, "Spara diarienumret", number="KS 2026/1")
    first = world["registrator"].click(shown.card, "Rätta numret", number="KS 2026/22")
    await world["registrator"].sends(first)
    late = await world["registrator"].clicks(shown.card, "Rätta numret", number="KS 2026/3")
    assert "Redan diariefört med nummer KS 2026/22" in late.words
    assert inputs(late.card)["number"]["value"] == "KS 2026/3", "nothing typed is lost"
    again = await world["registrator"].clicks(late.card, "Rätta numret", number="KS 2026/3")
    assert (await the_case(world, case))["registrations"][0]["number"] == "KS 2026/3"
    twice = await world["registrator"].sends({**first, "id": "another delivery"})
    assert "KS 2026/3" in again.words
    assert "KS 2026/3" in twice.words, "the same click again is the first one, and changes nothing"


async def test_only_the_registrar_concerned_may_register(world: World) -> None:
    await world.arrive("admin", "registrator")
    case, _ = await removed(world)
    click = world["admin"].invoke("register", {"case": case, "item": f"{case}-1", "number": "X 1"})
    assert "X 1" not in (await world["admin"].sends(click)).words
    assert "number" not in (await the_case(world, case))["registrations"][0]


async def test_a_direct_message_handed_over_becomes_an_item(world: World) -> None:
    await world.arrive("admin", "registrator")
    case = await world.flag({"kind": "direct_message", "text": "Jag vill överklaga"})
    card = await world["admin"].waits_for(case)
    form = await world["admin"].clicks(card, "Överlämna för diarieföring…")
    await world["admin"].clicks(form.card, "Överlämna för diarieföring")
    item = await world["registrator"].waits_for(f"{case}-1")
    assert "Jag vill överklaga" in words(item)


async def test_what_is_kept_owes_the_register_nothing(world: World) -> None:
    await world.arrive("admin", "registrator")
    case = await world.flag()
    await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
    await world.settle()
    assert not [card for card in world["registrator"].cards() if case in words(card)]
    assert "registrations" not in await the_case(world, case)


async def test_an_item_is_late_after_the_next_working_day(world: World) -> None:
    await world.arrive("admin", "registrator")
    case, _ = await removed(world)
    world.clock.forward(days=1)
    assert "försenad" not in words(await world["registrator"].asks_for("oregistrerat")).lower()
    world.clock.forward(days=1)
    told = words(await world["registrator"].asks_for("unregistered")).lower()
    assert case.lower() in told
    assert "sen" in told


async def test_a_registrar_out_of_reach_leaves_the_item_to_communications(world: World) -> None:
    await world.arrive("admin", "kommunikation")
    case, _ = await removed(world)
    assert f"{case}-1" in words(await world["kommunikation"].waits_for(f"{case}-1"))
