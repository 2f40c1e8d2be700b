"""Who may ask what of a request, from the card's payload inwards: each command by everybody.

The clicks bear a version that is too old, or nothing in what they must bring: whoever may ask is told that, and
nothing changes; whoever may not is told so first.
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.requests import RequestStatus
from cards.request_payload import REQUEST_WISHES
from tests.scenario.request_stage import a_stage, applies, request
from tests.scenario.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHO = """
                   sees  opinion  ask  decide  reassign  save  complete  resume  withdraw  hand_over  comment  register  correct  submit  back
admin              yes   no       no   no      no        yes   yes       no      yes       yes        yes      no        no       yes     no
kommunikation      yes   yes      yes  no      no        no    no        yes     no        yes        yes      no        no       no      no
chef               yes   no       yes  yes     yes       no    no        yes     no        yes        yes      no        no       no      yes
stallforetradare   yes   no       no   no      no        no    no        no      no        no         no       no        no       no      yes
registrator        yes   no       no   no      no        no    no        no      no        no         no       yes       yes      no      no
chef2              no    no       no   no      no        no    no        no      no        no         no       no        no       no      yes
admin2             no    no       no   no      no        no    no        no      no        no         no       no        no       no      no
personal           no    no       no   no      no        no    no        no      no        no         no       no        no       no      no
"""
"""``admin`` asks, ``personal`` is the administrator that is proposed, ``stallforetradare`` a deputy who is not called,
``chef2`` the head of another administration. Whoever heads one or is a deputy may come "back" from an absence, whatever
the request."""

PAYLOADS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "sees": ("request_show", {}),
    "opinion": ("request_opinion", {"opinion": "opposes"}),
    "ask": ("request_ask", {"questions": ""}),
    "decide": ("request_decide", {"verdict": "rejected"}),
    "reassign": ("request_reassign", {"to": ""}),
    "save": ("request_save", {"kind": "open_channel"}),
    "complete": ("request_complete", {"kind": "open_channel"}),
    "resume": ("request_resume", {}),
    "withdraw": ("request_withdraw", {}),
    "hand_over": ("request_hand_over", {"to": ""}),
    "comment": ("request_comment", {"comment": ""}),
    "register": ("request_register", {"number": ""}),
    "correct": ("request_correct", {"number": ""}),
    "submit": ("request_submit", {"kind": "open_channel"}),
    "back": ("absence_end", {}),
}
NOT_SEEN, NO_RIGHT = "Ansökan finns inte", "Du har inte rätt att göra det här."
NOT_AWAY = "Du är inte angiven som frånvarande."
NEVER_AWAY = "Frånvaro anges av förvaltningschefer och deras ställföreträdare."
CHANGING = {"withdraw"}
"""What would change something even so: asked by those alone who may not."""
COMMANDS, *_ROWS = [line.split() for line in WHO.strip().splitlines()]
RIGHTS = {row[0]: dict(zip(COMMANDS, row[1:], strict=True)) for row in _ROWS}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder: Path = tmp_path_factory.mktemp("rights")
    async with a_stage(folder) as one:
        await one.arrive("admin", "chef", "kommunikation")
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def name(world: World) -> str:
    """A request to open a channel that waits for the head's decision."""
    made = await applies(world)
    card = await world["kommunikation"].asks_for(f"visa {made}")
    await world["kommunikation"].clicks(card, "Yttra er", opinion="supports", reason="Ja")
    return made


@pytest.mark.parametrize("person", RIGHTS)
@pytest.mark.parametrize("command", COMMANDS)
async def test_who_may_ask_what(world: World, name: str, command: str, person: str) -> None:
    may = RIGHTS[person][command] == "yes"
    if may and command in CHANGING:
        return
    before = await request(world, name)
    verb, fields = PAYLOADS[command]
    data = {"request": name, "version": 1, "item": f"{name}-1", **fields}
    told = (await world[person].sends(world[person].invoke(verb, data))).words
    if command == "back":
        assert (NOT_AWAY in told, NEVER_AWAY in told) == (may, not may)
    else:
        assert (NOT_SEEN in told) == (RIGHTS[person]["sees"] == "no")
        assert (NO_RIGHT in told) == (RIGHTS[person]["sees"] == "yes" and not may)
    after = await request(world, name)
    assert (after.version, after.status) == (before.version, RequestStatus.DECISION)


async def test_a_refusal_for_want_of_a_right_is_on_record(world: World, name: str) -> None:
    data = {"request": name, "version": 1, "verdict": "approved"}
    await world["personal"].sends(world["personal"].invoke("request_decide", data))
    refusals = await world.bot.services.store.load("refusals")
    assert refusals[-1].actor == world["personal"].object_id
    assert refusals[-1].data == {"reason": "unknown_request", "verb": "request_decide", "subject": name}


async def test_every_verb_that_changes_something_is_in_the_table() -> None:
    reads = {
        "apply", "apply_form", "request_form", "request_item", "request_document", "requests", "request_read", "rules",
    }  # fmt: skip
    assert REQUEST_WISHES.keys() - {verb for verb, _ in PAYLOADS.values()} == reads
    assert set(COMMANDS) == PAYLOADS.keys()
