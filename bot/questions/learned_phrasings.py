"""Which learned phrasing a question is put like: pure, and quick however many there are.

The shipped answers come from a classifier that is fitted beforehand, so what is learned while the bot runs is compared by itself: by
the topics, words and kinds of asking that a question and a phrasing share. In the same words it is that question, also where
only "jag" and "man" or "får" and "kan" are exchanged; in any others it is worth asking back at most, since one word makes
another question ("Varför får jag inte ...?", "Hur ...?").
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.questions import Quoted
from bot.policy.answering import Answer, Policy
from bot.policy.askings import load_askings
from bot.policy.concepts import load_concepts
from bot.policy.deciding import Outcome
from bot.policy.features import Features, Reader
from bot.policy.judging import MOST_QUOTES
from bot.policy.normalise import clean, load_words, plain, words_of

Term = frozenset[str]
"""A word that has a topic, as its stem and all that it means; or how the question is put ("may we", "who")."""
_SAME = 1.0
_NEAR = 0.5
"""Share of all that either says, from which on a phrasing is worth asking back about."""
_ALMOST = 0.99
"""At most, in other words than those that were learned."""
_EXCHANGED = {
    **dict.fromkeys(("far", "kan", "may", "can"), "may"),
    **dict.fromkeys(
        ("jag", "man", "vi", "ni", "i", "we", "one", "en", "ett", "den", "det", "de", "a", "an", "the"), ""
    ),
    **dict.fromkeys(("ju", "val", "nu", "alltsa", "egentligen", "ens", "really", "actually", "please"), ""),
}
"""Of the words without a topic those that make no other question: read as one, or left out."""
_ASKING_ELSE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """A question as it is put, with the clause that answers it by its place in the policy's guideline."""

    question: str
    language: str
    quoted: Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """``asked``: the kinds of answer that are asked for, such as how long; another kind is another question. ``put``: all
    that makes it this question and no other, in its order."""

    terms: frozenset[Term]
    asked: frozenset[str]
    put: tuple[tuple[str, ...], tuple[str, ...]]


class LearnedPhrasings:
    """Made in some tenths of a second; ``policy`` is what answers all else."""

    def __init__(self, policy: Policy, phrasings: Sequence[Phrasing]) -> None:
        self._policy = policy
        phrasings = tuple(
            one for one in phrasings if has_words(one.question)
        )  # once any text could be learned
        self._phrasings = phrasings
        guideline = policy.guideline
        clauses = [("sv", guideline.words(one)) for one in guideline.passages()]
        known = [*clauses, *((one.language, one.question) for one in phrasings)]
        self._askings = load_askings()
        lists = load_words()
        self._silent = frozenset[str]().union(*lists.silent.values())
        self._reader = Reader(lists, load_concepts(), self._askings, known) if phrasings else None
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

    def answers(self, question: str, language: str) -> bool:
        """As ``has``, and whether it is that question in what counts as the same words."""
        phrasing, _, same = self._nearest(question, language)
        return phrasing is not None and same

    def ask(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Answer:
        answer = self._policy.ask(question, language, most=most)
        phrasing, likeness, same = self._nearest(question, answer.language)
        if phrasing is None:
            return answer
        if likeness >= _SAME or (same and answer.outcome is not Outcome.ANSWER):
            return self._answered_by(phrasing, answer, Outcome.ANSWER, likeness, most)
        if likeness >= _NEAR and answer.outcome is not Outcome.ANSWER:
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
        stems = tuple(stemmed for stemmed, _ in features.terms)
        others = (_EXCHANGED.get(word, word) for word in as_asked(question) if word in self._silent)
        put = (stems, tuple(word for word in others if word))
        return _Read(terms=frozenset([*topics, *turns]), asked=features.asked, put=put)

    def _nearest(self, question: str, language: str) -> tuple[Phrasing | None, float, bool]:
        """With how like it is, and whether it is that very question."""
        same = self._same.get(as_asked(question))
        if same is not None or self._reader is None:
            return same, _SAME, True
        asked = self._read(question, self._reader.question(question, language))
        places = set().union(*(self._speaking.get(word, ()) for term in asked.terms for word in term))
        if not places:
            return None, 0.0, False
        alike, likeness, place = max(
            (self._known[place].put == asked.put, _likeness(asked, self._known[place]), -place)
            for place in places
        )
        return self._phrasings[-place], likeness, alike

    def _answered_by(
        self, phrasing: Phrasing, answer: Answer, outcome: Outcome, likeness: float, most: int
    ) -> Answer:
        own = self._policy.cut(phrasing.quoted.passage, phrasing.quoted.start, phrasing.quoted.end)
        if own is None:
            return answer
        others = [one for one in answer.quotes if one.text != own.text]
        return replace(
            answer,
            outcome=outcome,
            quotes=(own, *others)[:most],
            confidence=likeness,
            missing=None,
        )


def as_asked(question: str) -> tuple[str, ...]:
    """A question without case, accents and punctuation: what counts as the same words."""
    return tuple(plain(word) for word in words_of(clean(question)))


def has_words(question: str) -> bool:
    """Whether anybody could ask so: signs and numbers alone are no question."""
    return any(letter.isalpha() for word in as_asked(question) for letter in word)


def _likeness(one: _Read, other: _Read) -> float:
    """The share of the terms of both that have a partner in the other; lower where another kind of answer is asked for."""
    free, partners = set(other.terms), 0
    for term in sorted(one.terms, key=sorted):
        partner = max(free, key=lambda other: (len(term & other), sorted(other)), default=None)
        if partner is not None and term & partner:
            free.remove(partner)
            partners += 1
    share = 2 * partners / (len(one.terms) + len(other.terms))
    return min(share, _ALMOST if one.asked == other.asked else _ASKING_ELSE)
