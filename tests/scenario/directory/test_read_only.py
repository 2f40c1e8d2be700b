"""While the roles are too old there is reading and nothing else, until Graph answers."""

import logging
from typing import Any

import pytest

from cards.payload import _BY_VERB
from tests.fakes.files import FakeFiles
from tests.fakes.graph import FakeGraph
from tests.scenario.directory.groups import REASON, TOO_OLD, ask_again, deleting
from tests.scenario.pictures import sends_files
from tests.scenario.world import World, inputs, object_id, words


async def test_after_a_day_only_reading_is_left_until_graph_answers(
    world: World, graph: FakeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    admin = world["admin"]
    await world.arrive("admin")
    case = await world.flag()
    graph.fails(500, times=None)
    await world.later(hours=24, seconds=1)
    with caplog.at_level(logging.INFO):
        await ask_again(world)
        answer = await admin.sends(admin.invoke("decide", deleting(case)))
    assert TOO_OLD in answer.words
    assert inputs(answer.card)["reason"]["value"] == REASON, "what was typed is kept"
    assert "roles are too old: only reading is allowed" in caplog.messages
    assert any(getattr(one, "reason", None) == "roles_out_of_date" for one in caplog.records)
    assert "Så dumt skrivet" in words(await admin.asks_for(f"visa {case}"))
    assert case in words(await admin.asks_for("kö"))

    graph.heals()
    await ask_again(world)
    answer = await admin.sends(admin.invoke("decide", deleting(case)))
    assert "Ska raderas" in answer.words


READING: dict[str, dict[str, Any]] = {
    "duty": {"duty": "screenshot/facebook-haninge"},
    "duty_file": {"duty": "screenshot/facebook-haninge", "number": 1},
    "duties": {"scope": "mine"},
    "overview": {},
    "form": {"form": "removal"},
    "show": {},
    "registration": {},
    "list": {"what": "queue"},
    "channels": {"scope": "all"},
    "flag_form": {},
    "passage": {"passage": "granskning/1"},
    "help": {},
    "apply": {},
    "apply_form": {"kind": "open_channel"},
    "request_show": {},
    "request_read": {},
    "rules": {},
    "request_form": {"show": "comment"},
    "request_item": {},
    "request_document": {},
    "requests": {"what": "requests"},
    "language": {"language": "en"},
    "section": {"passage": "administratorens-ansvar/2"},
    "answer": {"answer": "f" * 32, "question": "Varför?"},
    "question": {"question": "FR-2026-0001"},
    "learn_form": {"question": "FR-2026-0001"},
    "learned": {},
    "unanswered": {},
}
CHANGING: dict[str, dict[str, Any]] = {
    "decide": {"kind": "keep"},
    "reverse": {"kind": "keep", "reason": REASON},
    "forward": {"to": object_id("personal")},
    "applied": {},
    "verified": {},
    "abuse": {},
    "police": {"police_reference": "5000-K1", "police_date": "2026-11-23"},
    "secure": {},
    "register": {"number": "KS 2026/1"},
    "correct": {"number": "KS 2026/2"},
    "change": {"duty": "screenshot/facebook-haninge"},
    "picture": {"picture": "f" * 32, "channel": "facebook-haninge"},
    "contacts": {"duty": "contact_details/facebook-haninge", "due": "2027-11-23", "contacts": "Växeln"},
    "contacts_same": {"duty": "contact_details/facebook-haninge", "due": "2027-11-23"},
    "evaluate": {"duty": "evaluation/kommunstyrelseforvaltningen", "due": "2027-11-23"},
    "flag": {"form": "f" * 32, "channel": "facebook-haninge", "text": "Dumt", "url": "https://example.com/1"},
    "request_save": {"kind": "working_hours_use"},
    "request_submit": {"kind": "working_hours_use"},
    "request_complete": {"kind": "working_hours_use"},
    "request_opinion": {"opinion": "supports"},
    "request_decide": {"verdict": "approved"},
    "request_ask": {"questions": "Varför?"},
    "request_resume": {},
    "request_withdraw": {},
    "request_reassign": {"to": object_id("personal")},
    "request_hand_over": {"to": object_id("personal")},
    "request_comment": {"comment": "Hej"},
    "request_register": {"item": "AN-2026-0001-1", "number": "KS 2026/1"},
    "request_correct": {"item": "AN-2026-0001-1", "number": "KS 2026/2"},
    "absence_end": {},
    "rate": {"answer": "f" * 32, "helped": "no", "question": "Varför?"},
    "ask_unit": {"answer": "f" * 32, "question": "Varför?"},
    "question_reply": {"question": "FR-2026-0001", "reply": "Därför."},
    "question_gap": {"question": "FR-2026-0001"},
    "learn_propose": {"question": "FR-2026-0001", "phrasing": "Varför?"},
    "learn_accept": {"question": "FR-2026-0001", "version": 1, "phrasing": "Varför?"},
    "learn_revoke": {"question": "FR-2026-0001", "version": 1},
    "learned_revoke": {"question": "FR-2026-0001", "version": 1},
}
RULE = {"kind": "working_hours_use", "form": "e" * 32, "rule": "På rasten", "why": "Många frågar"}


async def test_every_verb_reads_or_is_refused_while_roles_are_old(world: World, graph: FakeGraph) -> None:
    assert _BY_VERB.keys() == READING.keys() | CHANGING.keys()
    case = await world.flag()
    await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
    unit = next(iter(world.bot.services.organisation.administrations))
    ask = world["admin"].invoke("request_submit", {**RULE, "administration": unit})
    await world["admin"].sends(ask)
    stream = await world.bot.services.store.load(case)
    asked = await world.bot.services.store.load("AN-2026-0001")
    assert asked
    world.clock.forward(hours=25)
    for verb, fields in {**READING, **CHANGING}.items():
        data = {"case": case, "version": 1, "item": f"{case}-1", "request": "AN-2026-0001", **fields}
        answer = await world["admin"].sends(world["admin"].invoke(verb, data))
        told = answer.words
        refused = TOO_OLD in told or "has not been told for a long time" in told
        assert refused == (verb in CHANGING), (verb, told)
    assert await world.bot.services.store.load(case) == stream
    assert await world.bot.services.store.load("AN-2026-0001") == asked
    (row,) = await world.bot.services.store.select("open_cases")
    assert row["awaits"] == "removal"


async def test_no_screenshot_is_fetched_while_roles_are_old(world: World) -> None:
    await world.later()
    async with FakeFiles() as files:
        world.clock.forward(hours=25)
        assert TOO_OLD in words(await sends_files(world["admin"], files, "a.png"))
        assert files.asked == []


async def test_nothing_is_fetched_while_roles_are_old(world: World) -> None:
    await world.arrive("admin")
    async with FakeFiles() as files:
        files.files["bild.png"] = b"picture"
        attached = [{"name": "bild.png", "content_type": "image/png", "url": f"{files.url}/bild.png"}]
        case = await world.flag({"attachments": attached})
        world.clock.forward(hours=25)
        answer = await world["admin"].sends(world["admin"].invoke("secure", {"case": case}))
        assert TOO_OLD in answer.words
        assert files.asked == []


async def test_a_flag_refused_in_chat_keeps_what_was_typed(world: World) -> None:
    world.clock.forward(hours=25)
    answer = await world["personal"].sends(world["personal"].invoke("flag", CHANGING["flag"]))
    assert TOO_OLD in answer.words
    assert inputs(answer.card)["text"]["value"] == "Dumt"


async def test_flags_from_systems_come_in_all_the_same(world: World) -> None:
    """They hang on no person's role, and a post that is not taken in is a duty nobody learns of."""
    await world.arrive("admin")
    world.clock.forward(hours=25)
    assert await world["admin"].waits_for(await world.flag())
