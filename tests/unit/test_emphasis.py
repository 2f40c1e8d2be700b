"""A guideline's own emphasis on a card: its marks are not shown, and what only looks like one stays as it is."""

import pytest

from cards.elements import spans


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Publicera *inte* sådant", [("Publicera ", False), ("inte", True), (" sådant", False)]),
        ("**Vad gör jag?** Ring.", [("Vad gör jag?", True), (" Ring.", False)]),
        ("***Aldrig*** ensam", [("Aldrig", True), (" ensam", False)]),
        ("*ett* och **två**", [("ett", True), (" och ", False), ("två", True)]),
        ("2 * 3 * 4", [("2 * 3 * 4", False)]),
        ("* punkt * till", [("* punkt * till", False)]),
        ("**halv*", [("**halv*", False)]),
        ("medarbetare* och chef*", [("medarbetare* och chef*", False)]),
        ("utan", [("utan", False)]),
    ],
)
def test_marks_of_emphasis_are_not_shown(text: str, shown: list[tuple[str, bool]]) -> None:
    assert list(spans(text)) == shown
