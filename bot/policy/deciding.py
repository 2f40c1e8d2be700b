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
    """All shares are between 0 and 1. ``lacking``: a kind of answer asked for that the best clause doesn't hold.
    ``suggested``: what the most similar unanswerable question asks for."""

    score: float = 0.0
    cover: float = 0.0
    nearness: float = 0.0
    margin: float = 0.0
    unanswered: float = 0.0
    unknown: float = 1.0
    outside: bool = False
    lacking: Missing | None = None
    suggested: Missing | None = None

    def numbers(self) -> Mapping[str, float]:
        return {
            "cover": self.cover,
            "nearness": self.nearness,
            "margin": self.margin,
            "unanswered": self.unanswered,
            "lead": self.nearness - self.unanswered,
            "unknown": self.unknown,
            "outside": float(self.outside),
            "lacking": float(self.lacking is not None),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    constant: float
    weights: Mapping[str, float]
    answer_from: float
    ask_back_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    outcome: Outcome
    confidence: float
    missing: Missing | None


def load_calibration(kind: str, path: Path = CALIBRATION_FILE) -> Calibration:
    """``kind``: ``banked`` where the bank knows most clauses, ``bare`` where the guideline's words are all there is."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
    return Calibration(
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
    missing = signals.lacking
    if missing is None and signals.unanswered > signals.nearness:
        missing = signals.suggested
    return Verdict(outcome=Outcome.NOT_IN_GUIDELINE, confidence=confidence, missing=missing)


def probability(signals: Signals, calibration: Calibration) -> float:
    """That the first quote answers the question."""
    total = calibration.constant + sum(
        weight * signals.numbers()[name] for name, weight in calibration.weights.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
