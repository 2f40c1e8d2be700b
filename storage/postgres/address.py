"""A ``postgresql://`` address: what the driver is told, what is ours, and what nobody may print."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

SCHEMES = frozenset({"postgresql", "postgres"})
LEASE = 15.0
"""Seconds after which another instance takes over what one that is gone had begun."""

_OWN = frozenset({"auth", "lease"})
_FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """``dsn`` is the address without its password, without that of the client's key (``sslpassword``) and without
    what the driver does not know. ``entra``: the password is a token from Entra, asked for anew with each connection."""

    dsn: str
    password: str | None = field(repr=False)
    key_password: str | None = field(default=None, repr=False)
    entra: bool = False
    lease: float = LEASE
    here: bool = True

    def __str__(self) -> str:
        return self.dsn

    @property
    def for_driver(self) -> str:
        """The driver takes the key's password from the address alone."""
        if self.key_password is None:
            return self.dsn
        return f"{self.dsn}{'&' if '?' in self.dsn else '?'}{urlencode({'sslpassword': self.key_password})}"


class WrongAddress(ValueError):
    """What is wrong with the address, in words that do not repeat it."""


def is_postgres(url: str) -> bool:
    return url.partition("://")[0] in SCHEMES


def parse(url: str) -> Address:
    """Raises WrongAddress, never showing the password."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - a ValueError if it is none
        given = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise WrongAddress(f"is not of the form {_FORM}") from error
    host = given.get("host") or parts.hostname
    if parts.scheme not in SCHEMES or not host or not parts.path.strip("/"):
        raise WrongAddress(f"is not of the form {_FORM}: a host and a database are needed")
    _, at, place = parts.netloc.rpartition("@")
    user = quote(parts.username or "", safe="%") if at else ""
    theirs = {name: value for name, value in given.items() if name not in {*_OWN, "password", "sslpassword"}}
    return Address(
        dsn=f"postgresql://{user}{at}{place}{parts.path}{'?' if theirs else ''}{urlencode(theirs)}",
        password=given.get("password") or unquote(parts.password or "") or None,
        key_password=given.get("sslpassword"),
        entra=_is_entra(given.get("auth", "password")),
        lease=_seconds(given.get("lease", str(LEASE))),
        here=_is_here(host),
    )


def _is_entra(text: str) -> bool:
    if text not in {"password", "entra"}:
        raise WrongAddress("auth= can be password or entra")
    return text == "entra"


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or not float(text):
        raise WrongAddress("lease= is a number of seconds")
    return float(text)


def _is_here(host: str) -> bool:
    """A socket, or loopback: nothing leaves the machine."""
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
