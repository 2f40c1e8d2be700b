"""What stands around the bot, in a process of its own: the issuer of Teams' tokens, Entra, and a Bot Connector that
takes every card and every update. ``GET /bench`` tells how to reach them and what to call the bot with, ``/counts``
what they have seen."""

import asyncio
import os
from base64 import urlsafe_b64encode

from aiohttp import web

from tests.bench.people import APP_ID, TENANT
from tests.fakes.entra import FakeEntra
from tests.fakes.issuer import FakeIssuer, Key

ENTRA_TAKES = 0.08
"""Seconds for a token."""


def bad_tokens(issuer: FakeIssuer, service_url: str) -> dict[str, str]:
    """One of each kind that must not be let in."""

    def signed(**changes: object) -> str:
        return issuer.signed(**{"aud": APP_ID, "serviceurl": service_url, **changes})  # type: ignore[arg-type]

    head, body, signature = signed().split(".")
    elsewhere = Key("key-2", ["webchat"])
    issuer.keys = [*issuer.keys, elsewhere]
    return {
        "no token": "",
        "no JWT": "abc",
        "three parts of nothing": "a.b.c",
        "nested too deeply": f"{urlsafe_b64encode(b'[' * 5000).decode().rstrip('=')}.e30.AAAA",
        "letters beyond ASCII": "bokstäver",
        "forged signature": f"{head}.{body}.{signature[::-1]}",
        "signed by a stranger": signed(key=Key("key-1", ["msteams"])),
        "key of another channel": signed(key=elsewhere),
        "another algorithm": signed(algorithm="RS512"),
        "unknown key": signed(kid="key-9"),
        "no key named": signed(kid=None),
        "not signed": signed(algorithm="none", secret=""),
        "signed with a shared secret": signed(algorithm="HS256", secret="0" * 64),
        "for another bot": signed(aud="00000000-0000-0000-0000-000000000000"),
        "for another bot too": signed(aud=["00000000-0000-0000-0000-000000000000"]),
        "by another issuer": signed(iss="https://sts.windows.net/other"),
        "for another address": signed(serviceurl="https://smba.trafficmanager.net/other/"),
        "for no address": signed(without=("serviceurl",)),
        "expired": signed(exp=1_700_000_000),
        "never expiring": signed(without=("exp",)),
        "not yet valid": signed(nbf=4_000_000_000),
        "without issuer": signed(without=("iss",)),
        "without audience": signed(without=("aud",)),
        "of a tenant's own": signed(iss=f"https://login.microsoftonline.com/{TENANT}/v2.0"),
    }


async def main(port: int) -> None:
    service_url, peers, taken_so_far = f"http://127.0.0.1:{port}/", set[object](), [0]
    async with FakeIssuer() as issuer, FakeEntra(delay=ENTRA_TAKES) as entra:

        async def told(_: web.Request) -> web.Response:
            return web.json_response(
                {
                    "service_url": service_url,
                    "metadata_url": issuer.metadata_url,
                    "token": issuer.token(audience=APP_ID, service_url=service_url),
                    "bad": bad_tokens(issuer, service_url),
                    "authority": entra.authority,
                    "certificate": entra.certificate,
                }
            )

        async def counted(_: web.Request) -> web.Response:
            seen = {"connections": len(peers), "token_requests": len(entra.requests)}
            return web.json_response({**seen, "messages": taken_so_far[0]})

        async def taken(request: web.Request) -> web.Response:
            peers.add(request.transport and request.transport.get_extra_info("peername"))
            await request.read()
            taken_so_far[0] += 1
            return web.json_response({"id": f"m{taken_so_far[0]}"}, status=201)

        app = web.Application()
        app.router.add_get("/healthz", told)
        app.router.add_get("/bench", told)
        app.router.add_get("/counts", counted)
        app.router.add_route("*", "/v3/{call:.*}", taken)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(os.environ["PORT"])))
