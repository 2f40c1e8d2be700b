"""What a model had a part in, kept so that an auditor can tell: between the chat and the store.

The journal says which deployment chose what among the guideline's clauses, what the bot would have answered without it
and what was shown; the question as it left the machine and the model's sentence lie among the erasable texts, without
who asked. Read-side tables: ``model_answers`` (the answer's id -> that, until its words are destroyed) and a row in
``question_words``, from which they are destroyed with all other questions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.adapters import ADAPTERS, read_from
from bot.erasing import destroyed
from storage.store import Drop, Event, NewEvent, Put, Tables

ANSWERED = "answer_by_model"
FORGOTTEN = "answer_by_model_forgotten"
STREAM = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A quote of the guideline: ``text[start:end]`` within the passage."""

    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ByModel:
    """``result`` is the model's, ``offline`` what the bot answers by itself, ``outcome`` and ``quotes`` what was shown.
    ``asked`` is a keyed digest of the question, ``text_ref`` its words and the lead's."""

    deployment: str
    result: str
    language: str
    offline: str
    outcome: str
    guideline: str
    quotes: tuple[Place, ...]
    asked: str
    text_ref: str
    lead: bool


def model_stream(answer: str) -> str:
    return f"{STREAM}/{answer}"


def is_by_model(stream: str) -> bool:
    return stream.startswith(f"{STREAM}/")


def by_model_event(made: ByModel) -> NewEvent:
    return NewEvent(kind=ANSWERED, data=ADAPTERS[ByModel].dump_python(made, mode="json"))


def by_model_forgotten_event(ref: str) -> NewEvent:
    return NewEvent(kind=FORGOTTEN, data={"refs": [ref]})


def by_model_from(doc: Mapping[str, Any]) -> ByModel:
    return read_from(doc, ByModel)


def project_by_model(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that no model had a part in."""
    key = event.stream.partition("/")[2]
    match event.kind:
        case "answer_by_model":
            words: dict[str, Any] = {"of": event.stream, "at": event.at.isoformat()}
            yield Put(table="model_answers", key=key, doc=dict(event.data))
            yield Put(table="question_words", key=event.stream, doc=words | {"ref": event.data["text_ref"]})
        case "answer_by_model_forgotten":
            yield Drop(table="question_words", key=event.stream)
            yield Drop(table="model_answers", key=key)
            yield from destroyed(event.data["refs"])
