"""Files that people send the bot: read from the activity, and fetched from Teams or OneDrive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.teams.activities import sent_files
from bot.teams.connector import open_session
from bot.teams.sent_files import SentFiles
from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import NoCredentials
from bot.turns import SentFile
from bot.web.fetching import Fetcher
from tests.fakes.files import FakeFiles

PICTURE = {
    "contentType": "image/png",
    "contentUrl": "https://smba.trafficmanager.net/x",
    "name": "skärmdump.png",
}
FILE = {
    "contentType": "application/vnd.microsoft.teams.file.download.info",
    "name": "skärmdump.jpg",
    "contentUrl": "https://kommunen.sharepoint.com/skärmdump.jpg",
    "content": {"downloadUrl": "https://kommunen.sharepoint.com/download?x=1", "fileType": "jpg"},
}


class Tokens(NoCredentials):
    async def authorization(self) -> str | None:
        return "Bearer of the bot"


def sent(url: str) -> SentFile:
    return SentFile(name="x", content_type="image/png", url=url)


@asynccontextmanager
async def fetching(
    *service_hosts: str, reachable: frozenset[str] = frozenset(), **limits: Any
) -> AsyncIterator[SentFiles]:
    elsewhere = Fetcher(allowed=reachable)
    async with open_session() as session:
        urls = ServiceUrls(local=False, extra=frozenset(service_hosts))
        yield SentFiles(session, Tokens(), urls, elsewhere, **limits)
        await elsewhere.close()


def test_a_pasted_picture_and_a_file_are_both_found() -> None:
    picture, file = sent_files({"attachments": [PICTURE, FILE]})
    assert picture == SentFile(name="skärmdump.png", content_type="image/png", url=PICTURE["contentUrl"])
    assert file.url == "https://kommunen.sharepoint.com/download?x=1"
    assert file.name == "skärmdump.jpg"


@pytest.mark.parametrize(
    "attachments",
    [
        None,
        "x",
        {},
        [None, 1, "x", {}],
        [{"contentType": "text/html", "content": "<p>hej</p>"}],
        [{"contentType": "image/png"}],
        [{"contentType": "image/png", "contentUrl": 7}],
        [{**FILE, "content": "x"}],
        [{**FILE, "content": {}}],
    ],
)
def test_what_is_no_file_is_none(attachments: Any) -> None:
    assert sent_files({"attachments": attachments}) == ()


def test_no_more_than_ten_files_are_looked_at() -> None:
    assert len(sent_files({"attachments": [PICTURE] * 50})) == 10


async def test_teams_is_asked_with_the_bots_token() -> None:
    async with FakeFiles() as files, fetching("127.0.0.1") as sent_from:
        files.files["a.png"] = b"picture"
        assert await sent_from.fetch(sent(f"{files.url}/a.png")) == b"picture"
        assert files.authorizations == ["Bearer of the bot"]


async def test_nobody_else_gets_the_bots_token() -> None:
    async with FakeFiles() as files, fetching(reachable=frozenset({"127.0.0.1"})) as sent_from:
        files.files["a.png"] = b"picture"
        assert await sent_from.fetch(sent(f"{files.url}/a.png")) == b"picture"
        assert files.authorizations == [None]


async def test_the_inner_network_is_not_asked_at_all() -> None:
    async with FakeFiles() as files, fetching() as sent_from:
        assert await sent_from.fetch(sent(f"{files.url}/a.png")) is None
        assert files.asked == []


@pytest.mark.parametrize("name", ["elsewhere", "slow", "endless", "missing"])
async def test_what_cannot_be_had_is_none(name: str) -> None:
    async with FakeFiles() as files, fetching("127.0.0.1", seconds=0.3, largest=1 << 16) as sent_from:
        assert await sent_from.fetch(sent(f"{files.url}/{name}")) is None
        assert files.asked == [name]
