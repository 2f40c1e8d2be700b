"""What keeps the bot from starting is told before anything is written: all of it, and in a sentence each."""

import asyncio
from pathlib import Path

import pytest

from bot.flag_file import local_secret
from bot.policy.grounds import LAW_FILE
from bot.settings import SHIPPED_GUIDELINE, SHIPPED_ORGANISATION, SettingsError
from bot.start_files import read_files
from storage.store import StoreUnwritable
from tests.scenario.program import app, assert_one_sentence
from tests.scenario.world import a_world


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
        for port in ("19781", "http"):
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
    ended = await app(environ={"STORAGE_URL": f"tinydb:{folder}", "PORT": "19782"})
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, folder)


async def test_a_full_disk_at_the_start_is_told_in_a_sentence(tmp_path: Path) -> None:
    """No file may grow at all: the same no from the kernel as on a full disk, without needing one."""
    environ = {"STORAGE_URL": f"tinydb:{tmp_path / 'data'}", "PORT": "19783"}
    ended = await app(environ=environ, largest_file=0)
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, "cannot be written")


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
        ended = await app(environ={"STORAGE_URL": f"tinydb:{tmp_path / 'data'}", "PORT": "19780"})
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
