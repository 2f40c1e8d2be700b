"""Unofficial English beside the guideline's words, for whoever reads or asked in English."""

from bot.policy.languages import asked_in
from bot.turns import Json
from cards.elements import note, plain, run, subheading
from cards.scene import Scene
from cards.texts import Texts
from cards.untrusted import cut, first_line

GLOSS_BUDGET = 3000


def wants_english(scene: Scene, question: str) -> bool:
    """Also where Teams is in Swedish and the question wasn't."""
    return "en" in {scene.language, asked_in(question, scene.language)}


def gloss_part(words: str | None, t: Texts, *, budget: int = GLOSS_BUDGET) -> list[Json]:
    if not words:
        return []
    text, _ = cut(words, budget)
    return [subheading(t("answer.gloss")), plain(run(text)), note(t("answer.gloss.note"), spacing="Small")]


def gloss_line(words: str | None, budget: int, t: Texts) -> list[Json]:
    """As short as the excerpt that it stands under."""
    return [note(f"{t('answer.gloss')}: {first_line(words, budget)}", spacing="Small")] if words else []
