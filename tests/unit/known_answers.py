"""Questions with known answers, as ``app.py evaluate`` reads them."""

from pathlib import Path

from bot.cli.question_files import question_lines
from bot.policy.evaluation import Question, read_question

QUESTIONS = Path(__file__).parents[1] / "questions"


def questions_of(name: str) -> tuple[Question, ...]:
    return tuple(read_question(doc) for _, doc in question_lines(QUESTIONS / f"{name}.jsonl"))
