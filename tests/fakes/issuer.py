"""The issuer of Teams' tokens on loopback: OpenID configuration, keys with endorsements, and tokens of every kind."""

import asyncio
import base64
import time
from typing import Any, Self

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://api.botframework.com"


def _number(value: int) -> str:
    return (
        base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
    )


class Key:
    """A signing key; ``endorsements`` None leaves the field out."""

    def __init__(self, kid: str, endorsements: list[str] | None) -> None:
        self.kid = kid
        self.endorsements = endorsements
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def doc(self) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        doc: dict[str, Any] = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }
        return doc if self.endorsements is None else {**doc, "endorsements": self.endorsements}


_FIRST = Key("key-1", ["msteams"])
"""Made once: a key takes a tenth of a second, and every test has an issuer."""


class FakeIssuer:
    """``async with FakeIssuer() as issuer``; ``hits`` counts how often the keys were asked for."""

    def __init__(self) -> None:
        self.keys = [_FIRST]
        self.hits = 0
        self.delay = 0.0
        self.down = False
        self.url = ""
        self._cached: dict[tuple[str, str], tuple[str, float]] = {}

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/keys", self._keys)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/.well-known/openidconfiguration"

    def rotates(self, kid: str = "key-2") -> Key:
        """The old key is gone, a new one signs from now on."""
        self.keys = [Key(kid, ["msteams"])]
        self._cached.clear()
        return self.keys[0]

    def token(self, *, audience: str, service_url: str) -> str:
        """A good token, the same for an hour, as Teams' are."""
        known = self._cached.get((audience, service_url))
        if known is None or known[1] < time.time():
            known = (self.signed(aud=audience, serviceurl=service_url), time.time() + 600)
            self._cached[(audience, service_url)] = known
        return known[0]

    def signed(
        self,
        *,
        key: Key | None = None,
        kid: str | None = "",
        algorithm: str = "RS256",
        secret: Any = None,
        without: tuple[str, ...] = (),
        **claims: Any,
    ) -> str:
        """A token with these claims over the usual ones, less those named in ``without``."""
        key = key or self.keys[0]
        now = int(time.time())
        body = {"iss": ISSUER, "iat": now, "nbf": now - 10, "exp": now + 3600, **claims}
        for name in without:
            del body[name]
        kid = key.kid if kid == "" else kid
        headers = {"kid": kid} if kid is not None else {}
        return jwt.encode(
            body, key.private if secret is None else secret, algorithm=algorithm, headers=headers
        )

    async def _metadata(self, _request: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=503)
        await asyncio.sleep(self.delay)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        self.hits += 1
        return web.json_response({"keys": [key.doc() for key in self.keys]})
