"""Group commit: who shares a sync, who waits, and who hears of what."""

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

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

    def written(self) -> None:
        time.sleep(self.seconds)


@dataclass
class Batch:
    disk: Disk
    numbers: list[int]
    size: int

    def write(self) -> None:
        self.disk.threads.append(threading.get_ident())
        self.disk.written()
        if self.disk.full:
            raise StoreUnwritable("no space")
        self.disk.batches.append(self.numbers)

    def settle(self, error: Exception | None) -> Sequence[int | Exception]:
        return [error or number * 2 for number in self.numbers]


@dataclass
class HeldUp(Disk):
    """Does not answer before ``goes_on`` is set."""

    goes_on: threading.Event = field(default_factory=threading.Event)

    def written(self) -> None:
        assert self.goes_on.wait(10)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each write was waited for, in seconds."""
    told, result = list[float](), Future.result

    def listening(future: "Future[Any]", timeout: float | None = None) -> Any:
        if timeout is not None:
            told.append(timeout)
        return result(future, timeout)

    monkeypatch.setattr(Future, "result", listening)
    return told


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


@pytest.mark.parametrize("seconds", [0.0, SLOW * 2], ids=["waited for", "not waited for"])
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


async def test_a_disk_that_does_not_answer_holds_up_nobody_but_those_who_write() -> None:
    disk = HeldUp()
    group = GroupCommit[int, int](disk.stage)
    written = group.submit(1)
    for _ in range(10):
        await asyncio.sleep(0)
    assert not written.done(), "and the event loop went on"
    disk.goes_on.set()
    assert await written == 2


@pytest.mark.parametrize("size", [1, LARGE], ids=["small", "as large as it may be"])
async def test_a_quick_write_is_waited_for_and_a_slow_one_only_the_first_time(
    size: int, waited: list[float]
) -> None:
    disk = Disk(size=size)
    group = GroupCommit[int, int](disk.stage)
    for n in range(20):
        await group.submit(n)
    assert waited.count(SLOW) > 10, "but where others had the processor for so long"
    disk.seconds = SLOW * 2
    for n in range(20):
        await group.submit(n)
    assert waited[21:] == [0.0] * 19
    disk.seconds = 0.0
    for n in range(20):
        await group.submit(n)
    assert SLOW in waited[-10:], "quick again, it is waited for again"


async def test_a_large_write_is_not_waited_for(waited: list[float]) -> None:
    disk = Disk(size=LARGE + 1)
    group = GroupCommit[int, int](disk.stage)
    for n in range(3):
        assert await group.submit(n) == 2 * n
    assert waited == [0.0] * 3


async def test_nothing_is_written_on_the_event_loop() -> None:
    disk = Disk()
    group = GroupCommit[int, int](disk.stage)
    for n in range(3):
        await group.submit(n)
    assert len(disk.threads) == 3
    assert threading.get_ident() not in disk.threads


async def test_those_who_share_threads_do_not_wait_for_one_another() -> None:
    held, quick, threads = HeldUp(), Disk(), ThreadPoolExecutor(2)
    slow, other = (GroupCommit[int, int](one.stage, threads=threads) for one in (held, quick))
    writing = slow.submit(1)
    assert await other.submit(2) == 4
    assert not writing.done()
    held.goes_on.set()
    assert await writing == 2


async def test_what_is_asked_for_between_two_writes_meets_none_and_neither_do_they() -> None:
    disk, goes_on = HeldUp(), threading.Event()
    group = GroupCommit[int, int](disk.stage)
    before = group.submit(1)

    def work() -> int:
        assert disk.batches == [[1]]
        assert goes_on.wait(10)
        return len(disk.batches)

    working = asyncio.ensure_future(group.between(work))
    await asyncio.sleep(0.01)
    disk.goes_on.set()
    await before
    after = group.submit(2)
    await asyncio.sleep(0.01)
    assert not after.done()
    goes_on.set()
    assert (await working, await after) == (1, 4)
    assert disk.batches == [[1], [2]]


async def test_who_stops_waiting_for_what_is_done_between_two_writes_does_not_let_a_write_in() -> None:
    disk, goes_on = Disk(), threading.Event()
    group = GroupCommit[int, int](disk.stage)
    working = asyncio.ensure_future(group.between(lambda: goes_on.wait(10)))
    await asyncio.sleep(0)
    working.cancel()
    after = group.submit(1)
    await asyncio.sleep(0.01)
    assert working.cancelled()
    assert disk.batches == []
    goes_on.set()
    assert await after == 2


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


async def test_after_its_end_whoever_asks_is_told_and_who_asked_before_is_served() -> None:
    disk = HeldUp()
    group = GroupCommit[int, int](disk.stage)
    before = group.submit(1)
    await asyncio.sleep(0)
    ending = asyncio.ensure_future(group.end())
    await asyncio.sleep(0)
    with pytest.raises(StoreUnwritable, match="closed"):
        await group.submit(2)
    with pytest.raises(StoreUnwritable, match="closed"):
        await group.between(lambda: 1)
    assert not ending.done()
    disk.goes_on.set()
    await asyncio.wait_for(ending, 5)
    assert await before == 2
    assert disk.batches == [[1]]


async def test_who_asks_for_the_same_between_two_writes_shares_it_and_keeps_no_write_waiting() -> None:
    disk, done = Disk(), list[int]()
    group = GroupCommit[int, int](disk.stage)

    def work() -> int:
        done.append(len(disk.batches))
        time.sleep(0.01)
        return len(done)

    many = [asyncio.ensure_future(group.between(work)) for _ in range(50)]
    await asyncio.sleep(0)
    assert await asyncio.wait_for(group.submit(1), 5) == 2
    many[0].cancel()
    told = await asyncio.gather(*many[1:])
    assert set(told) <= {1, 2}
    assert len(done) <= 2


async def test_a_write_and_what_is_done_between_two_take_turns() -> None:
    disk, written = Disk(), list[int]()
    group = GroupCommit[int, int](disk.stage)
    works = [partial(lambda _: written.append(len(disk.batches)), n) for n in range(3)]
    asides = [asyncio.ensure_future(group.between(work)) for work in works]
    await asyncio.sleep(0)
    await asyncio.gather(group.submit(1), *asides)
    assert written == [0, 1, 1], "it came after the first of them"


async def test_what_was_refused_for_want_of_a_thread_is_never_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An executor leaves it in its queue, where a thread that there is would find it."""
    held, quick, threads = HeldUp(), Disk(), ThreadPoolExecutor(2)
    slow, other = (GroupCommit[int, int](one.stage, threads=threads) for one in (held, quick))
    writing = slow.submit(1)
    await asyncio.sleep(0.01)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_more)
        with pytest.raises(StoreUnwritable, match="no thread"):
            await other.submit(2)
        with pytest.raises(StoreUnwritable, match="no thread"):
            await other.between(lambda: quick.batches.append([0]))
    held.goes_on.set()
    assert await writing == 2
    assert await other.submit(3) == 6
    assert quick.batches == [[3]]
    threads.shutdown()


def no_more(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


async def test_who_stops_waiting_does_not_disturb_the_others() -> None:
    disk = Disk()
    group = GroupCommit[int, int](disk.stage)
    first, second = group.submit(1), group.submit(2)
    first.cancel()
    assert await second == 4
    assert disk.batches == [[1, 2]], "it was on its way already"
