"""The figures of a file of questions as a table: all, by language, and typed in a hurry."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.policy.evaluation import Asked, Figures, Question, evaluate
from bot.policy.roughening import with_a_typo, without_diacritics

_FIGURES = {
    "top 1": "top_1",
    "top 3": "top_3",
    "answered rightly": "coverage",
    "wrong of the answers": "wrong",
    "recognised as not there": "recognised",
    "of them with a rule nearby": "recognised_partial",
    "decided rightly": "decided",
    "or asked back rightly": "helped",
}
_WAYS: dict[str, Callable[[str], str]] = {
    "without å, ä, ö": without_diacritics,
    "with one typo": with_a_typo,
}


def report(policy: Asked, questions: Sequence[Question]) -> Iterator[str]:
    """Lines of Markdown. Each figure has its count and Wilson's 95 % interval."""
    columns = {"all": evaluate(policy, questions)}
    languages = sorted({one.language for one in questions})
    if len(languages) > 1:
        columns |= {language: evaluate(policy, questions, language=language) for language in languages}
    columns |= {
        name: evaluate(policy, [replace(one, question=way(one.question)) for one in questions])
        for name, way in _WAYS.items()
    }
    yield f"| {len(questions)} questions | " + " | ".join(columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for name, figure in _FIGURES.items():
        yield f"| {name} | " + " | ".join(_told(figures, figure) for figures in columns.values()) + " |"


def _told(figures: Figures, figure: str) -> str:
    return str(getattr(figures, figure))
