"""The public list of channels, as a browser and a program get it."""

import re
from pathlib import Path

import pytest
import yaml

from bot.channels.register import ChannelRegister
from bot.domain.organisation import Channel, Platform
from bot.settings import SHIPPED_ORGANISATION
from tests.scenario.world import World, a_world, object_id

ALL = "/sociala-medier"


async def page_of(world: World, address: str = ALL) -> str:
    async with world.http.get(f"{world.url}{address}") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        return await answer.text()


def names_in(page: str) -> list[str]:
    return re.findall(r'<a href="http[^"]+" rel="noopener external" target="_top">([^<]+)</a>', page)


async def test_every_active_channel_is_on_the_page_under_its_platform_and_administration(
    world: World,
) -> None:
    page = await page_of(world)
    organisation = world.bot.services.organisation
    assert sorted(names_in(page)) == sorted(one.name for one in organisation.channels.values())
    assert page.index("<h2>Facebook</h2>") < page.index("<h2>Instagram</h2>")
    assert "<h3>" in page


async def test_nothing_but_what_is_public_is_on_it(world: World) -> None:
    page = await page_of(world)
    async with world.http.get(f"{world.url}{ALL}.json") as answer:
        document = await answer.text()
    for person in world.bot.services.organisation.people.values():
        for said in (page, document):
            assert person.id not in said
            assert person.name not in said


async def test_the_same_list_for_programs(world: World) -> None:
    async with world.http.get(f"{world.url}{ALL}.json") as answer:
        document = await answer.json()
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    organisation = world.bot.services.organisation
    assert document["organisation"] == organisation.name
    assert {one["url"] for one in document["channels"]} == {one.url for one in organisation.channels.values()}
    assert all(one.keys() == {"name", "platform", "administration", "url"} for one in document["channels"])


@pytest.mark.parametrize("address", [ALL, f"{ALL}.json", f"{ALL}.css"])
async def test_an_unchanged_list_is_not_sent_again(world: World, address: str) -> None:
    async with world.http.get(f"{world.url}{address}") as first:
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "public, max-age=300"
    async with world.http.get(f"{world.url}{address}", headers={"If-None-Match": tag}) as again:
        assert again.status == 304
        assert await again.read() == b""
    async with world.http.get(f"{world.url}{address}", headers={"If-None-Match": '"other"'}) as other:
        assert other.status == 200


@pytest.mark.parametrize("query", ["FACEBOOK", "haninge facebook", "kommunen"])
async def test_a_search_finds_by_any_word_of_name_platform_and_administration(
    world: World, query: str
) -> None:
    found = names_in(await page_of(world, f"{ALL}?q={query}"))
    every = names_in(await page_of(world))
    assert set(found) <= set(every)
    assert (found == []) == (query == "kommunen" and not any("ommunen" in one for one in every))


async def test_a_search_that_finds_nothing_says_so_and_leads_back(world: World) -> None:
    page = await page_of(world, f"{ALL}?q=finnsinte")
    assert "0 kanaler stämmer med sökningen." in page
    assert f'<a href="{ALL}">Visa alla</a>' in page


async def test_in_english_with_a_way_to_swedish(world: World) -> None:
    page = await page_of(world, f"{ALL}?lang=en&q=face")
    assert '<html lang="en">' in page
    assert "Our social media" in page
    assert f'<a href="{ALL}?q=face" lang="sv" hreflang="sv">På svenska</a>' in page


@pytest.mark.parametrize("query", ['"><script>alert(1)</script>', "{{ 7 * 7 }}", "' onfocus=alert(1) x='"])
async def test_what_is_searched_for_is_text(world: World, query: str) -> None:
    async with world.http.get(f"{world.url}{ALL}", params={"q": query}) as answer:
        page = await answer.text()
    assert "<script" not in page
    assert "49" not in page
    assert " onfocus=alert(1) x='\"" not in page


async def test_the_municipalitys_own_pages_may_frame_it_and_no_others(world: World) -> None:
    async with world.http.get(f"{world.url}{ALL}") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
    assert policy.endswith("frame-ancestors 'self' https://haninge.se https://*.haninge.se")
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")


async def test_a_channel_whose_address_must_not_be_opened_is_no_link(tmp_path: Path) -> None:
    organisation = yaml.safe_load(SHIPPED_ORGANISATION.read_text())
    organisation["channels"][0] |= {"url": "https://user@example.org/x", "name": "<b>Kanal</b>"}
    (tmp_path / "organisation.yaml").write_text(yaml.safe_dump(organisation))
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(tmp_path / "organisation.yaml")) as world:
        page = await page_of(world)
    assert "&lt;b&gt;Kanal&lt;/b&gt;: https://user@example.org/x" in page
    assert 'href="https://user@' not in page


@pytest.mark.parametrize("address", [ALL, f"{ALL}.json"])
async def test_what_another_instance_recorded_is_on_it_at_once(world: World, address: str) -> None:
    """Also of an administration that the organisation file has lost."""
    services = world.bot.services
    new = Channel(
        id="x-ny",
        name="Haninge på X",
        platform=Platform.X,
        url="https://x.com/haninge",
        administration="nedlagda-forvaltningen",
    )
    register = ChannelRegister(services.store, services.pepper)
    assert await register.bring_in(new, by=object_id("chef"), at=world.clock.now) is None
    async with world.http.get(f"{world.url}{address}") as answer:
        listed = await answer.text()
    assert "Haninge på X" in listed
    assert "nedlagda-forvaltningen" in listed


async def test_those_who_check_links_are_answered_without_the_page(world: World) -> None:
    async with world.http.head(f"{world.url}{ALL}") as answer:
        assert (answer.status, await answer.read()) == (200, b"")


async def test_a_name_cannot_turn_the_page_around_and_swedish_letters_come_last(world: World) -> None:
    services = world.bot.services
    register = ChannelRegister(services.store, services.pepper)
    for place, name in enumerate(("Ängen", "Åsen", "Zon", "Öar \u202egol")):
        new = Channel(
            id=f"blogg-{place}",
            name=name,
            platform=Platform.BLOG,
            url=f"https://blogg.haninge.se/{place}",
            administration="kultur-och-fritidsforvaltningen",
        )
        assert await register.bring_in(new, by=object_id("chef"), at=world.clock.now) is None
    page = await page_of(world)
    assert [one for one in names_in(page) if one[0] in "ZÅÄÖ"] == ["Zon", "Åsen", "Ängen", "Öar [U+202E]gol"]
