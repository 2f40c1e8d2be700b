"""Which learned phrasing a question is put like: pure, and quick however many there are.

The shipped answers come from a classifier that is fitted beforehand, so what is learned while the bot runs is compared by itself: by
the topics, words and kinds of asking that a question and a phrasing share. In just the same words it is that question; in
nearly the same, it is where the bot has no answer of its own; in somewhat the same, it is worth asking back.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.policy.answering import Answer, Policy, Quote
from bot.policy.askings import load_askings
from bot.policy.concepts import load_concepts
from bot.policy.deciding import Outcome
from bot.policy.features import Features, Reader
from bot.policy.judging import MOST_QUOTES
from bot.policy.normalise import clean, load_words, plain, words_of

Term = frozenset[str]
"""A word that has a topic, as its stem and all that it means; or how the question is put ("may we", "who")."""
_SAME = 1.0
_LIKE = 0.72
"""Share of all that either says: below it a phrasing answers nothing by itself, since a wrong answer costs more than none."""
_NEAR = 0.5
_ALMOST = 0.99
"""At most, in other words than those that were learned."""
_ASKING_ELSE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """A question as it is put, with the clause that answers it; ``words`` stand in ``passage`` to the letter."""

    question: str
    language: str
    passage: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """``asked``: the kinds of answer that are asked for, such as how long; another kind is another question."""

    terms: frozenset[Term]
    asked: frozenset[str]


class LearnedPhrasings:
    """Made in some tenths of a second; ``policy`` is what answers all else."""

    def __init__(self, policy: Policy, phrasings: Sequence[Phrasing]) -> None:
        self._policy = policy
        self._phrasings = tuple(phrasings)
        known = [("sv", policy.guideline.text), *((one.language, one.question) for one in phrasings)]
        self._askings = load_askings()
        self._reader = Reader(load_words(), load_concepts(), self._askings, known) if phrasings else None
        self._same = {as_asked(one.question): one for one in phrasings}
        self._known: list[_Read] = []
        self._speaking: dict[str, set[int]] = defaultdict(set)
        for place, one in enumerate(self._phrasings):
            self._take(place, one)

    def __len__(self) -> int:
        return len(self._phrasings)

    def has(self, question: str) -> bool:
        """Whether people have taught what answers just these words."""
        return as_asked(question) in self._same

    def ask(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Answer:
        answer = self._policy.ask(question, language, most=most)
        phrasing, likeness = self._nearest(question, answer.language)
        if phrasing is None:
            return answer
        if likeness >= _SAME or (likeness >= _LIKE and answer.outcome is not Outcome.ANSWER):
            return self._answered_by(phrasing, answer, Outcome.ANSWER, likeness, most)
        if likeness >= _NEAR and answer.outcome is Outcome.NOT_IN_GUIDELINE:
            return self._answered_by(phrasing, answer, Outcome.DID_YOU_MEAN, likeness, most)
        return answer

    def _take(self, place: int, phrasing: Phrasing) -> None:
        if self._reader is None:
            return
        read = self._read(phrasing.question, self._reader.text(phrasing.question, phrasing.language))
        self._known.append(read)
        for term in read.terms:
            for word in term:
                self._speaking[word].add(place)

    def _read(self, question: str, features: Features) -> _Read:
        topics = (frozenset([stemmed, *means]) for stemmed, means in features.terms)
        turns = (frozenset([f"?{one}"]) for one in self._askings.turns(clean(question)))
        return _Read(terms=frozenset([*topics, *turns]), asked=features.asked)

    def _nearest(self, question: str, language: str) -> tuple[Phrasing | None, float]:
        same = self._same.get(as_asked(question))
        if same is not None or self._reader is None:
            return same, _SAME
        asked = self._read(question, self._reader.question(question, language))
        places = set().union(*(self._speaking.get(word, ()) for term in asked.terms for word in term))
        if not places:
            return None, 0.0
        likeness, place = max((_likeness(asked, self._known[place]), -place) for place in places)
        return self._phrasings[-place], likeness

    def _answered_by(
        self, phrasing: Phrasing, answer: Answer, outcome: Outcome, likeness: float, most: int
    ) -> Answer:
        whole = self._policy.quote(phrasing.passage)
        if whole is None:
            return answer
        own = Quote(passage=phrasing.passage, section=whole.section, text=phrasing.words)
        known = next((one for one in answer.quotes if one.text == phrasing.words), own)
        others = [one for one in answer.quotes if one.text != phrasing.words]
        return replace(
            answer,
            outcome=outcome,
            quotes=(known, *others)[:most],
            confidence=likeness,
            missing=None,
        )


def as_asked(question: str) -> tuple[str, ...]:
    """A question without case, accents and punctuation: what counts as the same words."""
    return tuple(plain(word) for word in words_of(clean(question)))


def _likeness(one: _Read, other: _Read) -> float:
    """The share of the terms of both that have a partner in the other; below ``_LIKE`` where another kind of answer is
    asked for."""
    free, partners = set(other.terms), 0
    for term in sorted(one.terms, key=sorted):
        partner = max(free, key=lambda other: (len(term & other), sorted(other)), default=None)
        if partner is not None and term & partner:
            free.remove(partner)
            partners += 1
    share = 2 * partners / (len(one.terms) + len(other.terms))
    return min(share, _ALMOST if one.asked == other.asked else _ASKING_ELSE)
