"""Each trap of botbuilder 4.17.1 at the wire: one HTTP request to two doors, ours right and the stock SDK's wrong.

The stock bot (``stock_door``) is the samples' own: CloudAdapter, TeamsActivityHandler and on_turn_error over aiohttp.
Every row says what it answers, so a row whose trap the SDK does not fall into fails. Where it answers as ours does, or
does so on the samples' way around its ``process``, the row says that: ``alike``, or its ``by_hand``. When a row fails
for stock, the SDK has changed and the entrance can be thought over.
"""

from dataclasses import dataclass

from botbuilder.core import TurnContext

from tests.scenario.doors import Door, Surroundings
from tests.scenario.stock_door import StockDoor

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}


@dataclass
class Doors:
    """Ours and a stock one, with the same Teams before both."""

    around: Surroundings
    ours: Door
    stock: StockDoor


async def echo(turn: TurnContext) -> None:
    await turn.send_activity(turn.activity.text)
