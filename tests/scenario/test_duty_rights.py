"""Every command about a duty by everybody: who may see it, who may do it, and that no other learns that it is there.

The clicks bear a day that counts no more, or a picture that is not the clicker's: whoever may is told so or shown the
duty, whoever may not is told that first, and neither changes anything.
"""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.channels import Appoint, Close
from bot.domain.duties import DutyKind
from cards.duty_payload import DUTY_WISHES
from tests.fakes.files import FakeFiles
from tests.scenario.pictures import answered, png, with_files
from tests.scenario.request_stage import a_stage
from tests.scenario.test_channels import change
from tests.scenario.test_duties import FIRST_NOTICE, at, kinds
from tests.scenario.world import World, buttons, object_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNKNOWN = "Uppgiften finns inte, eller så får du inte se den."
FORBIDDEN = "Du har inte rätt att göra det här."
NO_OVERVIEW = "Översikten är för förvaltningschefer och kommunikationsenheten."
GONE = "Bilden finns inte kvar här, eller så är den redan använd."
WHICH = "Vilken kanal visar bilden?"
NAME = "Haninges bibliotek på Facebook"
UNIT = "Kultur- och fritidsförvaltningen"

WHO = """
                  duty  change  contacts  contacts_same  evaluate  duty_file  duties  overview  picture
admin             yes   yes     yes       yes            -         yes        yes     no        yes
admin2            yes   yes     yes       yes            -         yes        yes     no        no
kommunikation     yes   yes     yes       yes            yes       yes        yes     yes       no
chef              yes   no      no        no             yes       yes        no      yes       no
stallforetradare  yes   no      no        no             yes       yes        no      yes       no
chef2             -     -       -         -              -         -          no      yes       no
personal          -     -       -         -              -         -          no      no        no
registrator       -     -       -         -              -         -          no      no        no
stranger          -     -       -         -              -         -          no      no        no
"""
"""Of the library's channel and its administration's evaluation: ``no`` is told that they may not, ``-`` that there is no such
duty. ``chef2`` heads another administration, ``personal`` administers another channel, ``stallforetradare`` is a deputy,
``stranger`` nobody whom the organisation names. The picture is ``admin``'s, the list that of all duties."""

CONTACTS = {"duty": "contact_details/facebook-biblioteken"}
PAST = {"due": "2026-01-01"}
PAYLOADS: Mapping[str, dict[str, Any]] = {
    "duty": CONTACTS,
    "change": {"duty": "screenshot/facebook-biblioteken"},
    "contacts": {**CONTACTS, **PAST, "contacts": "08-606 70 00"},
    "contacts_same": {**CONTACTS, **PAST},
    "evaluate": {
        "duty": "evaluation/kultur-och-fritidsforvaltningen",
        **PAST,
        "reach": "Många",
        "staffing": "Två",
    },
    "duty_file": {**CONTACTS, "number": 1},
    "duties": {"scope": "all"},
    "overview": {},
    "picture": {"channel": "linkedin-haninge"},
}
COMMANDS, *_ROWS = [line.split() for line in WHO.strip().splitlines()]
RIGHTS = {row[0]: dict(zip(COMMANDS, row[1:], strict=True)) for row in _ROWS}
OF_A_DUTY = [verb for verb in COMMANDS if "duty" in PAYLOADS[verb]]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["in use", "closed"])
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """The contact details are handed in, and a picture of "admin" waits to be told of which channel it is. Once the
    channel is closed, its duties are cancelled and its last administrators owe a last screenshot."""
    folder: Path = tmp_path_factory.mktemp("rights")
    async with a_stage(folder) as one:
        await one.arrive("admin")
        await one.later()
        appoint = Appoint(channel="linkedin-haninge", person=object_id("personal"), request="AN-2026-0001")
        await change(one, appoint)
        await at(one, FIRST_NOTICE)
        details = {**CONTACTS, "due": "2027-11-23", "contacts": "08-606 70 00"}
        assert "Tack!" in (await one["admin"].sends(one["admin"].invoke("contacts", details))).words
        if request.param == "closed":
            await change(one, Close(channel="facebook-biblioteken", request="AN-2026-0002"), at=one.clock())
            await one.later()
            await one.later()
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def picture(world: World) -> str:
    async with FakeFiles() as files:
        files.files["a.png"] = png(1)
        card = await answered(world["admin"], with_files(world["admin"], files, "a.png"))
    return str(buttons(card)["Spara skärmdumpen"]["data"]["picture"])


async def test_every_verb_about_duties_is_in_the_table() -> None:
    assert set(COMMANDS) == PAYLOADS.keys() == DUTY_WISHES.keys()


@pytest.mark.parametrize("verb", COMMANDS)
@pytest.mark.parametrize("who", RIGHTS)
async def test_who_may_do_what_with_a_duty(world: World, picture: str, who: str, verb: str) -> None:
    before, right = await kinds(world), RIGHTS[who][verb]
    data = PAYLOADS[verb] | ({"picture": picture} if verb == "picture" else {})
    told = (await world[who].sends(world[who].invoke(verb, data))).words
    if verb == "overview":
        assert (NO_OVERVIEW in told) == (right == "no")
    elif verb == "duties":
        assert (NAME in told) == (right == "yes")
    elif verb == "picture":
        assert (WHICH in told, GONE in told) == (right == "yes", right == "no")
    else:
        assert (UNKNOWN in told, FORBIDDEN in told) == (right == "-", right == "no")
        assert (NAME in told or UNIT in told) == (right != "-")
    if verb != "change" or right != "yes":
        assert await kinds(world) == before


@pytest.mark.parametrize("verb", OF_A_DUTY)
async def test_a_duty_that_is_not_there_is_answered_as_a_forbidden_one(world: World, verb: str) -> None:
    nowhere = {**PAYLOADS[verb], "duty": "screenshot/nowhere"}
    told = await world["admin"].sends(world["admin"].invoke(verb, nowhere))
    forbidden = await world["personal"].sends(world["personal"].invoke(verb, PAYLOADS[verb]))
    assert UNKNOWN in told.words
    assert told.words == forbidden.words


@pytest.mark.parametrize("kind", DutyKind)
async def test_no_card_data_by_hand_reaches_further(world: World, kind: DutyKind) -> None:
    for data in ({"duty": f"{kind}/../instagram-haninge"}, {"duty": f"{kind}/"}, {"duty": 7}, {}):
        told = await world["admin"].sends(world["admin"].invoke("change", data))
        assert "Kortet" in told.words or "kortet" in told.words
