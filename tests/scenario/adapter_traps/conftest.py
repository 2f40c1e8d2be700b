"""Both doors, before the same Teams."""

from collections.abc import AsyncIterator

import pytest

from tests.scenario.adapter_traps.two_doors import Doors
from tests.scenario.doors import loopback, our_door
from tests.scenario.stock_door import stock_door


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    async with loopback() as around, our_door(around) as ours, stock_door(around) as stock:
        yield Doors(around=around, ours=ours, stock=stock)
