"""What every story of kills shares: the end of a life and what lies on the disk then, a connector that fails now and
then, and what may come to somebody twice."""

import asyncio
import random
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.projecting import project
from storage.embedded import EmbeddedStore
from storage.store import Owed
from tests.fakes.connector import Answer, AnswerLost, Call, CutOff, Fault, Sent, Slow
from tests.faults.lives import Lives
from tests.faults.town import Resident
from tests.scenario.world import Json, words

AT_START = 0.15
"""How many of the kills meet the bot while it starts."""
MARK = "Kan ha skickats tidigare."
TORN = ("journal.jsonl", "contents.jsonl", "outbox.jsonl", "documents.jsonl")
SUBJECT = re.compile(r"(?:SM|FR)-\d{4}-\d{4,}")


@dataclass(kw_only=True, repr=False)
class Deaths:
    """Told without its parts, which would fill a failure with gigabytes.

    ``lost``: conversation and subject of each card whose answer did not come back, as far as the connector knows;
    ``unknown``: person and subject of each message that the store, after a kill, did not know the end of."""

    world: Lives
    chance: random.Random
    lost: set[tuple[str, str]] = field(default_factory=set)
    unknown: set[tuple[str, str]] = field(default_factory=set)
    tidied: Counter[str] = field(default_factory=Counter)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: int = 0

    async def after(self, work: Iterable[Awaitable[None]]) -> None:
        """The life ends in the midst of the work."""
        under_way = [asyncio.ensure_future(through_death(one)) for one in work]
        await asyncio.sleep(self.chance.uniform(0.02, 0.7))
        await self.world.dies()
        await asyncio.gather(*under_way)
        await self.examine()

    async def examine(self) -> None:
        """What lies on the disk right after a kill."""
        self.tidied.update(path.name for path in self.world.data.glob("*.new"))
        for owed in await unknown_in(self.world.data):
            self.unknown.add((owed.message.to.removeprefix("person:"), owed.message.subject))
        if self.chance.random() < 0.3:
            with (self.world.data / self.chance.choice(TORN)).open("ab") as file:
                file.write(b'{"event":{"actor":"'[: self.chance.randint(1, 19)])

    async def next_life(self) -> None:
        await self.world.born()
        if self.chance.random() < AT_START:
            await asyncio.sleep(self.chance.uniform(0.0, 2.0))
            await self.world.dies()
            await self.examine()
            await self.world.born()
        await self.world.awake()

    def fault(self, call: Call) -> Fault | None:
        """Now and then something goes wrong with one of the bot's calls, and most take a while."""
        if call.operation not in {"send", "update"}:
            return None
        kind = self.chance.random()
        if kind < 0.06:
            status, wait = self.chance.choice(
                [(429, 0.2), (429, None), (412, None), (502, None), (503, None)]
            )
            return Answer(status=status, retry_after=wait)
        if kind < 0.10:
            self.lost.add((call.conversation, subject_in(call.activity)))
            return AnswerLost() if kind < 0.08 else CutOff()
        return Slow(seconds=self.chance.uniform(0.0, 0.1))

    def place_of(self, who: Resident, subject: str) -> str | None:
        """The newest activity that brought them a card of it: a click is on that one, or on one that Teams tells no
        id of."""
        sent = self.world.connector.sent
        for one in sent[self.seen :]:
            if one.activity.get("attachments"):
                self.places[one.conversation, subject_in(one.activity)] = one.id
        self.seen = len(sent)
        return self.places.get((who.conversation, subject))

    def is_accounted_for(self, who: Resident, subject: str) -> bool:
        """An answer was lost. Lost twice, it is not sent a third time, and whoever oversees the bot is told."""
        return (who.conversation, subject) in self.lost or (who.object_id, subject) in self.unknown

    def brought(self, people: Iterable[Resident], card: Callable[[Json], str]) -> "Brought":
        """Who was sent what unasked: the subject of each ``card``, empty for one that does not count. Nobody has one
        twice but marked, with a reason to be."""
        at = {one.conversation: one for one in people}
        sent = defaultdict[tuple[str, str], list[Sent]](list)
        for one in self.world.connector.sent:
            if one.reply_to is None and one.activity.get("attachments") and (of := card(one.activity)):
                sent[one.conversation, of].append(one)
        marked = 0
        for (conversation, of), copies in sent.items():
            marks = [MARK in words(one.activity["attachments"]) for one in copies]
            assert marks.count(False) <= 1, f"{of} came twice to {conversation}, unmarked"
            assert marks.count(True) <= 1, f"{of} was repeated more than once to {conversation}"
            if True in marks:
                marked += 1
                accounted = self.is_accounted_for(at[conversation], of)
                assert accounted, f"{of} is marked to {conversation} for nothing"
        return Brought(deaths=self, cards=frozenset(sent), marked=marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """``cards`` by conversation and subject."""

    deaths: Deaths
    cards: frozenset[tuple[str, str]]
    marked: int

    def must_hold(self, who: Resident, subject: str) -> None:
        has = (who.conversation, subject) in self.cards
        assert has or self.deaths.is_accounted_for(who, subject), f"{who.who} has no card of {subject}"

    def __str__(self) -> str:
        lost = len(self.deaths.unknown) + len(self.deaths.lost)
        return f"{len(self.cards)} cards, {self.marked} repeated and marked, {lost} answers lost"


async def through_death(work: Awaitable[None]) -> None:
    with suppress(aiohttp.ClientError):
        await work


def subject_in(activity: Json) -> str:
    """The designation of the case or the question that the card is about."""
    (card,) = [one["content"] for one in activity["attachments"]]
    found = SUBJECT.search(words(card))
    return found[0] if found else ""


async def unknown_in(data: Path) -> list[Owed]:
    """Asked of a copy, since opening a store mends it."""
    copy = data.with_name("copy")
    await asyncio.to_thread(shutil.copytree, data, copy)
    store = await EmbeddedStore.open(copy, projector=project)
    due = await store.due(datetime.now(UTC) + timedelta(days=1), 10**6)
    await store.close()
    await asyncio.to_thread(shutil.rmtree, copy)
    return [one for one in due if one.unknown]
