"""``ask`` and ``evaluate``: the guideline without a running bot."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping

from bot.cli.telling import say
from bot.policy.answering import load_policy
from bot.policy.evaluation import as_line, read_questions
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
    for number, text in enumerate(given.batch.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            doc = json.loads(text)
            yield str(doc.get("id", number)), str(doc["question"])
        except (ValueError, KeyError, AttributeError) as error:
            raise SystemExit(f"{given.batch.name}, line {number}: is no question: {error}") from error


def evaluate(given: argparse.Namespace, settings: Settings) -> int:
    path, policy = given.file, load_policy(given.guideline or settings.guideline_file)
    try:
        questions = read_questions(path.read_text(encoding="utf-8").splitlines())
    except (ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"{path.name}: holds no questions with answers: {error!r}\n")
        return 1
    for line in report(policy, questions):
        say(line)
    return 0


def _show(line: Mapping[str, object]) -> None:
    say(f"{line['outcome']} ({line['confidence']})")
    quotes = line["quotes"]
    for quote in quotes if isinstance(quotes, list) else ():
        say(f"\n{quote['section']} [{quote['passage']}]\n  {quote['text']}")
