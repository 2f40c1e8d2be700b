"""Texts written by others: shown as they are written, and nothing in them acts."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.untrusted import cut, first_line, host_of, kept, opened_host, shown, size

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]|\\{\\{"
)
FAMILY = "👨‍👩‍👧‍👦"
any_text = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("{}\u200b\u200d\u202e\u2066\ud83d\n\r\t\x00 👨👩\U0001f3fb🇸🇪é\u0301"),
    ),
    max_size=300,
)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Hej på dig!", "Hej på dig!"),
        ("{{DATE(2026)}}", "{\u200b{DATE(2026)}}"),
        ("{{{{", "{\u200b{\u200b{\u200b{"),
        ("abc\u202egnp.exe", "abc[U+202E]gnp.exe"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\x00b\x07", "a[U+0000]b[U+0007]"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("windows\r\nand\rmac\u2028and\u2029more", "windows\nand\nmac\nand\nmore"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("hid\u200dden", "hid[U+200D]den"),
        ("soft\xadhyphen", "soft[U+00AD]hyphen"),
        ("tag\U000e0041", "tag[U+E0041]"),
        (FAMILY, FAMILY),
        ("❤️\u200d🔥", "❤️\u200d🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<at>Alla</at> **fet** [a](b)", "<at>Alla</at> **fet** [a](b)"),
    ],
)
def test_what_is_written_shows_and_nothing_acts(written: str, seen: str) -> None:
    assert shown(written) == seen


def test_a_long_word_gets_places_to_break_and_loses_nothing() -> None:
    word = "https://www.facebook.com/" + "x" * 200
    assert max(len(part) for part in shown(word).split("\u200b")) <= 48
    assert shown(word).replace("\u200b", "") == word


def test_a_break_never_splits_an_emoji() -> None:
    assert all(part.startswith("👨") for part in shown(FAMILY * 40).split("\u200b"))


@given(any_text)
def test_nothing_hidden_is_left_and_showing_twice_changes_nothing(text: str) -> None:
    once = shown(text)
    assert FORBIDDEN.search(once) is None
    assert shown(once) == once
    once.encode()


@given(any_text, st.integers(0, 400))
def test_a_cut_text_keeps_its_budget_and_says_when_it_was_cut(text: str, budget: int) -> None:
    part, more = cut(text, budget)
    assert size(part) <= budget
    assert more or part == shown(text)


@given(any_text, st.integers(0, 200))
def test_one_line_is_one_line(text: str, budget: int) -> None:
    assert "\n" not in first_line(text, budget)


@given(any_text, st.integers(0, 200))
def test_what_is_typed_on_stays_within_its_budget_and_can_be_sent(text: str, budget: int) -> None:
    assert size(kept(text, budget)) <= budget
    kept(text, budget).encode()


def test_what_was_typed_is_not_changed() -> None:
    assert kept("{{x}} \u202e *fet*\n", 100) == "{{x}} \u202e *fet*\n"


@pytest.mark.parametrize("budget", range(20, 60))
def test_a_cut_never_splits_what_is_one_character_to_a_reader(budget: int) -> None:
    part, more = cut(FAMILY * 100, budget)
    assert more
    assert part == FAMILY * (len(part) // len(FAMILY))
    flags, _ = cut("🇸🇪" * 100, budget)
    assert len(flags) % 2 == 0
    marked, _ = cut("e\u0301" * 100, budget)
    assert not marked or unicodedata.combining(marked[-1])


@pytest.mark.parametrize("budget", range(8, 40))
def test_a_cut_never_splits_a_shown_control(budget: int) -> None:
    part, _ = cut("\u202e" * 50, budget)
    assert part == "[U+202E]" * (len(part) // 8)


def test_a_text_of_many_lines_is_cut_by_lines_too() -> None:
    part, more = cut("rad\n" * 500, 5000, lines=10)
    assert (part.count("\n"), more) == (9, True)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.facebook.com/x", "facebook.com"),
        ("HTTPS://Facebook.COM/x", "facebook.com"),
        ("http://127.0.0.1:8080/x", "127.0.0.1"),
        ("https://haninge.se@evil.example/", ""),
        ("https://fаcebook.com/", "xn--fcebook-2fg.com"),
        ("javascript:alert(1)", ""),
        ("//x", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_the_host_is_the_one_that_the_address_leads_to(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/a",
        "https://x.example/a b",
        "https://x.example/\u202e",
        'https://x.example/"',
        "https://x.example/\n",
        "https://x.example/" + "a" * 2000,
        "msteams://x",
        "https://a:b@x.example/",
        "https:///x",
    ],
)
def test_an_address_that_is_not_plainly_a_web_page_may_not_be_opened(url: str) -> None:
    assert opened_host(url) == ""


def test_a_plain_address_may_be_opened() -> None:
    assert opened_host("https://www.facebook.com/x?a=1&b=%20#c") == "facebook.com"


def test_a_long_address_is_broken_after_its_punctuation() -> None:
    url = "https://www.facebook.com/haningekommun/posts/7?comment_id=71"
    assert shown(url).split("\u200b") == ["https://www.facebook.com/haningekommun/posts/7?", "comment_id=71"]
    assert shown(shown(url)) == shown(url)
