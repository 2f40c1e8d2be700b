"""The overview's cards, with names of the test's choosing."""

from collections.abc import Callable, Iterator
from functools import partial

from bot.domain.grounds import Ground
from bot.domain.overview_views import Age, Overview
from bot.turns import CardReply
from cards.overview_card import no_overview_card, overview_card
from tests.unit.card_samples import FLAGGED_AT, scene

MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]


def an_overview(name: str, *, count: int = 3, many: int = 1) -> Overview:
    return Overview(
        administrations=(name,) * many,
        open_by_age=dict.fromkeys(Age, count),
        to_remove=count,
        oldest=FLAGGED_AT if count else None,
        removals_by_ground=dict.fromkeys([*Ground, ""], count) if count else {},
        removals_by_month=dict.fromkeys(MONTHS, count),
        unregistered=count,
        unregistered_late=count,
        duties_due=count,
        duties_late=count,
        requests=count,
    )


def overview_cards(language: str, name: str, many: int) -> Iterator[tuple[str, Callable[[], CardReply]]]:
    at = scene(language)
    yield "overview", partial(overview_card, an_overview(name, many=many), at)
    yield "no overview", partial(no_overview_card, at)
    yield "overview of all with nothing", partial(overview_card, an_overview(name, count=0, many=0), at)
