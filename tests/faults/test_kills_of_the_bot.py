"""The bot itself is killed in the midst of intake, decisions, destruction, sending, tidying up and starting.

After each start everything that it acknowledged over HTTP is there, and at the connector nobody got a card twice but
one whose answer was lost, which then says so.
"""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.faults.acknowledged import Acknowledged, Click, Recorded, agree, recorded
from tests.faults.deaths import Deaths, subject_in
from tests.faults.extent import WHOLE, extent
from tests.faults.lives import Lives, lives
from tests.faults.town import Desk, Resident, desks
from tests.scenario.world import Json, a_flag

KILLS = extent(whole=200, short=5)
SEED = 20261125
FLAGS_A_LIFE = 2
REMOVAL = {"ground": "reklam", "reason": "Reklam för en butik."}
WISHES: tuple[tuple[str, Json], ...] = (
    ("decide", {"kind": "keep"}),
    ("decide", {"kind": "delete", **REMOVAL}),
    ("abuse", {}),
)


@dataclass(kw_only=True, repr=False)
class Story:
    """Told without its parts, which would fill a failure with gigabytes."""

    world: Lives
    chance: random.Random
    town: list[Desk]
    deaths: Deaths
    known: Acknowledged = field(default_factory=Acknowledged)
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
        activity["replyToId"] = self.deaths.place_of(admin, case)
        return Click(case=case, by=admin, activity=activity)

    async def deliver(self, click: Click) -> None:
        answer = await click.by.sends(click.activity)
        self.known.answered(click, answer)
        with suppress(ValueError):
            self.known.pending.remove(click)

    async def dies(self) -> None:
        await self.deaths.after(self.work(desk) for desk in self.town)

    async def starts(self) -> None:
        """The next life, with what was acknowledged in those before."""
        await self.deaths.next_life()
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


async def test_whatever_the_bot_acknowledged_survives_its_being_killed(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown with a failure
    async with lives(tmp_path / "data") as world:
        chance = random.Random(SEED)
        deaths = Deaths(world=world, chance=chance)
        story = Story(world=world, chance=chance, town=desks(world), deaths=deaths)
        world.connector.behaviour = deaths.fault
        await world.born()
        await world.awake()
        for desk in story.town:
            for one in desk.everybody:
                await one.installs()
        for _ in range(KILLS):
            await story.dies()
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
        f"{len(story.known.refused)} refusals; {figures}; met at tidying up: {dict(deaths.tidied)}"
    )
    assert not WHOLE or deaths.tidied, "some met the store while it wrote anew what it keeps"


def check_cards(story: Story, found: Recorded) -> str:
    """Each admin of a case that is open, and the registrar of each removal, has its card; nobody has one twice."""
    everybody = [one for desk in story.town for one in desk.everybody]
    brought = story.deaths.brought(everybody, subject_in)
    for case, desk in story.known.desks.items():
        due = [
            *(desk.admins if case not in found.decisions else ()),
            *([desk.registrar] if case in found.removed else []),
        ]
        for one in due:
            brought.must_hold(one, case)
    return str(brought)
