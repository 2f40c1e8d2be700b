"""Half a character, as a client may send after cutting a text, is no reason to fail."""

import pytest

from tests.scenario.world import World

LIST = "obesvarade frågor"


@pytest.mark.parametrize(
    "text", ["Får jag blockera \ud83d troll?", "\ud800", "Måste raderade inlägg diarieföras\udfff?"]
)
async def test_half_a_character_keeps_nobody_from_an_answer(world: World, text: str) -> None:
    said = await world["personal"].says(text)
    assert "attachments" in said
    await world.arrive("kommunikation")
    await world["kommunikation"].says(LIST)


async def test_half_a_character_in_a_name_keeps_nobody_from_an_answer(world: World) -> None:
    asked = world["personal"].activity("message", text="Får jag blockera ett troll?", textFormat="plain")
    asked["from"]["name"] = "Med\ud83d"
    await world.post(asked)
    assert world["personal"].cards()
