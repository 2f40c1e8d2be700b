"""Learned phrasings between the domain and the store.

Read-side tables: ``learned`` (designation of the question -> what is learned from it, while it is proposed or accepted)
and ``learned_state`` ("now" -> a number that grows with every phrasing that begins or ends to answer: by it each instance of the bot
sees that it has to learn anew).
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from bot.adapters import ADAPTERS
from bot.domain import questions
from bot.domain.questions import Learned, LearnedStatus, LearningEvent
from storage.store import Drop, Event, Json, NewEvent, Put, Tables

_EVENTS: Mapping[str, type[Any]] = {
    "learning_proposed": questions.LearningProposed,
    "learning_accepted": questions.LearningAccepted,
    "learning_revoked": questions.LearningRevoked,
}
_KINDS = {event: kind for kind, event in _EVENTS.items()}


def learning_event(event: LearningEvent) -> NewEvent:
    kind = type(event)
    return NewEvent(kind=_KINDS[kind], data=ADAPTERS[kind].dump_python(event, mode="json", exclude_none=True))


def learned_from(doc: Json) -> Learned:
    return cast("Learned", ADAPTERS[Learned].validate_python(doc))


def is_of_learning(event: Event) -> bool:
    return event.kind in _EVENTS


def fold_learned(before: Learned | None, event: Event) -> Learned:
    happened = cast("LearningEvent", ADAPTERS[_EVENTS[event.kind]].validate_python(event.data))
    return questions.learn(before, happened, question=event.stream.partition("/")[2], at=event.at)


def project_learned(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is about nothing learned."""
    if not is_of_learning(event):
        return
    key = event.stream.partition("/")[2]
    doc = tables.get("learned", key)
    before = learned_from(doc) if doc else None
    after = fold_learned(before, event)
    doc = ADAPTERS[Learned].dump_python(after, mode="json", exclude_defaults=True)
    yield Put(table="learned", key=key, doc=doc)
    answered = before is not None and before.answers
    if answered or after.answers:
        yield Put(table="learned_state", key="now", doc={"seq": event.seq})
    gone = set(event.data["refs"]) if after.status is LearnedStatus.REVOKED else set()
    if before is not None and before.texts_ref != after.texts_ref:
        gone.add(before.texts_ref)
    if before is not None and before.status is LearnedStatus.REVOKED:
        gone = set()  # destroyed when it was revoked
    for ref in sorted(gone):
        yield Put(table="destroyed", key=ref, doc={"ref": ref})
