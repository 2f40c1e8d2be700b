"""What every desk asks the record before it appends: whether it was done already, and what a new stream is called."""

from collections.abc import Sequence
from datetime import date

from storage.store import Event, Store


async def recorded(store: Store, keys: Sequence[str], by: str) -> Event | None:
    """What took one of the keys, if this very person did it: a key is never another person's answer."""
    events = [await store.taken(key) for key in keys]
    return next((event for event in events if event is not None and event.actor == by), None)


async def next_designation(store: Store, series: str, counters: str, day: date) -> str:
    """Numbers are given without gaps, from each year's counter: of two who ask at once, one has to ask again."""
    counter = await store.get(counters, str(day.year))
    return f"{series}-{day.year}-{(counter['last'] if counter else 0) + 1:04d}"
