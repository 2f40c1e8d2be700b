"""A clause of one edition in another: found by its words wherever they stand, and the right one of twins."""

import pytest

from bot.domain.questions import Quoted
from bot.policy.guideline import Guideline, parse
from bot.questions.rebinding import Rebinding

TWIN = "Chefen ska alltid tillfrågas i förväg."
PHOTOS = "# Riktlinjer\n\n## Foton\n\nFoton tas av fotografen."
PRESS = "## Press\n\nPressen ringer kommunikationsenheten."
LIST = "Den som fotograferar ska:\n\n- fråga om lov\n- visa sitt kort"
BEFORE = f"{PHOTOS}\n\n{TWIN}\n\n{PRESS}\n\n{TWIN}\n\n{LIST}\n"


def read(text: str) -> Guideline:
    return parse(text, source="edition")


def place(guideline: Guideline, passage: str) -> Quoted:
    found = guideline.passage(passage)
    assert found is not None
    return Quoted(passage=passage, start=found.start, end=found.end)


@pytest.mark.parametrize(
    ("after", "photos", "press"),
    [
        (BEFORE.replace(TWIN, f"Nytt stycke.\n\n{TWIN}"), "foton/p3", "press/p3"),
        (BEFORE.replace(TWIN, f"*{TWIN}*".replace(" ska ", "\nska ")), "foton/p2", "press/p2"),
        (BEFORE.replace("## Foton", "## Bilder").replace("## Press", "## Medier"), "bilder/p2", "medier/p2"),
        (f"# Riktlinjer\n\n{PRESS}\n\n{TWIN}\n\n## Foton\n\n{TWIN}\n", "foton/p1", "press/p2"),
        (f"{PHOTOS}\n\n{PRESS}\n\n{TWIN}\n", None, "press/p2"),
        (f"{PHOTOS}\n\n{TWIN}\n\n{PRESS}\n", "foton/p2", None),
        (f"{PHOTOS}\n\n{PRESS}\n", None, None),
    ],
)
def test_a_twin_is_found_as_the_one_that_it_was(after: str, photos: str | None, press: str | None) -> None:
    before, now = read(BEFORE), read(after)
    for was, expected in (("foton/p2", photos), ("press/p2", press)):
        found = Rebinding(now).of(place(before, was), before)
        assert (found.passage if found else None) == expected
        if found:
            words = now.text[found.start : found.end]
            assert " ".join(words.strip("*").split()) == TWIN


def test_words_that_were_there_once_are_found_wherever_they_stand() -> None:
    before = read(BEFORE)
    now = read("# Annat\n\n## Helt annat\n\n1. Ett.\n2. Pressen ringer kommunikationsenheten.\n")
    found = Rebinding(now).of(place(before, "press/p1"), before)
    assert found == place(now, "helt-annat/2")


def test_a_list_is_found_whole_with_what_leads_to_it() -> None:
    before, now = read(BEFORE), read(BEFORE.replace(PRESS, f"{PRESS}\n\nNytt stycke."))
    start = BEFORE.index(LIST)
    quoted = Quoted(passage="press/p3/b", start=start, end=start + len(LIST))
    found = Rebinding(now).of(quoted, before)
    assert found is not None
    assert found.passage == "press/p4/b"
    assert now.text[found.start : found.end] == LIST
    cut = read(BEFORE.replace("- fråga om lov", "- fråga\n- fråga om lov"))
    assert Rebinding(cut).of(quoted, before) is None
