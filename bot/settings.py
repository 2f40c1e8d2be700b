"""The settings: environment variables, read once, with every problem told at once."""

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from bot.trace_settings import asks_for_traces, problems_of_traces
from storage.opening import problem_of

PUBLIC_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
PUBLIC_ISSUER = "https://api.botframework.com"
PUBLIC_GRAPH = "https://graph.microsoft.com"
SHIPPED_ORGANISATION = Path(__file__).parent / "demo" / "organisation.yaml"
SHIPPED_GUIDELINE = Path(__file__).parent / "policy" / "data" / "haninge-riktlinjer-sociala-medier.md"

_MODEL = ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_DEPLOYMENT")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NAMES = (
    "MicrosoftAppId",
    "MicrosoftAppPassword",
    "MicrosoftAppType",
    "MicrosoftAppTenantId",
    "HOST",
    "PORT",
    "STORAGE_URL",
    "ORGANISATION_FILE",
    "GUIDELINE_FILE",
    "FLAGS_SECRET",
    "METRICS_TOKEN",
    "BOT_OPENID_METADATA_URL",
    "BOT_TOKEN_ISSUER",
    "GRAPH_URL",
    "GRAPH_REFRESH_MINUTES",
    "ROLES_HOLD_HOURS",
    "BOT_DOMAIN",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_DEPLOYMENT",
)
_SYSTEMS_OWN = frozenset({"Host", "host", "Port", "port"})  # shells and containers set these for themselves


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


_FOLDED = {_folded(name): name for name in NAMES}


class AppType(StrEnum):
    SINGLE_TENANT = "SingleTenant"
    USER_ASSIGNED_MSI = "UserAssignedMSI"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAt:
    """A model that may choose among passages: ``endpoint`` is an address without a path."""

    endpoint: str
    deployment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Without an ``app_id`` the bot runs in local mode. Secrets stay out of the representation."""

    app_id: str | None
    app_password: str | None = field(repr=False)
    app_type: AppType
    app_tenant: str | None
    host: str
    port: int
    storage_url: str = field(repr=False)
    organisation_file: Path
    guideline_file: Path
    flags_secret: str | None = field(repr=False)
    metrics_token: str | None = field(repr=False)
    metadata_url: str
    issuer: str
    graph_url: str
    graph_refresh: timedelta
    roles_hold: timedelta
    traced: bool
    domain: str | None = None
    model: ModelAt | None = None

    @property
    def address(self) -> str | None:
        """Under which people's browsers reach the bot; None where it was not told."""
        if self.domain:
            return f"https://{self.domain}"
        return f"http://127.0.0.1:{self.port}" if self.local else None

    @property
    def local(self) -> bool:
        return self.app_id is None


class SettingsError(Exception):
    """Settings that the bot won't start with; ``problems`` names each one."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in ``environ``; an empty value is as good as none. Raises SettingsError with all problems."""
    values = {name: environ.get(name, "").strip() for name in NAMES}
    problems = [*_misspelt(environ), *_app(values), *_addresses(values), *_model_problems(values)]
    problems += problems_of_traces(environ)
    if problems:
        raise SettingsError(tuple(problems))
    return Settings(
        app_id=values["MicrosoftAppId"].lower() or None,
        app_password=values["MicrosoftAppPassword"] or None,
        app_type=AppType(values["MicrosoftAppType"] or AppType.SINGLE_TENANT),
        app_tenant=values["MicrosoftAppTenantId"].lower() or None,
        host=values["HOST"] or "127.0.0.1",
        port=int(values["PORT"] or 3978),
        storage_url=values["STORAGE_URL"] or "tinydb:data",
        organisation_file=Path(values["ORGANISATION_FILE"] or SHIPPED_ORGANISATION),
        guideline_file=Path(values["GUIDELINE_FILE"] or SHIPPED_GUIDELINE),
        flags_secret=values["FLAGS_SECRET"] or None,
        metrics_token=values["METRICS_TOKEN"] or None,
        metadata_url=values["BOT_OPENID_METADATA_URL"] or PUBLIC_METADATA,
        issuer=values["BOT_TOKEN_ISSUER"] or PUBLIC_ISSUER,
        graph_url=(values["GRAPH_URL"] or PUBLIC_GRAPH).rstrip("/"),
        graph_refresh=_refresh(values),
        roles_hold=_hold(values),
        traced=asks_for_traces(environ),
        domain=values["BOT_DOMAIN"].lower() or None,
        model=_model(values),
    )


def files_named(environ: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    """The organisation file and the guideline that ``environ`` names, or None where there is no such file."""
    given = (environ.get(name, "").strip() for name in ("ORGANISATION_FILE", "GUIDELINE_FILE"))
    organisation, guideline = (
        Path(one or shipped) if not one or is_there(one) else None
        for one, shipped, is_there in zip(
            given, (SHIPPED_ORGANISATION, SHIPPED_GUIDELINE), (_is_file, _is_there), strict=True
        )
    )
    return organisation, guideline


def _misspelt(environ: Mapping[str, str]) -> list[str]:
    """A name that is nearly ours: left unread, it would silently turn something off."""
    problems = []
    for name in environ:
        if name in NAMES or name in _SYSTEMS_OWN:
            continue
        meant = get_close_matches(_folded(name), _FOLDED, n=1, cutoff=0.9)
        if meant:
            problems.append(f"{name}: is spelt {_FOLDED[meant[0]]}")
        elif name.startswith("MicrosoftApp"):
            problems.append(f"{name}: is no setting; the ones that are: {', '.join(NAMES[:4])}")
    return problems


def _app(values: Mapping[str, str]) -> list[str]:
    app_id, kind = values["MicrosoftAppId"], values["MicrosoftAppType"]
    problems = []
    if kind and kind not in set(AppType):
        problems.append(f"MicrosoftAppType: is {kind!r}; it can be {' or '.join(AppType)}")
    if not app_id:
        given = [name for name in NAMES[1:4] if values[name]]
        if given:
            problems.append(f"MicrosoftAppId: is missing although {', '.join(given)} is given")
        return problems
    if not _GUID.fullmatch(app_id):
        problems.append("MicrosoftAppId: is not a GUID")
    if not _GUID.fullmatch(values["MicrosoftAppTenantId"]):
        problems.append("MicrosoftAppTenantId: is needed, a GUID")
    if kind in {"", AppType.SINGLE_TENANT} and not values["MicrosoftAppPassword"]:
        problems.append("MicrosoftAppPassword: is needed with MicrosoftAppType SingleTenant")
    return problems


def _addresses(values: Mapping[str, str]) -> list[str]:
    problems = []
    host = values["HOST"] or "127.0.0.1"
    if not values["MicrosoftAppId"] and not is_loopback(host):
        problems.append(
            f"HOST: is {host}, but without MicrosoftAppId the bot trusts everyone and listens on loopback only"
        )
    for name, check, what in _CHECKS:
        if values[name] and not check(values[name]):
            problems.append(f"{name}: {what}")
    wrong = problem_of(values["STORAGE_URL"]) if values["STORAGE_URL"] else None
    if wrong:
        problems.append(f"STORAGE_URL: {wrong}")
    if not problems and _refresh(values) >= _hold(values):
        problems.append(
            "GRAPH_REFRESH_MINUTES: must be less than the ROLES_HOLD_HOURS that roles hold unconfirmed"
        )
    return problems


def _model_problems(values: Mapping[str, str]) -> list[str]:
    endpoint, deployment = (values[name] for name in _MODEL)
    if bool(endpoint) != bool(deployment):
        given, missing = _MODEL if endpoint else _MODEL[::-1]
        return [f"{missing}: is missing although {given} is given"]
    host = urlsplit(endpoint).hostname if endpoint and _is_origin(endpoint) else None
    if host and not values["MicrosoftAppId"] and not is_loopback(host):
        return [f"{_MODEL[0]}: without MicrosoftAppId the bot talks to this machine only, not to {host}"]
    return []


def _model(values: Mapping[str, str]) -> ModelAt | None:
    endpoint, deployment = (values[name] for name in _MODEL)
    return ModelAt(endpoint=endpoint.rstrip("/"), deployment=deployment) if endpoint else None


def _refresh(values: Mapping[str, str]) -> timedelta:
    return timedelta(minutes=float(values["GRAPH_REFRESH_MINUTES"] or 10))


def _hold(values: Mapping[str, str]) -> timedelta:
    return timedelta(hours=float(values["ROLES_HOLD_HOURS"] or 24))


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return re.fullmatch("[0-9]{1,5}", text) is not None and 1 <= int(text) <= 65535


def _is_amount(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) is not None and 1 <= float(text) <= 1440


def _is_secret(text: str) -> bool:
    key = text.removeprefix("whsec_").rstrip("=")
    try:
        decoded = base64.b64decode(key + "=" * (-len(key) % 4), validate=True)
    except ValueError:
        return False
    return text.startswith("whsec_") and len(decoded) >= 24


def _is_token(text: str) -> bool:
    return re.fullmatch(r"[!-~]{16,}", text) is not None


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:  # a name too long, or a folder that may not be looked into
        return False


def _is_there(text: str) -> bool:
    """A file, or a folder of them."""
    try:
        return _is_file(text) or Path(text).is_dir()
    except OSError:
        return False


def _is_host(text: str) -> bool:
    return (
        re.fullmatch(r"(?=.{1,253}$)[a-zA-Z0-9-]{1,63}(\.[a-zA-Z0-9-]{1,63})*(:[0-9]{1,5})?", text)
        is not None
    )


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def _is_origin(text: str) -> bool:
    """A web address and nothing after it."""
    if not _is_web_address(text):
        return False
    parts = urlsplit(text)
    return parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username is not None)


def _is_deployment(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text) is not None


_CHECKS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("PORT", _is_port, "is not a port number from 1 to 65535"),
    ("ORGANISATION_FILE", _is_file, "there is no such file"),
    ("GUIDELINE_FILE", _is_there, "there is no such file or folder"),
    ("FLAGS_SECRET", _is_secret, "is not whsec_ followed by at least 24 bytes in base64"),
    ("BOT_DOMAIN", _is_host, "is no host name (without https:// and path)"),
    ("METRICS_TOKEN", _is_token, "is not 16 or more letters, digits or signs without spaces"),
    ("BOT_OPENID_METADATA_URL", _is_web_address, "is not an https address"),
    ("BOT_TOKEN_ISSUER", _is_web_address, "is not an https address"),
    ("GRAPH_URL", _is_web_address, "is not an https address"),
    ("AZURE_OPENAI_ENDPOINT", _is_origin, "is not an https address without a path"),
    ("AZURE_OPENAI_DEPLOYMENT", _is_deployment, "is no name of a deployment"),
    ("GRAPH_REFRESH_MINUTES", _is_amount, "is not a number from 1 to 1440"),
    ("ROLES_HOLD_HOURS", _is_amount, "is not a number from 1 to 1440"),
)
