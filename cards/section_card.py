"""A whole section of the guideline, in its own words and in their order."""

import re

from bot.policy.glosses import gloss_between, load_glosses
from bot.policy.guideline import Guideline, Passage
from bot.turns import CardReply, Json
from cards.actions import actions
from cards.answer_offers import Offer, back_to_answer
from cards.elements import block, card, container, emphasised, heading, note, plain
from cards.glossed import gloss_part, wants_english
from cards.names import name_of
from cards.scene import Scene
from cards.texts import texts
from cards.untrusted import cut, first_line

_BUDGET = 12_000
_GLOSS_BUDGET = 8000
_MOST_LINES = 80
_NAME_BUDGET = 300
_UNDERLINE = re.compile(r"\A {0,3}(={2,}|-{2,})[ \t]*(\r?\n|\Z)")
"""Below a heading, and no word of the section."""


def section_card(
    guideline: Guideline, passage: Passage, scene: Scene, *, answer: str = "", question: str = "", given: str = "",
) -> CardReply:  # fmt: skip
    """The section that the passage stands in, cut from the guideline by its place. With ``answer`` one can go back."""
    t = texts(scene.language)
    title = name_of(guideline.section_title(passage)) or t("passage.title")
    whole = section_text(guideline, passage)
    text, more = cut(whole, _BUDGET, lines=_MOST_LINES)
    name, version = first_line(guideline.name, _NAME_BUDGET), guideline.version[:12]
    lines: list[Json] = [
        plain(*emphasised(line), spacing="Small") for line in text.split("\n") if line.strip()
    ]
    back = back_to_answer(question, Offer(answer=answer, given=given), t)
    body = [
        heading(t("section.title")),
        plain({"type": "TextRun", "text": title, "weight": "Bolder"}),
        container(lines, style="emphasis", spacing="Medium"),
        *(
            gloss_part(section_gloss(guideline, passage), t, budget=_GLOSS_BUDGET)
            if wants_english(scene, question)
            else []
        ),
        *([block(t("section.cut"), weight="Bolder", spacing="Small")] if more else []),
        note(t("section.source", guideline=name, version=version), spacing="Small"),
        *([actions(back)] if answer and question else []),
    ]
    made = card(body, t, fallback=t("answer.fallback"), full=True)
    return CardReply(card=made, summary=t("section.title"))


def section_text(guideline: Guideline, passage: Passage) -> str:
    """From below the heading to the next one."""
    section = next(one for one in guideline.sections if one.id == passage.section)
    text = guideline.text[section.start : section.end]
    if section.title:
        text = _UNDERLINE.sub("", text.partition("\n")[2])
    return text.strip("\r\n").rstrip()


def section_gloss(guideline: Guideline, passage: Passage) -> str | None:
    section = next(one for one in guideline.sections if one.id == passage.section)
    return gloss_between(load_glosses(guideline), section.start, section.end)
