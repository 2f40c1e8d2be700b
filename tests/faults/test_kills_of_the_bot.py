"""The bot itself is killed in the midst of intake, decisions, destruction, sending, tidying up and starting.

After each start everything that it acknowledged over HTTP is there, and at the connector nobody got a card twice but
one whose answer was lost, which then says so.
"""

import asyncio
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import aiohttp

from bot.projecting import project
from storage.embedded import EmbeddedStore
from storage.store import Owed
from tests.fakes.connector import Answer, AnswerLost, Call, CutOff, Fault, Sent, Slow
from tests.faults.acknowledged import CASE, Acknowledged, Click, Recorded, agree, recorded
from tests.faults.extent import WHOLE, extent
from tests.faults.lives import Lives, lives
from tests.faults.town import Desk, Resident, desks
from tests.scenario.world import Json, a_flag, words

KILLS = extent(whole=200, short=5)
SEED = 20261125
AT_START = 0.15
"""How many of the kills meet the bot while it starts."""
FLAGS_A_LIFE = 2
MARK = "Kan ha skickats tidigare."
TORN = ("journal.jsonl", "contents.jsonl", "outbox.jsonl", "documents.jsonl")
REMOVAL = {"ground": "reklam", "reason": "Reklam för en butik."}
WISHES: tuple[tuple[str, Json], ...] = (
    ("decide", {"kind": "keep"}),
    ("decide", {"kind": "delete", **REMOVAL}),
    ("abuse", {}),
)


@dataclass(kw_only=True, repr=False)
class Story:
    """Told without its parts, which would fill a failure with gigabytes.

    ``lost``: conversation and case of each card whose answer did not come back, as far as the connector knows;
    ``unknown``: person and case of each message that the store, after a kill, did not know the end of."""

    world: Lives
    chance: random.Random
    town: list[Desk]
    known: Acknowledged = field(default_factory=Acknowledged)
    lost: set[tuple[str, str]] = field(default_factory=set)
    unknown: set[tuple[str, str]] = field(default_factory=set)
    tidied: Counter[str] = field(default_factory=Counter)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: int = 0
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    # Life ---------------------------------------------------------------------------------------------------

    async def work(self, desk: Desk) -> None:
        for _ in range(FLAGS_A_LIFE):
            case = await self.flag(desk)
            if self.chance.random() < 0.8:
                await asyncio.gather(*(self.decide(case, admin) for admin in desk.admins))

    async def flag(self, desk: Desk) -> str:
        message, body = f"msg-{next(self.numbers)}", a_flag(channel=desk.channel)
        status, answer = await self.world.post_flag(body, message=message)
        assert status == 202, answer
        self.known.flagged(message, body, answer["case"], desk)
        case: str = answer["case"]
        return case

    async def decide(self, case: str, admin: Resident) -> None:
        verb, data = self.chance.choice(WISHES)
        click = self.click(case, admin, verb, **data)
        self.known.asked.add(case)
        self.known.pending.append(click)
        await asyncio.gather(*(self.deliver(click) for _ in range(self.chance.randint(1, 3))))

    def click(self, case: str, admin: Resident, verb: str, **data: str) -> Click:
        """On the card that the admin has, or else on one that Teams tells no id of."""
        activity = admin.invoke(verb, {"case": case, "version": 1, **data})
        activity["replyToId"] = self.cards().get((admin.conversation, case))
        return Click(case=case, by=admin, activity=activity)

    def cards(self) -> dict[tuple[str, str], str]:
        """By conversation and case: the newest activity that brought it."""
        sent = self.world.connector.sent
        for one in sent[self.seen :]:
            if one.activity.get("attachments"):
                self.places[one.conversation, case_in(one.activity)] = one.id
        self.seen = len(sent)
        return self.places

    async def deliver(self, click: Click) -> None:
        answer = await click.by.sends(click.activity)
        self.known.answered(click, answer)
        with suppress(ValueError):
            self.known.pending.remove(click)

    async def live(self) -> None:
        """Until the kill."""
        under_way = [asyncio.create_task(through_death(self.work(desk))) for desk in self.town]
        await asyncio.sleep(self.chance.uniform(0.02, 0.7))
        await self.world.dies()
        await asyncio.gather(*under_way)

    # Death --------------------------------------------------------------------------------------------------

    async def examine(self) -> None:
        """What lies on the disk right after a kill."""
        self.tidied.update(path.name for path in self.world.data.glob("*.new"))
        for owed in await unknown_in(self.world.data):
            self.unknown.add((owed.message.to.removeprefix("person:"), owed.message.subject))
        if self.chance.random() < 0.3:
            with (self.world.data / self.chance.choice(TORN)).open("ab") as file:
                file.write(b'{"event":{"actor":"'[: self.chance.randint(1, 19)])

    async def starts(self) -> None:
        """The next life, with what was acknowledged in those before."""
        await self.world.born()
        if self.chance.random() < AT_START:
            await asyncio.sleep(self.chance.uniform(0.0, 2.0))
            await self.world.dies()
            await self.examine()
            await self.world.born()
        await self.world.awake()
        agree(self.known, await recorded(self.world.data))

    async def asks_again(self) -> None:
        """As Teams and the sender of flags do who never got their answer, and some who did."""
        pending, self.known.pending = self.known.pending, []
        await asyncio.gather(*(self.deliver(click) for click in pending))
        for message, (body, case) in list(self.known.flags.items())[-3:]:
            assert await self.world.post_flag(body, message=message) == (202, {"case": case})
            assert await self.world.post_flag(body, message=f"{message}-anew") == (202, {"case": case})
        for click in list(self.known.decided.values())[-3:]:
            await self.deliver(click)
            other = next(one for one in self.known.desks[click.case].admins if one is not click.by)
            await self.deliver(self.click(click.case, other, "decide", kind="keep"))

    # The connector ------------------------------------------------------------------------------------------

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
            self.lost.add((call.conversation, case_in(call.activity)))
            return AnswerLost() if kind < 0.08 else CutOff()
        return Slow(seconds=self.chance.uniform(0.0, 0.1))


async def through_death(work: Awaitable[None]) -> None:
    with suppress(aiohttp.ClientError):
        await work


def case_in(activity: Json) -> str:
    (card,) = [one["content"] for one in activity["attachments"]]
    found = CASE.search(words(card))
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


async def test_whatever_the_bot_acknowledged_survives_its_being_killed(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown with a failure
    async with lives(tmp_path / "data") as world:
        story = Story(world=world, chance=random.Random(SEED), town=desks(world))
        world.connector.behaviour = story.fault
        await world.born()
        await world.awake()
        for desk in story.town:
            for one in desk.everybody:
                await one.installs()
        for _ in range(KILLS):
            await story.live()
            await story.examine()
            await story.starts()
            await story.asks_again()
        world.connector.behaviour = lambda call: None
        await world.settle()
        await world.dies()
        found = await recorded(world.data)
    agree(story.known, found)
    figures = check_cards(story, found)
    assert story.known.decided, "the kills left time for decisions"
    print(  # noqa: T201  the figures of ``make faults``
        f"\n{KILLS} kills: {len(story.known.desks)} flags and {len(story.known.decided)} decisions acknowledged, 0 lost, "
        f"{len(story.known.refused)} refusals; {figures}; met at tidying up: {dict(story.tidied)}"
    )
    assert not WHOLE or story.tidied, "some met the store while it wrote anew what it keeps"


def check_cards(story: Story, found: Recorded) -> str:
    """Each admin of a case that is open, and the registrar of each removal, has its card; nobody has one twice."""
    brought = defaultdict[tuple[str, str], list[Sent]](list)
    for one in story.world.connector.sent:
        if one.reply_to is None and one.activity.get("attachments") and (case := case_in(one.activity)):
            brought[one.conversation, case].append(one)
    marked = 0
    for (conversation, case), sent in brought.items():
        marks = [MARK in words(one.activity["attachments"]) for one in sent]
        assert marks.count(False) <= 1, f"{case} came twice to {conversation}, unmarked"
        assert marks.count(True) <= 1, f"{case} was repeated more than once to {conversation}"
        if True in marks:
            marked += 1
            assert is_accounted_for(story, conversation, case), (
                f"{case} is marked to {conversation} for nothing"
            )
    for case, desk in story.known.desks.items():
        due = [
            *(desk.admins if case not in found.decisions else ()),
            *([desk.registrar] if case in found.removed else []),
        ]
        for one in due:
            assert (one.conversation, case) in brought or is_accounted_for(story, one.conversation, case), (
                f"{one.who} has no card of {case}"
            )
    return f"{len(brought)} cards, {marked} repeated and marked, {len(story.unknown) + len(story.lost)} answers lost"


def is_accounted_for(story: Story, conversation: str, case: str) -> bool:
    """An answer was lost. Lost twice, it is not sent a third time, and whoever oversees the bot is told."""
    (person,) = [one for desk in story.town for one in desk.everybody if one.conversation == conversation]
    return (conversation, case) in story.lost or (person.object_id, case) in story.unknown
