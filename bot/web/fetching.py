"""Fetching what strangers have linked to: from public addresses over https, bounded in size and in time.

A flagged post names the address, so it may point anywhere: at this machine, at the municipality's inner network,
at an endless file. Names are resolved here and only public addresses are connected to, whatever a name resolves
to the next time it is asked; redirects are not followed.
"""

import ipaddress
import logging
import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

log = logging.getLogger(__name__)

LARGEST = 10 << 20
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER = tuple(ipaddress.IPv6Network(one) for one in ("64:ff9b:1::/48", "::/96", "fec0::/10"))
"""NAT64 of one's own network (RFC 8215), IPv4-compatible and site-local addresses (both deprecated): Python 3.11
counts them as global, and each may lead inside."""
SECONDS = 8.0
"""Teams gives up on a click after ten seconds at the earliest."""


class _NotFetched(Exception):
    """Why, as a code for the log."""


class PublicAddressesOnly(AbstractResolver):
    def __init__(self, resolver: AbstractResolver, allowed: frozenset[str] = frozenset()) -> None:
        self._resolver = resolver
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        public = [one for one in found if host in self._allowed or is_public(one["host"])]
        if not public:
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def is_public(address: str) -> bool:
    """Whether the IP address is one that the whole internet shares; tunnelled ones count as what is inside."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _NEVER):
            return False
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        ip = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
    return ip.is_global and not ip.is_multicast


class Fetcher:
    """``allowed`` hosts may be private and speak http: for tests on loopback."""

    def __init__(
        self,
        resolver: AbstractResolver | None = None,
        *,
        allowed: frozenset[str] = frozenset(),
        largest: int = LARGEST,
        seconds: float = SECONDS,
    ) -> None:
        self._allowed = allowed
        self._largest = largest
        public = PublicAddressesOnly(resolver or aiohttp.ThreadedResolver(), allowed)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=public, limit=10, use_dns_cache=False),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=seconds),
            trust_env=False,
        )

    async def fetch(self, url: str) -> bytes | None:
        """The file's bytes; None, with a line in the log, for an address that may not or cannot be fetched."""
        try:
            return await self._fetched(URL(url))
        except _NotFetched as refusal:
            why = str(refusal)
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError):
            why = "unreachable"
        log.info("A file could not be secured", extra={"why": why})
        return None

    async def put(self, url: str, data: bytes) -> bool:
        """Lays the bytes there, whole, as an upload session of OneDrive takes them; false, with a line in the log,
        where that may not or cannot be done."""
        headers = {"Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}"}
        try:
            if not self._may_be_asked(URL(url)):
                raise _NotFetched("address")
            async with self._session.put(url, data=data, headers=headers, allow_redirects=False) as answer:
                if answer.status not in {200, 201}:
                    raise _NotFetched("status")
                return True
        except _NotFetched as refusal:
            why = str(refusal)
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError):
            why = "unreachable"
        log.info("A file could not be laid where it was to lie", extra={"why": why})
        return False

    async def close(self) -> None:
        await self._session.close()

    async def _fetched(self, url: URL) -> bytes:
        if not self._may_be_asked(url):
            raise _NotFetched("address")
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != 200:
                raise _NotFetched("status")
            return await self._body(answer)

    def _may_be_asked(self, url: URL) -> bool:
        host = url.host or ""
        if host in self._allowed:
            return True
        if url.scheme != "https" or url.explicit_port not in {None, 443} or url.user:
            return False
        try:
            return is_public(host)  # a literal address never reaches the resolver
        except ValueError:
            return bool(host)

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > self._largest:
                raise _NotFetched("too_large")
        return bytes(body)
