"""The entrance for Teams, at the wire: who gets in, what is read, how each kind of activity is answered."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from yarl import URL

from bot.organisation.form import is_object_id
from bot.teams.tokens import NoCredentials, TokenUnavailableError
from bot.turns import (
    CardAction,
    CardReply,
    Installed,
    Removed,
    TextMessage,
    TextReply,
)
from tests.fakes.connector import AcceptedWithoutId
from tests.scenario.doors import TENANT, Door, loopback, on_this_machine, our_door
from tests.scenario.world import World, words

Json = dict[str, Any]
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with loopback() as around, our_door(around) as one:
        yield one


@pytest.fixture
async def local_door() -> AsyncIterator[Door]:
    async with loopback() as around, our_door(around, on_this_machine) as one:
        yield one


# Who gets in ----------------------------------------------------------------------------------------------


async def test_a_good_token_gets_in_and_the_keys_are_fetched_once(door: Door) -> None:
    for _ in range(5):
        status, _ = await door.post(door.activity(text="hej"))
        assert status == 200
    assert len(door.handler.turns) == 5
    assert door.issuer.hits == 1


async def test_two_minutes_past_expiry_is_within_the_leeway(door: Door) -> None:
    status, _ = await door.post(door.activity(text="x"), token=door.token(exp=int(time.time()) - 120))
    assert status == 200


async def test_a_verified_token_is_not_believed_for_another_service_address(door: Door) -> None:
    token = door.token()
    assert (await door.post(door.activity(text="x"), token=token))[0] == 200
    moved = door.activity(text="x", serviceUrl=door.connector.url + "/other")
    assert (await door.post(moved, token=token))[0] == 401


async def test_a_rotated_key_is_fetched_and_works_and_made_up_ids_do_not_hammer(door: Door) -> None:
    await door.post(door.activity(text="x"))
    door.issuer.rotates()
    await asyncio.sleep(0.25)
    assert (await door.post(door.activity(text="x")))[0] == 200
    assert door.issuer.hits == 2
    for n in range(20):
        assert (await door.post(door.activity(), token=door.token(kid=f"made-up-{n}")))[0] == 401
    assert door.issuer.hits <= 3


async def test_an_issuer_that_is_down_gives_503_and_works_again_when_it_is_up(door: Door) -> None:
    door.issuer.down = True
    assert (await door.post(door.activity(text="x")))[0] == 503
    door.issuer.down = False
    await asyncio.sleep(0.25)
    assert (await door.post(door.activity(text="x")))[0] == 200


async def test_the_event_loop_does_not_wait_for_a_slow_issuer(door: Door) -> None:
    door.issuer.delay = 0.5
    slow = asyncio.create_task(door.post(door.activity(text="x")))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    async with door.http.get(f"{door.url}/healthz") as answer:
        assert answer.status == 200
    assert time.monotonic() - began < 0.3
    assert (await slow)[0] == 200


# Local mode -----------------------------------------------------------------------------------------------


async def test_local_mode_takes_the_playground_at_its_word(local_door: Door) -> None:
    activity = local_door.activity(text="hej")
    assert (await local_door.post(activity, token=None))[0] == 200


@pytest.mark.parametrize("url", ["https://smba.trafficmanager.net/emea/", "http://192.168.1.5:56150/"])
async def test_local_mode_talks_to_this_machine_only(local_door: Door, url: str) -> None:
    assert (await local_door.post(local_door.activity(text="x", serviceUrl=url), token=None))[0] == 403


async def test_local_mode_is_not_reached_through_another_name(local_door: Door) -> None:
    status, _ = await local_door.post(local_door.activity(text="x"), token=None, Host="evil.example")
    assert status == 403


# What is read ---------------------------------------------------------------------------------------------


async def test_a_body_that_tells_no_length_is_stopped_too(door: Door) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * (1 << 15)

    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {door.token()}"}
    url = f"{door.url}/api/messages"
    async with door.http.post(url, data=chunks(), headers=headers) as answer:
        assert answer.status == 413


async def test_who_has_no_token_is_turned_away_before_a_body_is_read(door: Door) -> None:
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", URL(door.url).port)
        head = "Host: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        writer.write(f"POST /api/messages HTTP/1.1\r\n{head}{{".encode())
        answer = await reader.read()
        writer.close()
    assert answer.startswith(b"HTTP/1.1 401 ")


async def test_the_tenant_and_the_person_are_kept_in_the_address(door: Door) -> None:
    await door.post(door.activity(text="hej"))
    (sender, address) = door.seen[0]
    assert sender.object_id == "aaaaaaaa-0000-0000-0000-000000000001"
    assert (address.tenant, address.conversation, address.bot) == (TENANT, "a:1", "28:bot")


async def test_an_entity_that_is_none_is_passed_over(door: Door) -> None:
    mention = {"type": "mention", "text": "<at>Kanal</at>", "mentioned": {"id": "28:bot", "name": "Kanal"}}
    entities = ["rubbish", {"type": "mention"}, {"type": "mention", "mentioned": "28:bot"}, mention]
    await door.post(door.activity(text="<at>Kanal</at> kö", entities=entities))
    (turn,) = door.handler.turns
    assert isinstance(turn, TextMessage)
    assert turn.text == "kö"


async def test_coming_and_going_is_told_without_asking_the_roster(door: Door) -> None:
    bot = [{"id": "28:bot"}]
    await door.post(door.activity("installationUpdate", action="add"))
    await door.post(door.activity("conversationUpdate", membersAdded=bot))
    await door.post(door.activity("conversationUpdate", membersAdded=[{"id": "29:other"}]))
    await door.post(door.activity("installationUpdate", action="remove"))
    assert [type(turn) for turn in door.handler.turns] == [Installed, Installed, Removed]
    assert len(door.seen) == 4, "each was registered first"
    assert door.connector.calls == []


# How it is answered ---------------------------------------------------------------------------------------


async def test_a_message_is_answered_in_its_conversation_with_the_card_alone(door: Door) -> None:
    door.handler.reply = CardReply(card=CARD, summary="Ett kort", copy_of="case:1")
    assert (await door.post(door.activity(text="kö")))[0] == 200
    (sent,) = door.connector.sent
    assert sent.conversation == "a:1"
    assert sent.activity["summary"] == "Ett kort"
    assert "text" not in sent.activity
    assert sent.activity["attachments"][0]["content"] == CARD
    assert door.shown == [("case:1", sent.id)]


async def test_a_fault_in_a_message_is_told_in_words(door: Door) -> None:
    door.handler.reply = RuntimeError("hemlig detalj")
    assert (await door.post(door.activity(text="x")))[0] == 200
    assert door.connector.sent[0].activity["text"] == "Något gick fel hos boten."


async def test_a_button_of_an_old_client_is_a_click_too(door: Door) -> None:
    await door.post(door.activity(value={"verb": "show", "case": "SM-2026-0001"}))
    (turn,) = door.handler.turns
    assert isinstance(turn, CardAction)
    assert (turn.verb, turn.submitted) == ("show", True)


async def test_a_delivery_repeated_is_handled_once_and_answered_alike(door: Door) -> None:
    door.handler.hold = asyncio.Event()
    door.handler.reply = CardReply(card=CARD, summary="")
    activity = door.invoke(id="same")
    first = [asyncio.create_task(door.post(activity)) for _ in range(3)]
    await asyncio.sleep(0.1)
    door.handler.hold.set()
    answers = [await one for one in first]
    answers.append(await door.post(activity))
    assert len(door.handler.turns) == 1
    assert all(answer == answers[0] for answer in answers)


async def test_a_repeat_is_not_shown_what_another_instance_has_destroyed_since(door: Door) -> None:
    door.handler.reply = CardReply(card=CARD, summary="")
    activity = door.invoke(id="same")
    first = await door.post(activity)
    door.claims.destroyed += 1
    door.handler.reply = CardReply(card={**CARD, "lang": "sv"}, summary="")
    again = await door.post(activity)
    assert first != again == await door.post(activity)


async def test_a_message_repeated_is_answered_once(door: Door) -> None:
    door.handler.reply = TextReply(text="Hej")
    activity = door.activity(text="hej", id="same")
    await door.post(activity)
    await door.post(activity)
    assert len(door.connector.sent) == 1


async def test_a_list_is_answered_once_though_a_full_disk_cannot_keep_where_it_is() -> None:
    async with loopback() as around, our_door(around, unwritable=True) as door:
        door.handler.reply = CardReply(card=CARD, summary="kö", copy_of="queue")
        activity = door.activity(text="kö")
        assert [(await door.post(activity))[0] for _ in range(3)] == [200] * 3
        assert len(door.connector.sent) == len(door.asked) == 1


class NoTokens(NoCredentials):
    async def authorization(self) -> str | None:
        raise TokenUnavailableError


async def test_a_message_that_could_not_be_answered_is_left_to_any_instance() -> None:
    async with loopback() as around, our_door(around, tokens=NoTokens()) as door:
        door.handler.reply = TextReply(text="Hej")
        assert (await door.post(door.activity(text="hej")))[0] == 502
        assert door.claims.held == set()


async def test_a_message_is_claimed_and_a_click_is_not(door: Door) -> None:
    door.handler.reply = TextReply(text="Hej")
    await door.post(door.invoke())
    assert door.claims.held == set()
    await door.post(door.activity(text="hej"))
    assert len(door.claims.held) == 1


async def test_a_click_that_failed_is_tried_anew(door: Door) -> None:
    """Teams has the fault in a 200, which is no reason to give it again."""
    door.handler.reply = RuntimeError("a fault that passes")
    activity = door.invoke()
    assert (await door.post(activity))[1]["statusCode"] == 500
    door.handler.reply = TextReply(text="Nu går det")
    assert (await door.post(activity))[1]["value"] == "Nu går det"


async def test_a_caller_that_hangs_up_does_not_stop_what_was_begun(door: Door) -> None:
    door.handler.hold = asyncio.Event()
    door.handler.reply = TextReply(text="Klart")
    activity = door.invoke(id="slow")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(door.post(activity), 0.1)
    door.handler.hold.set()
    _, body = await door.post(activity)
    assert body["value"] == "Klart"
    assert len(door.handler.turns) == 1


async def test_an_answer_is_tried_again_when_teams_is_busy(door: Door) -> None:
    door.connector.fails(429, retry_after=0, times=1)
    door.handler.reply = TextReply(text="Hej")
    assert (await door.post(door.activity(text="hej")))[0] == 200
    assert len(door.connector.sent) == 1


async def test_an_answer_that_may_have_arrived_is_not_given_again(door: Door) -> None:
    """A gateway that passes on what it then loses patience with."""
    door.connector.does(AcceptedWithoutId(status=504), times=2)
    door.handler.reply = CardReply(card=CARD, summary="kö", copy_of="queue")
    activity = door.activity(text="kö")
    assert [(await door.post(activity))[0] for _ in range(2)] == [200] * 2
    assert len(door.connector.sent) == 1


async def test_a_body_that_does_not_come_is_waited_for_only_so_long() -> None:
    """Nobody has to be known to begin a body; three hundred that never end must not stay open."""
    async with loopback() as around, our_door(around, body_seconds=0.2) as door:
        port = URL(door.url).port
        head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\r\n"
        head += b"Content-Type: application/json\r\n"
        for kind in (b"Content-Length: 500\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head + kind)
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"application/problem+json" in answer
            assert b'"status": 408' in answer
        assert (await door.post(door.activity(text="x")))[0] == 200


@pytest.mark.parametrize("bad", ["x\ud800", "\udfffx", "x\x00"])
@pytest.mark.parametrize(
    "field", ["id", "conversation.id", "from.id", "from.aadObjectId", "recipient.id", "replyToId"]
)
async def test_an_id_that_no_file_can_hold_is_named(door: Door, field: str, bad: str) -> None:
    activity = door.invoke()
    outer, _, inner = field.partition(".")
    activity[outer] = {**activity[outer], inner: bad} if inner else bad
    status, body = await door.post(activity)
    assert (status, body["error"]["code"]) == (400, "BadRequest")
    assert body["error"]["message"].startswith(f"{field} ")
    assert (door.handler.turns, door.seen) == ([], [])


ADMIN = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize("told", [{}, {"aadObjectId": ""}, {"aadObjectId": None}, {"aadObjectId": "admin"}])
async def test_a_sender_without_an_object_id_is_answered_as_nobody_known(door: Door, told: Json) -> None:
    door.handler.reply = TextReply(text="Hej")
    for user in (ADMIN, "29:abc"):
        status, _ = await door.post({**door.activity(text="kö"), "from": {"id": user, "name": "x", **told}})
        assert status == 200
    assert len(door.connector.sent) == 2
    ids = [sender.object_id for sender, _ in door.seen]
    assert not [one for one in ids if is_object_id(one)]
    assert len(set(ids)) == 2
    assert [sender.user for sender, _ in door.seen] == [ADMIN, "29:abc"]


async def test_an_administrators_id_as_the_channels_id_gives_no_rights(world: World) -> None:
    await world.arrive("admin")
    admin = world["admin"]
    case = await world.flag()
    card = await admin.waits_for(case)
    stranger = {"from": {"id": admin.object_id, "name": "x"}}
    stranger |= {"conversation": {"id": "a:stranger", "conversationType": "personal", "tenantId": TENANT}}
    refused = await admin.sends({**admin.click(card, "Behåll"), **stranger})
    assert "Beslutat" not in refused.words
    assert [one.kind for one in await world.bot.services.store.load(case)] == ["flagged"]
    asked = {**admin.activity("message", text="Måste raderade inlägg diarieföras?"), **stranger}
    assert (await world.post(asked))[0] == 200
    assert "diarieföras" in words(world.cards_in("a:stranger")[-1])
    await world.flag()
    await world.settle()
    assert len(world.cards_in("a:stranger")) == 1, "the administrator's cards still go to the administrator"
