"""Kinds of clause: what guidelines of public bodies have rules on, told alike of questions and of clauses.

A clause and a question that share no word are of the same kind all the same: "nån har tagit över vår sida" and
"misstänkta intrång anmäls till it-jouren". The classifier was trained on examples that belong to no guideline
(``data/kinds.jsonl``): for each kind how different bodies would word the rule, how people ask for it, and what they ask
that such rules leave open; and questions on anything else. ``make fit`` writes its file.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul

from bot.policy.askings import load_askings
from bot.policy.classifier import CLASSIFIER_FILE, Classifier, load_classifier
from bot.policy.concepts import load_lexicon
from bot.policy.normalise import load_words
from bot.policy.signs import SignReader
from bot.policy.speller import Speller, load_speller

KINDS_FILE = CLASSIFIER_FILE.with_name("kinds.bin")
GIST_FILE = CLASSIFIER_FILE.with_name("gist.bin")

_LEAST = 0.01
"""A smaller share is left out; what all of them come to changes no order."""

Blend = Mapping[int, float]
"""Kind -> the square root of its share among the kinds, so that the products of two blends that are alike add up to 1."""

Gist = Sequence[float]
"""What a text is about, as numbers whose squares add up to 1: the products of two that are about the same come near to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``none``: that a question is on something else altogether; ``near``: that it asks for what a rule of its kind
    usually leaves open. Both from 0 to 1."""

    blend: Blend
    gist: Gist
    none: float
    near: float


class Kinds:
    def __init__(self, classifier: Classifier, gists: Classifier, reader: SignReader) -> None:
        """``gists`` has no classes: its hidden units are all that it tells."""
        self._classifier = classifier
        self._gists = gists
        self._reader = reader

    def of(self, text: str, language: str) -> Told:
        signs = self._reader.signs(text, language)
        *shares, none, near = self._classifier.probabilities(signs)
        return Told(blend=blend(shares), gist=gist(self._gists.units(signs)), none=none, near=near)


class KindIndex:
    """Which of many blends a question's blend is like."""

    def __init__(self, blends: Sequence[Blend]) -> None:
        self._of: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for place, one in enumerate(blends):
            for kind, root in one.items():
                self._of[kind].append((place, root))

    def likeness(self, asked: Blend) -> dict[int, float]:
        """Place -> from 0 to 1; those that are like it in nothing are left out."""
        totals: dict[int, float] = defaultdict(float)
        for kind, root in asked.items():
            for place, strength in self._of.get(kind, ()):
                totals[place] += root * strength
        return totals


def blend(shares: Sequence[float]) -> Blend:
    whole = sum(shares)
    return {kind: math.sqrt(one / whole) for kind, one in enumerate(shares) if one >= _LEAST * whole}


def gist(units: Sequence[float]) -> Gist:
    length = math.hypot(*units) or 1.0
    return array("f", [unit / length for unit in units])


def alike(one: Gist, other: Gist) -> float:
    """From -1 to 1."""
    return math.fsum(map(mul, one, other))


@cache
def load_kinds() -> Kinds:
    return Kinds(load_classifier(KINDS_FILE), load_classifier(GIST_FILE), kind_reader(load_speller()))


def kind_reader(speller: Speller) -> SignReader:
    """By more concepts than the shipped guideline needs."""
    return SignReader(load_words(), load_lexicon(), load_askings(), speller)
