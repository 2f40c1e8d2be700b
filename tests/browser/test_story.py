"""The bot's story from flag to register, told by a browser: a real bot, one Agents Playground for each person.

The pictures go to ``build/screenshots``, or to the folder that ``SCREENSHOTS`` names (``make screenshots``).
"""

import asyncio
import hashlib
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Route

from bot import playground
from tests.browser.house import open_house, picture
from tests.browser.playground import (
    Card,
    Chat,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

_PLAYERS = ("admin", "admin2", "registrator")
_STARTING = 30.0
_SENT = "Your response was sent to the app"
"""What the Playground says under a card when a click of it was answered."""
_CLICKS = "**/_conversation/v1/invoke"
_REASON = "Kränker en enskild handläggare. Saken går att framföra utan påhopp."
_INSULT = {"note": "Pekar ut en enskild handläggare.", "ground": "personangrepp"}
_POSTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "no reason": ("Stå inte där och glo, era jävla as!", {}),
    "blank reason": ("Köp följare billigt, skicka ett meddelande!", {"ground": "reklam"}),
    "removed": ("Handläggaren ljuger, precis som hela släkten. Vi vet vilka ni är.", {}),
    "followed": ("Er chef borde spärras in och nyckeln kastas bort.", {}),
    "both click": ("Hon i receptionen är den dummaste jag har träffat.", _INSULT),
    "registered": ("Växeln svarar aldrig. Lata är vad ni är, hela bunten.", {}),
}
"""A post for each test that decides in one: its text, and what its flag says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The municipality at work: who has the chat open, and the designations of ``_POSTS``, flagged since then."""

    chats: Mapping[str, Chat]
    environ: Mapping[str, str]
    directory: Path
    cases: Mapping[str, str]


async def flag(
    *posts: tuple[str, Mapping[str, str]], directory: Path, environ: Mapping[str, str]
) -> list[str]:
    """The designations of the comments that ``app.py flag`` brings in from a file, while the bot runs."""
    bodies = [
        {
            "channel": "facebook-haninge",
            "post": {
                "id": hashlib.sha256(text.encode()).hexdigest()[:16],
                "kind": "comment",
                "text": text,
                "author": "Invånare 7",
                "url": "https://www.facebook.com/haningekommun/posts/7?comment_id=71",
            },
            "flag": {"source": "person", "by": "Medarbetare", **said},
        }
        for text, said in posts
    ]
    file = directory / "flagged.jsonl"
    lines = [json.dumps(body, ensure_ascii=False) for body in bodies]
    file.write_text("\n".join(lines), encoding="utf-8")
    bringing = await asyncio.create_subprocess_exec(
        sys.executable, "app.py", "flag", os.fspath(file),
        cwd=playground.ROOT, env=environ, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await bringing.communicate()
    assert bringing.returncode == 0
    return told.decode().split()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    """Opened once: a Playground and its page take seconds to start, and each test has a post of its own."""
    directory = tmp_path_factory.mktemp("house")
    async with open_house(_PLAYERS, directory) as opened:
        names = await flag(*_POSTS.values(), directory=directory, environ=opened.environ)
        yield Story(
            chats=opened.chats,
            environ=opened.environ,
            directory=directory,
            cases=dict(zip(_POSTS, names, strict=True)),
        )


# A flagged post ---------------------------------------------------------------------------------------------


async def test_what_was_flagged_before_waits_in_the_chat_of_whoever_opens_it(house: Story) -> None:
    admin = house.chats["admin"]
    await picture(await admin.card("Riktlinjeboten"), "welcome")
    for waiting in ("dumma i huvudet", "Låna 50 000 kr", "samla ihop er i kväll"):
        await admin.card(waiting)
    assert "samla ihop er" not in "".join(await house.chats["admin2"].cards()), "another's channel"


async def test_a_flagged_post_arrives_as_a_card_in_the_open_chat_of_each_administrator(house: Story) -> None:
    text = "Handläggaren på bygglov är en idiot. Sök ett annat jobb, om nu någon vill ha dig!"
    (name,) = await flag((text, _INSULT), directory=house.directory, environ=house.environ)
    for player in ("admin", "admin2"):
        card = await house.chats[player].card(f"Flaggad kommentar {name}")
        text = await card.text()
        assert "Sök ett annat jobb" in text
        assert "Pekar ut en enskild handläggare." in text
        assert "Riktlinjen: ska tas bort." in text
        assert {"Radera", "Avpublicera", "Behåll", "Besvara…"} <= set(await card.buttons())
    await picture(await house.chats["admin"].card(name), "flagged")


async def test_a_removal_without_ground_and_reason_is_stopped_before_it_is_sent(house: Story) -> None:
    name = house.cases["no reason"]
    admin = house.chats["admin"]
    card = await admin.card(name)
    sent: list[str] = []
    admin.page.on("request", lambda request: sent.append(request.url))
    await card.press("Radera")
    await card.root.get_by_text("Välj en grund.").wait_for()
    await card.root.get_by_text("Skriv en motivering.").wait_for()
    await picture(card, "no-reason")
    assert not [url for url in sent if url.endswith("/invoke")]
    assert "Väntar på beslut" in await card.text()


async def test_a_reason_of_blanks_is_refused_by_the_bot_and_the_card_says_so(house: Story) -> None:
    """The client counts blanks as filled in; what decides is the bot."""
    name = house.cases["blank reason"]
    admin = house.chats["admin"]
    card = await admin.card(name)
    await card.fill("Motivering", "   ")
    await card.press("Radera")
    await card.root.get_by_text("Inget är beslutat än: skriv en motivering.").wait_for()
    await card.root.get_by_text("Skriv en motivering", exact=True).wait_for()
    await picture(card, "blank-reason")
    assert "Väntar på beslut" in await card.text()
    await card.fill("Motivering", "Reklam utan samband med ämnet.")
    await card.press("Radera")  # the refusal bars nothing
    await admin.card(f"Ska raderas: {name}")


async def test_a_removal_with_ground_and_reason_is_recorded_and_both_cards_tell_it(house: Story) -> None:
    name = house.cases["removed"]
    admin = house.chats["admin"]
    await remove(await admin.card(name), reason=_REASON)
    for player in ("admin", "admin2"):
        decided = await house.chats[player].card(f"Ska raderas: {name}")
        text = await decided.text()
        assert "Beslutat av: Administratör ett, administratör" in text
        assert re.search(r"När: \d+ \S+ \d{4} kl. \d\d\.\d\d", text)
        assert "Grund: Personangrepp" in text
        assert "måste raderas eller avpubliceras om de innehåller personangrepp" in text
        assert "Administratörens ansvar, punkt 2" in text
        assert _REASON in text
        assert f"{name}-1 ska diarieföras hos Kommunstyrelseförvaltningen" in text
        assert "Radera" not in await decided.buttons()
    await picture(await admin.card(f"Ska raderas: {name}"), "decided")


async def test_a_removal_is_followed_until_the_post_is_gone(house: Story) -> None:
    name = house.cases["followed"]
    admin = house.chats["admin"]
    await remove(await admin.card(name))
    await (await admin.card(f"Ska raderas: {name}")).press("Borttaget på plattformen")
    card = await admin.card(name)
    await card.root.get_by_text("men inte kontrollerat än").wait_for()
    await card.press("Kontrollerat: borta")
    await card.root.get_by_text("Kontrollerat borta", exact=True).wait_for()
    await (
        (await house.chats["admin2"].card(name)).root.get_by_text("Kontrollerat borta", exact=True).wait_for()
    )


async def test_whoever_clicks_second_is_told_who_has_decided_and_when(house: Story) -> None:
    """Both have the open card and click; the second one's network is slow, and the first click is there before."""
    name = house.cases["both click"]
    first, second = house.chats["admin"], house.chats["admin2"]
    late = await second.card(f"Flaggad kommentar {name}")
    await late.fill("Motivering", "Jag hann aldrig se att någon annan tog det.")
    async with slow_clicks(second) as clicked:
        await late.press("Avpublicera")
        await clicked.wait()
        await remove(await first.card(name), reason=_REASON)
        await first.card(f"Ska raderas: {name}")
    card = await second.card(name)
    await card.root.get_by_text("Redan beslutat av Administratör ett").wait_for()
    text = await card.text()
    assert f"Ska raderas: {name}" in text, "the first decision stands"
    assert _REASON in text
    assert "Jag hann aldrig" not in text
    await picture(card, "already-decided")


async def remove(card: Card, *, reason: str = "Angriper en enskild person, inte saken.") -> None:
    await card.choose("Grund", "Personangrepp")
    await card.fill("Motivering", reason)
    await card.press("Radera")


@asynccontextmanager
async def slow_clicks(chat: Chat) -> AsyncIterator[asyncio.Event]:
    """Clicks leave the page, which is told by the event, and reach the bot at the end of the block."""
    clicked, arriving = asyncio.Event(), asyncio.Event()

    async def carry(route: Route) -> None:
        clicked.set()
        await arriving.wait()
        await route.continue_()

    await chat.page.route(_CLICKS, carry)
    yield clicked
    arriving.set()
    await chat.page.unroute(_CLICKS, carry)


# The register -----------------------------------------------------------------------------------------------


async def test_the_registrar_finds_what_is_owed_and_closes_it_with_its_number(house: Story) -> None:
    name = house.cases["registered"]
    admin, registrar = house.chats["admin"], house.chats["registrator"]
    await remove(await admin.card(name))
    await registrar.card(f"Att diarieföra: {name}-1")  # brought without being asked for
    await registrar.say("oregistrerat")
    owed = await registrar.card("äldst först.")
    await owed.root.get_by_text(name).wait_for()
    await picture(owed, "unregistered")
    await owed.root.get_by_title(f"Visa {name}").click()

    item = await registrar.card(f"Att diarieföra: {name}-1")
    await registrar.page.get_by_text(
        _SENT
    ).last.wait_for()  # drawn anew with it, and an error before that is lost
    await item.press("Spara diarienumret")
    await item.root.get_by_text("Skriv diarienumret.").wait_for()
    await item.fill("Diarienummer", "KS 2026/417")
    await picture(item, "to-register")
    await item.press("Spara diarienumret")
    done = await registrar.card(f"Diariefört: {name}-1")
    assert "Diarienummer: KS 2026/417" in await done.text()
    await picture(done, "registered")
    told = (await admin.card(name)).root.get_by_text("är diariefört med nummer KS 2026/417")
    await told.wait_for()
    await registrar.page.wait_for_function(
        "title => !document.body.innerText.includes(title)", arg=f"Att diarieföra: {name}-1"
    )  # the first card knows it too


# Questions, lists, help -------------------------------------------------------------------------------------


async def test_a_question_is_answered_in_the_guidelines_own_words(house: Story) -> None:
    asking = house.chats["admin2"]
    await asking.say("Måste raderade inlägg diarieföras?")
    card = await asking.card("Så står det i riktlinjen")
    text = await card.text()
    assert "Avpublicerat och raderat material ska diarieföras med motivering till varför" in text
    assert "Administratörens ansvar" in text
    assert "Riktlinjer för närvaro i sociala medier" in text
    await picture(card, "answer")


async def test_what_the_guideline_does_not_say_is_said_to_be_missing(house: Story) -> None:
    asking = house.chats["admin2"]
    await asking.say("Hur länge ska raderade inlägg sparas?")
    card = await asking.card("Det står inte i riktlinjen")
    text = await card.text()
    assert "Riktlinjen anger inte hur länge." in text
    assert "är inget svar på frågan" in text
    await picture(card, "not-in-guideline")


async def test_the_queue_lists_what_waits_oldest_first_and_opens_a_case(house: Story) -> None:
    admin = house.chats["admin"]
    await admin.say("kö")
    queue = await admin.card("ärenden att besluta om eller ta bort, äldst först.")
    text = await queue.text()
    assert text.index("dumma i huvudet") < text.index("Låna 50 000 kr") < text.index("Torvalla")
    await picture(queue, "queue")
    await queue.root.get_by_role("button", name="Visa").first.click()
    await admin.page.get_by_text("ärenden väntar på beslut").wait_for(state="hidden")
    assert "dumma i huvudet" in await (await admin.card("Varför det flaggades")).text()


async def test_help_tells_each_what_they_can_do(house: Story) -> None:
    expected = {"admin": "mina beslut", "registrator": "oregistrerat"}
    for player, command in expected.items():
        await house.chats[player].say("hjälp")
        card = await house.chats[player].card("Det här kan du göra")
        assert f"{command}:" in await card.text()
        await picture(card, f"help-{player}")


async def test_no_card_is_cut_off_where_it_is_narrow(house: Story) -> None:
    """Last, since the page stays narrow."""
    for player in _PLAYERS:
        chat = house.chats[player]
        await chat.narrow_cards(320)
        assert await chat.page.evaluate(_TOO_WIDE) == [], player
    await picture(await house.chats["admin"].card("Flaggad kommentar"), "narrow-flagged")
    await picture(await house.chats["admin"].card("Ska raderas"), "narrow-decided")


_TOO_WIDE = """() => [...document.querySelectorAll('.ac-adaptiveCard')]
    .filter(card => card.scrollWidth > card.clientWidth + 1)
    .map(card => card.innerText.slice(0, 80))"""
