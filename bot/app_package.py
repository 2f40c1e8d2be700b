"""The Teams app package: manifest, languages and icons in a zip, with this installation's ids put in."""

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "appPackage"
NAME = "riktlinjeboten.zip"

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PLACEHOLDER = re.compile(r"\$\{\{\s*(\w+)\s*\}\}")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier time; the same content makes the same file


class PackageError(Exception):
    """A package that Teams would refuse; ``problems`` names each reason."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def build(directory: Path, *, environ: Mapping[str, str], app_id: str | None, source: Path = SOURCE) -> Path:
    """Writes the package into ``directory``. Raises PackageError with all that is missing or wrong.

    Settings: ``MicrosoftAppId`` (the bot), ``BOT_DOMAIN`` (the host name it is reached under) and
    ``TEAMS_APP_ID`` (the app's own id in the catalogue; the bot's unless set).
    """
    values = {
        "MICROSOFT_APP_ID": (app_id or "").lower(),
        "TEAMS_APP_ID": (environ.get("TEAMS_APP_ID", "").strip() or app_id or "").lower(),
        "BOT_DOMAIN": environ.get("BOT_DOMAIN", "").strip().lower(),
    }
    template = (source / "manifest.json").read_text(encoding="utf-8")
    problems = [*_unusable(values), *_unknown(template, values)]
    if problems:
        raise PackageError(tuple(problems))
    manifest = _PLACEHOLDER.sub(lambda found: values[found[1]], template)
    files = {"manifest.json": manifest.encode()}
    for name in _named_in(json.loads(manifest)):
        files[name] = (source / name).read_bytes()
    return _zipped(directory / NAME, files)


def _unusable(values: Mapping[str, str]) -> list[str]:
    problems = []
    if not values["MICROSOFT_APP_ID"]:
        problems.append("MicrosoftAppId: is not set, so there is no bot to package")
    elif not _GUID.fullmatch(values["MICROSOFT_APP_ID"]):
        problems.append("MicrosoftAppId: is no id (8-4-4-4-12 hexadecimal digits)")
    if values["TEAMS_APP_ID"] and not _GUID.fullmatch(values["TEAMS_APP_ID"]):
        problems.append("TEAMS_APP_ID: is no id (8-4-4-4-12 hexadecimal digits)")
    if not values["BOT_DOMAIN"]:
        problems.append("BOT_DOMAIN: is not set; it is the host name under which the bot is reached")
    elif not _HOST.fullmatch(values["BOT_DOMAIN"]):
        problems.append("BOT_DOMAIN: is no host name (without https:// and path), such as bot.example.se")
    return problems


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
