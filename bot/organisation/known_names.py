"""Names of people whom the organisation file doesn't name: whoever a form's people picker found.

They are kept beside the record, so that a card shows a name where a request or the register has an id alone.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Protocol

from bot.domain.organisation import Organisation, Person
from storage.store import Json, StoreUnwritable

log = logging.getLogger(__name__)

Asked = Callable[[str], Awaitable[str]]
"""The name behind an Entra object id; empty where nobody has it or tells it."""

_COLLECTION = "names"
_PATIENCE = 3.0
"""Seconds: somebody waits for the card, which can do without a name."""
_ASKED_AGAIN = 3600.0
"""Seconds after which one who had no name is asked for anew."""


class Documents(Protocol):
    """The part of the store that names need."""

    async def document(self, collection: str, key: str) -> Json | None: ...

    async def put_document(self, collection: str, key: str, doc: Json) -> None: ...


class KnownNames:
    """``learned`` counts what came in, for those who keep names themselves."""

    def __init__(self, store: Documents, ask: Asked | None = None) -> None:
        self._store = store
        self._ask = ask
        self._nobody: dict[str, float] = {}
        self._wanted = set[str]()
        self.learned = 0

    async def learn(self, person: str, name: str) -> None:
        """Only of one whom a request or the register names: nobody else's name is kept because they wrote. What can't
        be kept now is learned another time."""
        if not name or person not in self._wanted:
            return
        try:
            await self._store.put_document(_COLLECTION, person, {"name": name})
        except StoreUnwritable:
            log.warning("A name could not be kept", extra={"person": person})
            return
        self._nobody.pop(person, None)
        self._wanted.discard(person)
        self.learned += 1

    async def of(self, person: str) -> str:
        """Empty where it isn't known; nobody is asked while a card is being made."""
        known = await self._store.document(_COLLECTION, person)
        if known:
            return str(known["name"])
        self._wanted.add(person)
        return ""

    async def find(self, people: Iterable[str], organisation: Organisation) -> None:
        """Those whom neither the organisation nor an earlier answer names are asked for: when a form names them, when
        the register does, and every hour after that while a request waits."""
        unnamed = [one for one in dict.fromkeys(people) if one and not organisation.person(one).name]
        await asyncio.gather(*(self._find(one) for one in unnamed))

    async def _find(self, person: str) -> None:
        asked = self._nobody.get(person)
        recently = asked is not None and time.monotonic() - asked < _ASKED_AGAIN
        if self._ask is None or recently or await self.of(person):
            return
        self._nobody[person] = time.monotonic()
        await self.learn(person, await self._asked(self._ask, person))

    async def _asked(self, ask: Asked, person: str) -> str:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await ask(person)
        except TimeoutError:
            log.warning("A name could not be had in time", extra={"person": person})
            return ""

    async def joined(self, organisation: Organisation, people: Iterable[str]) -> Organisation:
        """The organisation with those people named as well, as far as they are known."""
        unknown = [one for one in dict.fromkeys(people) if one and not organisation.person(one).name]
        found = {one: Person(id=one, name=name) for one in unknown if (name := await self.of(one))}
        return replace(organisation, people={**organisation.people, **found}) if found else organisation
