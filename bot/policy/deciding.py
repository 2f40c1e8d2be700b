"""Whether the best clause answers: one probability from a few signals, and two thresholds.

A wrong answer costs more than none, so an answer needs a high probability; in between, the asker chooses.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.policy.askings import Missing

CALIBRATION_FILE = Path(__file__).parent / "data" / "calibration.toml"


class Outcome(StrEnum):
    ANSWER = "answer"
    DID_YOU_MEAN = "did_you_mean"
    NOT_IN_GUIDELINE = "not_in_guideline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for the first stretch and against it, for a guideline that nothing was trained on.

    ``score``: its own; ``margin``: its lead over the second; ``share``: of all scores as powers; ``like``: how much it is
    of the question's kind; ``met``: the share of the question's words that it speaks of; ``lacking``: a kind of answer asked
    for that it doesn't hold, nor its best clause (``lacks``). Of the question alone: ``none`` and ``near`` as in ``Told``; ``sure``: the root of its likeliest kind's share; ``length``: words
    with a topic, of ten.
    """

    score: float = 0.0
    margin: float = 0.0
    share: float = 0.0
    like: float = 0.0
    met: float = 0.0
    lacking: Missing | None = None
    lacks: bool = False
    none: float = 0.0
    near: float = 0.0
    sure: float = 0.0
    length: float = 0.0

    def numbers(self) -> Mapping[str, float]:
        return {
            "score": self.score,
            "margin": self.margin,
            "share": self.share,
            "like": self.like,
            "met": self.met,
            "lacking": float(self.lacking is not None),
            "lacks": float(self.lacks),
            "none": self.none,
            "near": self.near,
            "sure": self.sure,
            "length": self.length,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """For a guideline that nothing was trained on. ``views``: what each way of looking weighs in a stretch's score."""

    views: Mapping[str, float]
    constant: float
    weights: Mapping[str, float]
    answer_from: float
    ask_back_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    outcome: Outcome
    confidence: float
    missing: Missing | None


SILENT = Verdict(outcome=Outcome.NOT_IN_GUIDELINE, confidence=0.0, missing=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """For the trained way. ``answer_from``: that the quote answers; ``ask_back_from``: that any clause does;
    ``take_in_from``: the share of a neighbour that the quote takes in."""

    answer_from: float
    ask_back_from: float
    take_in_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """``clause`` answers ``share`` of the questions that ``other`` answers as well; both are the marks of their words."""

    clause: int
    other: int
    share: float


def load_thresholds(path: Path = CALIBRATION_FILE) -> tuple[Thresholds, tuple[Twin, ...]]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))["trained"]
    marks = data["marks"]
    twins = (
        Twin(clause=marks[one["clause"]], other=marks[one["other"]], share=one["share"])
        for one in data["twin"]
    )
    return Thresholds(**data["thresholds"]), tuple(twins)


def load_calibration(path: Path = CALIBRATION_FILE) -> Calibration:
    data = tomllib.loads(path.read_text(encoding="utf-8"))["bare"]
    return Calibration(
        views=data["views"],
        constant=data["constant"],
        weights=data["weights"],
        answer_from=data["thresholds"]["answer"],
        ask_back_from=data["thresholds"]["did_you_mean"],
    )


def decide(signals: Signals, calibration: Calibration) -> Verdict:
    confidence = probability(signals, calibration)
    if confidence >= calibration.answer_from:
        return Verdict(outcome=Outcome.ANSWER, confidence=confidence, missing=None)
    if confidence >= calibration.ask_back_from and signals.lacking is None:
        return Verdict(outcome=Outcome.DID_YOU_MEAN, confidence=confidence, missing=None)
    return Verdict(outcome=Outcome.NOT_IN_GUIDELINE, confidence=confidence, missing=signals.lacking)


def probability(signals: Signals, calibration: Calibration) -> float:
    """That the first quote answers the question."""
    total = calibration.constant + sum(
        weight * signals.numbers()[name] for name, weight in calibration.weights.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
