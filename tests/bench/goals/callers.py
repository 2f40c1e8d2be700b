"""P9: what it costs to know a token again, beside stock botbuilder, and that no bad one is let in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from time import perf_counter

from botframework.connector.auth import (
    AuthenticationConfiguration,
    ChannelValidation,
    SimpleCredentialProvider,
)

from bot.settings import PUBLIC_ISSUER
from bot.teams.authentication import Caller, TeamsAuthenticator
from bot.teams.connector import open_session
from bot.teams.keys import SigningKeys
from bot.teams.service_urls import ServiceUrls
from tests.bench import servers
from tests.bench.clicking import Door, message
from tests.bench.people import ADMINS, APP_ID, TENANT
from tests.bench.plan import Plan
from tests.bench.table import Row, microseconds, p50

_CHECKS = 200

Check = Callable[[], Awaitable[object]]


def measure(plan: Plan) -> Iterator[Row]:
    ours, stock = asyncio.run(_measured(plan))
    yield Row(
        goal="P9",
        says="a token checked again against stock botbuilder's check",
        measured=f"{microseconds(ours)} against {microseconds(stock)}",
        ratio=ours / stock,
        at_most=1 / 50,
    )
    yield _refused(plan)


async def _measured(plan: Plan) -> tuple[float, float]:
    """Both in this process, over the same token and the same issuer, in turn."""
    header = f"Bearer {plan.wire.token}"
    caller = Caller(
        channel="msteams", service_url=plan.wire.service_url, tenant=TENANT, remote="127.0.0.1", host="bot"
    )
    async with open_session() as session:
        ours = TeamsAuthenticator(
            app_id=APP_ID,
            tenant=TENANT,
            issuer=PUBLIC_ISSUER,
            keys=SigningKeys(session, plan.wire.metadata_url),
            service_urls=ServiceUrls(local=False, extra=frozenset({"127.0.0.1"})),
        )
        ChannelValidation.open_id_metadata_endpoint = plan.wire.metadata_url
        provider, config = SimpleCredentialProvider(APP_ID, ""), AuthenticationConfiguration()

        async def stock() -> object:
            return await ChannelValidation.authenticate_channel_token(header, provider, "msteams", config)

        checks: tuple[Check, Check] = (lambda: ours.check(header, caller), stock)
        rounds = [[await _round(check) for check in checks] for _ in range(plan.rounds)]
    return p50([one[0] for one in rounds]), p50([one[1] for one in rounds])


async def _round(check: Check) -> list[float]:
    took = []
    for _ in range(_CHECKS):
        began = perf_counter()
        await check()
        took.append(perf_counter() - began)
    return took


def _refused(plan: Plan) -> Row:
    answers = {}
    with servers.ours(0, plan.folder / "callers", plan.wire) as ours:
        for kind, token in plan.wire.bad.items():
            body = message("hej", ADMINS[0], plan.wire.service_url)
            answers[kind], _ = Door(ours.port, token).post(body)
    let_in = [kind for kind, status in answers.items() if status != 401]
    return Row(
        goal="P9",
        says="kinds of bad token that are not answered 401",
        measured=f"{len(let_in)} of {len(answers)} kinds{': ' if let_in else ''}{', '.join(let_in)}",
        ratio=float(len(let_in)),
        at_most=0.0,
    )
