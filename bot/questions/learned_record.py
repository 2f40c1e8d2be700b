"""Learned phrasings between the domain and the store.

Read-side tables: ``learned`` (designation of the question -> what is learned from it, while it is proposed or accepted)
and ``learned_state`` ("now" -> a number that grows with every phrasing that begins or ends to answer: by it each instance of the bot
sees that it has to learn anew).
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Protocol

from bot.adapters import EventForms, doc_of, read_from
from bot.domain import questions
from bot.domain.questions import Learned, LearnedStatus, LearningEvent
from bot.erasing import destroyed
from storage.store import Drop, Event, Json, Put, Tables

log = logging.getLogger(__name__)

_EVENTS: Mapping[str, type[LearningEvent]] = {
    "learning_proposed": questions.LearningProposed,
    "learning_accepted": questions.LearningAccepted,
    "learning_revoked": questions.LearningRevoked,
}
_FORMS = EventForms(_EVENTS)
learning_event = _FORMS.stored


def learned_from(doc: Json) -> Learned:
    return read_from(doc, Learned)


class Rows(Protocol):
    """The part of the store that this needs."""

    async def select(self, table: str) -> list[Json]: ...


async def all_learned(store: Rows) -> list[Learned]:
    """One that can't be read keeps nobody from the others."""
    found = list[Learned]()
    for doc in await store.select("learned"):
        try:
            found.append(learned_from(doc))
        except ValueError:  # without what it says: that is the row
            log.error(
                "What was learned from a question cannot be read", extra={"question": doc.get("question")}
            )
    return found


def is_of_learning(event: Event) -> bool:
    return event.kind in _EVENTS


def fold_learned(before: Learned | None, event: Event) -> Learned:
    return questions.learn(before, _FORMS.read(event), question=event.stream.partition("/")[2], at=event.at)


def project_learned(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is about nothing learned."""
    if not is_of_learning(event):
        return
    key = event.stream.partition("/")[2]
    doc = tables.get("learned", key)
    before = learned_from(doc) if doc else None
    after = fold_learned(before, event)
    yield Put(table="learned", key=key, doc=doc_of(after))
    answered = before is not None and before.answers
    if answered or after.answers:
        yield Put(table="learned_state", key="now", doc={"seq": event.seq})
    gone = set(event.data["refs"]) if after.status is LearnedStatus.REVOKED else set()
    if before is not None and before.texts_ref != after.texts_ref:
        gone.add(before.texts_ref)
    if before is not None and before.status is LearnedStatus.REVOKED:
        gone = set()  # destroyed when it was revoked
    yield from destroyed(sorted(gone))
