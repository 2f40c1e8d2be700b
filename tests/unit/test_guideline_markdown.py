"""What Markdown has beside headings and lists: each is read as what its writer meant, and every quote is still a slice."""

import pytest

from bot.policy.guideline import Guideline, parse

FRONT = "---\ntitle: Riktlinje\ntags:\n- medier\n  - mer\n# not a heading\n\nÄgare: Kommunikation\n---\n"


def told(guideline: Guideline) -> list[tuple[str, list[str]]]:
    """Titles and quotes."""
    return [(one.title, [guideline.words(part) for part in one.passages]) for one in guideline.sections]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("close", ["---", "..."])
@pytest.mark.parametrize("heading", ["# Bilder", "Bilder"])
def test_yaml_at_the_top_is_no_text_of_the_guideline(ends: str, close: str, heading: str) -> None:
    front = FRONT.removesuffix("---\n") + f"{close}\n"
    text = f"{front}{heading}\n\nFråga först.\n".replace("\n", ends)
    guideline = parse(text, source="front")
    assert told(guideline) == [("Bilder", ["Fråga först."])]
    assert guideline.name == "Bilder"
    assert text[guideline.sections[0].start :].startswith(heading)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\n# Bilder\n\nFråga först.\n\n---\n",
        "---\n# Bilder\n\nFråga först.\n\n---\n",
        "---\nFråga först.\n\n# Bilder\n\nSedan: mer.\n\n---\n",
        "---\nObs: fråga först.\n\n# Bilder\n\nSedan mer.\n",
    ],
)
def test_what_stands_between_two_rules_is_still_text(text: str) -> None:
    assert any("först" in quote for _, quotes in told(parse(text, source="rules")) for quote in quotes)
