"""The question before, while it is kept: what is out of date goes, and not what took its place meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.policy.answering import load_policy
from bot.questions.follow_ups import KEPT, FollowUps
from storage.store import Json

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OLD = {"question": "Vem beslutar om en ny kanal?", "at": (AT - KEPT - timedelta(seconds=1)).isoformat()}
NEW = {"question": "Måste raderade inlägg diarieföras?", "at": AT.isoformat()}


class Renewed:
    """Documents of which one is renewed as soon as all were read."""

    def __init__(self, **kept: Json) -> None:
        self.kept = kept

    async def documents(self, collection: str) -> dict[str, Json]:
        found = dict(self.kept)
        self.kept["renewed"] = NEW
        return found

    async def drop_document(self, collection: str, key: str, *, only: Json | None = None) -> None:
        if only is None or self.kept.get(key) == only:
            del self.kept[key]


async def test_a_question_that_was_asked_anew_while_old_ones_are_forgotten_stays() -> None:
    store: Any = Renewed(renewed=OLD, old=OLD, fresh=NEW)
    await FollowUps(store, load_policy().ask, lambda: AT, b"pepper").forget()
    assert store.kept == {"renewed": NEW, "fresh": NEW}
