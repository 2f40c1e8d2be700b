"""Entra's token endpoint on loopback, over TLS with a certificate of its own, and the host's managed identity.

async with FakeEntra() as entra, entra.session() as http:
    credential = secret_credential(..., session=http, authority=entra.authority)
"""

import asyncio
import datetime as dt
import ipaddress
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class FakeEntra:
    """``requests`` are the token requests' fields; ``delay`` in seconds; ``status`` is answered to each."""

    def __init__(self, *, delay: float = 0.0, lasts: int = 3600) -> None:
        self.delay = delay
        self.lasts = lasts
        self.status = 200
        self.requests: list[dict[str, str]] = []
        self.authority = ""
        self.identity_endpoint = ""
        self.certificate, self._server_side = _certificate()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._metadata)
        app.router.add_get("/msi/token", self._identity)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._server_side).start()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        tls, plain = (address[1] for address in self._runner.addresses)
        self.authority = f"https://127.0.0.1:{tls}"
        self.identity_endpoint = f"http://127.0.0.1:{plain}/msi/token"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def session(self) -> aiohttp.ClientSession:
        """A client session that trusts this Entra."""
        trust = ssl.create_default_context(cadata=self.certificate)
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust))

    @property
    def identity_environment(self) -> Mapping[str, str]:
        """What App Service sets for a process with a managed identity."""
        return {"IDENTITY_ENDPOINT": self.identity_endpoint, "IDENTITY_HEADER": "for-this-process-only"}

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        return await self._issue({name: str(value) for name, value in form.items()})

    async def _identity(self, request: web.Request) -> web.Response:
        if request.headers.get("X-IDENTITY-HEADER") != self.identity_environment["IDENTITY_HEADER"]:
            return web.json_response({"error": "forbidden"}, status=403)
        return await self._issue(dict(request.query))

    async def _issue(self, fields: dict[str, str]) -> web.Response:
        self.requests.append(fields)
        number = len(self.requests)
        await asyncio.sleep(self.delay)
        if self.status != 200:
            error = {"error": "invalid_client", "error_description": "AADSTS7000215: refused by the fake"}
            return web.json_response(error, status=self.status)
        expires = int(dt.datetime.now(dt.UTC).timestamp()) + self.lasts
        token: dict[str, Any] = {"access_token": f"token-{number}", "token_type": "Bearer"}
        if "resource" in fields:  # a managed identity's answer repeats it
            token["resource"] = fields["resource"]
        return web.json_response(token | {"expires_in": self.lasts, "expires_on": str(expires)})

    async def _metadata(self, request: web.Request) -> web.Response:
        base = f"{self.authority}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{base}/v2.0",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            }
        )


def _certificate() -> tuple[str, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1 (PEM), and the server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as directory:  # ssl loads a chain from files only
        chain = Path(directory) / "chain.pem"
        chain.write_bytes(pem + secret)
        context.load_cert_chain(chain)
    return pem.decode(), context
