"""The record: whether its chain holds, whether it can be written, and what it has that the organisation file lacks."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.checking.files import ORGANISATION
from bot.checking.findings import Finding, failure, ok, warning
from bot.organisation.file import OrganisationFile
from storage.looking import Looked, follow, holder, try_writing
from storage.store import BrokenChain, Event, NoRecord, StoreUnusable, StoreUnwritable

STORE = "store"
_SECONDS = 8.0
_ROOM = "Make room or mend the rights: decisions are refused until it can be written."


@dataclass(frozen=True, slots=True)
class _Named:
    """What the cases of the record belong to."""

    channels: set[str] = field(default_factory=set)
    administrations: set[str] = field(default_factory=set)

    def see(self, event: Event) -> None:
        for name, found in (("channel", self.channels), ("administration", self.administrations)):
            if event.data.get(name):
                found.add(event.data[name])


async def check_record(url: str, file: OrganisationFile) -> Sequence[Finding]:
    """In a thread with an event loop of its own: files are read there without others having to wait."""
    return await asyncio.to_thread(lambda: asyncio.run(_checked(url, file)))


async def _checked(url: str, file: OrganisationFile) -> list[Finding]:
    named = _Named()
    findings = [await _chain(url, named), await _writable(url)]
    return [*findings, *_differences(named, file)]


async def _chain(url: str, named: _Named) -> Finding:
    runs = holder(url)
    beside = f"; the bot is running (process {runs})" if runs else ""
    try:
        looked = await follow(url, see=named.see, seconds=_SECONDS)
    except NoRecord:
        return ok(STORE, "there is no record yet: the first start begins one")
    except BrokenChain as error:
        return failure(STORE, f"the record is broken: {error}", "Bring back a backup; see what verify says.")
    except (StoreUnwritable, StoreUnusable, OSError) as error:
        return failure(STORE, f"it can't be opened: {error}", "Look at STORAGE_URL and at what it names.")
    return _told(looked, beside)


def _told(looked: Looked, beside: str) -> Finding:
    if looked.whole:
        return ok(STORE, f"the chain holds: {looked.events} events, head {looked.head}{beside}")
    told = f"the first {looked.events} events hold, and there was no time for the rest{beside}"
    return warning(STORE, told, "app.py verify reads all of it.")


async def _writable(url: str) -> Finding:
    try:
        await try_writing(url)
    except (StoreUnwritable, StoreUnusable, OSError) as error:
        return failure(STORE, f"it can't be written: {error}", _ROOM)
    return ok(STORE, "it can be written")


def _differences(named: _Named, file: OrganisationFile) -> Iterator[Finding]:
    for what, known, cases in (
        ("channel", file.form.channels, named.channels),
        ("administration", file.form.administrations, named.administrations),
    ):
        for gone in sorted(cases - {one.id for one in known}):
            told = f"the record has cases of {what} {gone}, which is not in the file"
            yield warning(ORGANISATION, told, f"Put the {what} back, or communications get its cases.")
