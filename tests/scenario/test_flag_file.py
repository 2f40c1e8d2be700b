"""``python app.py flag FILE.jsonl``: each line a case or a problem that names the line, over HTTP or directly."""

import base64
import json
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from app import running
from bot.cli.bringing_in import flag_file
from bot.flag_file import BringIn, directly, flag_lines, local_secret, over_http, webhook_id
from bot.settings import Settings, read_settings
from bot.web.flags_intake import BURST, flags_route
from bot.web.routes import application
from storage.store import StoreUnwritable
from tests.fakes.intake import FakeIntake
from tests.scenario.doors import no_figures

SECRET = "whsec_" + base64.b64encode(b"a key of at least 24 bytes").decode()
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def line(number: int, **post: Any) -> str:
    body = {
        "channel": "facebook-haninge",
        "post": {"id": str(number), "kind": "comment", "text": "Så dumt 🤬", **post},
        "flag": {"source": "person", "by": "Medarbetare"},
    }
    return json.dumps(body, ensure_ascii=False)


def write(file: Path, text: str | bytes) -> None:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "flaggor.jsonl"


@pytest.fixture
def intake() -> FakeIntake:
    return FakeIntake()


def settings_for(server: BaseTestServer) -> Settings:
    return read_settings({"HOST": "127.0.0.1", "PORT": str(server.port)})


async def never(_request: web.Request) -> web.Response:
    raise web.HTTPNotFound


@pytest.fixture
async def server(intake: FakeIntake) -> AsyncIterator[BaseTestServer]:
    flags = flags_route(intake, secret=SECRET, clock=lambda: NOW)
    async with TestServer(application({"messages": never, "flags": flags}, probes=no_figures())) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture(params=["over HTTP", "directly"])
def bring_in(
    request: pytest.FixtureRequest,
    intake: FakeIntake,
    server: BaseTestServer,
    http: aiohttp.ClientSession,
) -> BringIn:
    if request.param == "directly":
        return directly(intake, lambda: NOW)
    return over_http(http, settings_for(server), SECRET)


async def test_each_line_becomes_a_case(
    file: Path, intake: FakeIntake, bring_in: BringIn, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, f"{line(1)}\n\n  {line(2)}  \r\n{line(3)}")
    assert await flag_lines(file, bring_in) == 0
    assert capsys.readouterr().out.split() == ["SM-2026-0001", "SM-2026-0002", "SM-2026-0003"]
    assert [one.post.text for one in intake.seen] == ["Så dumt 🤬"] * 3


async def test_a_file_sent_again_makes_nothing_new(
    file: Path, intake: FakeIntake, bring_in: BringIn, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, f"{line(1)}\n{line(2)}\n")
    await flag_lines(file, bring_in)
    first = capsys.readouterr().out
    assert await flag_lines(file, bring_in) == 0
    assert capsys.readouterr().out == first
    assert len(intake.seen) == 2


async def test_a_file_sent_once_each_way_makes_nothing_new(
    file: Path, intake: FakeIntake, server: BaseTestServer, http: aiohttp.ClientSession
) -> None:
    write(file, line(1))
    await flag_lines(file, over_http(http, settings_for(server), SECRET))
    await flag_lines(file, directly(intake, lambda: NOW))
    assert len(intake.seen) == 1


async def test_a_file_longer_than_the_limit_waits_for_its_turn(
    file: Path, intake: FakeIntake, server: BaseTestServer, http: aiohttp.ClientSession
) -> None:
    write(file, "\n".join(line(number) for number in range(BURST + 20)))
    assert await flag_lines(file, over_http(http, settings_for(server), SECRET)) == 0
    assert len(intake.seen) == BURST + 20


async def test_a_wrong_line_is_named_and_the_others_come_in(
    file: Path, intake: FakeIntake, bring_in: BringIn, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [
        "{",
        line(2, kind="story"),
        line(3).replace("facebook-haninge", "myspace"),
        line(4, text=" "),
    ]
    write(file, "\n".join([line(1), *wrong, line(6)]))
    assert await flag_lines(file, bring_in) == 1
    told = capsys.readouterr()
    assert told.out.split() == ["SM-2026-0001", "SM-2026-0002"]
    problems = told.err.splitlines()
    assert [problem.partition(":")[0] for problem in problems] == [
        f"flaggor.jsonl, line {number}" for number in (2, 3, 4, 5)
    ]
    assert "not JSON" in problems[0]
    assert "post.kind: must be" in problems[1]
    assert "channel" in problems[2]
    assert "post.text: is empty" in problems[3]


async def test_a_line_that_is_no_text_is_named(
    file: Path, bring_in: BringIn, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, line(1).encode("latin-1", "replace") + b"\n" + line(2).encode())
    assert await flag_lines(file, bring_in) == 1
    told = capsys.readouterr()
    assert "line 1: " in told.err
    assert "UTF-8" in told.err
    assert told.out.split() == ["SM-2026-0001"]


async def test_a_mark_of_byte_order_does_no_harm(file: Path, bring_in: BringIn) -> None:
    write(file, b"\xef\xbb\xbf" + line(1).encode())
    assert await flag_lines(file, bring_in) == 0


async def test_a_record_that_cannot_be_written_is_told(
    file: Path, intake: FakeIntake, bring_in: BringIn, capsys: pytest.CaptureFixture[str]
) -> None:
    intake.fault = StoreUnwritable("no space left")
    write(file, line(1))
    assert await flag_lines(file, bring_in) == 1
    assert "cannot be written" in capsys.readouterr().err


async def test_a_file_that_is_not_there_is_told(
    file: Path, bring_in: BringIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await flag_lines(file, bring_in) == 1
    assert "cannot be read" in capsys.readouterr().err


async def test_a_line_over_the_limit_is_told_and_not_sent(
    file: Path, intake: FakeIntake, bring_in: BringIn, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, line(1, text="x" * (1 << 20)))
    assert await flag_lines(file, bring_in) == 1
    assert "line 1: has over 1048576 bytes" in capsys.readouterr().err
    assert not intake.calls


async def test_another_secret_is_told(
    file: Path,
    server: BaseTestServer,
    http: aiohttp.ClientSession,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(file, line(1))
    other = "whsec_" + base64.b64encode(b"another key, also long enough").decode()
    assert await flag_lines(file, over_http(http, settings_for(server), other)) == 1
    assert "signature" in capsys.readouterr().err


async def test_a_bot_that_does_not_answer_is_told(
    file: Path, http: aiohttp.ClientSession, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, line(1))
    settings = read_settings({"HOST": "::1", "PORT": str(unused_tcp_port)})
    assert await flag_lines(file, over_http(http, settings, SECRET)) == 1
    assert f"http://[::1]:{unused_tcp_port} does not answer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "body"), [(200, "hej"), (202, "{}"), (202, "[]"), (502, "<html>"), (400, "[]")]
)
async def test_something_else_that_answers_is_told_from_the_bot(
    file: Path,
    http: aiohttp.ClientSession,
    capsys: pytest.CaptureFixture[str],
    status: int,
    body: str,
) -> None:
    async def other(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    elsewhere = web.Application()
    elsewhere.router.add_post("/api/flags", other)
    write(file, line(1))
    async with TestServer(elsewhere) as running:
        assert await flag_lines(file, over_http(http, settings_for(running), SECRET)) == 1
    assert "is not the bot" in capsys.readouterr().err


def test_the_key_on_this_machine_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    key = local_secret(directory)
    assert key.startswith("whsec_")
    assert local_secret(directory) == key
    assert [one.name for one in directory.iterdir()] == ["flags.key"]
    assert stat.S_IMODE((directory / "flags.key").stat().st_mode) == 0o600


def test_a_line_has_one_id_and_another_line_another() -> None:
    assert webhook_id(b"a") == webhook_id(b"a") != webhook_id(b"b")


async def test_the_command_reaches_the_record_whether_a_bot_runs_or_not(
    file: Path, tmp_path: Path, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing but the text is known of this post: no time, no author, no address."""
    settings = read_settings({"STORAGE_URL": f"tinydb:{tmp_path / 'data'}", "PORT": str(unused_tcp_port)})
    write(file, f"{line(1)}\n{line(2)}")
    assert await flag_file(file, settings, running) == 0
    assert len(set(capsys.readouterr().out.split())) == 2
    write(file, f"{line(2)}\n{line(3)}")
    async with running(settings) as bot:
        runner = web.AppRunner(bot.web)
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port).start()
        assert await flag_file(file, settings, running) == 0
        await runner.cleanup()
    known, new = capsys.readouterr().out.split()
    assert (known[-4:], new[-4:]) == ("0002", "0003")
