"""Group commit: who shares a sync, who waits, and who hears of what."""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from storage.disk import Disk as SharedDisk
from storage.grouping import LARGE, SLOW, GroupCommit
from storage.store import StoreUnwritable


@dataclass
class Disk:
    """Takes numbers; takes ``seconds`` for each batch; fails while ``full``."""

    seconds: float = 0.0
    full: bool = False
    size: int = 1
    batches: list[list[int]] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def stage(self, numbers: Sequence[int]) -> "Batch":
        if -1 in numbers:
            raise RuntimeError("a bug")
        return Batch(self, list(numbers), self.size)


@dataclass
class Batch:
    disk: Disk
    numbers: list[int]
    size: int

    def write(self) -> None:
        self.disk.threads.append(threading.get_ident())
        time.sleep(self.disk.seconds)
        if self.disk.full:
            raise StoreUnwritable("no space")
        self.disk.batches.append(self.numbers)

    def settle(self, error: Exception | None) -> Sequence[int | Exception]:
        return [error or number * 2 for number in self.numbers]


async def test_each_gets_the_outcome_of_its_own_request() -> None:
    disk = Disk()
    group = GroupCommit[int, int](disk.stage)
    assert await asyncio.gather(*(group.submit(n) for n in range(5))) == [0, 2, 4, 6, 8]
    assert disk.batches == [[0, 1, 2, 3, 4]], "together, and in the order they came"


async def test_a_lone_writer_is_written_at_once() -> None:
    disk = Disk()
    group = GroupCommit[int, int](disk.stage)
    for n in range(3):
        await group.submit(n)
    assert disk.batches == [[0], [1], [2]]


@pytest.mark.parametrize("seconds", [0.0, SLOW * 2], ids=["on the event loop", "in a thread"])
async def test_sixteen_writers_share_their_syncs(seconds: float) -> None:
    disk = Disk(seconds)
    group = GroupCommit[int, int](disk.stage)

    async def writer() -> None:
        for n in range(20):
            await group.submit(n)

    await asyncio.gather(*(writer() for _ in range(16)))
    assert sum(map(len, disk.batches)) == 320
    assert len(disk.batches) <= 0.15 * 320


async def test_who_is_about_to_join_is_waited_for_while_the_event_loop_is_at_work() -> None:
    disk = Disk(seconds=SLOW / 2)
    group = GroupCommit[int, int](disk.stage, patience=1.0)
    for _ in range(8):
        await asyncio.gather(*(group.submit(n) for n in range(4)))
    disk.batches.clear()

    async def laggard() -> int:
        time.sleep(SLOW * 3)  # noqa: ASYNC251 - work, as far as the event loop can tell
        await asyncio.sleep(0)
        return await group.submit(2)

    await asyncio.gather(group.submit(1), laggard())
    assert disk.batches == [[1, 2]]


async def test_a_slow_disk_does_not_hold_up_the_event_loop() -> None:
    disk = Disk(seconds=0.05)
    group = GroupCommit[int, int](disk.stage)
    for n in range(16):
        await group.submit(n)
    stalls, asleep = list[float](), asyncio.get_running_loop().time()
    written = group.submit(99)
    while not written.done():
        await asyncio.sleep(0.001)
        now = asyncio.get_running_loop().time()
        stalls.append(now - asleep)
        asleep = now
    assert len(stalls) > 10
    await group.drained()


async def test_a_disk_that_turns_slow_holds_up_the_event_loop_once() -> None:
    disk = Disk()
    group, here = GroupCommit[int, int](disk.stage), threading.get_ident()
    for n in range(20):
        await group.submit(n)
    assert here in disk.threads
    disk.threads.clear()
    disk.seconds = SLOW * 2
    for n in range(20):
        await group.submit(n)
    assert disk.threads.count(here) <= 1
    disk.seconds = 0.0
    for n in range(20):
        await group.submit(n)
    assert here in disk.threads[-15:], "quick again, it is written to at once"


async def test_a_disk_that_somebody_writes_much_to_is_left_to_a_thread_until_that_is_done() -> None:
    disk, shared, here = Disk(), SharedDisk(), threading.get_ident()
    group = GroupCommit[int, int](disk.stage, disk=shared)
    much = [asyncio.get_running_loop().create_future() for _ in range(2)]
    for one in much:
        shared.busy_until(one)
    for one in much:
        assert await asyncio.gather(*(group.submit(n) for n in range(5))) == [0, 2, 4, 6, 8]
        assert not group.idle, "a sync would take long"
        one.set_exception(OSError("no space"))
    assert here not in disk.threads
    await asyncio.sleep(0)
    assert group.idle
    for n in range(20):
        await group.submit(n)
    assert here in disk.threads
    assert [one.exception() is None for one in much] == [False, False]
    assert disk.batches == [[0, 1, 2, 3, 4]] * 2 + [[n] for n in range(20)]


async def test_a_large_batch_sends_those_beside_it_to_threads() -> None:
    slow, quick, shared = Disk(seconds=0.05), Disk(), SharedDisk()
    slow.size = LARGE + 1
    large, small = (GroupCommit[int, int](one.stage, disk=shared) for one in (slow, quick))
    writing = large.submit(1)
    await asyncio.sleep(0)
    assert await small.submit(2) == 4
    assert not writing.done()
    assert await writing == 2
    assert threading.get_ident() not in quick.threads


async def test_a_full_disk_is_told_to_all_who_wait_and_to_nobody_after() -> None:
    disk = Disk(full=True)
    group = GroupCommit[int, int](disk.stage)
    told = await asyncio.gather(*(group.submit(n) for n in range(3)), return_exceptions=True)
    assert [type(one) for one in told] == [StoreUnwritable] * 3
    assert len({id(one) for one in told}) == 3, "each has an exception of its own"
    disk.full = False
    assert await group.submit(4) == 8


async def test_a_bug_is_raised_where_it_was_asked_for_and_the_group_goes_on() -> None:
    group = GroupCommit[int, int](Disk().stage)
    with pytest.raises(RuntimeError):
        await group.submit(-1)
    assert await group.submit(1) == 2


async def test_who_stops_waiting_does_not_disturb_the_others() -> None:
    disk = Disk()
    group = GroupCommit[int, int](disk.stage)
    first, second = group.submit(1), group.submit(2)
    first.cancel()
    assert await second == 4
    assert disk.batches == [[1, 2]], "it was on its way already"
