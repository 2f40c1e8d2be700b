"""What Markdown has beside headings and lists: each is read as what its writer meant, and every quote is still a slice."""

import pytest

from bot.policy.guideline import Guideline, parse
from cards.section_card import section_text

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


@pytest.mark.parametrize("fence", ["```", "~~~~", "  ```"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_fence_is_nothing_and_what_it_holds_is_text(fence: str, ends: str) -> None:
    text = f"# Mallar\n\nSvara så här:\n{fence} text\n# inget avsnitt\n- Hej!\n\n| Tack |\n{fence}\nSkriv under.\n"
    assert told(parse(text.replace("\n", ends), source="fence")) == [
        ("Mallar", ["Svara så här:", f"# inget avsnitt{ends}- Hej!", "| Tack |", "Skriv under."])
    ]


def test_no_quote_of_a_list_item_takes_its_fence_along() -> None:
    text = "# Mallar\n\n1. Svara så:\n\n   ```\n   Hej!\n   ```\n\n2. Skriv under.\n"
    assert told(parse(text, source="fence")) == [("Mallar", ["Svara så:", "Hej!", "Skriv under."])]


def test_a_fence_that_nothing_closes_takes_no_headings_with_it() -> None:
    text = "# Mallar\n\nSvara.\n\n```\n\n# Bilder\n\nFråga.\n"
    assert told(parse(text, source="fence")) == [("Mallar", ["Svara."]), ("Bilder", ["Fråga."])]


def test_what_looks_like_a_heading_in_code_leaves_plain_headings_what_they_are() -> None:
    text = "Mallar\n\nSvara så.\n\n```\n# Hej\n```\n\nBilder\n\nFråga först.\n"
    assert [title for title, _ in told(parse(text, source="fence"))] == ["Mallar", "Bilder"]


def test_backticks_within_a_line_are_its_own() -> None:
    text = "# Mallar\n\n```Hej``` räcker.\n"
    assert told(parse(text, source="fence")) == [("Mallar", ["```Hej``` räcker."])]


UNDERLINED = """Riktlinje för webben
====================

Gäller alla.
---

Får jag publicera?
------------------
Fråga först

1. Ansvar
---------

Chefen beslutar.

- en sak
---

Slut.
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_line_over_a_row_of_signs_is_a_heading(ends: str) -> None:
    guideline = parse(UNDERLINED.replace("\n", ends), source="underlined")
    assert told(guideline) == [
        ("Riktlinje för webben", ["Gäller alla."]),
        ("Får jag publicera?", ["Fråga först"]),
        ("1. Ansvar", ["Chefen beslutar.", "en sak", "Slut."]),
    ]
    shown = [section_text(guideline, next(iter(one.passages))) for one in guideline.sections]
    assert not [text for text in shown if text.startswith(("=", "-"))]
    assert shown[1].strip() == "Fråga först"


@pytest.mark.parametrize(
    "above",
    ["Två rader som är\nett stycke", "En mening.", "- punkt", "| a | b |", "1. ett\n2. två", "> citat"],
)
def test_what_is_no_line_of_its_own_has_a_rule_below_it(above: str) -> None:
    guideline = parse(f"# Bilder\n\n{above}\n---\n\nFråga först.\n", source="rule")
    assert [one.title for one in guideline.sections] == ["Bilder"]


def test_a_title_that_is_underlined_leaves_plain_headings_what_they_are() -> None:
    text = "RIKTLINJE\n=========\n\nSyfte\n\nAlla ska veta.\n\nAnsvar\n\nChefen beslutar.\n"
    assert [title for title, _ in told(parse(text, source="title"))] == ["RIKTLINJE", "Syfte", "Ansvar"]


def test_a_document_with_underlined_headings_has_no_others() -> None:
    text = "Titel\n=====\n\nSyfte\n-----\n\nAlla ska veta\n\nFråga först\n"
    assert told(parse(text, source="two")) == [("Titel", []), ("Syfte", ["Alla ska veta", "Fråga först"])]


PIPED = """# Roller

Så här:
Roll | Utses av
:--- | ---
1. Chef | Nämnden. Alltid.
Redaktör | Chefen |
| Reserv | Redaktören |

Ja | nej är inga kolumner.
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_table_without_outer_pipes_is_read_as_one_with_them(ends: str) -> None:
    guideline = parse(PIPED.replace("\n", ends), source="table")
    assert [(one.id, guideline.words(one), one.label) for one in guideline.passages()] == [
        ("roller/p1", "Så här:", ""),
        ("roller/r1", "1. Chef | Nämnden. Alltid.", "Roll | Utses av"),
        ("roller/r2", "Redaktör | Chefen |", "Roll | Utses av"),
        ("roller/r3", "| Reserv | Redaktören |", "Roll | Utses av"),
        ("roller/p2", "Ja | nej är inga kolumner.", ""),
    ]


def test_a_row_of_a_table_is_no_heading_and_a_heading_is_no_row() -> None:
    text = "# Roller\n\nRoll | Utses av\n--- | ---\nChef | Nämnden\nSå är det.\n# Mer | annat\n\nSlut.\n"
    assert told(parse(text, source="table")) == [
        ("Roller", ["Chef | Nämnden\nSå är det."]),
        ("Mer | annat", ["Slut."]),
    ]
