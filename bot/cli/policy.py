"""``ask`` and ``evaluate``: the guideline without a running bot."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.cli.question_files import NoQuestion, question_lines
from bot.cli.telling import say
from bot.policy.answering import load_policy
from bot.policy.evaluation import Question, as_line, read_question
from bot.policy.report import report
from bot.settings import Settings


def ask(given: argparse.Namespace, settings: Settings) -> int:
    if (given.question is None) == (given.batch is None):
        sys.stderr.write("ask takes one question, or --batch FILE\n")
        return 2
    policy = load_policy(given.guideline or settings.guideline_file)
    for number, (name, question) in enumerate(_questions(given), start=1):
        answer = policy.ask(question, "sv")
        line = as_line(answer, question, name or str(number))
        if given.json or given.batch:
            say(json.dumps(line, ensure_ascii=False))
        else:
            _show(line)
    return 0


def _questions(given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    if given.batch is None:
        yield "", given.question
        return
    for _, doc in question_lines(given.batch):
        yield doc["id"], doc["question"]


def evaluate(given: argparse.Namespace, settings: Settings) -> int:
    """All lines are read before any question is asked."""
    policy = load_policy(given.guideline or settings.guideline_file)
    for line in report(policy, tuple(_with_answers(given.file))):
        say(line)
    return 0


def _with_answers(path: Path) -> Iterator[Question]:
    for number, doc in question_lines(path):
        try:
            yield read_question(doc)
        except ValueError as error:
            raise NoQuestion(path.name, number, str(error)) from error


def _show(line: Mapping[str, object]) -> None:
    say(f"{line['outcome']} ({line['confidence']})")
    quotes = line["quotes"]
    for quote in quotes if isinstance(quotes, list) else ():
        say(f"\n{quote['section']} [{quote['passage']}]\n  {quote['text']}")
