import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image, ImageColor

from bot.app_package import SOURCE, PackageError, build
from bot.commands import WORDS, Command

SCHEMAS = Path(__file__).parent.parent / "schemas"
BOT = "00000000-0000-0000-0000-0000000000bb"
APP = "00000000-0000-0000-0000-0000000000cc"
PRIVACY, TERMS = "https://www.kommunen.se/integritet?om=bot", "https://www.kommunen.se/villkor"
ENVIRON = {
    "MicrosoftAppId": BOT,
    "BOT_DOMAIN": "bot.example.se",
    "TEAMS_APP_ID": APP,
    "BOT_PRIVACY_URL": PRIVACY,
    "BOT_TERMS_URL": TERMS,
}
COMMAND = re.compile(r"bots\[0\]\.commandLists\[0\]\.commands\[(\d+)\]\.title")
LEFT_OUT = {
    Command.LANGUAGE, Command.SHOW, Command.MY_REQUESTS, Command.RULES, Command.ABSENT, Command.BACK,
    Command.UNANSWERED, Command.LEARNED,
}  # fmt: skip
"""Teams' menu takes ten: who needs these is told of them on cards and in the help."""
SHOWN = [command for command in Command if command not in LEFT_OUT]
"""The language commands are left out of the menu: the one that makes sense is the one in the other language."""


@pytest.fixture
def package(tmp_path: Path) -> dict[str, bytes]:
    return _read(build(tmp_path, environ=ENVIRON))


def _read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _manifest(package: Mapping[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(package["manifest.json"])
    return found


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return found


def _checked(value: object, schema: dict[str, Any]) -> None:
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(value)


def test_the_manifest_is_what_teams_takes(package: dict[str, bytes]) -> None:
    schema = _schema("MicrosoftTeams.schema.json")
    schema["properties"]["manifestVersion"] = {"type": "string"}  # ours is older, so that any tenant takes it
    _checked(_manifest(package), schema)


def test_the_manifest_is_of_a_version_that_every_tenant_knows(package: dict[str, bytes]) -> None:
    manifest = _manifest(package)
    assert tuple(map(int, manifest["manifestVersion"].split("."))) <= (1, 22)
    assert f"/v{manifest['manifestVersion']}/" in manifest["$schema"]


def test_each_language_file_is_what_teams_takes(package: dict[str, bytes]) -> None:
    for language in _manifest(package)["localizationInfo"]["additionalLanguages"]:
        _checked(json.loads(package[language["file"]]), _schema("MicrosoftTeams.Localization.schema.json"))


def test_each_language_says_everything_that_the_manifest_says(package: dict[str, bytes]) -> None:
    manifest = _manifest(package)
    commands = manifest["bots"][0]["commandLists"][0]["commands"]
    wanted = {"$schema", "name.short", "name.full", "description.short", "description.full"} | {
        f"bots[0].commandLists[0].commands[{number}].{key}"
        for number in range(len(commands))
        for key in ("title", "description")
    }
    assert set(json.loads(package["en.json"])) == wanted


@pytest.mark.parametrize(
    ("key", "most"),
    [("name.short", 30), ("name.full", 100), ("description.short", 80), ("description.full", 4000)],
)
def test_the_texts_fit_where_teams_shows_them(package: dict[str, bytes], key: str, most: int) -> None:
    first, second = key.split(".")
    assert 0 < len(_manifest(package)[first][second]) <= most
    assert 0 < len(json.loads(package["en.json"])[key]) <= most


def test_the_menu_offers_the_commands_that_the_bot_obeys(package: dict[str, bytes]) -> None:
    menu = _manifest(package)["bots"][0]["commandLists"][0]["commands"]
    english = json.loads(package["en.json"])
    titles = {int(found[1]): text for key, text in english.items() if (found := COMMAND.fullmatch(key))}
    assert [one["title"] for one in menu] == [WORDS[command]["sv"] for command in SHOWN]
    assert [titles[number] for number in range(len(titles))] == [WORDS[command]["en"] for command in SHOWN]


def test_the_colour_icon_fills_its_square_and_has_its_sign_in_the_middle(package: dict[str, bytes]) -> None:
    icon = Image.open(BytesIO(package["color.png"])).convert("RGBA")
    assert icon.size == (192, 192)
    assert icon.getchannel("A").getextrema() == (255, 255)
    accent = ImageColor.getrgb(_manifest(package)["accentColor"])
    assert icon.convert("RGB").getpixel((0, 0)) == accent


def test_the_outline_icon_is_white_on_nothing(package: dict[str, bytes]) -> None:
    icon = Image.open(BytesIO(package["outline.png"]))
    assert (icon.size, icon.mode) == ((32, 32), "RGBA")
    assert icon.getextrema() == ((255, 255), (255, 255), (255, 255), (0, 255))


def test_the_ids_of_this_installation_are_put_in(package: dict[str, bytes]) -> None:
    manifest = _manifest(package)
    assert (manifest["id"], manifest["bots"][0]["botId"]) == (APP, BOT)
    assert manifest["validDomains"] == ["bot.example.se"]


def test_the_app_goes_by_the_bots_id_unless_it_has_its_own(tmp_path: Path) -> None:
    environ = {**ENVIRON, "MicrosoftAppId": BOT.upper(), "TEAMS_APP_ID": ""}
    made = _manifest(_read(build(tmp_path, environ=environ)))
    assert (made["id"], made["bots"][0]["botId"]) == (BOT, BOT)


def test_the_package_holds_its_files_at_the_top_and_nothing_else(package: dict[str, bytes]) -> None:
    assert list(package) == ["color.png", "en.json", "manifest.json", "outline.png"]


def test_the_same_settings_make_the_same_file(tmp_path: Path) -> None:
    first, second = (build(tmp_path / name, environ=ENVIRON) for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()


def test_all_that_is_missing_or_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(PackageError) as told:
        build(tmp_path, environ={"TEAMS_APP_ID": "riktlinjebot"})
    assert [problem.partition(":")[0] for problem in told.value.problems] == [
        "MicrosoftAppId",
        "TEAMS_APP_ID",
        "BOT_DOMAIN",
        "BOT_PRIVACY_URL",
        "BOT_TERMS_URL",
    ]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "domain", ["https://bot.example.se", "bot.example.se/api", "localhost", "*.se", "a b.se"]
)
def test_a_domain_is_a_host_name(tmp_path: Path, domain: str) -> None:
    with pytest.raises(PackageError, match="BOT_DOMAIN: is no host name"):
        build(tmp_path, environ={**ENVIRON, "BOT_DOMAIN": domain})


def test_privacy_and_terms_are_this_installations_own(package: dict[str, bytes]) -> None:
    developer = _manifest(package)["developer"]
    assert (developer["privacyUrl"], developer["termsOfUseUrl"]) == (PRIVACY, TERMS)


@pytest.mark.parametrize("name", ["BOT_PRIVACY_URL", "BOT_TERMS_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "http://www.kommunen.se/villkor",
        "https://...",
        "https://",
        "https://[",
        "https://www.kommunen.se:port/",
        "https://user:word@www.kommunen.se/",
        'https://www.kommunen.se/","x":"',
        "https://www.kommunen.se/" + "x" * 2048,
        "www.kommunen.se",
        "https://127.0.0.1/villkor",
    ],
)
def test_privacy_and_terms_are_https_addresses(tmp_path: Path, name: str, address: str) -> None:
    with pytest.raises(PackageError, match=f"{name}: is no https address"):
        build(tmp_path, environ={**ENVIRON, name: address})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_DOMAIN", "YOUR.HOST"),
        ("BOT_DOMAIN", "bot.example.com"),
        ("BOT_PRIVACY_URL", "https://example.org/privacy"),
        ("BOT_PRIVACY_URL", "https://www.example.com"),
        ("BOT_TERMS_URL", "https://YOUR.HOST/terms"),
        ("BOT_TERMS_URL", "https://kommunen.example/villkor"),
    ],
)
def test_a_placeholder_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(PackageError, match=f"{name}: is a placeholder"):
        build(tmp_path, environ={**ENVIRON, name: value})


def test_a_placeholder_that_nothing_fills_is_named(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(SOURCE, source)
    manifest = (source / "manifest.json").read_text(encoding="utf-8")
    (source / "manifest.json").write_text(manifest.replace("1.0.0", "${{ VERSION }}"), encoding="utf-8")
    with pytest.raises(PackageError, match=r"manifest.json: nothing fills \$\{\{VERSION\}\}"):
        build(tmp_path, environ=ENVIRON, source=source)
