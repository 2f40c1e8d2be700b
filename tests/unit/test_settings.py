"""Settings: all problems at once, nothing silently off, secrets never shown."""

from pathlib import Path

import pytest

from bot.settings import AppType, SettingsError, read_settings

ID = "11111111-2222-3333-4444-555555555555"
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
WHOLE = {
    "MicrosoftAppId": ID,
    "MicrosoftAppPassword": "hemligt",
    "MicrosoftAppType": "SingleTenant",
    "MicrosoftAppTenantId": ID,
    "HOST": "0.0.0.0",  # noqa: S104  with an app id any address may be listened on
    "FLAGS_SECRET": SECRET,
}


def problems_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as error:
        read_settings(environ)
    return error.value.problems


def test_nothing_at_all_is_local_mode_on_loopback() -> None:
    settings = read_settings({})
    assert settings.local
    assert (settings.host, settings.port, settings.storage_url) == ("127.0.0.1", 3978, "tinydb:data")
    assert settings.organisation_file.name == "organisation.yaml"


def test_a_whole_set_is_read_and_secrets_are_not_shown() -> None:
    settings = read_settings(WHOLE)
    assert not settings.local
    assert settings.app_type is AppType.SINGLE_TENANT
    assert "hemligt" not in repr(settings)
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"MicrosoftAppType": "MultiTenant"}, "MicrosoftAppType"),
        ({"MicrosoftAppType": "singletenant"}, "MicrosoftAppType"),
        ({"MicrosoftAppId": "my-bot"}, "MicrosoftAppId"),
        ({"MicrosoftAppId": ""}, "MicrosoftAppId"),
        ({"MicrosoftAppTenantId": ""}, "MicrosoftAppTenantId"),
        ({"MicrosoftAppPassword": ""}, "MicrosoftAppPassword"),
        ({"PORT": "99999"}, "PORT"),
        ({"PORT": "tolv"}, "PORT"),
        ({"STORAGE_URL": "sqlite:x"}, "STORAGE_URL"),
        ({"STORAGE_URL": "postgresql://host"}, "STORAGE_URL"),
        ({"STORAGE_URL": "postgresql://host:port/db"}, "STORAGE_URL"),
        ({"STORAGE_URL": "postgresql://host/db?auth=none"}, "STORAGE_URL"),
        ({"ORGANISATION_FILE": "finns-inte.yaml"}, "ORGANISATION_FILE"),
        ({"GUIDELINE_FILE": "finns-inte.md"}, "GUIDELINE_FILE"),
        ({"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com"}, "AZURE_OPENAI_DEPLOYMENT"),
        ({"AZURE_OPENAI_DEPLOYMENT": "gpt"}, "AZURE_OPENAI_ENDPOINT"),
        (
            {"AZURE_OPENAI_ENDPOINT": "http://x.openai.azure.com", "AZURE_OPENAI_DEPLOYMENT": "gpt"},
            "AZURE_OPENAI_ENDPOINT",
        ),
        (
            {"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com/openai", "AZURE_OPENAI_DEPLOYMENT": "gpt"},
            "AZURE_OPENAI_ENDPOINT",
        ),
        (
            {"AZURE_OPENAI_ENDPOINT": "https://a:b@x.azure.com", "AZURE_OPENAI_DEPLOYMENT": "gpt"},
            "AZURE_OPENAI_ENDPOINT",
        ),
        (
            {"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com", "AZURE_OPENAI_DEPLOYMENT": "a b"},
            "AZURE_OPENAI_DEPLOYMENT",
        ),
        ({"AZURE_OPENAI_DEPLOYMENT_NAME": "gpt"}, "AZURE_OPENAI_DEPLOYMENT_NAME"),
        ({"FLAGS_SECRET": "hemligt"}, "FLAGS_SECRET"),
        ({"FLAGS_SECRET": "whsec_QUJD"}, "FLAGS_SECRET"),
        ({"BOT_OPENID_METADATA_URL": "http://example.com/x"}, "BOT_OPENID_METADATA_URL"),
        ({"FLAGS_SECRET": SECRET.removeprefix("whsec_")}, "FLAGS_SECRET"),
        ({"FLAGS_SECRET": SECRET + "å"}, "FLAGS_SECRET"),
        ({"GRAPH_URL": "http://graph.example.com"}, "GRAPH_URL"),
        ({"GRAPH_REFRESH_MINUTES": "0"}, "GRAPH_REFRESH_MINUTES"),
        ({"GRAPH_REFRESH_MINUTES": "90", "ROLES_HOLD_HOURS": "1.5"}, "GRAPH_REFRESH_MINUTES"),
        ({"ROLES_HOLD_HOURS": "ett dygn"}, "ROLES_HOLD_HOURS"),
        ({"ROLES_HOLD_HOURS": "inf"}, "ROLES_HOLD_HOURS"),
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "9" * 5000}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"PORT": "\u0663\u0664"}, "PORT"),  # digits, but not ours
        ({"STORAGE_URL": "tinydb:"}, "STORAGE_URL"),
        ({"ORGANISATION_FILE": "x" * 5000}, "ORGANISATION_FILE"),
        ({"ORGANISATION_FILE": "."}, "ORGANISATION_FILE"),
        ({"BOT_OPENID_METADATA_URL": "https://["}, "BOT_OPENID_METADATA_URL"),
        ({"BOT_OPENID_METADATA_URL": "login.example.com"}, "BOT_OPENID_METADATA_URL"),
        ({"BOT_TOKEN_ISSUER": "https://"}, "BOT_TOKEN_ISSUER"),
        ({"MicrosoftAppid": ID}, "MicrosoftAppid"),
        ({"MicrosoftAppTennantId": ID}, "MicrosoftAppTennantId"),
        ({"MicrosoftTenantId": ID}, "MicrosoftTenantId"),
        ({"ORGANIZATION_FILE": "x"}, "ORGANIZATION_FILE"),
        ({"FLAG_SECRET": SECRET}, "FLAG_SECRET"),
        ({"STORAGE_URI": "tinydb:x"}, "STORAGE_URI"),
        ({"MICROSOFT_APP_ID": ID}, "MICROSOFT_APP_ID"),
        ({"MicrosoftAppSecret": "x"}, "MicrosoftAppSecret"),
        ({"Flags_Secret": SECRET}, "Flags_Secret"),
    ],
)
def test_each_problem_names_the_setting(change: dict[str, str], named: str) -> None:
    problems = problems_of({**WHOLE, **change})
    assert any(problem.startswith(f"{named}:") for problem in problems)


def test_a_wrong_type_is_answered_with_the_types_there_are() -> None:
    (problem,) = problems_of({**WHOLE, "MicrosoftAppType": "MultiTenant"})
    assert "SingleTenant" in problem
    assert "UserAssignedMSI" in problem


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    assert problems_of({**WHOLE, "ORGANIZATION_FILE": "x"}) == (
        "ORGANIZATION_FILE: is spelt ORGANISATION_FILE",
    )


def test_no_problem_shows_a_secret() -> None:
    told = problems_of(
        {"MicrosoftAppPassword": "hemligt", "FLAGS_SECRET": "hemligt", "Flags_Secret": "hemligt"}
    )
    assert len(told) == 3
    assert "hemligt" not in " ".join(told)


def test_what_others_keep_in_the_environment_is_left_alone() -> None:
    others = {
        "HOSTNAME": "x",
        "host": "y",
        "PORTS": "1",
        "MicrosoftTeamsApp": "z",
        "STORAGE": "q",
        "URL": "u",
    }
    assert read_settings({**others, "PATH": "/bin"}).local


def test_empty_values_are_as_good_as_none() -> None:
    assert read_settings(dict.fromkeys(WHOLE, " ")) == read_settings({})


def test_a_key_in_base64_may_lack_its_padding() -> None:
    assert read_settings({"FLAGS_SECRET": SECRET.rstrip("=")}).flags_secret


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_loopback_has_several_names(host: str) -> None:
    assert read_settings({"HOST": host}).host == host


def test_on_loopback_the_issuer_may_be_plain_http() -> None:
    assert read_settings({"BOT_TOKEN_ISSUER": "http://127.0.0.1:9/x"}).issuer == "http://127.0.0.1:9/x"


def test_ids_are_compared_in_lower_case() -> None:
    upper = "ABCDEFAB-2222-3333-4444-555555555555"
    settings = read_settings({**WHOLE, "MicrosoftAppId": upper, "MicrosoftAppTenantId": upper})
    assert settings.app_id == settings.app_tenant == upper.lower()


def test_all_problems_are_told_at_once() -> None:
    assert len(problems_of({**WHOLE, "PORT": "0", "MicrosoftAppType": "x", "FLAGS_SECRET": "y"})) == 3


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "bot.example.com"])  # noqa: S104
def test_without_an_app_id_only_loopback_is_listened_on(host: str) -> None:
    assert problems_of({"HOST": host})[0].startswith("HOST:")


def test_a_managed_identity_needs_no_password() -> None:
    assert read_settings({**WHOLE, "MicrosoftAppType": "UserAssignedMSI", "MicrosoftAppPassword": ""}).app_id


def test_files_that_are_there_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "riktlinje.md"
    file.write_text("x")
    assert read_settings({"GUIDELINE_FILE": str(file)}).guideline_file == file


def test_the_password_of_a_database_is_never_shown() -> None:
    url = "postgresql://bot:hemligt@db.example/bot"
    settings = read_settings({"STORAGE_URL": url})
    assert settings.storage_url == url
    assert "hemligt" not in repr(settings)
    with pytest.raises(SettingsError) as caught:
        read_settings({"STORAGE_URL": f"{url}?lease=soon"})
    assert "hemligt" not in str(caught.value)


MODEL = {"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com/", "AZURE_OPENAI_DEPLOYMENT": "gpt-4.1-mini"}


def test_a_model_is_named_by_address_and_deployment_and_by_default_there_is_none() -> None:
    assert read_settings(WHOLE).model is None
    model = read_settings({**WHOLE, **MODEL}).model
    assert model is not None
    assert (model.endpoint, model.deployment) == ("https://x.openai.azure.com", "gpt-4.1-mini")


def test_in_local_mode_a_model_is_on_this_machine() -> None:
    (problem,) = problems_of(MODEL)
    assert problem.startswith("AZURE_OPENAI_ENDPOINT: without MicrosoftAppId")
    assert read_settings({**MODEL, "AZURE_OPENAI_ENDPOINT": "http://127.0.0.1:9"}).model
