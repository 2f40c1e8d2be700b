"""Clauses of the guideline by their place: told as such on record, cut from the guideline whenever they are shown."""

from bot.domain.question_views import ClauseView
from bot.domain.questions import Quoted
from bot.policy.glosses import gloss_between, load_glosses
from bot.services import Services


async def clause_view(services: Services, version: str, quoted: Quoted) -> ClauseView | None:
    """None where the record doesn't have that version, or nothing at that place."""
    guideline = await services.guidelines.version(version)
    passage = guideline.passage(quoted.passage) if guideline else None
    if guideline is None or passage is None:
        return None
    text = guideline.text[quoted.start : quoted.end]
    section = guideline.section_title(passage)
    gloss = gloss_between(load_glosses(guideline), quoted.start, quoted.end) or ""
    if not text:
        return None
    return ClauseView(
        passage=quoted.passage, section=section, text=text, gloss=gloss, columns=passage.columns
    )
