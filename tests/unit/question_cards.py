"""One of every card about answers and questions, with texts of the test's choosing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Literal

from bot.domain.organisation import Topic
from bot.domain.question_views import (
    AlikePage,
    ClauseView,
    ClusterView,
    LearnedPage,
    LearnedView,
    QuestionForm,
    QuestionView,
    ReplyView,
    UnansweredPage,
)
from bot.domain.questions import (
    Learned,
    LearnedStatus,
    Question,
    QuestionStatus,
    Quoted,
    Reason,
    Refusal,
)
from bot.policy.answering import Answer, Policy
from bot.policy.deciding import Outcome
from bot.turns import CardReply
from cards.answer_card import ByModel, answer_card, passage_card
from cards.answer_offers import Offer
from cards.asked_card import asked_card
from cards.question_card import QuestionBanner, question_card, question_withdrawn_card
from cards.question_lists import alike_card, learned_card, unanswered_card
from cards.question_refusals import question_refusal_card
from cards.section_card import section_card
from tests.unit.card_samples import FLAGGED_AT, scene

Make = Callable[[], CardReply]
PLACES = ("administratorens-ansvar/5/a", "administratorens-ansvar/2", "overgripande-riktlinjer/p5")
QUOTED = tuple(Quoted(passage=one, start=0, end=9) for one in PLACES)
CLAUSES = tuple(
    ClauseView(
        passage=one,
        section="Administratörens ansvar",
        text="Se till att *reglerna* följs. " * 20,
        columns="Roll | Utses av | " * 20,
    )
    for one in PLACES
)


def a_question(status: QuestionStatus, *, forgotten: bool = False) -> Question:
    return Question(
        designation="FR-2026-0001",
        asker="00000000-0000-0000-0000-000000000006",
        asked_at=FLAGGED_AT,
        texts_ref="ab" * 32,
        language="sv",
        outcome=Outcome.NOT_IN_GUIDELINE,
        guideline="cd" * 32,
        same="ef" * 16,
        nearest=QUOTED,
        status=status,
        gap_by=None if status is QuestionStatus.OPEN else "4",
        forgotten=forgotten,
    )


def a_view(
    status: QuestionStatus, *, text: str, word: str, name: str, may: bool = True, forgotten: bool = False
) -> QuestionView:
    reply = ReplyView(by=name, at=FLAGGED_AT, text=word, clause=CLAUSES[0])
    return QuestionView(
        question=a_question(status, forgotten=forgotten),
        text=None if forgotten else text,
        asker=name,
        unit=name,
        guideline=name,
        nearest=CLAUSES,
        reply=reply if status is QuestionStatus.ANSWERED else None,
        may_answer=may,
        asker_unreachable=True,
        unit_unreachable=True,
        cut=True,
    )


def a_learned(status: LearnedStatus) -> Learned:
    return Learned(
        question="FR-2026-0001", language="sv", guideline="cd" * 32, quoted=QUOTED[0], texts_ref="ab" * 32,
        proposed_by="4", at=FLAGGED_AT, status=status, revision=3,
    )  # fmt: skip


def answer_cards(
    language: str, text: str, name: str, url: str, policy: Policy, answer: Answer
) -> Iterator[tuple[str, Make]]:
    """``answer`` as it is given with each outcome."""
    at = scene(language)
    topics = (Topic(about="administratorens-ansvar", title=name, url=url),) * 5
    said: tuple[Literal["yes", "no"] | None, ...] = ("yes", "no", None)
    for one in said:
        offer = Offer(answer="f" * 32, given="g" * 220, topics=topics, helped=one, long=True)
        for outcome in Outcome:
            given = replace(answer, outcome=outcome)
            yield (
                f"answer, {outcome}, said {one}",
                partial(answer_card, text, given, at, policy.gloss, offer),
            )
        for lead in (text, ""):
            for outcome in Outcome:
                by_model = partial(
                    answer_card,
                    text,
                    replace(answer, outcome=outcome),
                    at,
                    policy.gloss,
                    offer,
                    by_model=ByModel(lead=lead),
                )
                yield (
                    f"answer, {outcome}, by model, said {one}, {'with' if lead else 'without'} a lead",
                    by_model,
                )
    quote = policy.quote("administratorens-ansvar/4")
    assert quote is not None
    for one in said:
        offer = Offer(answer="f" * 32, given="g" * 220, helped=one)
        for about, shown in (
            ("one", quote),
            ("a long one", replace(quote, text=text, gloss=None, columns=text)),
        ):
            passage_made = partial(passage_card, shown, policy.guideline, at, question=text, offer=offer)
            yield f"passage to go back from, {about}, said {one}", passage_made
    guideline = policy.guideline
    for passage in ("administratorens-ansvar/5/b", "definition-av-sociala-medier/p1"):
        found = guideline.passage(passage)
        assert found is not None
        yield f"section, {passage}", partial(section_card, guideline, found, at)
        yield (
            f"section to go back from, {passage}",
            partial(section_card, guideline, found, at, answer="f" * 32, question=text, given="g" * 220),
        )


def question_cards(
    language: str, text: str, word: str, name: str, many: int, typed: str
) -> Iterator[tuple[str, Make]]:
    at = scene(language)
    text = text[:1000]
    for status in QuestionStatus:
        for may in (True, False):
            view = a_view(status, text=text, word=word, name=name, may=may)
            yield f"question, {status}, {may}", partial(question_card, view, at)
        for forgotten in (True, False):
            view = a_view(status, text=text, word=word, name=name, forgotten=forgotten)
            yield f"asked, {status}, {forgotten}", partial(asked_card, view, at, repeated=True)
            yield f"question, {status}, forgotten {forgotten}", partial(question_card, view, at)
    opened = a_view(QuestionStatus.OPEN, text=text, word=word, name=name)
    for banner in QuestionBanner:
        yield f"question, {banner}", partial(question_card, opened, at, banner=banner)
    lacking = Refusal(reason=Reason.ANSWER_MISSING, field="reply")
    filled = {"reply": typed, "phrasing": typed, "clause": typed} if typed else {}
    yield "question again", partial(question_card, opened, at, refusal=lacking, typed=filled)
    answered = a_view(QuestionStatus.ANSWERED, text=text, word=word, name=name)
    yield "question to learn from", partial(question_card, answered, at, form=QuestionForm.LEARN)
    for learned in LearnedStatus:
        view = replace(answered, learned=a_learned(learned), phrasing=text)
        yield f"question, {learned}", partial(question_card, view, at)
        unsaid = Refusal(reason=Reason.PHRASING_MISSING, field="phrasing")
        yield f"question, {learned} again", partial(question_card, view, at, refusal=unsaid, typed=filled)
    yield "question withdrawn", partial(question_withdrawn_card, at)
    for reason in Reason:
        refusal = Refusal(reason=reason, by=name, at=FLAGGED_AT)
        yield f"question refused, {reason}", partial(question_card, opened, at, refusal=refusal)
        yield f"question refused without its card, {reason}", partial(question_refusal_card, refusal, at)
    yield from _lists(language, text, name, many)


def _lists(language: str, text: str, name: str, many: int) -> Iterator[tuple[str, Make]]:
    at = scene(language)
    rows = tuple(
        ClusterView(
            passage=passage,
            section=name,
            count=40 * many,
            wordings=40 * many,
            newest=FLAGGED_AT,
            texts=(text,) * 3,
            gap=bool(passage),
            id="f" * 32,
        )
        for passage in ("administratorens-ansvar/5/a", "") * 3
    )
    page = UnansweredPage(rows=rows, number=2, of=3, total=400, left_out=many)
    yield "list of unanswered questions", partial(unanswered_card, page, at)
    alike = replace(rows[0], texts=(text,) * 15, id="f" * 32)
    yield (
        "unanswered questions that are alike",
        partial(alike_card, AlikePage(cluster=alike, number=2, of=3), at),
    )
    nothing = UnansweredPage(rows=(), number=1, of=1, total=0)
    yield "empty list of unanswered questions", partial(unanswered_card, nothing, at)
    learned = tuple(
        LearnedView(
            learned=a_learned(status),
            phrasing=text,
            clause=CLAUSES[0] if status is LearnedStatus.ACCEPTED else None,
            by=name,
            applies=status is LearnedStatus.ACCEPTED,
        )
        for status in (LearnedStatus.ACCEPTED, LearnedStatus.PROPOSED) * 3
    )
    yield (
        "list of learned answers",
        partial(learned_card, LearnedPage(rows=learned, number=2, of=3, total=20), at),
    )
    empty = LearnedPage(rows=(), number=1, of=1, total=0)
    yield "empty list of learned answers", partial(learned_card, empty, at)
