"""What the bot has answered for over HTTP, and whether its record agrees."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from storage.reading import Reading, verify
from storage.store import Event
from tests.faults.town import Desk, Resident
from tests.scenario.world import Answer, Json

CASE = re.compile(r"SM-\d{4}-\d{4,}")
REFUSALS = ("Redan beslutat av", "Kopian är redan förstörd.", "Ärendet har ändrats sedan du öppnade kortet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    case: str
    by: Resident
    activity: Json


@dataclass(kw_only=True)
class Acknowledged:
    """``flags``: message id -> flag and case; ``decided``: case -> object id of who was told that it is decided so;
    ``refused``: case and object id of who was told that somebody else had; ``pending``: clicks whose answer never
    came; ``asked``: cases that anybody clicked on."""

    flags: dict[str, tuple[Json, str]] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    decided: dict[str, Click] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    pending: list[Click] = field(default_factory=list)

    def flagged(self, message: str, body: Json, case: str, desk: Desk) -> None:
        assert case not in self.desks, f"{case} is given to two posts"
        self.flags[message] = (body, case)
        self.desks[case] = desk

    def answered(self, click: Click, answer: Answer) -> None:
        """Every delivery of a click gets the answer of the first, and nobody else is told that they decided."""
        if any(one in answer.words for one in REFUSALS):
            known = self.decided.get(click.case)
            assert known is None or known.by is not click.by, f"{click.case}: who decided is told of another"
            self.refused.add((click.case, click.by.object_id))
            return
        assert "Beslutat" in answer.words, answer.words
        first = self.decided.setdefault(click.case, click)
        assert first.by is click.by, f"{click.case} is decided by two"


@dataclass(kw_only=True)
class Recorded:
    """``decisions``: case -> who made each; ``destroyed``: contents that must be gone."""

    flagged: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    decisions: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    destroyed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def take(self, event: Event) -> None:
        match event.kind:
            case "flagged":
                self.flagged[event.stream] += 1
            case "decided":
                self.decisions[event.stream].append(event.actor)
                if event.data["kind"] == "delete":
                    self.removed.add(event.stream)
            case "copy_destroyed":
                self.destroyed |= set(event.data["refs"])


async def recorded(data: Path) -> Recorded:
    """The record from its files, its chain and its contents checked."""
    verify(data)
    found, reading = Recorded(), Reading(data)
    async for event in reading.events():
        found.take(event)
    assert not [ref for ref in found.destroyed if await reading.content(ref)], "what is destroyed is gone"
    return found


def agree(known: Acknowledged, found: Recorded) -> None:
    """Nothing acknowledged is lost, nothing stands twice, and nothing is there that nobody asked for."""
    assert not _more_than_one(found.flagged.values())
    assert known.desks.keys() <= found.flagged.keys(), "an acknowledged flag is lost"
    twice = {case: made for case, made in found.decisions.items() if len(made) > 1}
    assert not twice, "a case is decided twice"
    for case, click in known.decided.items():
        assert found.decisions.get(case) == [click.by.object_id], (
            f"the decision on {case} is lost or another's"
        )
    for case, who in known.refused:
        assert found.decisions.get(case, [who]) != [who], f"{case}: who was refused has decided"
    assert found.decisions.keys() <= known.asked, "a decision that nobody asked for"


def _more_than_one(counts: Iterable[int]) -> list[int]:
    return [count for count in counts if count > 1]
