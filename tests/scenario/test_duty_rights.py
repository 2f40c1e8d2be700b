"""Every command about a duty by everybody: who may see it, who may do it, and that no other learns that it is there."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.duties import DutyKind
from tests.scenario.test_duties import FIRST_NOTICE
from tests.scenario.world import World

UNKNOWN = "Uppgiften finns inte, eller så får du inte se den."
FORBIDDEN = "Du har inte rätt att göra det här."

WHO = """
                 sees  does
admin            yes   yes    administers the channel
admin2           no    no     administers others
kommunikation    yes   yes
chef             yes   no     of the administration
registrator      no    no
personal         no    no
"""
"""Of Instagram, which one of the two administrators has."""
RIGHTS = {row.split()[0]: tuple(row.split()[1:3]) for row in WHO.strip().splitlines()[1:]}
COMMANDS: Mapping[str, dict[str, Any]] = {
    "duty": {"duty": "screenshot/instagram-haninge"},
    "change": {"duty": "screenshot/instagram-haninge"},
    "duty_file": {"duty": "screenshot/instagram-haninge", "number": 1},
}
SEEING = {"duty", "duty_file"}


@pytest.mark.parametrize("verb", COMMANDS)
@pytest.mark.parametrize("who", RIGHTS)
async def test_who_may_do_what_with_a_duty(world: World, who: str, verb: str) -> None:
    await world.later()
    sees, does = (one == "yes" for one in RIGHTS[who])
    shown = await world[who].sends(world[who].invoke(verb, COMMANDS[verb]))
    if not sees or verb == "duty_file":  # nothing is handed in yet, which nobody is told in other words
        assert UNKNOWN in shown.words
    elif does or verb in SEEING:
        assert "Haninge kommun på Instagram" in shown.words
        assert FORBIDDEN not in shown.words
    else:
        assert FORBIDDEN in shown.words


@pytest.mark.parametrize("verb", COMMANDS)
async def test_a_duty_that_is_not_there_is_answered_as_a_forbidden_one(world: World, verb: str) -> None:
    await world.later()
    nowhere = {**COMMANDS[verb], "duty": "screenshot/nowhere"}
    told = await world["admin"].sends(world["admin"].invoke(verb, nowhere))
    forbidden = await world["personal"].sends(world["personal"].invoke(verb, COMMANDS[verb]))
    assert told.words == forbidden.words


@pytest.mark.parametrize("kind", DutyKind)
async def test_no_card_data_by_hand_reaches_further(world: World, kind: DutyKind) -> None:
    await world.later()
    world.clock.now = FIRST_NOTICE
    for data in ({"duty": f"{kind}/../instagram-haninge"}, {"duty": f"{kind}/"}, {"duty": 7}, {}):
        told = await world["admin"].sends(world["admin"].invoke("change", data))
        assert "Kortet" in told.words or "kortet" in told.words
