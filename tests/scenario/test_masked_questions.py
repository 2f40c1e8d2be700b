"""Numbers that point at people are gone before a question is kept, however they are typed."""

from tests.scenario.world import World


async def test_numbers_with_hard_spaces_other_hyphens_dots_and_invisible_signs_are_masked_too(
    world: World,
) -> None:
    await world["personal"].says(
        "Får jag blockera trollet på 070-123\u00a045\u00a067, 070.123.45.67, 07\u200b01\u200b23\u200b4567, 0701234567"
        " eller 19121212\u20111212 och 19121212\u22121212?"
    )
    (row,) = await world.bot.services.store.select("unanswered")
    content = await world.bot.services.store.content(row["text_ref"])
    assert content
    kept = content.decode()
    assert not [one for one in kept if one.isdigit()]
    assert kept.count("[telefonnummer]") == 4
    assert kept.count("[personnummer]") == 2
