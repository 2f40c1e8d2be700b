"""``python app.py package``: the Teams app, from its own few settings."""

import json
import zipfile
from pathlib import Path

from tests.scenario.program import app, assert_one_sentence

PACKAGED = {
    "MicrosoftAppId": "00000000-0000-0000-0000-0000000000bb",
    "BOT_DOMAIN": "bot.example.se",
    "BOT_PRIVACY_URL": "https://www.kommunen.se/integritet",
    "BOT_TERMS_URL": "https://www.kommunen.se/villkor",
    "TEAMS_APP_ID": "",
}


async def test_a_package_is_made_from_its_own_few_settings(tmp_path: Path) -> None:
    ended = await app("package", str(tmp_path / "out"), environ=PACKAGED)
    path = tmp_path / "out" / "riktlinjeboten.zip"
    assert (ended.code, ended.out.strip(), ended.err) == (0, str(path), "")
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        manifest = json.loads(package.read("manifest.json"))
    assert manifest["bots"][0]["botId"] == PACKAGED["MicrosoftAppId"]
    assert manifest["validDomains"] == ["bot.example.se"]
    assert manifest["developer"]["privacyUrl"] == PACKAGED["BOT_PRIVACY_URL"]
    assert manifest["developer"]["termsOfUseUrl"] == PACKAGED["BOT_TERMS_URL"]
    assert "${{" not in json.dumps(manifest)


async def test_every_problem_of_a_package_is_told_at_once(tmp_path: Path) -> None:
    wrong = {**dict.fromkeys(PACKAGED, ""), "BOT_TERMS_URL": "https://example.com/terms", "TEAMS_APP_ID": "x"}
    ended = await app("package", str(tmp_path / "out"), environ=wrong)
    assert (ended.code, ended.out) == (1, "")
    told = [line.partition(":")[0] for line in ended.err.splitlines()]
    assert told == ["MicrosoftAppId", "TEAMS_APP_ID", "BOT_DOMAIN", "BOT_PRIVACY_URL", "BOT_TERMS_URL"]
    assert not (tmp_path / "out").exists()


async def test_a_package_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = await app("package", str(tmp_path / "file"), environ=PACKAGED)
    assert (ended.code, ended.out) == (1, "")
    assert_one_sentence(ended, str(tmp_path / "file"))
