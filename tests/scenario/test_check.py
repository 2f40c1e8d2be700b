"""``python app.py check`` against servers on loopback: what holds, and each thing that may not."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app import means
from bot.cli.setting_up import check
from bot.projecting import project
from bot.settings import SHIPPED_ORGANISATION
from bot.teams.credentials import EntraTokens, secret_credential
from storage.embedded import EmbeddedStore
from storage.postgres.address import parse
from storage.postgres.database import Database
from storage.store import BrokenChain
from tests.fakes.azure_openai import DEPLOYMENT, FakeModel, choosing
from tests.fakes.entra import FakeEntra
from tests.fakes.graph import FakeGraph, user
from tests.fakes.issuer import FakeIssuer
from tests.postgres import Postgres
from tests.scenario.program import CLEAN, app
from tests.scenario.world import APP_ID, TENANT, a_world, environment_for, object_id

GROUP = "01234567-89ab-cdef-0123-456789abcdef"
PASSWORD = "abc-made-up"


@dataclass(kw_only=True)
class Tenant:
    """A tenant in which all is well until a test says otherwise. ``ahead``: how far this machine's clock is."""

    directory: Path
    issuer: FakeIssuer
    entra: FakeEntra
    graph: FakeGraph
    tokens: EntraTokens
    capsys: pytest.CaptureFixture[str]
    environ: dict[str, str] = field(default_factory=dict)
    ahead: timedelta = timedelta()

    @property
    def organisation(self) -> Path:
        return self.directory / "organisation.yaml"

    def describes(self, old: str = "", new: str = "") -> None:
        text = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
        self.organisation.write_text(text.replace(old, new) if old else text, encoding="utf-8")

    async def checked(self) -> tuple[int, dict[str, str]]:
        """The exit code, and what is told of each thing: level, sentence and advice in one."""
        usual = {
            "MicrosoftAppPassword": PASSWORD,
            "STORAGE_URL": f"tinydb:{self.directory / 'data'}",
            "ORGANISATION_FILE": str(self.organisation),
            "GRAPH_URL": self.graph.url,
        }
        environ = environment_for(self.issuer, **{**usual, **self.environ})
        code = await check(
            environ,
            partial(means, tokens=self.tokens, graph_tokens=self.tokens, model_tokens=self.tokens),
            lambda: datetime.now(UTC) + self.ahead,
        )
        told: dict[str, str] = {}
        about = ""
        for line in self.capsys.readouterr().out.splitlines():
            about = line[10:27].strip() or about
            told[about] = told.get(about, "") + line[:9].strip() + " " + line[29:] + "\n"
        return code, told


@pytest.fixture
async def tenant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Tenant]:
    async with AsyncExitStack() as stack:
        entra = await stack.enter_async_context(FakeEntra())
        credential = secret_credential(
            tenant=TENANT,
            app_id=APP_ID,
            secret=PASSWORD,
            session=await stack.enter_async_context(entra.session()),
            authority=entra.authority,
        )
        one = Tenant(
            directory=tmp_path,
            issuer=await stack.enter_async_context(FakeIssuer()),
            entra=entra,
            graph=await stack.enter_async_context(FakeGraph()),
            tokens=EntraTokens(credential),
            capsys=capsys,
        )
        one.graph.secrets = [a_secret(days=200)]
        one.describes()
        yield one
        await one.tokens.close()


def a_secret(*, days: float, hint: str = "abc") -> dict[str, Any]:
    ends = datetime.now(UTC) + timedelta(days=days)
    return {"hint": hint, "endDateTime": ends.isoformat().replace("+00:00", "Z"), "displayName": "x"}


async def test_a_tenant_in_which_all_is_well(tenant: Tenant) -> None:
    tenant.describes(f"registrars: [{object_id('registrator')}]", f"registrars: {{group: {GROUP}}}")
    tenant.graph.groups[GROUP] = [user(object_id("registrator"), "R")]
    code, told = await tenant.checked()
    assert code == 0
    assert not [one for one in told.values() if "FAILURE" in one or "WARNING" in one or "left out" in one]
    assert told["settings"].startswith(f"OK app {APP_ID}")
    assert "2 administrations, 4 channels" in told["organisation"]
    assert "9 sections, 29 passages; all 8 grounds" in told["guideline"]
    assert "there is no record yet" in told["store"]
    assert "OK it can be written" in told["store"]
    assert told["signing keys"].startswith("OK 1 from http://127.0.0.1")
    assert "seconds from the issuer's" in told["clock"]
    assert told["token"].startswith("OK")
    assert told["secret expiry"].startswith("OK")
    assert "in 199 days" in told["secret expiry"]
    assert f"group {GROUP} has 1 members" in told["Graph"]
    assert tenant.entra.requests, "a token was really fetched"


# What Entra and Graph say -----------------------------------------------------------------------------------


async def test_a_secret_that_entra_refuses_is_told_by_its_reason(tenant: Tenant) -> None:
    tenant.entra.status = 401
    code, told = await tenant.checked()
    assert code == 1
    assert told["token"].startswith("FAILURE Entra gives none: the secret is not one of the app's")
    assert "-> Look at MicrosoftAppId" in told["token"]
    assert told["secret expiry"].startswith("left out not known, because Graph can't be asked")


@pytest.mark.parametrize(
    ("secrets", "level", "said"),
    [
        ([a_secret(days=29)], "WARNING", "in 28 days"),
        ([a_secret(days=-1)], "FAILURE", "it ended on"),
        ([a_secret(days=300), a_secret(days=3)], "WARNING", "in 2 days"),
        ([a_secret(days=-1, hint="xyz"), a_secret(days=99)], "OK", "in 98 days"),
        ([a_secret(days=3, hint="xyz")], "left out", "none of the app's 1 secrets begins like"),
        ([], "left out", "none of the app's 0 secrets"),
        (None, "left out", "not known, because Graph answers 403"),
        ([{"hint": "abc"}], "left out", "not known, because Graph can't be asked"),
    ],
)
async def test_when_the_secret_ends_is_told_where_it_can_be_known(
    tenant: Tenant, secrets: list[dict[str, Any]] | None, level: str, said: str
) -> None:
    tenant.graph.secrets = secrets
    code, told = await tenant.checked()
    assert code == (1 if level == "FAILURE" else 0)
    assert told["secret expiry"].startswith(level)
    assert said in told["secret expiry"]


async def test_a_group_that_graph_does_not_tell_is_a_failure(tenant: Tenant) -> None:
    tenant.describes(f"registrars: [{object_id('registrator')}]", f"registrars: {{group: {GROUP}}}")
    code, told = await tenant.checked()
    assert code == 1
    assert f"group {GROUP} is not told: Request_ResourceNotFound" in told["Graph"]


# Keys and clock ---------------------------------------------------------------------------------------------


async def test_an_issuer_that_is_not_reached_is_a_failure(tenant: Tenant) -> None:
    tenant.issuer.down = True
    code, told = await tenant.checked()
    assert code == 1
    assert told["signing keys"].startswith("FAILURE")
    assert told["clock"].startswith("left out")


@pytest.mark.parametrize(
    ("minutes", "level"), [(0.5, "OK"), (-2, "WARNING"), (6, "FAILURE"), (-60, "FAILURE")]
)
async def test_a_clock_that_is_off_is_told(tenant: Tenant, minutes: float, level: str) -> None:
    tenant.ahead = timedelta(minutes=minutes)
    code, told = await tenant.checked()
    assert code == (1 if level == "FAILURE" else 0)
    assert told["clock"].startswith(level)


async def test_an_issuer_that_hangs_holds_up_nothing_for_long(tenant: Tenant) -> None:
    tenant.issuer.delay = 7
    code, told = await tenant.checked()
    assert code == 1
    assert "TimeoutError" in told["signing keys"]
    assert told["token"].startswith("OK")


# Settings and files -----------------------------------------------------------------------------------------


async def test_every_problem_of_settings_and_files_has_its_line(tenant: Tenant) -> None:
    tenant.describes("platform: instagram", "platform: myspace")
    tenant.environ = {"PORT": "http", "FLAGS_SECRET": "short"}
    code, told = await tenant.checked()
    assert code == 1
    assert told["settings"].count("FAILURE") == 2
    assert "organisation.yaml, line" in told["files"]
    assert told["the rest"].startswith("left out")
    assert not tenant.entra.requests


async def test_a_guideline_without_the_grounds_is_a_warning_that_names_them(tenant: Tenant) -> None:
    guideline = tenant.directory / "guideline.md"
    guideline.write_text("# Riktlinje\n\nNågot helt annat.\n", encoding="utf-8")
    tenant.environ = {"GUIDELINE_FILE": str(guideline)}
    code, told = await tenant.checked()
    assert code == 0
    assert "1 sections, 1 passages; 0 of 8 grounds" in told["guideline"]
    assert (
        "WARNING guideline.md: no clause on removal names personangrepp (Personangrepp)" in told["guideline"]
    )
    assert "annat_lagbrott" in told["guideline"]


async def test_what_the_files_and_the_tenant_disagree_on_is_a_warning(tenant: Tenant) -> None:
    tenant.describes(TENANT, "11111111-0000-0000-0000-000000000000")
    code, told = await tenant.checked()
    assert code == 0
    assert "WARNING it names tenant 11111111" in told["organisation"]


async def test_a_page_for_what_the_guideline_has_not_is_a_warning(tenant: Tenant) -> None:
    tenant.describes("about: administratorens-ansvar/5", "about: administratorens-ansvar/50")
    code, told = await tenant.checked()
    assert code == 0
    assert "WARNING" in told["organisation"]
    assert (
        "topics.1.about: the guideline has no section or passage administratorens-ansvar/50"
        in told["organisation"]
    )


async def test_the_demonstration_in_a_tenant_is_a_warning(tenant: Tenant) -> None:
    tenant.environ = {"ORGANISATION_FILE": ""}
    code, told = await tenant.checked()
    assert (code, told["organisation"].count("WARNING it is the demonstration's")) == (0, 1)


# The record -------------------------------------------------------------------------------------------------


@asynccontextmanager
async def a_bot_with_cases(url: str, directory: Path) -> AsyncIterator[None]:
    async with a_world(directory, STORAGE_URL=url) as world:
        await world.flag()
        await world.flag(channel="facebook-biblioteken")
        yield


@pytest.fixture(params=["embedded", "postgres"])
def place(request: pytest.FixtureRequest, tenant: Tenant) -> str:
    if request.param == "embedded":
        return f"tinydb:{tenant.directory / 'data'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.place()


async def test_a_record_is_told_with_its_head_whether_the_bot_runs_or_not(tenant: Tenant, place: str) -> None:
    tenant.environ = {"STORAGE_URL": place}
    async with a_bot_with_cases(place, tenant.directory):
        code, told = await tenant.checked()
        assert (code, told["store"].count("OK")) == (0, 2)
        assert ("the bot is running (process" in told["store"]) == place.startswith("tinydb:")
    before = files_of(tenant.directory)
    code, told = await tenant.checked()
    assert (code, told["store"].count("OK")) == (0, 2)
    assert "the chain holds: 8 events, head " in told["store"]
    assert "running" not in told["store"]
    assert files_of(tenant.directory) == before, "a look leaves no trace"


def files_of(directory: Path) -> dict[str, int]:
    return {str(one): one.stat().st_mtime_ns for one in (directory / "data").glob("*")}


async def test_cases_of_a_channel_that_is_no_longer_in_the_file_are_told(tenant: Tenant) -> None:
    async with a_bot_with_cases(f"tinydb:{tenant.directory / 'data'}", tenant.directory):
        pass
    tenant.describes("id: facebook-biblioteken", "id: facebook-bibliotek")
    code, told = await tenant.checked()
    assert code == 0
    assert "WARNING the record has cases of channel facebook-biblioteken" in told["organisation"]
    assert "facebook-haninge" not in told["organisation"]


async def test_a_broken_chain_is_a_failure(tenant: Tenant) -> None:
    async with a_bot_with_cases(f"tinydb:{tenant.directory / 'data'}", tenant.directory):
        pass
    journal = tenant.directory / "data" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"facebook-haninge", b"facebook-HANINGE"))
    code, told = await tenant.checked()
    assert code == 1
    assert "FAILURE the record is broken: journal.jsonl, line 2" in told["store"]


@pytest.mark.parametrize(
    ("file", "at"),
    [
        ("outbox.jsonl", 10),
        ("documents.jsonl", 10),
        ("contents.jsonl", 80),
        ("contents.jsonl", 0),
        ("contents.jsonl", -1),
    ],
)
async def test_what_a_start_refuses_beside_the_chain_is_a_failure(tenant: Tenant, file: str, at: int) -> None:
    data = tenant.directory / "data"
    async with a_bot_with_cases(f"tinydb:{data}", tenant.directory):
        pass
    (data / "checkpoint").unlink(missing_ok=True)
    store = await EmbeddedStore.open(data, projector=project)
    owed = await store.due(datetime.now(UTC), 1)
    await store.sent(owed[0].message.id, datetime.now(UTC))
    await store.close()
    broken = bytearray((data / file).read_bytes())
    broken[at] ^= 1
    (data / file).write_bytes(broken)
    with pytest.raises(BrokenChain, match=file):
        await EmbeddedStore.open(data, projector=project)
    code, told = await tenant.checked()
    assert code == 1
    assert f"FAILURE the record is broken: {file}, line" in told["store"]
    ended = await app("verify", environ={"STORAGE_URL": f"tinydb:{data}"})
    assert (ended.code, ended.out) == (1, "")
    assert f"{file}, line" in ended.err


async def test_a_database_of_a_newer_program_is_a_failure(tenant: Tenant, postgres: Postgres) -> None:
    tenant.environ = {"STORAGE_URL": postgres.place()}
    async with a_bot_with_cases(tenant.environ["STORAGE_URL"], tenant.directory):
        pass
    database = await Database.open(parse(tenant.environ["STORAGE_URL"]))
    await database.execute("INSERT INTO migrations (step) VALUES (99)")
    await database.close()
    code, told = await tenant.checked()
    assert code == 1
    assert "FAILURE it can't be opened: the database has tables of a newer program" in told["store"]


async def test_a_place_that_cannot_be_written_is_a_failure(tenant: Tenant) -> None:
    (tenant.directory / "file").write_text("")
    for folder in (f"{tenant.directory}/file/data", "/proc/riktlinjebot"):
        tenant.environ = {"STORAGE_URL": f"tinydb:{folder}"}
        code, told = await tenant.checked()
        assert code == 1
        assert "FAILURE it can't be written" in told["store"]


async def test_a_database_that_is_not_there_or_only_read_is_a_failure(
    tenant: Tenant, postgres: Postgres
) -> None:
    tenant.environ = {"STORAGE_URL": "postgresql://bot:hemligt@127.0.0.1:9/db"}
    code, told = await tenant.checked()
    assert (code, told["store"].count("FAILURE")) == (1, 2)
    assert "hemligt" not in str(told)
    place = postgres.place()
    tenant.environ = {"STORAGE_URL": place}
    assert (await tenant.checked())[0] == 0
    assert "riktlinjebot_check" not in postgres.sql("SELECT relname FROM pg_class")
    tenant.environ = {"STORAGE_URL": f"{place}&default_transaction_read_only=on"}
    code, told = await tenant.checked()
    assert code == 1
    assert "FAILURE it can't be written" in told["store"]


# As a program -----------------------------------------------------------------------------------------------


async def test_in_local_mode_it_checks_what_applies_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    ended = await app("check", environ={**CLEAN, "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("left out") == 5
    assert ended.out.startswith("OK        settings           local mode")
    assert not (tmp_path / "data").exists()


async def test_a_failure_ends_the_program_with_one(tmp_path: Path) -> None:
    ended = await app("check", environ={"PORT": "http", "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    assert (ended.code, ended.err) == (1, "")
    assert "FAILURE   settings           PORT" in ended.out


# A model ----------------------------------------------------------------------------------------------------


async def test_a_model_is_asked_once_and_told_by_its_deployment(tenant: Tenant) -> None:
    lead = "Bilder ska ha en alternativtext."
    async with FakeModel(says=choosing("p1", lead=lead)) as model:
        tenant.environ = model.environment
        code, told = await tenant.checked()
        assert (code, told["model"]) == (0, f"OK {DEPLOYMENT} answers, and as asked\n")
        (call,) = model.calls
        assert (call.authorization or "").startswith("Bearer token-")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "gives no reply (refused)\n  -> Look at AZURE_OPENAI_DEPLOYMENT"),
        (429, "(throttled)"),
        (503, "(unreachable)"),
    ],
)
async def test_a_model_that_does_not_answer_is_a_warning_since_the_bot_does_without(
    tenant: Tenant, status: int, said: str
) -> None:
    async with FakeModel() as model:
        tenant.environ = model.environment
        model.fails(status)
        code, told = await tenant.checked()
        assert code == 0
        assert told["model"].startswith("WARNING")
        assert " ".join(said.split()) in " ".join(told["model"].split())


async def test_a_model_that_answers_otherwise_than_asked_is_told(tenant: Tenant) -> None:
    async with FakeModel(text="Hej!") as model:
        tenant.environ = model.environment
        _, told = await tenant.checked()
        assert "answers, but not as asked (not_json)" in told["model"]


async def test_without_a_model_nothing_is_said_of_one(tenant: Tenant) -> None:
    _, told = await tenant.checked()
    assert "model" not in told
