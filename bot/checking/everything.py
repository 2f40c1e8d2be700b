"""All checks, at the same time, each with so many seconds and no more."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot.checking.files import findings_of, read_all
from bot.checking.findings import Finding, left_out, within
from bot.checking.network import (
    CLOCK,
    GRAPH,
    KEYS,
    MODEL,
    SECRET,
    TOKEN,
    check_groups,
    check_keys,
    check_model,
    check_secret,
    check_token,
)
from bot.checking.record import STORE, check_record
from bot.policy.grounding import Model
from bot.settings import Settings
from bot.start_files import StartFiles
from bot.teams.graph import Graph
from bot.teams.tokens import TokenSource

_SECONDS = 12.0
_LOCAL = "local mode talks to this machine only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the bot itself would ask with: tokens for Teams and for Graph."""

    session: aiohttp.ClientSession
    tokens: TokenSource
    graph_tokens: TokenSource
    model: Model | None


MakeMeans = Callable[[Settings], AbstractAsyncContextManager[Means]]


async def check_everything(
    environ: Mapping[str, str], make: MakeMeans, clock: Callable[[], datetime]
) -> Sequence[Finding]:
    read = await asyncio.to_thread(read_all, environ)
    if not isinstance(read, tuple):
        return [*read, left_out("the rest", "it needs settings and files that hold")]
    settings, files = read
    async with make(settings) as means:
        groups = await asyncio.gather(*_checks(settings, files, means, clock))
    return [*findings_of(settings, files), *(one for found in groups for one in found)]


def _checks(
    settings: Settings, files: StartFiles, means: Means, clock: Callable[[], datetime]
) -> list[Awaitable[Sequence[Finding]]]:
    record = within(_SECONDS, STORE, check_record(settings.storage_url, files.organisation))
    model = [within(_SECONDS, MODEL, check_model(means.model))] if means.model else []
    if settings.local:
        return [record, *model, _not_in_local_mode()]
    return [
        record,
        *model,
        within(_SECONDS, KEYS, check_keys(means.session, settings.metadata_url, clock)),
        within(_SECONDS, TOKEN, check_token(means.tokens)),
        within(_SECONDS, SECRET, check_secret(means.session, settings, means.graph_tokens, clock())),
        within(_SECONDS, GRAPH, _groups(settings, files, means)),
    ]


async def _not_in_local_mode() -> Sequence[Finding]:
    return [left_out(one, _LOCAL) for one in (KEYS, CLOCK, TOKEN, SECRET, GRAPH)]


async def _groups(settings: Settings, files: StartFiles, means: Means) -> Sequence[Finding]:
    if not files.organisation.groups:
        return [left_out(GRAPH, "roles come from the organisation file alone")]
    graph = Graph(means.session, means.graph_tokens, url=settings.graph_url)
    return await check_groups(graph, files.organisation.groups)
