"""Who gets in, at our door and at the stock SDK's: tokens, tenants, app settings."""

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest

import app
from bot.settings import NAMES
from tests.fakes.issuer import ISSUER, Key
from tests.scenario.adapter_traps.two_doors import Doors, echo
from tests.scenario.doors import APP, TENANT, Json, Surroundings, loopback, on_this_machine, our_door
from tests.scenario.stock_door import SINGLE_TENANT, stock_door

UNAUTHORIZED = {"error": {"code": "Unauthorized"}}


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


async def test_without_an_app_id_strangers_get_no_answer_and_no_call(doors: Doors) -> None:
    """Stock turns authentication off and calls whatever address an unsigned activity names."""
    around = doors.around
    elsewhere = around.connector.url.replace("127.0.0.1", "0.0.0.0")  # noqa: S104  it leads here, unnamed
    activity = around.activity(text="hej", serviceUrl=elsewhere)
    async with our_door(around, on_this_machine) as ours:
        ours.handler.echoes = True
        assert (await ours.post(activity, token=None))[0] == 403
        assert around.connector.calls == []
    nothing = {"APP_ID": "", "APP_PASSWORD": "", "APP_TYPE": "MultiTenant", "APP_TENANTID": ""}
    async with stock_door(around, nothing, signed=False) as stock:
        stock.bot.says = echo
        assert (await stock.post(activity, token=None))[0] == 201
        assert [call.operation for call in around.connector.calls] == ["reply"]


@dataclass(frozen=True, kw_only=True)
class Slip:
    """The same slip in our environment and in the samples' config class. ``lets_in``: what stock then takes."""

    environ: dict[str, str]
    complaint: str
    stock: Json
    lets_in: str = "anybody"


APP_SETTINGS = {
    "MicrosoftAppId": APP,
    "MicrosoftAppPassword": "made up",
    "MicrosoftAppTenantId": TENANT,
}


REST = {"APP_PASSWORD": "made up", "APP_TENANTID": TENANT}


SLIPS = {
    "an empty app id": Slip(
        environ={**APP_SETTINGS, "MicrosoftAppId": ""},
        complaint="MicrosoftAppId: is missing although",
        stock={**REST, "APP_ID": ""},
    ),
    "a misspelt name": Slip(
        environ={"MicrosoftAppID": APP, "HOST": "127.0.0.1"},
        complaint="MicrosoftAppID: is spelt MicrosoftAppId",
        stock={**REST, "APPID": APP},
    ),
    "no app id on an open port": Slip(
        environ={"HOST": "0.0.0.0"},  # noqa: S104
        complaint="HOST: is 0.0.0.0, but without MicrosoftAppId",
        stock={},
    ),
    # Stock differs in part: it is taken for MultiTenant, so who comes in is still checked, with no tenant set.
    "a misspelt type": Slip(
        environ={**APP_SETTINGS, "MicrosoftAppType": "SingelTenant"},
        complaint="MicrosoftAppType: is 'SingelTenant'",
        stock={"APP_ID": APP, "APP_PASSWORD": "made up", "APP_TYPE": "SingelTenant"},
        lets_in="the signed",
    ),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
async def test_a_slip_in_the_app_settings_opens_no_door(
    slip: Slip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # where no .env lies
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in slip.environ.items():
        monkeypatch.setenv(name, value)
    assert await asyncio.to_thread(app.main, ["serve"]) == 1
    assert slip.complaint in capsys.readouterr().err

    async with loopback() as around, stock_door(around, slip.stock, signed=False) as stock:
        token = None if slip.lets_in == "anybody" else ""
        assert (await stock.post(around.activity(text="hej"), token=token))[0] == 201
        assert stock.bot.turns == 1


OTHER = Key("key-1", ["msteams"])


UNENDORSED = Key("key-9", ["webchat"])


ANY_CHANNEL = Key("key-3", None)


DEEP = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=") + ".e30.AAAA"


@dataclass(frozen=True)
class BadToken:
    """``stock`` is the status that stock answers; 401 is ``alike``, 201 means that it let the caller in."""

    make: Callable[[Surroundings], str | bytes | None]
    stock: int


BAD_TOKENS = {
    "not a token": BadToken(lambda _: "rubbish", 500),
    "three dots": BadToken(lambda _: "a.b.c", 500),
    "nested too deeply": BadToken(lambda _: DEEP, 500),
    "letters beyond ASCII": BadToken(lambda _: "bokstäver".encode(), 500),
    "bytes that are no text": BadToken(lambda _: b"\xff\xfe.\xff.\xff", 500),
    "a good one and a byte": BadToken(lambda around: around.token().encode() + b"\xe5", 500),
    "no issuer": BadToken(lambda around: around.token(without=("iss",)), 404),
    "expired": BadToken(lambda around: around.token(exp=int(time.time()) - 400), 500),
    "no expiry": BadToken(lambda around: around.token(without=("exp",)), 201),
    "not yet": BadToken(lambda around: around.token(nbf=int(time.time()) + 900), 500),
    "forged": BadToken(lambda around: around.token(key=OTHER), 500),
    "unknown key": BadToken(lambda around: around.token(kid="key-77"), 500),
    "no key id": BadToken(lambda around: around.token(kid=None), 500),
    "key of another channel": BadToken(lambda around: around.token(key=UNENDORSED), 500),
    "HS256": BadToken(
        lambda around: around.token(algorithm="HS256", secret="a-secret-of-more-than-32-characters!"), 500
    ),
    "no algorithm": BadToken(lambda _: jwt.encode({"aud": APP, "iss": ISSUER}, "", algorithm="none"), 500),
    # Alike: stock says 401 to these as well.
    "no header": BadToken(lambda _: None, 401),
    "wrong audience": BadToken(lambda around: around.token(aud="someone-else"), 401),
    "no audience": BadToken(lambda around: around.token(without=("aud",)), 401),
    "wrong issuer": BadToken(lambda around: around.token(iss="https://evil.example"), 401),
    "other service": BadToken(lambda around: around.token(serviceurl="https://evil.example/"), 401),
    "no service": BadToken(lambda around: around.token(without=("serviceurl",)), 401),
}


@pytest.mark.parametrize("row", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
async def test_every_kind_of_bad_token_is_answered_401_and_reaches_nobody(
    doors: Doors, row: BadToken
) -> None:
    doors.around.issuer.keys = [*doors.around.issuer.keys, UNENDORSED]
    activity, token = doors.around.activity(text="hej"), row.make(doors.around)
    assert await doors.ours.post(activity, token=token) == (401, UNAUTHORIZED)
    assert doors.ours.handler.turns == []
    assert doors.ours.seen == []
    assert (await doors.stock.post(activity, token=token))[0] == row.stock
    assert doors.stock.bot.turns == (1 if row.stock == 201 else 0)


@pytest.mark.parametrize(
    ("header", "stock"), [(None, 500), ("Bearer", 500), ("Bearer ", 500), ("Basic abc", 401), ("abc", 500)]
)
async def test_a_header_that_is_no_bearer_token_is_answered_401(
    doors: Doors, header: str | None, stock: int
) -> None:
    """Alike while stock asks the issuer that is built in; not once the settings name one, as other clouds need."""
    issuer = doors.around.issuer
    named = {
        **SINGLE_TENANT,
        "TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL": issuer.metadata_url,
        "TO_BOT_FROM_CHANNEL_TOKEN_ISSUER": ISSUER,
        "TO_CHANNEL_FROM_BOT_OAUTH_SCOPE": ISSUER,
        "TO_CHANNEL_FROM_BOT_LOGIN_URL": issuer.url,
    }
    activity = doors.around.activity()
    headers = {"Authorization": header} if header else {}
    assert await doors.ours.post(activity, token=None, **headers) == (401, UNAUTHORIZED)
    assert (await doors.stock.post(activity, token=None, **headers))[0] == 401
    async with stock_door(doors.around, named) as other:
        assert (await other.post(activity))[0] == 201
        assert (await other.post(activity, token=None, **headers))[0] == stock


async def test_a_rotated_key_is_fetched_anew(doors: Doors) -> None:
    around = doors.around
    assert (await doors.ours.post(around.activity(text="x")))[0] == 200
    assert (await doors.stock.post(around.activity(text="x")))[0] == 201
    assert around.issuer.hits == 2, "each door has fetched the keys"
    around.issuer.rotates()
    await asyncio.sleep(0.25)
    assert (await doors.ours.post(around.activity(text="x")))[0] == 200
    assert around.issuer.hits == 3
    assert (await doors.stock.post(around.activity(text="x")))[0] == 500
    assert doors.stock.faults == ["IndexError"]
    assert around.issuer.hits == 3, "stock did not even ask"


OUTSIDE = "https://smba.trafficmanager.net.evil.example/"


STRANGERS: dict[str, tuple[Json, int]] = {
    "another tenant": ({"channelData": {"tenant": {"id": "ffffffff-0000-0000-0000-000000000000"}}}, 403),
    "no tenant": ({"channelData": {}, "conversation": {"id": "a:1"}}, 403),
    "another channel": ({"channelId": "webchat"}, 403),
    "a service address outside Teams": ({"serviceUrl": OUTSIDE}, 403),
    "no service address": ({"serviceUrl": None}, 401),
    "no channel": ({"channelId": None}, 401),
}


@pytest.mark.parametrize(("change", "status"), STRANGERS.values(), ids=STRANGERS.keys())
async def test_who_calls_from_elsewhere_is_turned_away(doors: Doors, change: Json, status: int) -> None:
    """Stock lets every one of these in, for a key that is endorsed for no channel in particular."""
    if change.get("channelId"):
        doors.around.issuer.keys = [ANY_CHANNEL]
    activity = doors.around.activity(text="hej", **change)
    token = doors.around.token(serviceurl=change.get("serviceUrl") or doors.around.connector.url)
    assert (await doors.ours.post(activity, token=token))[0] == status
    assert doors.ours.handler.turns == []
    assert (await doors.stock.post(activity, token=token))[0] == 201
    assert doors.stock.bot.turns == 1
