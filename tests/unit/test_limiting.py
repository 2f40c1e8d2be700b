"""Token buckets: a burst, then a rate, each caller for themselves."""

from bot.web.limiting import TokenBuckets


class Hand:
    """A clock moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_only_the_rate() -> None:
    clock = Hand()
    buckets = TokenBuckets(burst=3, per_second=0.5, now=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]
    clock.now += 2
    assert [buckets.take("a"), buckets.take("a")] == [0, 2]


def test_one_caller_takes_nothing_from_another() -> None:
    buckets = TokenBuckets(burst=1, per_second=1, now=Hand())
    assert [buckets.take("a"), buckets.take("a"), buckets.take("b")] == [0, 1, 0]


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    clock = Hand()
    buckets = TokenBuckets(burst=2, per_second=10, now=clock)
    buckets.take("a")
    clock.now += 3600
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]


def test_ever_new_callers_do_not_fill_the_memory() -> None:
    buckets = TokenBuckets(burst=1, per_second=0.001, now=Hand())
    for number in range(5000):
        assert buckets.take(f"10.0.{number // 256}.{number % 256}") == 0
    assert len(buckets._left) == 1024
