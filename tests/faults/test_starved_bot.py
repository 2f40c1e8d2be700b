"""The bot's process may not write any more, again and again, as on a disk that is full or that fails: nobody is told
that something is recorded that is not, it goes on reading, and with room it goes on by itself or after a kill.

The limit is the system's on the size of a file, set from outside on the living process: for that nobody needs rights
to mount, and it takes in what no small disk shows, a file that cannot grow by a single byte.
"""

import asyncio
import resource
from pathlib import Path

import pytest

from tests.faults.acknowledged import Acknowledged, Click, agree, recorded
from tests.faults.lives import Lives, lives
from tests.faults.town import Desk, desks
from tests.scenario.world import Answer, a_flag, words

TURNS = 5
SAVED_NOTHING = "Det gick inte att spara, så inget är beslutat."
MOST = 40


def limit(world: Lives, size: int) -> None:
    """No file of the process grows beyond so many bytes; -1 takes the limit away."""
    assert world.process
    _, hard = resource.prlimit(world.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(world.process.pid, resource.RLIMIT_FSIZE, (hard if size < 0 else size, hard))


async def bring_in(world: Lives, known: Acknowledged, desk: Desk, number: int) -> bool:
    body = a_flag(channel=desk.channel)
    status, answer = await world.post_flag(body, message=f"starved-{number}")
    assert status in {202, 503}, answer
    if status == 202:
        known.flagged(f"starved-{number}", body, answer["case"], desk)
    return status == 202


async def decide(world: Lives, known: Acknowledged, case: str) -> bool:
    admin = known.desks[case].admins[0]
    activity = admin.invoke("decide", {"case": case, "version": 1, "kind": "keep"}, replyToId="")
    known.asked.add(case)
    answer = await admin.sends(activity)
    if said(answer, SAVED_NOTHING):
        return False
    known.answered(Click(case=case, by=admin, activity=activity), answer)
    return True


def said(answer: Answer, text: str) -> bool:
    assert answer.status == 200
    return text in words(answer.body["value"])


@pytest.mark.parametrize("room", [0, 700])
async def test_five_times_without_room_lose_nothing_that_was_acknowledged(tmp_path: Path, room: int) -> None:
    known = Acknowledged()
    async with lives(tmp_path / "data") as world:
        town = desks(world)
        await world.born()
        await world.awake()
        for one in town[0].everybody:
            await one.installs()
        for turn in range(TURNS):
            for number in range(6):
                assert await bring_in(world, known, town[0], 1000 * turn + number)
            await until_refused(world, known, room, 1000 * turn + 100)
            if turn % 2:
                await world.dies()
                await world.born()
                await world.awake()
            else:
                limit(world, -1)
            agree(known, await recorded(world.data))
            undecided = next(case for case in known.desks if case not in known.decided)
            assert await decide(world, known, undecided), "with room it goes on"
        await world.settle()
        await world.dies()
        agree(known, await recorded(world.data))


async def until_refused(world: Lives, known: Acknowledged, room: int, number: int) -> None:
    """Flags and clicks together, until each has been refused and nothing is taken any more."""
    size = (world.data / "journal.jsonl").stat().st_size
    limit(world, size + room)
    undecided = [case for case in known.desks if case not in known.decided]
    for one in range(number, number + MOST):
        flag = bring_in(world, known, next(iter(known.desks.values())), one)
        clicks = [decide(world, known, case) for case in undecided[:2] if case not in known.decided]
        if not any(await asyncio.gather(flag, *clicks)):
            break
    else:
        raise AssertionError("it is refused in the end")
    if not room:  # else something small may have found its place since
        assert await world.readiness() == (503, "unwritable")
    reader = next(iter(known.desks.values())).admins[1]
    decided = next(iter(known.decided), None)
    if decided:
        while decided not in (told := words(await reader.asks_for(f"visa {decided}"))):
            pass  # another's card came into the same chat meanwhile
        assert "Beslutat" in told, "it goes on reading"
