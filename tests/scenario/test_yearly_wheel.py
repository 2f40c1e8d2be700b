"""``årshjul``: what is due and late, to each what is theirs to look after."""

from datetime import UTC, datetime

import pytest

from tests.scenario.test_duties import FIRST_NOTICE, at
from tests.scenario.test_screenshots_endpoint import PICTURE, post
from tests.scenario.world import World, buttons, inputs, words


@pytest.fixture
async def scheduled(world: World) -> World:
    await world.later()
    return world


@pytest.mark.parametrize(
    ("who", "title", "count"),
    [
        ("admin", "Mitt årshjul", 6),
        ("admin2", "Mitt årshjul", 4),
        ("chef", "Förvaltningens årshjul", 10),
        ("kommunikation", "Hela årshjulet", 10),
        ("personal", "Mitt årshjul", 0),
        ("registrator", "Mitt årshjul", 0),
    ],
)
async def test_each_sees_what_is_theirs(scheduled: World, who: str, title: str, count: int) -> None:
    told = words(await scheduled[who].asks_for("årshjul"))
    assert title in told
    assert (f"{count} uppgifter" if count else "Inget att göra.") in told


async def test_communications_own_list_is_what_nobody_else_owes(scheduled: World) -> None:
    card = await scheduled["kommunikation"].asks_for("yearly duties")
    mine = await scheduled["kommunikation"].clicks(card, "Mina")
    assert "2 uppgifter" in mine.words
    assert "Haninge kommun på LinkedIn" in mine.words


async def test_a_scope_that_is_not_ones_own_gives_ones_own(scheduled: World) -> None:
    for scope in ("all", "administration"):
        wanted = scheduled["admin2"].invoke("duties", {"scope": scope, "page": 1})
        told = (await scheduled["admin2"].sends(wanted)).words
        assert "Mitt årshjul" in told
        assert "LinkedIn" not in told


async def test_it_goes_over_several_pages(scheduled: World) -> None:
    card = await scheduled["kommunikation"].asks_for("årshjul")
    assert "Sida 1 av 2" in words(card)
    second = await scheduled["kommunikation"].clicks(card, "Nästa sida")
    assert "Sida 2 av 2" in second.words
    assert "Sida 2 av 2" in words(await scheduled["kommunikation"].asks_for("årshjul 2"))


async def test_what_is_late_is_said_and_stands_first(scheduled: World) -> None:
    await at(scheduled, datetime(2027, 11, 24, 8, 0, tzinfo=UTC))
    told = words(await scheduled["admin2"].asks_for("årshjul"))
    assert "4 är försenade" in told
    assert told.count("Försenad") == 8  # a badge and what is said where it is not known


async def test_a_row_leads_to_the_duty(scheduled: World) -> None:
    await at(scheduled, FIRST_NOTICE)
    card = await scheduled["admin2"].asks_for("årshjul")
    assert "Visa" in buttons(card)
    shown = await scheduled["admin2"].clicks(card, "Visa")
    assert "Ansvarar" in shown.words


async def test_what_was_done_moves_to_next_year(scheduled: World) -> None:
    await at(scheduled, FIRST_NOTICE)
    assert (await post(scheduled, PICTURE))[0] == 202
    told = words(await scheduled["admin2"].asks_for("årshjul"))
    assert "Senast 23 nov. 2028" in told
    assert "Klar" in told


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("årshjul facebook-biblioteken", "Haninges bibliotek på Facebook"),
        ("Årshjul Haninges bibliotek", "Haninges bibliotek på Facebook"),
        ("yearly duties kultur- och fritidsforvaltningen", "Kultur- och fritidsförvaltningen"),
    ],
)
async def test_the_wheel_of_one_channel_or_administration(world: World, said: str, title: str) -> None:
    await world.arrive("kommunikation")
    await world.later()
    card = await world["kommunikation"].asks_for(said)
    assert title in words(card)
    assert "Haninge kommun på Instagram" not in shown_rows(card)
    assert "Haninges bibliotek på Facebook" in shown_rows(card)


async def test_one_is_chosen_in_the_list_and_kept_on_the_next_page(world: World) -> None:
    await world.arrive("kommunikation")
    await world.later()
    card = await world["kommunikation"].asks_for("årshjul")
    chosen = await world["kommunikation"].clicks(card, "Visa urvalet", about="channel/linkedin-haninge")
    assert "Haninge kommun på LinkedIn" in shown_rows(chosen.card)
    assert "Haninges bibliotek" not in shown_rows(chosen.card)
    assert inputs(chosen.card)["about"]["value"] == "channel/linkedin-haninge"


async def test_what_is_not_ones_own_is_not_found_and_the_whole_list_comes(world: World) -> None:
    await world.arrive("admin2")
    await world.later()
    for said in ("årshjul facebook-okänd", "årshjul instagram-haninge"):
        card = await world["admin2"].asks_for(said)
        assert "Ingen av dina kanaler eller förvaltningar heter så." in words(card)
        assert "Haninge kommun på Instagram" not in words(card)
    by_hand = world["admin2"].invoke(
        "duties", {"scope": "all", "page": 1, "about": "channel/instagram-haninge"}
    )
    assert "Haninge kommun på Instagram" not in (await world["admin2"].sends(by_hand)).words


def shown_rows(card: dict[str, object]) -> str:
    """Without the choices of the drop-down, which name all."""
    return "\n".join(words(one) for one in card["body"] if not str(one["type"]).startswith("Input"))  # type: ignore[attr-defined]
