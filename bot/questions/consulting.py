"""Asking a model within three seconds, whatever it does: a verdict always comes, and most often a usable one."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.policy.grounding import (
    Asked,
    Model,
    ModelError,
    Unusable,
    Verdict,
    messages_of,
    read_reply,
    schema_of,
)
from bot.policy.leads import Leads
from bot.policy.model_results import Result

log = logging.getLogger(__name__)

Consult = Callable[[Asked, Leads], Awaitable[Verdict]]

PATIENCE = 3.0
"""Seconds for all of it, the token included: somebody waits for the answer."""
_FAILS = 3
_REST = 60.0
_LONGEST_REST = 600.0
_DOWN = frozenset({Result.SLOW, Result.UNREACHABLE, Result.NO_TOKEN, Result.REFUSED})


class Consulting:
    """After three failures in a row the model is left alone for a minute, so that nobody waits in vain meanwhile; after a
    429 for as long as it says."""

    def __init__(
        self, model: Model, *, patience: float = PATIENCE, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._model = model
        self._patience = patience
        self._elapsed = elapsed
        self._rests_until = float("-inf")
        self._failed = 0

    async def ask(self, asked: Asked, leads: Leads) -> Verdict:
        if self._elapsed() < self._rests_until:
            return Unusable(result=Result.RESTING)
        try:
            async with asyncio.timeout(self._patience):
                reply = await self._model.reply(messages_of(asked), schema_of(asked))
        except TimeoutError:
            return self._failing(Result.SLOW)
        except ModelError as error:
            return self._failing(error.result, rest=error.rest)
        self._failed = 0
        return read_reply(reply, asked, leads)

    def _failing(self, result: Result, *, rest: float = 0.0) -> Unusable:
        self._failed = self._failed + 1 if result in _DOWN else 0
        if self._failed >= _FAILS:
            self._failed, rest = 0, max(rest, _REST)
        if rest > 0:
            self._rests_until = self._elapsed() + min(rest, _LONGEST_REST)
            log.warning("The model is left alone for a while", extra={"result": result})
        return Unusable(result=result)
