import re

import pytest

from bot.local_run import _HINTS
from bot.playground import PLAYERS


@pytest.mark.parametrize("player", PLAYERS)
def test_what_a_player_is_told_holds_on_the_second_day_too(player: str) -> None:
    """How many posts wait is known to the bot alone: some were decided yesterday, others came."""
    counted = r"\d|\b(en|två|tre|fyra|fem|sex|sju|åtta|nio|tio)\b"
    assert not re.search(counted, _HINTS[player], re.IGNORECASE)
