"""Who reads or asks in English gets the unofficial English beside the guideline's words, wherever these are shown."""

from pathlib import Path

from bot.settings import SHIPPED_GUIDELINE
from tests.scenario.test_given_answers import carried
from tests.scenario.test_guideline_versions import taken_in, written
from tests.scenario.world import World, a_world, buttons, words

ENGLISH = "Unofficial English translation"
OF_SWEDISH_TEAMS = "Inofficiell engelsk översättning"
VAGUE = "and on instagram?"
REGISTERED = "Must deleted posts be registered?"
OWN = "administratorens-ansvar/5/a"
QUOTED = "diarieföras med motivering till varför inlägget tagits bort"
GLOSS = "Unpublished and deleted material is to be registered"


async def test_each_suggestion_has_its_gloss(world: World) -> None:
    world["personal"].locale = "en-GB"
    card = await world["personal"].asks_for(VAGUE)
    assert "Show suggestion 1" in buttons(card)
    assert words(card).count(ENGLISH) == len([one for one in buttons(card) if one.startswith("Show sugg")])


async def test_swedish_suggestions_have_none(world: World) -> None:
    card = await world["personal"].asks_for("och på instagram?")
    assert "Visa förslag 1" in buttons(card)
    assert OF_SWEDISH_TEAMS not in words(card)
    said = await world["personal"].clicks(card, "Visa förslag 1")
    assert OF_SWEDISH_TEAMS not in said.words


async def test_a_suggestion_to_an_english_question_has_it_in_swedish_teams_too(world: World) -> None:
    card = await world["personal"].asks_for(VAGUE)
    assert OF_SWEDISH_TEAMS in words(card)
    said = await world["personal"].clicks(card, "Visa förslag 1")
    assert OF_SWEDISH_TEAMS in said.words


async def test_the_whole_section_has_its_gloss(world: World) -> None:
    card = await world["personal"].asks_for(REGISTERED)
    said = await world["personal"].clicks(card, "Visa hela avsnittet")
    assert OF_SWEDISH_TEAMS in said.words
    assert GLOSS in said.words
    assert "Other posts and comments do not need to be registered." in said.words, "of all of it"


async def test_a_swedish_reader_gets_the_section_alone(world: World) -> None:
    card = await world["personal"].asks_for("Måste raderade inlägg diarieföras?")
    said = await world["personal"].clicks(card, "Visa hela avsnittet")
    assert OF_SWEDISH_TEAMS not in said.words


async def test_an_older_editions_words_have_the_english_of_that_edition_or_none(tmp_path: Path) -> None:
    file, text = tmp_path / "guideline.md", SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    own = text.replace("Avpublicerat och raderat material", "*Avpublicerat och raderat* material")
    file.write_text(own, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        person = world["personal"]
        card = await person.asks_for(REGISTERED)
        assert QUOTED in words(card)
        assert OF_SWEDISH_TEAMS not in words(card), "nobody has put these words into English"
        written(file, text)
        await taken_in(world)
        assert GLOSS in words(await person.asks_for(REGISTERED))
        for said in (
            await person.clicks(card, "Nej"),
            await person.sends(person.invoke("passage", {**carried(card, "Nej"), "passage": OWN})),
        ):
            assert QUOTED in said.words
            assert OF_SWEDISH_TEAMS not in said.words


async def test_communications_reply_by_a_passage_has_its_gloss_for_an_english_asker(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    world["personal"].locale = "en-GB"
    question = "May I block a troll?"
    card = await world["personal"].asks_for(question)
    await world["personal"].clicks(card, "Ask communications")
    card = await world["kommunikation"].waits_for(question)
    done = await world["kommunikation"].clicks(card, "Svara", clause="1", reply="")
    assert OF_SWEDISH_TEAMS not in done.words, "communications wrote it in Swedish"
    await world.settle()
    assert ENGLISH in words(await world["personal"].waits_for("A reply to your question"))
