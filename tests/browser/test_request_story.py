"""One request from the form to the public list, told by a browser: who asks, who is consulted, who decides, who registers."""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import playground
from tests.browser.house import House, open_house, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PLAYERS = ("personal", "kommunikation", "chef", "registrator", "admin")
NAME = "Haninge ungdom"
UNIT = "Kultur- och fritidsförvaltningen"
FORM = {
    "Adress": "https://www.tiktok.com/@haningeungdom",
    "Syfte": "Nå unga med fritidsgårdarnas program, där de redan är.",
    "Målgrupp": "13 till 19 år",
    "Varför räcker inte en befintlig kanal?": "Unga använder varken Facebook eller LinkedIn.",
    "Administratörernas kontaktuppgifter": "08-606 70 00, ungdom@haninge.se",
    "Bemanning": "Två personer, vardagar 9-17; fritidsgårdens chef vid frånvaro.",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The tests follow one request, each from where the one before left it."""
    async with open_house(PLAYERS, tmp_path_factory.mktemp("requests")) as opened:
        yield opened


async def test_the_kinds_of_request_are_there_to_choose_from(house: House) -> None:
    staff = house.chats["personal"]
    await staff.say("ansök")
    card = await staff.card("Vad vill du ansöka om?")
    assert {"Öppna en kanal", "Avsluta en kanal", "Utse en administratör"} <= set(await card.buttons())
    await picture(card, "request-kinds")


async def test_a_form_that_is_not_whole_says_what_is_missing(house: House) -> None:
    staff = house.chats["personal"]
    await (await staff.card("Vad vill du ansöka om?")).press("Öppna en kanal")
    card = await staff.card("Skicka in")
    await picture(card, "request-form")
    await card.fill("Kanalens namn", NAME)
    await card.press("Skicka in")
    await picture(await staff.card("Skicka in"), "request-form-incomplete")
    card = await staff.card("Något saknas eller behöver rättas")
    assert await card.input("Kanalens namn").input_value() == NAME, "nothing that was typed is lost"


async def test_a_whole_form_is_sent_and_the_steps_are_shown(house: House) -> None:
    staff = house.chats["personal"]
    card = await staff.card("Skicka in")
    await card.choose("Förvaltning", UNIT)
    await card.choose("Plattform", "TikTok")
    for label, text in FORM.items():
        await card.fill(label, text)
    await card.pick("Medarbetare")
    await card.tick("Vi har läst plattformens villkor")
    await card.press("Skicka in")
    sent = await staff.card("Hos kommunikationsenheten för yttrande")
    assert NAME in await sent.text()
    await picture(sent, "request-sent")


async def test_communications_give_their_opinion_on_their_own_card(house: House) -> None:
    office = house.chats["kommunikation"]
    card = await office.card(NAME)
    await picture(card, "request-opinion")
    await card.choose("Yttrande", "Tillstyrker")
    await card.fill("Motivering", "De unga nås bäst där. Vi hjälper gärna till de första veckorna.")
    await card.press("Yttra er")
    await office.card("tillstyrker")


async def test_the_head_decides_with_the_opinion_on_the_card(house: House) -> None:
    head = house.chats["chef"]
    card = await head.card(NAME)
    assert "De unga nås bäst där" in await card.text()
    await picture(card, "request-decide")
    await card.press("Godkänn")
    await picture(await head.card("Bifall"), "request-approved")


async def test_everybody_concerned_is_told_and_the_registrar_gets_the_item(house: House) -> None:
    asked = house.chats["personal"]
    await picture(await asked.card("Bifall"), "request-told")
    await picture(await asked.card("Du är nu administratör"), "request-welcome")
    contact = await house.chats["kommunikation"].card("Kontaktuppgifter till administratörer")
    assert FORM["Administratörernas kontaktuppgifter"] in await contact.text()
    item = await house.chats["registrator"].card("Beslut att diarieföra")
    await picture(item, "request-to-register")
    await item.fill("Diarienummer", "KFN 2026/17")
    await item.press("Spara diarienumret")
    await house.chats["registrator"].card("KFN 2026/17")


async def test_the_channel_is_on_the_public_list_and_its_duties_are_scheduled(house: House) -> None:
    page = await house.browser.new_page(viewport={"width": 900, "height": 460}, locale="sv-SE")
    await page.goto(f"{house.bot}/sociala-medier?q=ungdom")
    assert NAME in await page.inner_text("main")
    folder = playground.ROOT / os.environ.get("SCREENSHOTS", "build/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=folder / "public-list.png")
    await page.close()
    office = house.chats["kommunikation"]
    await office.say("årshjul")
    assert NAME in await (await office.card("Årshjul")).text()
    await office.say("översikt")
    await picture(await office.card("Översikt"), "overview")


async def test_a_request_fits_a_phone(house: House) -> None:
    asked = house.chats["personal"]
    await asked.narrow_cards()
    card = await asked.card("Bifall")
    await picture(card, "request-narrow")
    width = await card.root.evaluate("one => one.scrollWidth - one.clientWidth")
    assert width <= 1, "nothing stands out"
