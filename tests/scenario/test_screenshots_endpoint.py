"""``POST /api/screenshots``: signed, checked, kept once, answered as promised."""

import hashlib
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from bot.domain.channels import Close
from tests.scenario.pictures import JPEG, base64_of, png
from tests.scenario.test_channels import change
from tests.scenario.test_duties import FIRST_NOTICE, at, kinds
from tests.scenario.world import FLAGS_SECRET, Json, World

PICTURE = {"channel": "facebook-haninge", "name": "facebook.png", "picture": base64_of(png(1))}


async def post(
    world: World,
    body: Json | bytes,
    *,
    message: str = "msg_1",
    secret: str = FLAGS_SECRET,
    changed: bool = False,
) -> tuple[int, Json]:
    data, now = body if isinstance(body, bytes) else json.dumps(body).encode(), datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, now, data.decode("utf-8", "replace")),
    }
    url = f"{world.url}/api/screenshots"
    sent = io.BytesIO(data + b" " if changed else data)
    async with world.http.post(url, data=sent, headers=headers) as answer:
        return answer.status, json.loads(await answer.read())


@pytest.fixture
async def due(world: World) -> World:
    await world.arrive("admin", "kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE)
    return world


async def test_a_screenshot_is_taken_in_and_told_of(due: World) -> None:
    digest = hashlib.sha256(png(1)).hexdigest()
    expected = {"duty": "screenshot/facebook-haninge", "sha256": digest, "due": "2028-11-23"}
    assert await post(due, PICTURE) == (202, expected)
    await due["kommunikation"].waits_for("ett anslutet system")
    await due["admin"].waits_for("23 nov. 2028")


async def test_the_same_message_and_the_same_picture_get_the_same_answer(due: World) -> None:
    first = await post(due, PICTURE)
    assert await post(due, PICTURE) == first
    assert await post(due, PICTURE, message="msg_2") == first
    assert (await kinds(due))["duty_fulfilled"] == 1


async def test_one_before_its_time_is_of_a_great_change(world: World) -> None:
    await world.later()
    status, answer = await post(world, PICTURE)
    assert (status, answer["due"]) == (202, "2027-11-23")
    assert (await kinds(world))["duty_change_documented"] == 1


async def test_a_closed_channel_takes_its_last_one_and_no_more(due: World) -> None:
    await change(due, Close(channel="facebook-haninge", request="AN-2026-0003"), at=due.clock())
    await due.later()
    status, answer = await post(due, PICTURE)
    assert (status, answer["duty"], answer["due"]) == (202, "last_screenshot/facebook-haninge", None)
    again = {**PICTURE, "picture": base64_of(JPEG)}
    assert (await post(due, again, message="msg_2"))[0] == 404
    assert (await post(due, PICTURE))[0] == 202


async def test_an_id_that_a_flag_had_is_no_screenshots(due: World) -> None:
    await due.post_flag(_flag(), message="msg_1")
    assert (await post(due, PICTURE))[0] == 202
    assert (await kinds(due))["duty_fulfilled"] == 1


def _flag() -> Json:
    post = {
        "id": "1",
        "kind": "comment",
        "text": "x",
        "author": "Invånare",
        "url": "https://example.com/1",
    }
    return {"channel": "facebook-haninge", "post": post, "flag": {"source": "person", "by": "Medarbetare"}}


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({**PICTURE, "channel": "nowhere"}, 404, None),
        ({**PICTURE, "channel": 7}, 422, ["channel"]),
        ({**PICTURE, "name": ""}, 422, ["name"]),
        ({**PICTURE, "name": "a\n.png"}, 422, ["name"]),
        ({**PICTURE, "picture": "no base64!"}, 422, ["picture"]),
        ({**PICTURE, "picture": base64_of(b"<html>")}, 422, ["picture"]),
        ({**PICTURE, "picture": None}, 422, ["picture"]),
        ({}, 422, ["channel", "name", "picture"]),
        (b"[]", 400, None),
        (b"{", 400, None),
        ({**PICTURE, "picture": base64_of(png(padding=(10 << 20) + 1))}, 413, None),
        ({**PICTURE, "name": "x" * (16 << 20)}, 413, None),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    due: World, body: Any, status: int, fields: list[str] | None
) -> None:
    before = await kinds(due)
    answered, problem = await post(due, body)
    assert answered == status
    assert [one["field"] for one in problem.get("errors", [])] == (fields or [])
    assert await kinds(due) == before


async def test_a_changed_body_or_another_secret_is_refused(due: World) -> None:
    assert (await post(due, PICTURE, changed=True))[0] == 401
    other = "whsec_" + base64_of(b"another key of 24 bytes or more")
    assert (await post(due, PICTURE, secret=other))[0] == 401
    assert (await kinds(due))["duty_fulfilled"] == 0
