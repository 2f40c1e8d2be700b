"""The lists in chat: what a row says, and where its button leads."""

import pytest

from bot.domain.views import Page, Summary
from cards.lists import queue_card, unregistered_card
from cards.payload import ShowingRegistration, unpack
from tests.unit.card_checks import buttons, words
from tests.unit.card_samples import FLAGGED_AT, scene


def row(excerpt: str) -> Page:
    summary = Summary(
        designation="SM-2026-0042", channel="Kontot", flagged_at=FLAGGED_AT, kind="comment",
        excerpt=excerpt, suggested=None, status="owed",
    )  # fmt: skip
    return Page(rows=(summary,), number=1, of=1, total=1)


@pytest.mark.parametrize(("written", "seen"), [("a" * 9, "a" * 9), ("ja " * 47, "ja " * 46 + "ja…")])
def test_a_row_says_that_the_post_goes_on(written: str, seen: str) -> None:
    assert seen in words(queue_card(row(written[:141]), scene()).card).split("\n")


def test_what_is_to_be_registered_leads_to_where_its_number_is_filled_in() -> None:
    made = buttons(unregistered_card(row("Text"), scene()).card)
    assert isinstance(unpack("registration", made["Visa"]["data"]), ShowingRegistration)
