"""P13: a policy answer, in process and without any network."""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.policy.answering import Policy, load_policy, policy_of
from bot.policy.guideline import parse
from tests.bench.plan import Plan
from tests.bench.table import Row, microseconds, milliseconds, p50, percentile

_QUESTIONS = Path(__file__).with_name("questions.json")
_PAGES = 100
_PAGE = 2_500
"""Characters."""


def measure(plan: Plan) -> Iterator[Row]:
    asked = json.loads(_QUESTIONS.read_text(encoding="utf-8"))
    sys.addaudithook(_no_network)
    shipped = load_policy()
    took = [_round(shipped, asked) for _ in range(plan.rounds)]
    yield Row(
        goal="P13",
        says="a policy answer, p50 in ms, for the shipped guideline",
        measured=microseconds(p50(took)),
        ratio=p50(took) * 1000,
        at_most=1.0,
    )
    says = f"a policy answer, p99 in ms, for a guideline of {_PAGES} pages"
    if plan.quick:
        yield Row(goal="P13", says=says, measured="reading that many takes long: not in the short form")
        return
    long = policy_of(parse(hundred_pages(shipped.guideline.text), source="bench"))
    p99 = median(percentile(_round(long, asked), 0.99) for _ in range(plan.rounds))
    yield Row(
        goal="P13",
        says=says,
        measured=milliseconds(p99),
        ratio=p99 * 1000,
        at_most=10.0,
    )


def _no_network(event: str, arguments: tuple[object, ...]) -> None:
    if _answering and event in {"socket.connect", "socket.getaddrinfo"}:
        raise RuntimeError("a policy answer asked the network")


_answering: list[str] = []


def _round(policy: Policy, asked: list[dict[str, str]]) -> list[float]:
    took = []
    _answering.append("now")
    for one in asked:
        began = perf_counter()
        policy.ask(one["question"], one["language"])
        took.append(perf_counter() - began)
    _answering.clear()
    return took


def hundred_pages(text: str) -> str:
    """Sections of numbered clauses, made of the words of ``text`` in an order of their own."""
    rng, words = random.Random(13), text.replace("*", "").split()
    made, section = list[str](), 0
    while sum(map(len, made)) < _PAGES * _PAGE:
        section += 1
        made.append(f"## {section} {' '.join(rng.choices(words, k=4)).title()}\n")
        for number in range(1, rng.randrange(6, 12)):
            made.append(f"{number}. {' '.join(rng.choices(words, k=rng.randrange(25, 60)))}.\n")
        made.append("")
    return "\n".join(made)
