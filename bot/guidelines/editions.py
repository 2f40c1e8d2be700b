"""Every version of the guideline that the record knows: what was decided under one stays quotable in its words."""

import asyncio
from collections.abc import Mapping

from bot.domain.cases import Case
from bot.domain.views import Clause
from bot.policy.folder import parse_whole
from bot.policy.guideline import Guideline
from storage.store import Store

STREAM = "guideline"


class Guidelines:
    """``now`` is the version in force; earlier ones are read from the record when first asked for."""

    def __init__(self, store: Store, now: Guideline) -> None:
        self._store = store
        self._known: dict[str, Guideline | None] = {now.version: now}

    def know(self, now: Guideline) -> None:
        """Another version has come into force."""
        self._known[now.version] = now

    async def clauses(self, case: Case) -> Mapping[int, Clause]:
        """Decision number -> the words it was decided under, where its guideline has them."""
        found = {
            one.made.number: await self.clause(one.made.guideline, one.made.passage) for one in case.decisions
        }
        return {number: clause for number, clause in found.items() if clause is not None}

    async def clause(self, version: str, passage_id: str) -> Clause | None:
        guideline = await self.version(version)
        passage = guideline.passage(passage_id) if guideline else None
        if guideline is None or passage is None:
            return None
        return Clause(
            passage=passage.id, section=guideline.section_title(passage), text=guideline.words(passage)
        )

    async def version(self, version: str) -> Guideline | None:
        """None for one that was never in force here."""
        if version not in self._known:
            self._known[version] = await self._read(version)
        return self._known[version]

    async def _read(self, version: str) -> Guideline | None:
        for event in await self._store.load(STREAM):
            if event.data.get("version") == version:
                text = await self._store.content(str(event.data["text_ref"]))
                return await asyncio.to_thread(parse_whole, text.decode(), source=version) if text else None
        return None
