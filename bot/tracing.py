"""Where a trace could be taken, and what stands there as long as nobody asks for one: nothing at all.

``bot.spans`` takes them with OpenTelemetry, which costs a tenth of a second and some megabytes to load.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from bot.services import Ask
from bot.teams.courier import Bring
from bot.teams.endpoint import Replier
from bot.turns import TurnHandler
from storage.store import Store

if TYPE_CHECKING:  # loaded only where a model is asked
    from bot.questions.consulting import Consult

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Tracing(Protocol):
    """Each gives back what it is given, watched or as it is."""

    def door(self, name: str, handler: Handler) -> Handler: ...

    def turns(self, handler: TurnHandler) -> TurnHandler: ...

    def answers(self, ask: Ask) -> Ask: ...

    def consults(self, consult: "Consult") -> "Consult": ...

    def replies(self, replier: Replier) -> Replier: ...

    def store(self, store: Store) -> Store: ...

    def bringing(self, bring: Bring) -> Bring: ...

    async def close(self) -> None: ...


class Untraced:
    """Nobody asked: everything is as it is."""

    def door(self, name: str, handler: Handler) -> Handler:
        return handler

    def turns(self, handler: TurnHandler) -> TurnHandler:
        return handler

    def answers(self, ask: Ask) -> Ask:
        return ask

    def consults(self, consult: "Consult") -> "Consult":
        return consult

    def replies(self, replier: Replier) -> Replier:
        return replier

    def store(self, store: Store) -> Store:
        return store

    def bringing(self, bring: Bring) -> Bring:
        return bring

    async def close(self) -> None:
        return None
