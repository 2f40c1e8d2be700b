"""Follow-ups: what leans on the question before is answered together with it, and nothing else is."""

import pytest

from bot.questions.follow_ups import LONGEST
from tests.scenario.test_answers import ANSWERED, MISSING, REGISTERED
from tests.scenario.world import APP_ID, TENANT, Json, World, words

CHANNEL = "Vem beslutar om en ny kanal?"
CHANNEL_EN = "Who decides on a new channel?"
SWEARING = "Får vi ta bort en kommentar med svordomar?"
REGISTERED_EN = "Must deleted posts be registered?"

LEANS = (
    (CHANNEL, "och på instagram?"),
    (CHANNEL, "o på instagram?"),
    (CHANNEL, "å på insta?"),
    (CHANNEL, "ocg på instagram?"),
    (CHANNEL, "och på instgram"),
    (CHANNEL, "och på tiktok?"),
    (CHANNEL, "på instagram då?"),
    (CHANNEL, "instagram då?"),
    (CHANNEL, "även på fb?"),
    (CHANNEL, "gäller det tiktok också?"),
    (CHANNEL, "gäller samma för linkedin?"),
    (CHANNEL, "hur är det med instagram?"),
    (CHANNEL, "hur blir det på youtube"),
    (CHANNEL, "men på snapchat då"),
    (CHANNEL, "ok, och på facebook?"),
    (CHANNEL, "nej men vem då?"),
    (CHANNEL, "vem då?"),
    (CHANNEL, "vilken då?"),
    (CHANNEL_EN, "what about instagram?"),
    (CHANNEL_EN, "how about tiktok?"),
    (CHANNEL_EN, "and on instagram?"),
    (CHANNEL_EN, "does that apply to facebook too?"),
    (CHANNEL_EN, "same for linkedin?"),
    (CHANNEL_EN, "adn on youtube?"),
    (CHANNEL_EN, "ok and who is that?"),
    (REGISTERED, "vm då?"),
    (REGISTERED, "av vem?"),
    (REGISTERED, "varför?"),
    (REGISTERED, "hur länge då?"),
    (REGISTERED, "hru länge?"),
    (REGISTERED, "och kommentarer?"),
    (REGISTERED, "måste man det?"),
    (REGISTERED, "gäller det alltid?"),
    (REGISTERED, "och annars?"),
    (REGISTERED_EN, "why?"),
    (REGISTERED_EN, "and comments?"),
    (REGISTERED_EN, "how long then?"),
    (SWEARING, "och reklam?"),
    (SWEARING, "personangrepp då?"),
    (SWEARING, "på facebook också?"),
    (SWEARING, "vem bestämmer det?"),
    (SWEARING, "måste vi det?"),
    (CHANNEL, "hur gör man på insta?"),
    (CHANNEL, "samma på x?"),
    (REGISTERED, "hur lång tid då?"),
    (REGISTERED_EN, "do we have to?"),
    (REGISTERED_EN, "why though?"),
)

STANDS = (
    (REGISTERED, "och vem städar köket?"),
    (SWEARING, "Och vad kostar en annons på TikTok?"),
    (SWEARING, "och har vi en policy för AI-bilder?"),
    (CHANNEL, "och får jag ta med hunden?"),
    (REGISTERED, "och måste jag ha munskydd?"),
    (SWEARING, "eller ska jag ringa polisen?"),
    (REGISTERED, "och tack för hjälpen"),
    (REGISTERED, "ok"),
    (REGISTERED, "okej då"),
    (REGISTERED, "tack då"),
    (REGISTERED, "vad kan du?"),
    (REGISTERED, "vem är du?"),
    (REGISTERED, "är du en robot?"),
    (REGISTERED, "Nej, inte alls"),
    (REGISTERED, "ja det är bra"),
    (REGISTERED, "jaha"),
    (REGISTERED, "hur går det?"),
    (REGISTERED, "asdf"),
    (REGISTERED, "😀"),
    (CHANNEL, "och vad kostar det?"),
    (CHANNEL, "och vem betalar?"),
    (CHANNEL, "men lösenordet då?"),
    (CHANNEL, "och på fritiden?"),
    (CHANNEL, "och på kontoret?"),
    (CHANNEL, "på badhuset då?"),
    (CHANNEL, "hur är det med semestern?"),
    (CHANNEL, "gäller det parkering också?"),
    (CHANNEL, "och vad ska vi ha på facebook?"),
    (CHANNEL, "och har vi instagram?"),
    (CHANNEL, "och hur många följare har vi på instagram?"),
    (CHANNEL, "eller kan jag köpa en kamera?"),
    (CHANNEL, "men var är chefen?"),
    (CHANNEL, "och när stänger biblioteket?"),
    (CHANNEL, "Vad kostar en annons på TikTok?"),
    (CHANNEL, "Får jag blockera ett troll?"),
    (CHANNEL, "Måste raderade inlägg diarieföras?"),
    (CHANNEL_EN, "and who cleans the kitchen?"),
    (CHANNEL_EN, "what about lunch?"),
    (CHANNEL_EN, "how about a drink?"),
    (CHANNEL_EN, "and can I bring my dog?"),
    (CHANNEL_EN, "but what does it cost?"),
    (CHANNEL_EN, "what can you do?"),
    (CHANNEL_EN, "who are you?"),
    (CHANNEL_EN, "ok thanks"),
    (CHANNEL_EN, "no, not at all"),
    (CHANNEL_EN, "or should I call the police?"),
    (CHANNEL_EN, "and on my private account?"),
    (REGISTERED, "och ska jag ta en skärmdump?"),
    (REGISTERED, "och hur loggar jag in på facebook?"),
    (REGISTERED, "men jag är sjuk"),
    (REGISTERED, "var finns toaletten?"),
    (CHANNEL, "och får jag vara privat på facebook?"),
    (CHANNEL, "hur skapar jag en grupp på facebook?"),
    (CHANNEL, "vad menar du?"),
    (CHANNEL, "jag förstår inte"),
    (CHANNEL, "och ska chefen ha lön?"),
    (SWEARING, "och bilder på barn då?"),
    (CHANNEL_EN, "and who is the mayor?"),
)


async def test_what_names_nothing_new_or_a_thing_of_the_guideline_is_asked_together_with_the_question_before(
    world: World,
) -> None:
    assert len(LEANS) >= 30
    stood = []
    for before, then in LEANS:
        world.clock.forward(minutes=6)
        await world["personal"].says(before)
        card = words(await world["personal"].asks_for(then))
        if f"{before} {then}" not in card:
            stood.append((before, then))
    assert not stood


async def test_what_brings_a_topic_of_its_own_is_never_answered_by_the_question_before(world: World) -> None:
    assert len(STANDS) >= 40
    leaned = []
    for before, then in STANDS:
        world.clock.forward(minutes=6)
        await world["personal"].says(before)
        card = words(await world["personal"].asks_for(then))
        if before in card:
            leaned.append((before, then))
    assert not leaned


@pytest.mark.parametrize(
    ("before", "then", "heading", "told"),
    [
        (REGISTERED, "av vem?", MISSING, "Riktlinjen säger inte vem."),
        (REGISTERED, "hur ofta då?", MISSING, "Riktlinjen anger inte hur ofta."),
        (CHANNEL, "och vem på instagram?", ANSWERED, "beslutas av förvaltningschef"),
    ],
)
async def test_a_joined_question_is_answered_only_by_a_clause_that_holds_what_the_new_words_ask_for(
    world: World, before: str, then: str, heading: str, told: str
) -> None:
    await world["personal"].says(before)
    card = words(await world["personal"].asks_for(then))
    assert heading in card
    assert told in card


async def test_a_follow_up_that_the_guideline_lacks_is_listed_as_it_was_asked(world: World) -> None:
    await world["personal"].says(REGISTERED)
    await world["personal"].says("och får jag ta med hunden?")
    listed = words(await world["kommunikation"].asks_for("obesvarade frågor"))
    assert "och får jag ta med hunden?" in listed
    assert REGISTERED not in listed


# Where it was asked ------------------------------------------------------------------------------------------


async def asks_in_a_group(world: World, text: str) -> str:
    """The group's view of the answer to a mention of the bot."""
    group: Json = {
        "id": "19:grupp@thread.v2",
        "conversationType": "groupChat",
        "isGroup": True,
        "tenantId": TENANT,
    }
    mention = {"type": "mention", "text": "<at>bot</at>", "mentioned": {"id": f"28:{APP_ID}", "name": "bot"}}
    asked = world["personal"].activity(
        "message", text=f"<at>bot</at> {text}", textFormat="plain", conversation=group, entities=[mention]
    )
    await world.post(asked)
    shown = [one.activity for one in world.connector.sent if one.conversation == group["id"]]
    assert shown
    return words(shown)


async def test_what_was_asked_in_the_personal_chat_is_not_told_in_a_group(world: World) -> None:
    await world["personal"].says("Får jag skriva om att min chef Karin dricker på jobbet i sociala medier?")
    assert "Karin" not in await asks_in_a_group(world, "varför då?")
    assert "Karin" in words(await world["personal"].asks_for("varför då?"))


async def test_a_group_has_follow_ups_of_its_own(world: World) -> None:
    await asks_in_a_group(world, REGISTERED)
    assert f"{REGISTERED} hur länge då?" in await asks_in_a_group(world, "hur länge då?")
    assert REGISTERED not in words(await world["personal"].asks_for("hur länge då?"))


async def test_a_number_that_stands_where_the_question_is_cut_is_masked_whole(world: World) -> None:
    before = ("ord " * LONGEST)[: LONGEST - 9]
    await world["personal"].says(f"{before} 19121212-1212 hur länge sparas det?")
    (kept,) = (await world.bot.services.store.documents("last_questions")).values()
    assert before in kept["question"]
    assert "1912" not in kept["question"], "a digest or a time may hold it"
