"""``python app.py export``: all that the record holds, for its owner alone, and nothing that is destroyed."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.program import a_record, app, assert_one_sentence
from tests.scenario.world import World, a_flag, a_world, object_id


async def test_export_writes_cases_decisions_and_registrations_that_no_spreadsheet_acts_on(
    tmp_path: Path,
) -> None:
    environ = await a_record(tmp_path / "data")
    ended = await app("export", str(tmp_path / "out"), environ=environ)
    assert (ended.code, ended.err) == (0, "")
    with (tmp_path / "out" / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        cases = list(csv.DictReader(file, delimiter=";"))
    assert [one["designation"] for one in cases] == ["SM-2026-0001", "SM-2026-0002", "SM-2026-0003"]
    assert cases[0]["text"] == '\'=1+1 fula ord; "citat"\nrad två'
    assert cases[0]["author"] == "'@Invånare"
    assert cases[2]["text"] == "'+46 väntar"
    lines = {
        name: [json.loads(line) for line in read(tmp_path / "out" / f"{name}.jsonl").splitlines()]
        for name in ("cases", "decisions", "registrations", "events")
    }
    assert lines["cases"][0]["text"] == '=1+1 fula ord; "citat"\nrad två'
    assert [(one["kind"], one["reason"], one["role"]) for one in lines["decisions"]] == [
        ("delete", "-Könsord.", "channel_admin"),
        ("keep", "", "channel_admin"),
    ]
    assert [one["item"] for one in lines["registrations"]] == ["SM-2026-0001-1"]
    assert lines["registrations"][0]["diary_number"] is None
    assert lines["events"][0]["seq"] == 1


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def test_every_text_that_the_record_still_holds_is_exported(tmp_path: Path) -> None:
    """Whatever an event refers to is found in one of the files, word for word."""
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin", "personal", "registrator")
        flag = a_flag({"text": "Första texten"}, note="Anteckning ett")
        _, body = await world.post_flag(flag)
        case = body["case"]
        await world["admin"].waits_for(case)
        to = {
            "case": case,
            "version": 1,
            "to": object_id("personal"),
            "purpose": "answer",
            "note": "Du kan det.",
        }
        await world["admin"].sends(world["admin"].invoke("forward", to))
        flag["post"]["text"], flag["flag"]["note"] = "Andra texten", "Anteckning två"
        await world.post_flag(flag)
        removal = {"kind": "delete", "ground": "annat_lagbrott", "law": "Lagen om x", "reason": "Skälet"}
        await world["admin"].sends(world["admin"].invoke("decide", {"case": case, "version": 3, **removal}))
        report = {"case": case, "police_reference": "5000-K77-26", "police_date": "2026-11-23"}
        await world["admin"].sends(world["admin"].invoke("police", report))
        kept = {"case": case, "version": 4, "kind": "answer", "reason": "Nytt skäl", "reply": "Hej, tack!"}
        await world["admin"].sends(world["admin"].invoke("reverse", kept))
        texts = await held_texts(world, case)
    ended = await app("export", str(tmp_path / "out"), environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert ended.code == 0, ended.err
    assert {
        "Första texten",
        "Andra texten",
        "Anteckning två",
        "Du kan det.",
        "5000-K77-26",
        "Hej, tack!",
    } <= texts
    exported = "".join(read(file) for file in (tmp_path / "out").glob("*.jsonl"))
    assert not [text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] not in exported]


async def held_texts(world: World, case: str) -> set[str]:
    """Every string in every content that the case's events name."""
    store, found = world.bot.services.store, set[str]()
    for event in await store.load(case):
        for name, ref in event.data.items():
            content = await store.content(ref) if name.endswith("_ref") and ref else None
            found |= set(strings(json.loads(content))) if content else set()
    return {text for text in found if text}


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


async def test_the_export_is_for_its_owner_alone_and_says_what_the_law_asks_of_a_register(
    tmp_path: Path,
) -> None:
    environ = await a_record(tmp_path / "data")
    await app("export", str(tmp_path / "out"), environ=environ)
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert not [file for file in (tmp_path / "out").iterdir() if file.stat().st_mode & 0o077]
    (item,) = [json.loads(line) for line in read(tmp_path / "out" / "registrations.jsonl").splitlines()]
    assert item["received_at"]
    assert (item["from_whom"], item["to_whom"]) == ("@Invånare", "Haninge kommun")
    assert item["public"].startswith("Raderat material (kommentar)")
    assert item["protected"].startswith("=1+1 fula ord")


async def test_what_is_destroyed_is_not_exported(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        case = await world.flag({"text": "Får inte finnas"})
        click = world["admin"].invoke("abuse", {"case": case, "version": 1})
        await world["admin"].sends(click)
        await app("export", str(tmp_path / "out"), environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    for file in (tmp_path / "out").iterdir():
        assert "Får inte finnas" not in file.read_text(encoding="utf-8-sig")


async def test_what_is_on_record_as_destroyed_is_not_exported_though_the_disk_still_has_it(
    tmp_path: Path,
) -> None:
    """As after a disk that refused, or a backup that was put back."""
    contents = tmp_path / "data" / "contents.jsonl"
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        admin = world["admin"]
        case = await world.flag({"text": "Unik text", "author": "Unik avsändare"}, by="Unik", note="Unik not")
        forward = {
            "case": case,
            "version": 1,
            "to": object_id("personal"),
            "purpose": "answer",
            "note": "Unik",
        }
        await admin.sends(admin.invoke("forward", forward))
        await admin.sends(
            admin.invoke("decide", {"case": case, "version": 2, "kind": "keep", "reason": "Unik"})
        )
        before = contents.read_bytes()
        await admin.sends(admin.invoke("abuse", {"case": case, "version": 3}))
        assert b"Unik" not in contents.read_bytes()
    contents.write_bytes(before)
    await app("export", str(tmp_path / "out"), environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    written = {file.name: file.read_text(encoding="utf-8-sig") for file in (tmp_path / "out").iterdir()}
    assert case in written["cases.csv"]
    assert [name for name, text in written.items() if "Unik" in text] == []


@pytest.mark.parametrize("folder", ["/proc/zz", "{tmp}/file", "{tmp}/file/out"])
async def test_an_export_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    folder = folder.replace("{tmp}", str(tmp_path))
    ended = await app("export", folder, environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, folder)
