"""``python app.py ...`` as a program: what it prints, what it writes, and its exit code."""

import asyncio
import csv
import json
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit

import pytest

from bot.flag_file import local_secret
from bot.playground import ROOT
from bot.policy.grounds import LAW_FILE
from bot.settings import SHIPPED_GUIDELINE, SHIPPED_ORGANISATION, SettingsError
from bot.start_files import read_files
from storage.store import StoreUnwritable
from tests.scenario.world import FLAGS_SECRET, World, a_flag, a_world, object_id

CLEAN = {"MicrosoftAppId": "", "MicrosoftAppPassword": "", "MicrosoftAppTenantId": "", "FLAGS_SECRET": ""}


@dataclass(frozen=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str


async def app(
    *arguments: str, environ: Mapping[str, str] | None = None, largest_file: int | None = None
) -> Ended:
    """``largest_file``: what the kernel lets a file grow to, in bytes."""
    limit = -1 if largest_file is None else largest_file
    process = await asyncio.create_subprocess_exec(
        sys.executable, "app.py", *arguments, cwd=ROOT,
        env={**os.environ, **CLEAN, **(environ or {})},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        preexec_fn=partial(setrlimit, RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())


async def a_record(directory: Path) -> dict[str, str]:
    """A store with a removal, a kept comment and an open case, and how to point the program at it."""
    async with a_world(directory) as world:
        await world.arrive("admin", "registrator")
        await _decided(world, {"text": '=1+1 fula ord; "citat"\nrad två', "author": "@Invånare"}, "Radera")
        await _decided(world, {"text": "Snällt"}, "Behåll")
        await world.flag({"text": "+46 väntar"})
    return {"STORAGE_URL": f"tinydb:{directory}"}


async def _decided(world: World, post: dict[str, str], button: str) -> None:
    card = await world["admin"].waits_for(await world.flag(post))
    typed = {"ground": "svordomar", "reason": "-Könsord."} if button == "Radera" else {}
    await world["admin"].clicks(card, button, **typed)


def assert_one_sentence(ended: Ended, named: str) -> None:
    assert "Traceback" not in ended.err
    assert named in ended.err
    assert len(ended.err.splitlines()) == 1, ended.err


# verify ------------------------------------------------------------------------------------------------------


async def test_verify_says_that_a_whole_chain_is_whole(tmp_path: Path) -> None:
    environ = await a_record(tmp_path / "data")
    ended = await app("verify", environ=environ)
    assert ended.code == 0
    assert "The chain is whole" in ended.out


async def test_verify_names_the_first_broken_place(tmp_path: Path) -> None:
    environ = await a_record(tmp_path / "data")
    journal = tmp_path / "data" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"svordomar"' in line)
    lines[at] = lines[at].replace(b'"svordomar"', b'"reklam"   ')
    journal.write_bytes(b"".join(lines))
    ended = await app("verify", environ=environ)
    assert ended.code == 1
    assert "journal.jsonl" in ended.err
    assert str(at + 1) in ended.err
    assert "Traceback" not in ended.err


async def test_verify_reads_beside_a_running_bot(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.flag()
        ended = await app("verify", environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert ended.code == 0


async def test_there_is_nothing_to_verify_where_there_is_no_record(tmp_path: Path) -> None:
    ended = await app("verify", environ={"STORAGE_URL": f"tinydb:{tmp_path / 'none'}"})
    assert (ended.code, ended.out) == (1, "")
    assert "no record" in ended.err
    assert not (tmp_path / "none").exists()


# export ------------------------------------------------------------------------------------------------------


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


# ask ---------------------------------------------------------------------------------------------------------


async def test_ask_prints_one_line_of_json_in_the_agreed_form() -> None:
    ended = await app("ask", "Måste raderade inlägg diarieföras?", "--json")
    line = json.loads(ended.out)
    assert list(line) == ["id", "question", "outcome", "quotes", "confidence"]
    assert line["outcome"] == "answer"
    assert 1 <= len(line["quotes"]) <= 3
    best = line["quotes"][0]
    assert best["passage"] == "administratorens-ansvar/5/a"
    guideline = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    assert all(one["text"] in guideline and len(one["text"]) <= 700 for one in line["quotes"])


async def test_a_batch_keeps_its_ids_and_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"id": "q7", "question": "Vem får administrera konton?"}\n\n{"id": "q8"}\n', encoding="utf-8"
    )
    ended = await app("ask", "--batch", str(file))
    assert json.loads(ended.out.splitlines()[0])["id"] == "q7"
    assert ended.code == 1
    assert "questions.jsonl, line 3" in ended.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"question": null}', "question: expected a text"),
        (b'{"question": ["x"]}', "question: expected a text"),
        (b'{"id": [1], "question": "x"}', "id: expected a text or a number"),
        (b'["x"]', "expected an object"),
        (b'{"question": "Vad g\xe4ller?"}', "not UTF-8: byte 0xe4 at 20"),
        (b'{"question": "x"', "Expecting ',' delimiter"),
    ],
)
@pytest.mark.parametrize("command", [("ask", "--batch"), ("evaluate",)])
async def test_what_is_no_question_is_told_with_its_line_and_asked_of_nobody(
    tmp_path: Path, command: tuple[str, ...], line: bytes, told: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\n" + line + b"\n")
    ended = await app(*command, str(file))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"questions.jsonl, line 2: is no question: {told}")
    assert ended.err.count("\n") == 1


async def test_a_line_of_questions_ends_with_a_newline_and_a_byte_order_mark_is_no_part_of_it(
    tmp_path: Path,
) -> None:
    asked = "Vem får\u2028administrera\u0085konton?"
    line = json.dumps({"id": 7, "lang": "sv", "question": asked, "gold": []}, ensure_ascii=False)
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\r\n")
    ended = await app("ask", "--batch", str(file))
    told = [json.loads(one) for one in ended.out.split("\n") if one]
    assert [(one["id"], one["question"]) for one in told] == [("7", asked)], ended.err
    assert "| 1 questions |" in (await app("evaluate", str(file))).out


@pytest.mark.parametrize("command", [("ask", "Vad gäller?"), ("evaluate", "{tmp}/q.jsonl")])
async def test_a_guideline_to_ask_that_is_broken_is_told_as_that(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "q.jsonl").write_bytes(b"")
    (tmp_path / "g.md").write_bytes(b"# A\n\nb\x07\n")
    command = tuple(one.replace("{tmp}", str(tmp_path)) for one in command)
    ended = await app(*command, "--guideline", str(tmp_path / "g.md"))
    told = "The guideline cannot be used:\ng.md:3: forbidden character U+0007\n"
    assert (ended.code, ended.out, ended.err) == (1, "", told)


# package -----------------------------------------------------------------------------------------------------

PACKAGED = {
    "MicrosoftAppId": "00000000-0000-0000-0000-0000000000bb",
    "BOT_DOMAIN": "bot.example.se",
    "BOT_PRIVACY_URL": "https://www.kommunen.se/integritet",
    "BOT_TERMS_URL": "https://www.kommunen.se/villkor",
    "TEAMS_APP_ID": "",
}


async def test_a_package_is_made_from_its_own_few_settings(tmp_path: Path) -> None:
    ended = await app("package", str(tmp_path / "out"), environ=PACKAGED)
    path = tmp_path / "out" / "riktlinjeboten.zip"
    assert (ended.code, ended.out.strip(), ended.err) == (0, str(path), "")
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        manifest = json.loads(package.read("manifest.json"))
    assert manifest["bots"][0]["botId"] == PACKAGED["MicrosoftAppId"]
    assert manifest["validDomains"] == ["bot.example.se"]
    assert manifest["developer"]["privacyUrl"] == PACKAGED["BOT_PRIVACY_URL"]
    assert manifest["developer"]["termsOfUseUrl"] == PACKAGED["BOT_TERMS_URL"]
    assert "${{" not in json.dumps(manifest)


async def test_every_problem_of_a_package_is_told_at_once(tmp_path: Path) -> None:
    wrong = {**dict.fromkeys(PACKAGED, ""), "BOT_TERMS_URL": "https://example.com/terms", "TEAMS_APP_ID": "x"}
    ended = await app("package", str(tmp_path / "out"), environ=wrong)
    assert (ended.code, ended.out) == (1, "")
    told = [line.partition(":")[0] for line in ended.err.splitlines()]
    assert told == ["MicrosoftAppId", "TEAMS_APP_ID", "BOT_DOMAIN", "BOT_PRIVACY_URL", "BOT_TERMS_URL"]
    assert not (tmp_path / "out").exists()


async def test_a_package_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = await app("package", str(tmp_path / "file"), environ=PACKAGED)
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, str(tmp_path / "file"))


# Starting ----------------------------------------------------------------------------------------------------


async def test_every_problem_of_the_settings_is_told_at_once() -> None:
    environ = {
        "MicrosoftAppId": "x",
        "MicrosoftAppType": "MultiTenant",
        "PORT": "http",
        "FLAGS_SECRET": "short",
    }
    ended = await app("serve", environ=environ)
    assert ended.code == 1
    for name in ("MicrosoftAppId", "MicrosoftAppType", "MicrosoftAppTenantId", "PORT", "FLAGS_SECRET"):
        assert name in ended.err
    assert "Traceback" not in ended.err


async def test_another_host_without_an_app_id_is_refused() -> None:
    ended = await app(environ={"HOST": "0.0.0.0"})  # noqa: S104
    assert ended.code == 1
    assert "HOST" in ended.err


async def test_a_broken_organisation_file_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    text = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
    text = text.replace("platform: instagram", "platform: myspace")
    text = text.replace("remind_after: 4", "remind_after: snart")
    file.write_text(text, encoding="utf-8")
    ended = await app(environ={"ORGANISATION_FILE": str(file), "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert ended.code == 1
    assert ended.err.count("organisation.yaml, line") == 2
    assert "platform" in ended.err
    assert "remind_after" in ended.err
    assert not (tmp_path / "data").exists()


async def test_every_problem_of_settings_and_files_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "organisation.yaml").write_text("name: [", encoding="utf-8")
    (tmp_path / "guideline.md").write_bytes(b"")
    environ = {
        "ORGANISATION_FILE": str(tmp_path / "organisation.yaml"),
        "GUIDELINE_FILE": str(tmp_path / "guideline.md"),
        "STORAGE_URL": f"tinydb:{tmp_path / 'data'}",
    }
    (tmp_path / "flags.jsonl").write_text("", encoding="utf-8")
    for arguments in ((), ("flag", str(tmp_path / "flags.jsonl"))):
        for port in ("39781", "http"):
            ended = await app(*arguments, environ={**environ, "PORT": port})
            assert ended.code == 1
            assert "Traceback" not in ended.err
            assert "organisation.yaml, line 1" in ended.err
            assert "guideline.md:" in ended.err
            assert ("PORT" in ended.err) == (port == "http")
    assert not (tmp_path / "data").exists()


async def test_a_file_that_is_not_there_is_told_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "organisation.yaml").write_text("name: [", encoding="utf-8")
    missing = str(tmp_path / "none.md")
    environ = {"ORGANISATION_FILE": str(tmp_path / "organisation.yaml"), "GUIDELINE_FILE": missing}
    ended = await app(environ=environ)
    assert ended.code == 1
    assert ended.err.count("GUIDELINE_FILE") == 1
    assert "organisation.yaml, line 1" in ended.err


async def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    environ = {"GUIDELINE_FILE": "/proc/self/mem", "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"}
    ended = await app(environ=environ)
    assert ended.code == 1
    assert "mem: cannot be read" in ended.err
    assert "Traceback" not in ended.err


def test_the_law_file_is_told_with_the_others(tmp_path: Path) -> None:
    organisation, guideline, law = (tmp_path / name for name in ("o.yaml", "g.md", "law.toml"))
    organisation.write_text("name: [", encoding="utf-8")
    guideline.write_bytes(b"")
    text = LAW_FILE.read_text(encoding="utf-8")
    law.write_text(text.replace("[act]", "[lag]"), encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        read_files(organisation, guideline, local=True, law_file=law)
    named = dict.fromkeys(one.split(":")[0].split(",")[0] for one in told.value.problems)
    assert list(named) == ["o.yaml", "g.md", "law.toml"]
    with pytest.raises(SettingsError, match=r"law\.toml: act\.reference: expected"):
        read_files(SHIPPED_ORGANISATION, SHIPPED_GUIDELINE, local=True, law_file=law)
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read"):
        read_files(SHIPPED_ORGANISATION, SHIPPED_GUIDELINE, local=True, law_file=tmp_path / "none.toml")


@pytest.mark.parametrize("folder", ["/proc/x", "{tmp}/file/data", "{tmp}/" + "x" * 300])
async def test_a_folder_that_cannot_hold_the_record_is_told_in_a_sentence(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / "file").write_text("")
    folder = folder.replace("{tmp}", str(tmp_path))
    ended = await app(environ={"STORAGE_URL": f"tinydb:{folder}", "PORT": "39782"})
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, folder)


async def test_a_full_disk_at_the_start_is_told_in_a_sentence(tmp_path: Path) -> None:
    """No file may grow at all: the same no from the kernel as on a full disk, without needing one."""
    environ = {"STORAGE_URL": f"tinydb:{tmp_path / 'data'}", "PORT": "39783"}
    ended = await app(environ=environ, largest_file=0)
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, "cannot be written")


@pytest.mark.parametrize("folder", ["/proc/zz", "{tmp}/file", "{tmp}/file/out"])
async def test_an_export_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    folder = folder.replace("{tmp}", str(tmp_path))
    ended = await app("export", folder, environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, folder)


@pytest.mark.parametrize("command", ["verify", "export"])
async def test_a_record_under_a_file_is_no_record(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("")
    arguments = [command, str(tmp_path / "out")][: 2 if command == "export" else 1]
    ended = await app(*arguments, environ={"STORAGE_URL": f"tinydb:{tmp_path / 'file' / 'data'}"})
    assert_one_sentence(ended, str(tmp_path / "file" / "data"))
    assert ended.code == 1


def test_a_key_that_cannot_be_kept_is_a_record_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnwritable, match=r"flags\.key"):
        local_secret(tmp_path / "file")


async def test_a_guideline_to_ask_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    ended = await app("ask", "Vad?", "--guideline", str(tmp_path / "none.md"))
    assert ended.code == 1
    assert_one_sentence(ended, "none.md")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"   \n\n"])
async def test_a_guideline_that_is_none_stops_the_start(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "guideline.md"
    file.write_bytes(content)
    ended = await app(environ={"GUIDELINE_FILE": str(file), "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert ended.code == 1
    assert "guideline.md" in ended.err
    assert "Traceback" not in ended.err


async def test_a_second_process_on_the_same_record_is_refused(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data"):
        ended = await app(environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}", "PORT": "39780"})
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert str(tmp_path / "data") in ended.err


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ended = await app(environ={"PORT": str(port), "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    server.close()
    assert ended.code == 1
    assert str(port) in ended.err
    assert "Traceback" not in ended.err


async def test_neither_texts_nor_names_nor_secrets_are_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin", "registrator")
        await _decided(world, {"text": "Hemlig text", "author": "Hemlig Person"}, "Radera")
        await world["personal"].says("Får Hemlig Person skriva så?")
        token = world.issuer.token(audience="x", service_url="y")
        await world.settle()
    logged = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    for secret in ("Hemlig", "Könsord", FLAGS_SECRET, "Administratör ett", token):
        assert secret not in logged
