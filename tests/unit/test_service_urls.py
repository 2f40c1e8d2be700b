import pytest

from bot.teams.service_urls import ServiceUrls

TEAMS = ServiceUrls(local=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net:443/emea/0000/",
        "https://SMBA.trafficmanager.net/se/",
        "https://smba.infra.gcc.teams.microsoft.com/gcc",
    ],
)
def test_teams_own_addresses_are_allowed(url: str) -> None:
    assert TEAMS.allows(url)
    assert not ServiceUrls(local=True).allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smba.trafficmanager.net",
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net:99999/",
        "https://smba.trafficmanager.net.example.com/",
        "https://example.com/smba.trafficmanager.net",
        "https://evilsmba.trafficmanager.net/",
        "https://teams.microsoft.com.example.com/",
        "https://evilteams.microsoft.com/",
        "https://smba.trafficmanager.net@example.com/",
        "https://example.com\\@smba.trafficmanager.net/",
        "https://example.com#.teams.microsoft.com",
        "https://example.com?.teams.microsoft.com",
        "https://example.com%2f.teams.microsoft.com/",
        "https://smba.trafficmanager.net\n.example.com/",
        "https://smba.trafficmanager.nеt/",  # a Cyrillic letter
        "file:///etc/passwd",
        "https://[::1",
        "http://127.0.0.1:3978/",
        "http://localhost:56150/_connector",
    ],
)
def test_other_addresses_are_not(url: str) -> None:
    assert not TEAMS.allows(url)


@pytest.mark.parametrize(
    "url",
    ["http://localhost:56150/_connector", "http://127.0.0.1:1/", "https://127.3.2.1/", "http://[::1]:5/"],
)
def test_local_mode_talks_to_loopback(url: str) -> None:
    assert ServiceUrls(local=True).allows(url)


@pytest.mark.parametrize(
    "url", ["http://localhost.example.com/", "http://10.0.0.1/", "http://0.0.0.0/", "http://2130706433/"]
)
def test_local_mode_talks_to_nothing_else(url: str) -> None:
    assert not ServiceUrls(local=True).allows(url)


def test_other_clouds_are_named_in_the_settings() -> None:
    urls = ServiceUrls(local=False, extra=frozenset({"smba.teams.example", "127.0.0.1"}))
    assert urls.allows("https://smba.teams.example/se/")
    assert not urls.allows("http://smba.teams.example/se/")
    assert urls.allows("http://127.0.0.1:4000/")
    assert not urls.allows("http://127.0.0.2:4000/")
