"""The program that the fault tests kill: it writes as fast as it can and says what was acknowledged.

``python writing.py DIRECTORY START``: a line on standard output for each acknowledgement, JSON, unbuffered. With
DIES_AT it kills itself (``tests.faults.dying``).
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from storage.contents import seal
from storage.embedded import EmbeddedStore, Tidying
from storage.store import Appended, Drop, Event, Message, NewEvent, Put, Tables
from tests.faults.dying import die_as_told

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
WRITERS = 4


def project(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    yield Put(table="streams", key=event.stream, doc={"version": event.version})


def say(what: str, *about: str) -> None:
    os.write(1, json.dumps([what, *about]).encode() + b"\n")


async def write(store: EmbeddedStore, name: str) -> None:
    for n in count():
        stream = f"{name}/{n}"
        text, passing = seal(f"text of {stream}".encode()), seal(f"passing of {stream}".encode())
        done = await store.append(
            stream,
            [
                NewEvent(kind="one", data={"ref": text.ref, "passing": passing.ref}),
                NewEvent(kind="two", data={}),
            ],
            expected_version=0,
            actor="x",
            at=AT,
            keys=(f"key of {stream}",),
            contents=(text, passing),
            owes=(Message(id=f"message of {stream}", to="person:1", kind="case", subject=stream),),
        )
        assert isinstance(done, Appended)
        say("appended", stream, text.ref)
        await store.started(f"message of {stream}", AT)
        say("started", stream)
        await store.sent(f"message of {stream}", AT)
        say("sent", stream)
        await store.put_document("documents", stream, {"of": stream})
        say("documented", stream)
        await store.dispose([passing.ref])
        say("disposed", stream, passing.ref)


async def main(directory: Path, start: str) -> None:
    die_as_told(os.environ)
    tidying = Tidying(checkpoint_every=64, compact_above=4096)  # so that kills meet it at work
    store = await EmbeddedStore.open(directory, projector=project, tidying=tidying)
    say("open", start)
    await asyncio.gather(*(write(store, f"{start}-{writer}") for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
