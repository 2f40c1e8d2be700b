"""Duties on record, in files and in PostgreSQL: what is open is found by channel and administration, and exported."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.contents import sealed
from bot.domain import duties
from bot.domain.duties import ChangeAsked, Duty, DutyKind, Picture
from bot.domain.trail import Unreachable
from bot.domain.views import FileText
from bot.duties.picture_record import picture_from, picture_stream, received_event
from bot.duties.record import DUTY_MESSAGE, DutyRecord, duty_event, duty_from, duty_of_row
from bot.exports.exporting import export
from bot.policy.grounds import load_law
from bot.projecting import project
from storage.contents import seal
from storage.opening import open_record, open_store
from storage.store import Appended, Content, Message, Store
from tests.contract.stores import STORES
from tests.postgres import Postgres
from tests.unit.request_world import ORGANISATION

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DUE = date(2027, 11, 24)
SCREENSHOT = duties.DutyScheduled(kind=DutyKind.SCREENSHOT, subject="fb", administration="kof", due=DUE)
EVALUATION = duties.DutyScheduled(kind=DutyKind.EVALUATION, subject="kof", administration="kof", due=DUE)
TEXT = sealed(FileText(name="skärm.png", content_type="image/png", url="", sha256="ab" * 32))
DATA = seal(b"a picture")
PICTURE = Picture(text_ref=TEXT.ref, data_ref=DATA.ref)


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "embedded":
        return f"tinydb:{tmp_path / 'data'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.place()


async def opened(url: str) -> Store:
    return await open_store(url, projector=project, clock=lambda: AT)


async def append(
    store: Store, stream: str, *events: Any, contents: Sequence[Content] = (), owes: Sequence[Message] = ()
) -> None:
    new = [duty_event(event) for event in events]
    done = await store.append(
        stream, new, expected_version=None, actor="x", at=AT, contents=contents, owes=owes
    )
    assert isinstance(done, Appended)


def stream(scheduled: duties.DutyScheduled) -> str:
    return duties.stream_of(duties.scheduled(scheduled).id)


async def record_of(store: Store, duty: Duty) -> DutyRecord:
    doc = await store.get("duties", duty.id)
    assert doc is not None
    return duty_from(doc)


async def test_what_is_open_is_found_by_channel_and_administration(url: str) -> None:
    store = await opened(url)
    await append(store, stream(SCREENSHOT), SCREENSHOT)
    await append(store, stream(EVALUATION), EVALUATION)
    for table, found in (
        ("open_duties", {"screenshot/fb", "evaluation/kof"}),
        ("open_duties/channel/fb", {"screenshot/fb"}),
        ("open_duties/administration/kof", {"screenshot/fb", "evaluation/kof"}),
    ):
        assert {row["duty"] for row in await store.select(table)} == found
    cancelled = duties.DutyCancelled(cause=duties.CancelCause.CHANNEL_CLOSED)
    await append(store, stream(SCREENSHOT), cancelled)
    assert await store.select("open_duties/channel/fb") == []
    assert [row["duty"] for row in await store.select("open_duties")] == ["evaluation/kof"]
    await store.close()


async def test_a_row_tells_what_is_due_as_the_duty_does(url: str) -> None:
    store = await opened(url)
    reminded = duties.DutyReminded(due=DUE, level=duties.Level.DUE)
    await append(store, stream(SCREENSHOT), SCREENSHOT, reminded)
    (row,) = await store.select("open_duties")
    duty = (await record_of(store, duties.scheduled(SCREENSHOT))).duty
    late = date(2027, 12, 24)
    assert duties.next_steps(duty_of_row(row), late) == duties.next_steps(duty, late) != ()
    await store.close()


async def test_who_has_the_card_who_cannot_be_reached_and_who_asked_is_kept_for_one_turn(url: str) -> None:
    store = await opened(url)
    duty = duties.scheduled(SCREENSHOT)
    card = Message(id="m", to="person:a", kind=DUTY_MESSAGE, subject=duty.id)
    other = Message(id="n", to="person:b", kind="other", subject=duty.id)
    reminded = duties.DutyReminded(due=DUE, level=duties.Level.NOTICE)
    await append(store, stream(SCREENSHOT), SCREENSHOT)
    await append(store, stream(SCREENSHOT), reminded, owes=(card, other))
    trail = duties.trail_of(duty.id)
    await append(store, trail, Unreachable(to="person:a", why="x"), ChangeAsked(by="b"))
    told = await record_of(store, duty)
    assert (told.recipients, told.unreachable, told.asked) == (("person:a",), ("person:a",), True)
    done = duties.DutyFulfilled(due=DUE, by="a", picture=PICTURE)
    renewed = duties.DutyRenewed(due=date(2028, 11, 24))
    await append(store, stream(SCREENSHOT), done, renewed, contents=(TEXT, DATA))
    told = await record_of(store, duty)
    assert (told.recipients, told.unreachable, told.asked) == ((), (), False)
    assert told.duty.due == date(2028, 11, 24)
    assert told.duty.last is not None
    await store.close()


async def test_a_picture_waits_until_it_is_used(url: str) -> None:
    store = await opened(url)
    await append(store, stream(SCREENSHOT), SCREENSHOT)
    await store.append(
        picture_stream("p1"), [received_event(PICTURE, by="a")],
        expected_version=0, actor="a", at=AT, contents=(TEXT, DATA),
    )  # fmt: skip
    (row,) = await store.select("received_pictures")
    waiting = picture_from(row)
    assert (waiting.by, waiting.at, waiting.picture.data_ref) == ("a", AT, DATA.ref)
    await append(store, stream(SCREENSHOT), duties.ChangeDocumented(by="a", picture=waiting.picture))
    assert await store.select("received_pictures") == []
    await store.close()


async def test_the_chain_holds_and_each_time_is_exported_with_hash_and_time(url: str, tmp_path: Path) -> None:
    store = await opened(url)
    done = duties.DutyFulfilled(due=DUE, by="a", picture=PICTURE)
    await append(store, stream(SCREENSHOT), SCREENSHOT, done, contents=(TEXT, DATA))
    await store.close()
    async with open_record(url) as record:
        assert (await record.verify()).events == 2
        counts = await export(record, tmp_path, organisation=ORGANISATION, law=load_law())
    assert (counts["duties"], counts["fulfilments"], counts["files"]) == (1, 1, 1)
    (row,) = [json.loads(line) for line in (tmp_path / "fulfilments.jsonl").read_text("utf-8").splitlines()]
    assert (row["sha256"], row["at"], row["file"]) == ("ab" * 32, AT.isoformat(), "skärm.png")
    assert (tmp_path / "files" / ("ab" * 32)).read_bytes() == b"a picture"
    assert "screenshot/fb" in (tmp_path / "duties.csv").read_text("utf-8-sig")
