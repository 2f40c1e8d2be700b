"""What holds for every card there is: format, buttons, inputs, size, and that nothing others wrote can act."""

import re
from typing import Any

import pytest

from cards.payload import BadPayload, unpack
from tests.unit.card_checks import (
    MAX_BYTES,
    buttons,
    elements,
    inputs,
    problems,
    size,
    strings,
    visible_buttons,
)
from tests.unit.card_table import all_cards

LANGUAGES = ("sv", "en")
CARDS = {(language, name): make for language in LANGUAGES for name, make in all_cards(language)}
every_card = pytest.mark.parametrize("card", list(CARDS.values()), ids=[" ".join(one) for one in CARDS])

MARK = "ZXQ"
HOSTILE = (
    f"{MARK} **bold** [link](https://evil.example) # head <at>Everyone</at> <b>x</b> </at> &amp; "
    "{{DATE(2026-01-01T00:00:00Z,SHORT)}} {{{TIME(x)}}} \u202egnp.exe\u202c \u2066iso\u2069 \u200f "
    "a\x00b\x07c \ud83d lone \ufeff \u200b \U000e0041 👨‍👩‍👧‍👦 `code` | table | ~~no~~"
)
LONGEST = {
    "letters": "x" * 200_000,
    "sentences": "Jag är så arg på er på kommunen! " * 6000,
    "emoji": "😀" * 200_000,
    "families": "👨‍👩‍👧‍👦" * 28_000,
    "quotes": '"' * 200_000,
    "backslashes": "\\" * 200_000,
    "controls": "\x01" * 200_000,
    "bidi": "\u202e" * 200_000,
    "lines": "\n" * 200_000,
    "short lines": "å\n" * 100_000,
    "braces": "{" * 200_000,
    "marks": "e" + "\u0301" * 199_999,
    "surrogates": "\ud83d" * 200_000,
}
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


@pytest.mark.parametrize("name", [name for language, name in CARDS if language == "sv"])
def test_a_card_is_a_valid_adaptive_card(name: str) -> None:
    """Checking one card takes longer than making a hundred; in English only the words differ."""
    swedish, english = CARDS["sv", name]().card, CARDS["en", name]().card
    assert problems(swedish) == []
    if not name.startswith(("answer", "passage", "section")):  # in English a gloss more
        assert _build(swedish) == _build(english)


def _build(card: Any) -> list[str]:
    """Its elements but for runs of text: only in English are the guideline's words beside the ground's name."""
    return [one["type"] for one in elements(card) if one["type"] != "TextRun"]


@every_card
def test_a_card_says_what_it_is_to_every_client(card: Any) -> None:
    reply = card()
    made = reply.card
    assert made["version"] == "1.5"
    assert made["$schema"] == "http://adaptivecards.io/schemas/adaptive-card.json"
    assert made["lang"] in LANGUAGES
    assert made["fallbackText"]
    assert reply.summary
    assert "\n" not in reply.summary
    assert any(one.get("style") == "heading" for one in elements(made))


@every_card
def test_every_text_of_our_own_wraps(card: Any) -> None:
    assert [one for one in elements(card().card) if one["type"] == "TextBlock" and not one.get("wrap")] == []


@every_card
def test_every_button_is_understood_when_it_comes_back(card: Any) -> None:
    """With nothing typed: what the inputs lack is refused by the domain, not by the codec."""
    for button in (one for one in elements(card().card) if one["type"] == "Action.Execute"):
        assert (
            not isinstance(unpack(button["verb"], button["data"]), BadPayload) or button["verb"] == "reverse"
        )


@every_card
def test_every_execute_can_fall_back_on_a_submit_with_the_same_data(card: Any) -> None:
    made = card().card
    in_sets = [action for one in elements(made) if one["type"] == "ActionSet" for action in one["actions"]]
    executes = [one for one in elements(made) if one["type"] == "Action.Execute"]
    assert len([one for one in in_sets if one["type"] == "Action.Execute"]) == len(executes)
    for one in executes:
        fallback = one["fallback"]
        assert fallback["type"] == "Action.Submit"
        assert {key: fallback.get(key) for key in ("title", "data", "associatedInputs", "mode")} == {
            key: one.get(key) for key in ("title", "data", "associatedInputs", "mode")
        }


@every_card
def test_every_input_has_a_label_and_an_error_message(card: Any) -> None:
    for one in inputs(card().card).values():
        assert one["label"]
        assert one["errorMessage"]


@every_card
def test_every_input_is_known_by_itself_and_not_by_its_place(card: Any) -> None:
    """Teams' renderer keeps what a drop-down offered for whatever comes to stand at its place."""
    assert all(one.get("key") for one in inputs(card().card).values())


@every_card
def test_no_required_input_is_folded_away(card: Any) -> None:
    for one in elements(card().card):
        if one.get("isVisible") is False:
            assert not [inner for inner in elements(one) if inner.get("isRequired")]


@every_card
def test_a_card_has_no_input_twice_and_no_element_id_twice(card: Any) -> None:
    ids = [one["id"] for one in elements(card().card) if "id" in one]
    assert len(ids) == len(set(ids))


def test_a_case_card_shows_at_most_six_buttons() -> None:
    for (language, name), make in CARDS.items():
        if name.startswith(("list", "empty")):
            continue
        assert len(visible_buttons(make().card)) <= 6, (language, name)


def test_buttons_beside_each_other_have_different_names() -> None:
    for (language, name), make in CARDS.items():
        for one in elements(make().card):
            if one["type"] == "ActionSet":
                titles = [action["title"] for action in one["actions"]]
                assert len(titles) == len(set(titles)), (language, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_others_wrote_stands_in_plain_runs_only(language: str) -> None:
    """The post, its author, files and link; notes, reasons and names of people, units and channels; the question."""
    for name, make in all_cards(language, text=HOSTILE, word=HOSTILE, name=HOSTILE, many=3):
        reply = make()
        for path, text in strings(reply.card):
            if MARK in text:
                assert _is_plain(path), (name, path)


def _is_plain(path: tuple[str, ...]) -> bool:
    """A TextRun, what an input is filled with, a choice in a closed list, or what a button carries unseen: none of them
    is Markdown."""
    shown = path[-2:] in {("TextRun", "text"), ("Input.Text", "value")} or path[-3] == "choices"
    return shown or _is_carried(path)


def _is_carried(path: tuple[str, ...]) -> bool:
    """By a button, unseen: as it was written, since the record keeps what comes back."""
    return path[-3:-1] == ("data", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_named_by_others_are_never_shown_as_an_open_list(language: str) -> None:
    for _, make in all_cards(language, name=HOSTILE, many=3):
        for one in elements(make().card):
            if one["type"] == "Input.ChoiceSet" and one["style"] == "expanded":
                assert MARK not in str(one["choices"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_a_card_expands_reverses_or_hides(language: str) -> None:
    for name, make in all_cards(language, text=HOSTILE, word=HOSTILE, name=HOSTILE, typed=HOSTILE, many=3):
        reply = make()
        reply.summary.encode()
        for path, text in strings(reply.card):
            assert "\ud83d" not in text, (name, path)
            if path[-2:] != ("Input.Text", "value") and not _is_carried(path):
                assert "{{" not in text, (name, path)
                assert HIDDEN.search(text) is None, (name, path, ascii(text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(LONGEST))
def test_a_card_fits_for_the_longest_text(kind: str, language: str) -> None:
    long = LONGEST[kind]
    for name, make in all_cards(
        language, text=long, word=long[:8000], name=long[:200], many=20, typed=long[:8000]
    ):
        assert size(make().card) <= MAX_BYTES, name


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example/", "https://user@evil.example/", "https://"]
)
def test_an_address_that_may_not_be_opened_is_no_button(url: str) -> None:
    for name, make in all_cards("sv", url=url):
        assert [one for one in elements(make().card) if one["type"] == "Action.OpenUrl"] == [], name


def test_a_button_to_elsewhere_names_the_host_that_it_leads_to() -> None:
    lying = "https://www.facebook.com.evil.example/haninge.se"
    titles = {
        one["title"]
        for _, make in all_cards("sv", url=lying)
        for one in elements(make().card)
        if one["type"] == "Action.OpenUrl"
    }
    assert titles == {
        "Öppna inlägget på facebook.com.evil.example",
        "Öppna kanalen på facebook.com.evil.example",
        "Öppna filen på facebook.com.evil.example",
        "Öppna sidan på facebook.com.evil.example",
    }


def test_only_the_post_itself_and_a_channel_can_be_opened() -> None:
    text = "Se https://evil.example/1 och [haninge.se](https://evil.example/2)"
    for name, make in all_cards("sv", text=text, word=text, name=text):
        opened = {one["url"] for one in elements(make().card) if one["type"] == "Action.OpenUrl"}
        assert not any("evil.example" in one for one in opened), name


def test_every_card_of_a_case_carries_its_designation_and_version() -> None:
    for (_, name), make in CARDS.items():
        for one in buttons(make().card).values():
            if one["verb"] in {"decide", "reverse", "forward", "applied", "verified", "abuse"}:
                assert one["data"]["case"] == "SM-2026-0042", name
                assert one["data"]["version"] >= 1, name
