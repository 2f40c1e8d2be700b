"""What the bot has to reach, asked as the bot asks it: keys, a token, Graph. Nothing is sent to anybody."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.checking.findings import Finding, failure, left_out, ok, warning
from bot.policy.answering import Quote
from bot.policy.grounding import (
    Asked,
    Model,
    ModelError,
    Unusable,
    messages_of,
    read_reply,
    schema_of,
)
from bot.policy.leads import load_leads
from bot.policy.model_results import Result
from bot.settings import AppType, Settings
from bot.teams.graph import Graph, GraphError
from bot.teams.tokens import TokenSource, TokenUnavailableError

KEYS, CLOCK, TOKEN, SECRET, GRAPH = "signing keys", "clock", "token", "secret expiry", "Graph"
MODEL = "model"
_TIMEOUT = aiohttp.ClientTimeout(total=5)
_OFF = timedelta(seconds=60)
_TOO_FAR_OFF = timedelta(minutes=5)
"""What tokens and webhooks allow."""
_SOON = timedelta(days=30)
_PERMIT = "Grant the app Application.Read.All, or keep the day in your calendar."
_RENEW = "Make a new secret in Entra, set MicrosoftAppPassword and restart."
_MODEL_SECONDS = 8.0
_SLOW = "Answers go out without it after 3 seconds: deploy a quicker model."
_REACH = "Let this machine through to AZURE_OPENAI_ENDPOINT; meanwhile the bot answers without it."
_MODEL_ADVICE = {
    Result.NO_TOKEN: "Entra gives no token for it: look at the app's secret or identity.",
    Result.REFUSED: "Look at AZURE_OPENAI_DEPLOYMENT, and give the app the role Cognitive Services OpenAI User.",
    Result.THROTTLED: "Give the deployment more tokens a minute.",
    Result.NOT_JSON: "Look at AZURE_OPENAI_ENDPOINT: what answers there is no Azure OpenAI.",
    Result.EMPTY: "Deploy a model that knows structured outputs and doesn't think for long.",
}
_WHY = {
    "AADSTS7000215": "the secret is not one of the app's: set its value, not its id",
    "AADSTS7000222": "the secret has expired",
    "AADSTS700016": "the app is not in this tenant",
    "AADSTS90002": "there is no such tenant",
}


async def check_keys(
    session: aiohttp.ClientSession, url: str, clock: Callable[[], datetime]
) -> Sequence[Finding]:
    """Where Teams' tokens are checked by; the answer tells the time as well."""
    try:
        metadata, date = await _get(session, url)
        now = clock()
        keys, _ = await _get(session, str(metadata["jwks_uri"]))
        count = len(keys["keys"])
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError) as error:
        told = f"{url} does not answer as it should ({type(error).__name__})"
        advice = "Let this machine through to it, or look at BOT_OPENID_METADATA_URL: nobody gets in without."
        return [failure(KEYS, told, advice), left_out(CLOCK, "nobody answered to compare it with")]
    return [ok(KEYS, f"{count} from {url}"), _clock(date, now)]


async def _get(session: aiohttp.ClientSession, url: str) -> tuple[dict[str, Any], str]:
    async with session.get(url, timeout=_TIMEOUT, allow_redirects=False) as answer:
        answer.raise_for_status()
        body = json.loads(await answer.read())
        return body, answer.headers.get("Date", "")


def _clock(date: str, now: datetime) -> Finding:
    try:
        off = abs(now - parsedate_to_datetime(date))
    except (ValueError, TypeError):
        return left_out(CLOCK, "the answer did not tell the time")
    told = f"{off.total_seconds():.0f} seconds from the issuer's"
    if off <= _OFF:
        return ok(CLOCK, told)
    advice = "Synchronise this machine's clock: tokens and webhooks are refused at 5 minutes."
    return failure(CLOCK, told, advice) if off > _TOO_FAR_OFF else warning(CLOCK, told, advice)


async def check_token(tokens: TokenSource) -> Sequence[Finding]:
    """Really fetches one."""
    try:
        await tokens.authorization()
    except TokenUnavailableError as error:
        if not (code := _code(error)):
            return [failure(TOKEN, f"Entra can't be asked ({error})", "Let this machine through to it.")]
        advice = "Look at MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId: nothing can be sent."
        return [failure(TOKEN, f"Entra gives none: {_WHY.get(code, code)}", advice)]
    return [ok(TOKEN, "Entra gives one for Teams")]


def _code(error: TokenUnavailableError) -> str:
    """Entra's own; the rest of what it says names addresses and ids of requests."""
    found = re.search(r"AADSTS\d+", str(error.__cause__ or ""))
    return found[0] if found else ""


async def check_groups(graph: Graph, groups: Sequence[str]) -> Sequence[Finding]:
    findings = []
    for group in groups:
        try:
            members = await graph.members(group)
        except GraphError as error:
            why = error.code or f"status {error.status}"
            advice = "The app needs GroupMember.Read.All and User.ReadBasic.All; the last known members hold meanwhile."
            findings.append(failure(GRAPH, f"group {group} is not told: {why}", advice))
        else:
            findings.append(ok(GRAPH, f"group {group} has {len(members)} members"))
    return findings


async def check_model(model: Model) -> Sequence[Finding]:
    """Really asks the deployment, about made-up passages. Whatever it says, the bot answers without it."""
    text = "Bilder ska ha en alternativtext."
    passage = Quote(passage="p", section="Exempel", text=text, start=0, end=len(text))
    asked = Asked(question="Ska bilder ha en alternativtext?", language="sv", quotes=(passage,))
    try:
        async with asyncio.timeout(_MODEL_SECONDS):
            reply = await model.reply(messages_of(asked), schema_of(asked))
    except TimeoutError:
        return [warning(MODEL, f"{model.deployment} has not answered in {_MODEL_SECONDS:g} seconds", _SLOW)]
    except ModelError as error:
        advice = _MODEL_ADVICE.get(error.result, _REACH)
        return [warning(MODEL, f"{model.deployment} gives no reply ({error.result})", advice)]
    verdict = read_reply(reply, asked, load_leads(passage.text, ()))
    if isinstance(verdict, Unusable) and verdict.result is not Result.BAD_LEAD:
        told = f"{model.deployment} answers, but not as asked ({verdict.result})"
        return [warning(MODEL, told, "Deploy a model that knows structured outputs.")]
    return [ok(MODEL, f"{model.deployment} answers, and as asked")]


# When the secret ends ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secret:
    hint: str
    ends: datetime


async def check_secret(
    session: aiohttp.ClientSession, settings: Settings, tokens: TokenSource, now: datetime
) -> Sequence[Finding]:
    """As Graph knows it, which an app may only read of itself with a permission."""
    if settings.app_type is AppType.USER_ASSIGNED_MSI:
        return [ok(SECRET, "a managed identity has none")]
    url = f"{settings.graph_url}/v1.0/applications(appId='{settings.app_id}')?$select=passwordCredentials"
    try:
        headers = {"Authorization": await tokens.authorization() or ""}
        async with session.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False) as answer:
            status, body = answer.status, await answer.read()
        secrets = list(_secrets(json.loads(body))) if status == 200 else []
    except (TokenUnavailableError, aiohttp.ClientError, OSError, TimeoutError, ValueError, KeyError) as error:
        return [left_out(SECRET, f"not known, because Graph can't be asked ({type(error).__name__})")]
    if status != 200:
        return [left_out(SECRET, f"not known, because Graph answers {status}", _PERMIT)]
    return [_expiry(secrets, settings.app_password or "", now)]


def _secrets(body: Mapping[str, Any]) -> Iterator[_Secret]:
    for one in body["passwordCredentials"]:
        yield _Secret(hint=one.get("hint") or "", ends=datetime.fromisoformat(one["endDateTime"]))


def _expiry(secrets: Sequence[_Secret], password: str, now: datetime) -> Finding:
    """Graph tells a secret's first three letters and no more: of several that begin so, the first to end counts."""
    mine = [one.ends for one in secrets if one.hint and password.startswith(one.hint)]
    if not mine:
        told = f"not known, because none of the app's {len(secrets)} secrets begins like the one that is set"
        return left_out(SECRET, told)
    ends = min(mine)
    told = f"{ends.astimezone(UTC):%Y-%m-%d}, in {(ends - now).days} days"
    if ends <= now:
        return failure(SECRET, f"it ended on {ends.astimezone(UTC):%Y-%m-%d}", _RENEW)
    return warning(SECRET, told, _RENEW) if ends - now < _SOON else ok(SECRET, told)
