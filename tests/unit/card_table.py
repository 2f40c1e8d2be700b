"""One of every card, with texts of the test's choosing: what all cards must hold is asked of this table."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bot.domain.cases import Reason, Refusal
from bot.domain.organisation import Platform, Role
from bot.domain.views import CaseForm, ChannelPage, ChannelScope, ChannelSummary, Page, Summary
from bot.policy.answering import Answer, Quote, load_policy
from bot.policy.askings import Missing
from bot.policy.deciding import Outcome
from bot.turns import CardReply
from cards.answer_card import answer_card, passage_card
from cards.case_card import Banner, case_card
from cards.channel_list import channel_list_card
from cards.flag_card import flag_form_card, flag_receipt_card
from cards.help_card import help_card
from cards.lists import my_decisions_card, queue_card, unregistered_card
from cards.notice_card import refusal_card, withdrawn_card
from cards.registration_card import registration_card
from tests.unit.card_samples import (
    FLAGGED_AT,
    URL,
    organisation,
    registration,
    scene,
    stages,
    view,
)
from tests.unit.duty_cards import duty_cards
from tests.unit.overview_cards import overview_cards
from tests.unit.question_cards import answer_cards, question_cards
from tests.unit.request_samples import request_cards

POLICY = load_policy()
STAGES = stages()
FORMS_OPEN = [one for one in CaseForm if one not in {CaseForm.REVERSAL, CaseForm.POLICE}]
FORMS_DECIDED = [CaseForm.REVERSAL, CaseForm.POLICE, CaseForm.ABUSE]
TYPED = (
    "ground",
    "law",
    "reason",
    "reply",
    "police",
    "police_reference",
    "police_date",
    "to",
    "note",
    "number",
)

WITH_FORMS = frozenset(
    {"open", "open direct message", "delete", "keep", "abuse", "reversed", "handed over", "applied"}
)
"""Stages whose card is shown with every form; at the others the forms look the same."""

Make = Callable[[], CardReply]


def all_cards(
    language: str,
    *,
    text: str = "Din klåpare!",
    word: str = "Ett angrepp på en person.",
    name: str = "Kontot Exempel",
    url: str = URL,
    many: int = 1,
    typed: str = "",
) -> Iterator[tuple[str, Make]]:
    """``text`` is what the public wrote, ``word`` what staff wrote, ``name`` what anything is called."""
    yield from _cases(language, text, word, name, url, many, typed)
    yield from _others(language, text, word, name, url, many, typed)
    yield from overview_cards(language, name, many)
    yield from duty_cards(language, text, word, name, url, many, typed)
    yield from answer_cards(language, text, name, url, POLICY, _answer(Outcome.NOT_IN_GUIDELINE))
    yield from question_cards(language, text, word, name, many, typed)
    yield from request_cards(language, word=word, name=name, many=many, typed=typed)


def _cases(
    language: str, text: str, word: str, name: str, url: str, many: int, typed: str
) -> Iterator[tuple[str, Make]]:
    at = scene(language)
    refusal = Refusal(reason=Reason.ALREADY_DECIDED, by=name, at=FLAGGED_AT)
    lacking = Refusal(reason=Reason.REASON_MISSING, field="reason")
    filled: Mapping[str, str] = dict.fromkeys(TYPED, typed) if typed else {}
    for stage, case in STAGES.items():
        shown = view(
            case, text=text, word=word, name=name, url=url, people=5 * many, files=many, flags=many,
            earlier=(text,) * (many - 1),
        )  # fmt: skip
        for right in (Role.CHANNEL_ADMIN, None):
            seen = view(case, text=text, word=word, name=name, url=url, right=right, flags=many)
            yield f"{stage}, {right}", partial(case_card, seen, at)
        forms = FORMS_OPEN if case.is_open else FORMS_DECIDED
        for form in forms if stage in WITH_FORMS else ():
            yield (
                f"{stage}, {form}",
                partial(
                    case_card, shown, at, form=form, typed=filled, refusal=lacking, banner=Banner.REPEATED
                ),
            )
        yield f"{stage}, too late", partial(case_card, shown, at, refusal=refusal)


def _others(
    language: str, text: str, word: str, name: str, url: str, many: int, typed: str
) -> Iterator[tuple[str, Make]]:
    at = scene(language)
    missing = Refusal(reason=Reason.NUMBER_MISSING, field="number")
    filled = dict.fromkeys((*TYPED, "text", "author", "url", "channel"), typed)
    for stage, case in STAGES.items():
        if case.registrations:
            item = registration(view(case, text=text, word=word, name=name, url=url, files=many), late=True)
            yield f"registration, {stage}", partial(registration_card, item, at)
            yield (
                f"registration refused, {stage}",
                partial(registration_card, item, at, typed=filled, refusal=missing),
            )
    for of, listed in (
        ("queue", queue_card),
        ("mine", my_decisions_card),
        ("unregistered", unregistered_card),
    ):
        status = {"queue": "", "mine": "decision.delete", "unregistered": "late"}[of]
        yield f"list, {of}", partial(listed, _page(text, name, status), at)
        empty = Page(rows=(), number=1, of=1, total=0)
        yield f"empty list, {of}", partial(listed, empty, at)
    channels = tuple(organisation(name).channels.values()) * many
    for roles in (frozenset(Role), frozenset({Role.STAFF})):
        yield (
            f"help, {len(roles)} roles",
            partial(help_card, roles, channels, name, at, welcome=len(roles) == 1, local=True),
        )
    for scope in ChannelScope:
        yield f"channels, {scope}", partial(channel_list_card, _channels(scope, name, url, many), at)
    nothing = ChannelPage(scope=ChannelScope.MINE, rows=(), number=1, of=1, total=0)
    yield "no channels", partial(channel_list_card, nothing, at)
    yield "withdrawn", partial(withdrawn_card, name, at)
    yield "flag form", partial(flag_form_card, channels, "f" * 32, at)
    yield (
        "flag form again",
        partial(flag_form_card, channels, "f" * 32, at, typed=filled, problems={"url": "is no address"}),
    )
    yield "flag form without channels", partial(flag_form_card, (), "f" * 32, at)
    for new in (True, False):
        yield f"flag receipt, {new}", partial(flag_receipt_card, "SM-2026-0042", new, at)
    for reason in Reason:
        refusal = Refusal(reason=reason, by=name, at=FLAGGED_AT)
        yield f"refusal, {reason}", partial(refusal_card, refusal, at, "SM-2026-0042")
    for outcome in Outcome:
        yield (
            f"answer, {outcome}",
            partial(answer_card, text, _answer(outcome), at, POLICY.gloss),
        )
    quote = POLICY.quote("administratorens-ansvar/4")
    assert quote is not None
    yield "passage", partial(passage_card, quote, POLICY.guideline, at, POLICY.gloss)


def _channels(scope: ChannelScope, name: str, url: str, many: int) -> ChannelPage:
    row = ChannelSummary(
        name=name,
        platform=Platform.FACEBOOK,
        administration=name,
        url=url,
        admins=(name,) * 7 * many,
        opened_by="AN-2026-0001",
    )
    return ChannelPage(scope=scope, rows=(row,) * 8, number=2, of=3, total=20)


def _page(text: str, name: str, status: str) -> Page:
    rows = tuple(
        Summary(
            designation=f"SM-2026-{number:04d}", channel=name, flagged_at=FLAGGED_AT, kind="comment",
            excerpt=text[:141], suggested="personangrepp", status=status,
        )
        for number in range(1, 9)
    )  # fmt: skip
    return Page(rows=rows, number=2, of=3, total=20)


def _answer(outcome: Outcome) -> Answer:
    quotes = tuple(
        POLICY.quote(one) or Quote(passage=one, section="", text="", start=0, end=0)
        for one in ("administratorens-ansvar/5/b", "administratorens-ansvar/2", "administratorens-ansvar/4")
    )
    return Answer(
        outcome=outcome,
        quotes=quotes,
        confidence=0.9,
        missing=Missing.DURATION if outcome is Outcome.NOT_IN_GUIDELINE else None,
        guideline=POLICY.guideline.name,
        version=POLICY.guideline.version,
        language="en",
    )
