"""One of every card about yearly duties, with texts of the test's choosing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bot.domain.duties import DutyKind, DutyScheduled, Reason, Refusal, scheduled
from bot.domain.duty_views import (
    DoneView,
    DutyPage,
    DutyScope,
    DutyState,
    DutySummary,
    DutyView,
    PictureChoice,
)
from bot.domain.pictures import PictureProblem
from bot.turns import CardReply
from cards.done_card import done_card
from cards.duty_card import DutyBanner, duty_card, duty_refusal_card, duty_withdrawn_card
from cards.duty_list import duty_list_card
from cards.picture_cards import picture_choice_card, picture_problem_card
from tests.unit.card_samples import FLAGGED_AT, scene

Make = Callable[[], CardReply]
DUE = date(2026, 12, 1)


def a_view(
    kind: DutyKind, state: DutyState, *, name: str, url: str, word: str, many: int, may: bool = True
) -> DutyView:
    subject = "kultur" if kind is DutyKind.EVALUATION else "facebook-haninge"
    duty = scheduled(DutyScheduled(kind=kind, subject=subject, administration="kultur", due=DUE))
    labels = {DutyKind.EVALUATION: ("reach", "staffing", "changes"), DutyKind.CONTACT_DETAILS: ("contacts",)}
    texts = tuple((label, word) for label in labels.get(kind, ()))
    pictured = kind not in labels
    done = DoneView(
        number=1, by=name, at=FLAGGED_AT - timedelta(days=370), after_change=False, texts=texts,
        file=name if pictured else "", sha256="ab" * 32 if pictured else "", has_document=not pictured,
    )  # fmt: skip
    return DutyView(
        duty=duty,
        name=name,
        administration=name,
        url=url,
        state=state,
        owing=(name,) * many,
        last=done if state is not DutyState.COMING else None,
        known=word if kind is DutyKind.CONTACT_DETAILS and state is not DutyState.COMING else "",
        asked=False,
        may_fulfil=may,
        may_write=may and not pictured,
        may_ask=may and kind is DutyKind.SCREENSHOT,
    )


def _page(scope: DutyScope, name: str) -> DutyPage:
    kinds, states = list(DutyKind) * 2, list(DutyState) * 2
    rows = tuple(
        DutySummary(duty=f"{kind}/facebook-haninge", kind=kind, name=name, due=DUE, state=state)
        for kind, state in zip(kinds, states, strict=False)
    )
    return DutyPage(scope=scope, scopes=tuple(DutyScope), rows=rows, number=2, of=3, total=20, late=3)


def duty_cards(
    language: str, text: str, word: str, name: str, url: str, many: int, typed: str
) -> Iterator[tuple[str, Make]]:
    at = scene(language)
    for kind in DutyKind:
        for state in DutyState:
            for may in (True, False):
                view = a_view(kind, state, name=name, url=url, word=word, many=many, may=may)
                yield f"duty, {kind}, {state}, {may}", partial(duty_card, view, at)
    view = a_view(DutyKind.SCREENSHOT, DutyState.LATE, name=name, url=url, word=word, many=many)
    for banner in DutyBanner:
        yield f"duty, {banner}", partial(duty_card, view, at, banner=banner)
    for kind in DutyKind:
        given = a_view(kind, DutyState.DONE, name=name, url=url, word=word, many=many)
        assert given.last is not None
        for link in (None, "", url):
            yield f"done, {kind}, {link}", partial(done_card, given, given.last, at, link=link, repeated=True)
        changed = replace(given.last, after_change=True)
        yield f"changed, {kind}", partial(done_card, given, changed, at)
    choices = [
        PictureChoice(channel=f"kanal-{n}", name=name, due=DUE if n % 2 else None) for n in range(5 * many)
    ]
    for lacking in (True, False):
        yield f"picture, {lacking}", partial(picture_choice_card, "f" * 32, choices, at, lacking=lacking)
    for problem in PictureProblem:
        yield f"picture, {problem}", partial(picture_problem_card, problem, at)
    for scope in DutyScope:
        yield f"list of duties, {scope}", partial(duty_list_card, _page(scope, name), at)
    nothing = DutyPage(
        scope=DutyScope.MINE, scopes=(DutyScope.MINE,), rows=(), number=1, of=1, total=0, late=0
    )
    yield "empty list of duties", partial(duty_list_card, nothing, at)
    unsaid = Refusal(reason=Reason.TEXT_MISSING, field="text")
    filled = dict.fromkeys(("contacts", "reach", "staffing", "changes"), typed)
    for kind in (DutyKind.CONTACT_DETAILS, DutyKind.EVALUATION):
        given = a_view(kind, DutyState.LATE, name=name, url=url, word=word, many=many)
        yield f"duty again, {kind}", partial(duty_card, given, at, refusal=unsaid, typed=filled)
    yield "duty withdrawn", partial(duty_withdrawn_card, at)
    for reason in Reason:
        refusal = Refusal(reason=reason, by=name, at=FLAGGED_AT, due=DUE)
        yield f"duty refused, {reason}", partial(duty_card, view, at, refusal=refusal)
        yield f"duty refused without its card, {reason}", partial(duty_refusal_card, refusal, at)
