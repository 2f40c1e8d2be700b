"""What a way of answering comes to: the best quotes for a question, and whether the first one answers."""

from dataclasses import dataclass
from typing import Protocol

from bot.policy.deciding import Verdict

MOST_QUOTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A quote: the clauses from place ``first`` to ``last`` of the guideline, of which ``best`` answers."""

    best: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """``spans``: as many as were asked for at most, best first. ``language``: the one the question was put in."""

    language: str
    spans: tuple[Span, ...]
    verdict: Verdict


class Judge(Protocol):
    """Never raises, for any text. ``most`` adds spans that come after, and changes nothing else."""

    def judge(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Judgement: ...


def alone(clause: int) -> Span:
    return Span(best=clause, first=clause, last=clause)
