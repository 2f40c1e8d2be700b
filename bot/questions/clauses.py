"""Clauses of the guideline by their place: told as such on record, cut from the guideline whenever they are shown."""

from bot.domain.question_views import ClauseView
from bot.domain.questions import Quoted
from bot.policy.answering import Quote
from bot.policy.glosses import gloss_between, load_glosses
from bot.policy.guideline import Guideline, Passage
from bot.services import Services


def quoted_of(quote: Quote, guideline: Guideline) -> Quoted | None:
    """Where the quote stands, which may be more than its passage: a list with what leads to it. None for words that are
    not there."""
    passage = guideline.passage(quote.passage)
    if passage is None:
        return None
    begin, end = guideline.around(passage)
    start = guideline.text.find(quote.text, begin, end)
    while start >= 0 and not _meets(passage, start, start + len(quote.text)):
        start = guideline.text.find(quote.text, start + 1, end)
    return Quoted(passage=quote.passage, start=start, end=start + len(quote.text)) if start >= 0 else None


def _meets(passage: Passage, start: int, end: int) -> bool:
    return start < passage.end and passage.start < end


async def clause_view(services: Services, version: str, quoted: Quoted) -> ClauseView | None:
    """None where the record doesn't have that version, or nothing at that place."""
    guideline = await services.guidelines.version(version)
    passage = guideline.passage(quoted.passage) if guideline else None
    if guideline is None or passage is None:
        return None
    text = guideline.text[quoted.start : quoted.end]
    section = guideline.section_title(passage)
    gloss = gloss_between(load_glosses(guideline), quoted.start, quoted.end) or ""
    return ClauseView(passage=quoted.passage, section=section, text=text, gloss=gloss) if text else None
