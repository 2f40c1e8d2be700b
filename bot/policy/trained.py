"""Answers about the guideline that the classifier was trained on, or about what is left of it.

The classifier shares one whole out over the clauses and "no clause". A clause's worth is its own share together with
those of its twins: the guideline says some things twice, and either is a right answer. Where the next clause in the
same list item or paragraph has a fair share too, the quote takes it in rather than choose between neighbours.
"""

from collections.abc import Mapping, Sequence

from bot.policy.askings import Askings
from bot.policy.classifier import Classifier
from bot.policy.deciding import SILENT, Outcome, Thresholds, Verdict
from bot.policy.judging import MOST_QUOTES, Judgement, Span, alone
from bot.policy.passages import LONGEST_QUOTE, Clause
from bot.policy.signs import Kind, SignReader, Signs

_FEWEST_KNOWN = 0.3  # of the pieces of words; below that it is no language that the classifier has seen

Twins = Mapping[int, Mapping[int, float]]
"""Clause -> the other clauses whose questions it answers as well, and how many of them."""


class Trained:
    def __init__(
        self,
        *,
        classifier: Classifier,
        reader: SignReader,
        askings: Askings,
        clauses: Sequence[Clause],
        places: Sequence[int | None],
        texts: Sequence[str],
        twins: Twins,
        thresholds: Thresholds,
    ) -> None:
        self._classifier = classifier
        self._reader = reader
        self._askings = askings
        self._clauses = clauses
        self._places = places
        self._texts = texts
        self._twins = twins
        self._thresholds = thresholds
        self._items = [_item(clause) for clause in clauses]

    def judge(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Judgement:
        return self.judged(self.signs(question, language), most=most)

    def signs(self, question: str, language: str) -> Signs:
        return self._reader.signs(question, language)

    def lost(self, signs: Signs) -> float:
        """That a clause answers which the guideline no longer has in the words that the classifier was trained on."""
        by_class = self._classifier.probabilities(signs)
        return sum(share for share, place in zip(by_class, self._places, strict=False) if place is None)

    def judged(self, signs: Signs, *, most: int = MOST_QUOTES) -> Judgement:
        if self._classifier.knows(signs, Kind.PIECE) < _FEWEST_KNOWN:
            return Judgement(language=signs.language, spans=(), verdict=SILENT)
        shares = self._shares(signs)
        worth = [self._worth(clause, shares) for clause in range(len(shares))]
        order = sorted(range(len(worth)), key=lambda clause: -worth[clause])
        first = self._span(order[0], shares)
        others = [clause for clause in order[1:] if not first.first <= clause <= first.last]
        spans = (first, *map(alone, others[: most - 1]))
        confidence = self._confidence(first, shares, worth)
        return Judgement(
            language=signs.language, spans=spans, verdict=self._verdict(confidence, sum(shares), spans, signs)
        )

    def _shares(self, signs: Signs) -> list[float]:
        """By clause; those that the classifier doesn't know have none."""
        shares = [0.0] * len(self._clauses)
        for share, place in zip(self._classifier.probabilities(signs), self._places, strict=False):
            if place is not None:
                shares[place] = share
        return shares

    def _worth(self, clause: int, shares: Sequence[float]) -> float:
        return shares[clause] + sum(
            share * shares[twin] for twin, share in self._twins.get(clause, {}).items()
        )

    def _span(self, best: int, shares: Sequence[float]) -> Span:
        first = last = best
        while self._takes_in(last + 1, last, shares) and self._fits(first, last + 1):
            last += 1
        while self._takes_in(first - 1, first, shares) and self._fits(first - 1, last):
            first -= 1
        return Span(best=best, first=first, last=last)

    def _takes_in(self, place: int, beside: int, shares: Sequence[float]) -> bool:
        if not 0 <= place < len(shares):
            return False
        return self._items[place] == self._items[beside] and shares[place] >= self._thresholds.take_in_from

    def _fits(self, first: int, last: int) -> bool:
        return self._clauses[last].end - self._clauses[first].start <= LONGEST_QUOTE

    def _confidence(self, span: Span, shares: Sequence[float], worth: Sequence[float]) -> float:
        """That the quote answers: the shares of all it says, and what the best of it answers besides."""
        said = sum(shares[span.first : span.last + 1])
        return min(1.0, said + worth[span.best] - shares[span.best])

    def _verdict(self, confidence: float, answered: float, spans: Sequence[Span], signs: Signs) -> Verdict:
        if confidence >= self._thresholds.answer_from:
            return Verdict(outcome=Outcome.ANSWER, confidence=confidence, missing=None)
        if answered >= self._thresholds.ask_back_from:
            return Verdict(outcome=Outcome.DID_YOU_MEAN, confidence=confidence, missing=None)
        missing = self._askings.lacking(signs.asked, self._texts[spans[0].best])
        return Verdict(outcome=Outcome.NOT_IN_GUIDELINE, confidence=confidence, missing=missing)


def _item(clause: Clause) -> str:
    """The list item or paragraph that the clause stands in, a dash counting to its item."""
    return "/".join(clause.passage.id.split("/")[:2])
