"""An answer as it was given, told by the buttons of its card and sealed with the store's key.

A click is about what the person saw: another guideline, another phrasing learned or a question too long for a button change
nothing of it. And nobody makes up an answer to say that it helped, or takes somebody else's: the seal holds answer, question
and what was shown together. Nothing is kept for it.
"""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.policy.answering import Answer, Quote
from bot.policy.askings import Missing
from bot.policy.deciding import Outcome
from bot.policy.glosses import gloss_between, load_glosses
from bot.policy.guideline import Guideline
from bot.questions.desk import digest
from bot.questions.grounding import Shown
from bot.services import Services
from cards.answer_offers import carried

_BY_MODEL, _LONG, _CUT = "model", "long", "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """``guideline`` is the one that the answer quotes; ``long``: the question was read in part
    only; ``cut``: it is too long for a button. Without ``sealed``
    it is what the bot would answer now, since nobody knows what was."""

    shown: Shown
    guideline: Guideline
    long: bool = False
    cut: bool = False
    sealed: bool = False


def stamp(services: Services, key: str, question: str, given: Given) -> str:
    """What the card's buttons carry, beside the answer's id and the question."""
    answer = given.shown.answer
    parts = (
        answer.outcome,
        answer.language,
        answer.missing or "",
        _BY_MODEL if given.shown.by_model else "",
        _LONG if given.long else "",
        _CUT if given.cut else "",
        answer.version,
        *(f"{one.passage}@{one.start}-{one.end}" for one in answer.quotes),
    )
    told = "|".join(parts)
    return f"{told}|{_seal(services, key, question, told)}"


async def read_given(services: Services, key: str, question: str, stamped: str) -> Given | None:
    """None for what was never shown so, or in a guideline that is on record no more."""
    told, _, seal = stamped.rpartition("|")
    if not hmac.compare_digest(seal.encode(), _seal(services, key, question, told).encode()):
        return None
    outcome, language, missing, by_model, long, cut, version, *places = told.split("|")
    guideline = await services.guidelines.version(version)
    if guideline is None:
        return None
    answer = Answer(
        outcome=Outcome(outcome),
        quotes=tuple(_quotes(services, guideline, places)),
        confidence=0.0,
        missing=Missing(missing) if missing else None,
        guideline=guideline.name,
        version=version,
        language=language,
    )
    if answer.outcome is not Outcome.NOT_IN_GUIDELINE and not answer.quotes:
        return None
    shown = Shown(answer=answer, by_model=bool(by_model))
    return Given(shown=shown, guideline=guideline, long=bool(long), cut=bool(cut), sealed=True)


def whole_passage(services: Services, guideline: Guideline, passage_id: str) -> Quote | None:
    """However long it is; None for an id that the guideline doesn't have."""
    passage = guideline.passage(passage_id)
    return (
        next(_quotes(services, guideline, [f"{passage_id}@{passage.start}-{passage.end}"]))
        if passage
        else None
    )


def gloss_of(services: Services, guideline: Guideline) -> Callable[[str], str | None]:
    """A passage id to that edition's unofficial English, if it has any."""
    policy = services.policy
    if policy.guideline.version == guideline.version:
        return policy.gloss

    def older(passage_id: str) -> str | None:
        passage = guideline.passage(passage_id)
        return gloss_between(load_glosses(guideline), passage.start, passage.end) if passage else None

    return older


def _quotes(services: Services, guideline: Guideline, places: list[str]) -> Iterator[Quote]:
    """In unofficial English too, where these very words have one."""
    policy = services.policy
    now = policy.guideline.version == guideline.version
    glosses = () if now else load_glosses(guideline)
    for place in places:
        name, _, extent = place.rpartition("@")
        start, end = map(int, extent.split("-"))
        passage = guideline.passage(name)
        if passage is None:
            continue
        cut = policy.cut(passage.id, start, end) if now else None
        yield cut or Quote(
            passage=passage.id,
            section=guideline.section_title(passage),
            text=guideline.text[start:end],
            start=start,
            end=end,
            gloss=gloss_between(glosses, start, end),
            columns=passage.columns,
        )


def _seal(services: Services, key: str, question: str, told: str) -> str:
    return digest(services.pepper, "given answer", key, carried(question), told)
