"""A row of a table says little without the names of its columns: they stand above it wherever it is quoted."""

from pathlib import Path

from tests.scenario.test_guideline_versions import taken_in, written
from tests.scenario.test_questions import ASK
from tests.scenario.world import a_world, words

COLUMNS = "Roll | Uppgift | Ersättare"
ROW = "| Museichef | Godkänner utställningar och uttalar sig till pressen | Biträdande museichef |"
OTHER = "| Redaktör | Publicerar och rättar sidor på webbplatsen | Annan redaktör |"
TEXT = f"# Museet\n\nSkriv aldrig på dialekt i kanalerna.\n\n## Roller\n\n| {COLUMNS} |\n|---|---|---|\n{ROW}\n{OTHER}\n"
ANSWERED = "Vem godkänner utställningar?"
UNSURE = "Vem är ersättare för museichefen?"


async def test_an_answer_from_a_table_names_its_columns_on_every_card(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    file.write_text(TEXT, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        await world.arrive("personal", "kommunikation")
        person = world["personal"]
        answer = await person.asks_for(ANSWERED)
        assert f"{COLUMNS}\n{ROW}" in words(answer)
        assert "Roller, tabellrad 1." in words(answer)
        assert COLUMNS not in words(await person.asks_for("Får jag skriva på dialekt i kanalerna?")), "no row"
        choices = await person.asks_for(UNSURE)
        assert words(choices).count(COLUMNS) == 2
        chosen = await person.clicks(choices, "Visa förslag 1")
        assert f"{COLUMNS}\n{ROW}" in chosen.words
        written(file, TEXT.replace(COLUMNS, "A | B | C"))
        await taken_in(world)
        said = await person.clicks(answer, "Nej")
        assert f"{COLUMNS}\n{ROW}" in said.words, "of the edition that was shown"
        await person.clicks(said.card, ASK)
        asked = words(await world["kommunikation"].waits_for("Fråga om riktlinjen"))
        assert f"{COLUMNS}\n{ROW}" in asked
