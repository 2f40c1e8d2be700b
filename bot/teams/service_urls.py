"""Which addresses the bot will talk to: a token sent to any other would be given away."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bot.settings import is_loopback

_TEAMS_HOST = "smba.trafficmanager.net"
_TEAMS_DOMAIN = ".teams.microsoft.com"
_FORBIDDEN = frozenset("\\@?#%")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUrls:
    """Teams' own hosts over https and ``extra`` hosts; in local mode loopback and nothing else.

    ``extra`` holds host names (other clouds); an extra host that is loopback may speak plain http.
    """

    local: bool
    extra: frozenset[str] = frozenset()

    def allows(self, url: str) -> bool:
        parts = _parts(url)
        if parts is None or not parts.hostname:
            return False
        host = parts.hostname.lower()
        if self.local:
            return is_loopback(host)
        if host in self.extra:
            return parts.scheme == "https" or is_loopback(host)
        return parts.scheme == "https" and parts.port in (None, 443) and _is_teams(host)


def _parts(url: str) -> SplitResult | None:
    if not url.isascii() or not url.isprintable() or " " in url or _FORBIDDEN & set(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port out of range is only noticed when it is read
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None


def _is_teams(host: str) -> bool:
    return host == _TEAMS_HOST or host.endswith(_TEAMS_DOMAIN)
