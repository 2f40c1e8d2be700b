from hypothesis import given
from hypothesis import strategies as st

from bot.teams.pacing import PER_CONVERSATION, PER_TENANT, Pace, Pacing, Quota

STEPS = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=0.6),  # pause before asking
        st.floats(min_value=0, max_value=3),  # how long the call takes
        st.floats(min_value=0, max_value=1),  # where within that time Teams counts it
    ),
    min_size=1,
    max_size=150,
)


def most_in_any_window(times: list[float], seconds: float) -> int:
    times = sorted(times)
    first = most = 0
    for last, time in enumerate(times):
        while times[first] <= time - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def arrivals(pace: Pace, steps: list[tuple[float, float, float]]) -> list[float]:
    """Calls one after the other as the pace allows, each counted by Teams somewhere on its way."""
    now, counted = 0.0, []
    for pause, takes, share in steps:
        now += pause
        while (delay := pace.delay(now)) > 0:
            now += delay
        pace.begin(now)
        counted.append(now + takes * share)
        now += takes
        pace.end(now)
    return counted


@given(STEPS)
def test_no_window_of_a_conversation_is_ever_exceeded(steps: list[tuple[float, float, float]]) -> None:
    counted = arrivals(Pace(PER_CONVERSATION), steps)
    for quota in PER_CONVERSATION:
        assert most_in_any_window(counted, quota.seconds) <= quota.calls


@given(
    st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 2), st.floats(0, 1)), min_size=1, max_size=120),
    st.integers(min_value=1, max_value=12),
)
def test_no_window_is_exceeded_when_calls_overlap(
    calls: list[tuple[float, float, float]], limit: int
) -> None:
    pace = Pace((Quota(calls=limit, seconds=1),), spread=1 / limit)
    now, counted, ends = 0.0, [], list[float]()
    for pause, takes, share in calls:
        now += pause
        while True:
            for end in sorted(one for one in ends if one <= now):
                pace.end(end)
                ends.remove(end)
            if (delay := pace.delay(now)) <= 0:
                break
            now += delay
        pace.begin(now)
        counted.append(now + takes * share)
        ends.append(now + takes)
    assert most_in_any_window(counted, 1) <= limit


def test_a_busy_tenant_is_served_at_nearly_its_whole_quota() -> None:
    pacing, now = Pacing(), 0.0
    for number in range(1000):
        while (delay := pacing.tenant_delay("t", now)) > 0:
            now += delay + 0.0005  # sleeping is never exact
        pacing.begin(f"c{number}", "t", now)
        pacing.end(f"c{number}", "t", now + 0.005)
    assert 1000 / now >= 0.95 * PER_TENANT


def test_a_conversation_waits_for_its_own_quota_only() -> None:
    pacing = Pacing()
    for _ in range(7):
        pacing.begin("busy", "t", 0.0)
        pacing.end("busy", "t", 0.0)
    assert pacing.conversation_delay("busy", 0.5) > 0.4
    assert pacing.conversation_delay("other", 0.5) == 0


def test_conversations_long_silent_are_forgotten() -> None:
    pacing = Pacing(per_tenant=10**6)
    for number in range(3000):
        pacing.begin(f"c{number}", "t", number * 10.0)
        pacing.end(f"c{number}", "t", number * 10.0)
    assert len(pacing._conversations) < 1500
