"""Policy answers: the guideline's own words and nothing else, or plainly that it does not say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from bot.policy.answering import Answer, Quote
from bot.policy.deciding import Outcome
from bot.policy.guideline import Guideline
from bot.turns import CardReply, Cited, Json
from cards.actions import actions
from cards.answer_offers import (
    Offer,
    ask_unit,
    back_to_answer,
    helped,
    onward,
    reading_on,
    who_sees,
    whole_section,
)
from cards.elements import block, card, column_names, container, emphasised, fact, heading, note, plain, run
from cards.glossed import gloss_line, gloss_part, wants_english
from cards.names import place_name
from cards.scene import Scene
from cards.texts import Texts, texts
from cards.untrusted import cut, first_line, shorten, shown

Glosses = Callable[[str], str | None]
"""A passage id to its unofficial English."""

_QUESTION_BUDGET = 600
_QUOTE_BUDGET = 3000
_EXCERPT_BUDGET = 500
_NAME_BUDGET = 300
_LEAD_BUDGET = 600
_CITATION = "[1] "
_CITED_NAME, _CITED_ABSTRACT = 80, 160
"""Characters that Teams takes: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bot-messages-ai-generated-content"""


def _no_gloss(passage: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByModel:
    """A model had a part in the answer; ``lead`` is its sentence, already checked, and still nobody's but a machine's."""

    lead: str = ""


def answer_card(
    question: str, answer: Answer, scene: Scene, gloss: Glosses = _no_gloss, offer: Offer | None = None, *,
    by_model: ByModel | None = None,
) -> CardReply:  # fmt: skip
    """``offer`` is what the answer goes on to, in a chat."""
    t = texts(scene.language)
    english = scene.language == "en" or answer.language == "en"
    lead = by_model.lead if by_model and answer.outcome is Outcome.ANSWER else ""
    source = _Source(
        t=t,
        guideline=answer.guideline,
        version=answer.version,
        gloss=gloss if english else _no_gloss,
        mark=_CITATION if lead else "",
    )
    asked = fact(t("answer.asked"), first_line(question, _QUESTION_BUDGET))
    title = heading(t(f"answer.{answer.outcome}"))
    told = _led(lead, t) if lead else [note(t("answer.model.chose"), spacing="Small")] if by_model else []
    long = [note(t("answer.long"), spacing="Small")] if offer and offer.long else []
    body = [title, asked, *long, *told, *_outcome(question, answer, source, offer)]
    made = card(body, t, fallback=t("answer.fallback"))
    cites = (_cited(answer.quotes[0], answer.guideline),) if lead else ()
    return CardReply(card=made, summary=t(f"answer.{answer.outcome}"), cites=cites)


def _led(lead: str, t: Texts) -> list[Json]:
    """``[1]`` is the place of the source that the message cites, as Teams wants it written."""
    return [
        plain(run(f"{first_line(lead, _LEAD_BUDGET)} {_CITATION}".rstrip()), spacing="Medium"),
        note(t("answer.model.lead"), spacing="Small"),
    ]


def _cited(quote: Quote, guideline: str) -> Cited:
    name, abstract = shown(f"{quote.section}, {guideline}"), shown(quote.text)
    return Cited(name=shorten(name, _CITED_NAME), abstract=shorten(abstract, _CITED_ABSTRACT))


def passage_card(
    quote: Quote, guideline: Guideline, scene: Scene, gloss: Glosses = _no_gloss, *,
    question: str = "", offer: Offer | None = None,
) -> CardReply:  # fmt: skip
    """A passage chosen by the reader, who takes it for no more than what it says. ``offer``: of the answer that it was
    chosen from."""
    t = texts(scene.language)
    english = gloss if wants_english(scene, question) else _no_gloss
    source = _Source(t=t, guideline=guideline.name, version=guideline.version, gloss=english)
    further = _further(quote.passage, question, offer, t) if offer else []
    body = [heading(t("passage.title")), *source.quote(quote), *further]
    return CardReply(card=card(body, t, fallback=t("answer.fallback")), summary=t("passage.title"))


def _further(passage: str, question: str, offer: Offer, t: Texts) -> list[Json]:
    """What a chosen passage goes on to; a no has its own way to communications."""
    asked = offer.helped == "no"
    ask = None if asked else ask_unit(question, offer, t)
    return [
        actions(whole_section(passage, question, offer, t), back_to_answer(question, offer, t), ask),
        *([] if asked else [who_sees(t)]),
        *helped(question, offer, t, passage=passage),
    ]


def _outcome(question: str, answer: Answer, source: "_Source", offer: Offer | None) -> list[Json]:
    t = source.t
    match answer.outcome:
        case Outcome.ANSWER:
            return _answered(question, answer.quotes[0], source, offer)
        case Outcome.DID_YOU_MEAN:
            told = [who_sees(t)] if offer else []
            return [block(t("answer.did_you_mean.told")), *_choices(question, answer, t, offer), *told]
        case Outcome.NOT_IN_GUIDELINE:
            ask = [who_sees(t), actions(ask_unit(question, offer, t), spacing="Small")] if offer else []
            return [*_not_there(answer, source), *ask]
        case _:
            assert_never(answer.outcome)


def _answered(question: str, best: Quote, source: "_Source", offer: Offer | None) -> list[Json]:
    t = source.t
    if offer is None:
        return source.quote(best)
    return [
        *source.quote(best),
        actions(whole_section(best.passage, question, offer, t)),
        *reading_on(offer.topics, t),
        *helped(question, offer, t),
    ]


def _choices(question: str, answer: Answer, t: Texts, offer: Offer | None) -> list[Json]:
    """One suggestion per passage, told by its section and first words."""
    different = list({quote.passage: quote for quote in reversed(answer.quotes)}.values())[::-1][:3]
    made: list[Json] = []
    for number, quote in enumerate(different, start=1):
        title = t("answer.choice", number=number, section=first_line(quote.section, _NAME_BUDGET))
        words = _excerpt(quote, t, english="en" in {t.language, answer.language})
        made.append(container([plain(run(title, bold=True)), words], separator=True, spacing="Medium"))
    of = offer or Offer(answer="")
    buttons = [
        onward(
            t("button.choice", number=number), "passage", question if offer else "", of, passage=quote.passage
        )
        for number, quote in enumerate(different, start=1)
    ]
    return [*made, actions(*buttons, ask_unit(question, offer, t) if offer else None)]


def _excerpt(quote: Quote, t: Texts, *, english: bool) -> Json:
    words = plain(*emphasised(first_line(quote.text, _EXCERPT_BUDGET)), spacing="Small")
    gloss = gloss_line(quote.gloss, _EXCERPT_BUDGET, t) if english else []
    columns = column_names(quote.columns)
    return container([*columns, words, *gloss], spacing="None") if columns or gloss else words


def _not_there(answer: Answer, source: "_Source") -> list[Json]:
    """What is missing, where that can be told; only then is the nearest passage worth showing, as no answer."""
    t = source.t
    told = block(t("answer.not_in_guideline.told"))
    if answer.missing is None or not answer.quotes:
        return [told]
    return [
        block(t(f"missing.{answer.missing}"), weight="Bolder"),
        told,
        block(t("answer.nearest"), weight="Bolder", spacing="Large"),
        *source.quote(answer.quotes[0]),
    ]


class _Source:
    """The guideline that is quoted, with how it is named under each quote."""

    def __init__(self, *, t: Texts, guideline: str, version: str, gloss: Glosses, mark: str = "") -> None:
        """``mark`` stands before the place, where something above refers to it."""
        self.t = t
        self._guideline = first_line(guideline, _NAME_BUDGET)
        self._version = version[:12]
        self._gloss = gloss
        self._mark = mark

    def quote(self, quote: Quote) -> list[Json]:
        t = self.t
        place = place_name(quote.section, quote.passage, t)
        told = t("answer.source", place=place, guideline=self._guideline, version=self._version)
        text, more = cut(quote.text, _QUOTE_BUDGET)
        words = container(
            [
                *column_names(quote.columns),
                plain(*emphasised(f"{text} …" if more else text)),
                *([note(t("passage.cut"), spacing="Small")] if more else []),
                note(f"{self._mark}{told}", spacing="Small"),
            ],
            style="emphasis",
            spacing="Medium",
        )
        return [words, *self._translated(quote)]

    def _translated(self, quote: Quote) -> list[Json]:
        if self._gloss is _no_gloss:
            return []
        return gloss_part(quote.gloss or self._gloss(quote.passage), self.t)
