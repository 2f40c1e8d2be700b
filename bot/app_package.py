"""The Teams app package: manifest, languages and icons in a zip, with this installation's ids put in."""

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

SOURCE = Path(__file__).parent.parent / "appPackage"
NAME = "riktlinjeboten.zip"
SETTINGS = ("MicrosoftAppId", "TEAMS_APP_ID", "BOT_DOMAIN", "BOT_PRIVACY_URL", "BOT_TERMS_URL")
"""All that a package is made from: it can be made where the bot's secrets are not."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PLACEHOLDER = re.compile(r"\$\{\{\s*(\w+)\s*\}\}")
_ADDRESS = re.compile(r"https://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")
_LONGEST_ADDRESS = 2048  # Teams' schema
_NOBODYS = re.compile(r"(.+\.)?(example(\.(com|net|org))?|invalid|test|localhost|your\.host)")
"""Names kept for examples (RFC 2606, RFC 6761), and the one in the README."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier time; the same content makes the same file


class PackageError(Exception):
    """A package that Teams would refuse; ``problems`` names each reason."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def build(directory: Path, *, environ: Mapping[str, str], source: Path = SOURCE) -> Path:
    """Writes the package into ``directory``. Raises PackageError with all that is missing or wrong.

    Settings: ``MicrosoftAppId`` (the bot), ``BOT_DOMAIN`` (the host name it is reached under),
    ``BOT_PRIVACY_URL`` and ``BOT_TERMS_URL`` (what Teams shows before somebody adds the app) and
    ``TEAMS_APP_ID`` (the app's own id in the catalogue; the bot's unless set).
    """
    given = {name: environ.get(name, "").strip() for name in SETTINGS}
    values = {
        "MICROSOFT_APP_ID": given["MicrosoftAppId"].lower(),
        "TEAMS_APP_ID": (given["TEAMS_APP_ID"] or given["MicrosoftAppId"]).lower(),
        "BOT_DOMAIN": given["BOT_DOMAIN"].lower(),
        "PRIVACY_URL": given["BOT_PRIVACY_URL"],
        "TERMS_URL": given["BOT_TERMS_URL"],
    }
    template = (source / "manifest.json").read_text(encoding="utf-8")
    problems = [*_ids(given), *_domain(values["BOT_DOMAIN"]), *_addresses(given), *_unknown(template, values)]
    if problems:
        raise PackageError(tuple(problems))
    manifest = _PLACEHOLDER.sub(lambda found: values[found[1]], template)
    files = {"manifest.json": manifest.encode()}
    for name in _named_in(json.loads(manifest)):
        files[name] = (source / name).read_bytes()
    return _zipped(directory / NAME, files)


def _ids(given: Mapping[str, str]) -> list[str]:
    if not given["MicrosoftAppId"]:
        problems = ["MicrosoftAppId: is not set, so there is no bot to package"]
    else:
        problems = []
    problems += [
        f"{name}: is no id (8-4-4-4-12 hexadecimal digits)"
        for name in ("MicrosoftAppId", "TEAMS_APP_ID")
        if given[name] and not _GUID.fullmatch(given[name].lower())
    ]
    return problems


def _domain(domain: str) -> list[str]:
    if not domain:
        return ["BOT_DOMAIN: is not set; it is the host name under which the bot is reached"]
    if not _HOST.fullmatch(domain):
        return ["BOT_DOMAIN: is no host name (without https:// and path), such as bot.example.se"]
    return ["BOT_DOMAIN: is a placeholder, not your own host name"] if _NOBODYS.fullmatch(domain) else []


def _addresses(given: Mapping[str, str]) -> list[str]:
    problems = []
    for name, of in (("BOT_PRIVACY_URL", "privacy notice"), ("BOT_TERMS_URL", "terms of use")):
        if not given[name]:
            problems.append(f"{name}: is not set; it is the https address of your {of}")
        elif not (host := _host_of(given[name])):
            problems.append(f"{name}: is no https address with a host name, such as https://example.se/page")
        elif _NOBODYS.fullmatch(host):
            problems.append(f"{name}: is a placeholder, not the address of your own {of}")
    return problems


def _host_of(address: str) -> str:
    """Empty for what is no plain https address: the value goes into JSON as it stands."""
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(address)
        host, whole = (parts.hostname or ""), parts.port is None or parts.port > 0
    except ValueError:
        return ""
    return host if whole and not parts.username and _HOST.fullmatch(host) else ""


def _unknown(template: str, values: Mapping[str, str]) -> list[str]:
    names = dict.fromkeys(_PLACEHOLDER.findall(template))
    return [f"manifest.json: nothing fills ${{{{{name}}}}}" for name in names if name not in values]


def _named_in(manifest: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The files that the manifest refers to: both icons and the languages beside its own."""
    languages = manifest["localizationInfo"].get("additionalLanguages")
    listed = languages if isinstance(languages, list) else []
    return [*map(str, manifest["icons"].values()), *(str(one["file"]) for one in listed)]


def _zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, whatever built it
            package.writestr(entry, data)
    return path
