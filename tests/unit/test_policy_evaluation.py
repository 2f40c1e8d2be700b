"""The figures are counted as they say, and a line is printed as agreed."""

import json
from pathlib import Path

import pytest

from app import main
from bot.policy.answering import Answer, Quote, load_policy
from bot.policy.deciding import Outcome
from bot.policy.evaluation import Question, Share, as_line, evaluate, read_question
from bot.policy.roughening import with_a_typo, without_diacritics


class Scripted:
    """Answers each question as the test says."""

    def __init__(self, answers: dict[str, tuple[Outcome, tuple[str, ...]]]) -> None:
        self._answers = answers

    def ask(self, question: str, language: str) -> Answer:
        outcome, texts = self._answers[question]
        return Answer(
            outcome=outcome,
            quotes=tuple(
                Quote(passage="s/p1", section="S", text=text, start=0, end=len(text)) for text in texts
            ),
            confidence=0.5,
            missing=None,
            guideline="G",
            version="v",
            language=language,
        )


def question(text: str, *gold: str, partial: bool = False, language: str = "sv") -> Question:
    return Question(id=text, language=language, question=text, gold=gold, partial=partial)


QUESTIONS = [
    question("right", "A"),
    question("wrong", "A"),
    question("asked back", "A"),
    question("kept silent", "A", language="en"),
    question("rightly silent", partial=True),
    question("made up"),
]
ANSWERS = Scripted(
    {
        "right": (Outcome.ANSWER, ("A b", "C")),
        "wrong": (Outcome.ANSWER, ("C", "D", "E")),
        "asked back": (Outcome.DID_YOU_MEAN, ("C", "D", "A")),
        "kept silent": (Outcome.NOT_IN_GUIDELINE, ("A",)),
        "rightly silent": (Outcome.NOT_IN_GUIDELINE, ("C",)),
        "made up": (Outcome.ANSWER, ("C",)),
    }
)


def test_each_figure_counts_what_it_says() -> None:
    figures = evaluate(ANSWERS, QUESTIONS)
    assert (figures.top_1.count, figures.top_1.of) == (2, 4)
    assert (figures.top_3.count, figures.top_3.of) == (3, 4)
    assert (figures.coverage.count, figures.coverage.of) == (1, 4)
    assert (figures.wrong.count, figures.wrong.of) == (2, 3)
    assert (figures.recognised.count, figures.recognised.of) == (1, 2)
    assert (figures.recognised_partial.count, figures.recognised_partial.of) == (1, 1)
    assert (figures.decided.count, figures.decided.of) == (2, 6)
    assert (figures.helped.count, figures.helped.of) == (3, 6)


def test_a_quote_is_right_if_it_holds_right_words_whole_however_they_are_broken_or_marked() -> None:
    asked = [question("q", "De behöver inte diarieföras.")]
    whole = (Outcome.ANSWER, ("Övriga inlägg:\n De behöver *inte*  diarieföras. Så är det.",))
    part = (Outcome.ANSWER, ("De behöver *inte*",))
    assert evaluate(Scripted({"q": whole}), asked).coverage.count == 1
    assert evaluate(Scripted({"q": part}), asked).wrong.count == 1


def test_questions_come_rough_in_the_same_way_every_time() -> None:
    asked = "Måste vi ta bort inlägget"
    assert without_diacritics(asked) == "Maste vi ta bort inlagget"
    assert with_a_typo(asked) == with_a_typo(asked) != asked
    assert with_a_typo("är det ok") == "är det ok"


def test_a_file_of_questions_gives_a_table_for_each_language_and_way_of_typing(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "questions.jsonl"
    line = {
        "id": "q1",
        "lang": "sv",
        "question": "Ska raderade inlägg diarieföras?",
        "gold": ["Avpublicerat"],
    }
    file.write_text(json.dumps(line), encoding="utf-8")
    assert main(["evaluate", str(file)]) == 0
    told = capfdbinary.readouterr().out.decode()
    assert "top 1" in told
    assert "100.0% (1/1, 20.7%-100.0%)" in told
    file.write_text("{}", encoding="utf-8")
    assert main(["evaluate", str(file)]) == 1


def test_where_there_is_nothing_to_measure_no_figure_is_made_up() -> None:
    figures = evaluate(ANSWERS, [one for one in QUESTIONS if one.gold])
    assert str(figures.recognised) == "nothing to measure"
    assert str(figures.coverage) == "25.0% (1/4, 4.6%-69.9%)"


def test_figures_can_be_had_for_one_language() -> None:
    assert evaluate(ANSWERS, QUESTIONS, language="en").top_1.of == 1


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763)],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    assert Share(count=count, of=of).interval == pytest.approx((low, high), abs=0.001)


def test_a_question_is_read_with_its_answers_and_nothing_else() -> None:
    row = {"id": "q1", "lang": "sv", "question": "a?", "answerable": True, "gold": ["b"]}
    assert read_question(row) == Question(id="q1", language="sv", question="a?", gold=("b",), partial=False)


def test_a_line_is_as_agreed() -> None:
    asked = "ska raderade inlägg diarieföras"
    line = as_line(load_policy().ask(asked, "sv"), asked, "q7")
    assert [*line] == ["id", "question", "outcome", "quotes", "confidence"]
    assert line["outcome"] == "answer"
    assert [*line["quotes"][0]] == ["passage", "section", "text"]
    assert line["confidence"] == round(line["confidence"], 3)
    json.dumps(line)
