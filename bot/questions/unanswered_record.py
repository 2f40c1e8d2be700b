"""Questions that the guideline didn't answer, kept without who asked them, between chat and the store.

Read-side tables: ``unanswered`` (id -> the question by reference; its nearest passage; whether communications have marked
it as a gap) and a row in ``question_words``, from which it is destroyed with the others. One that communications answered with a
clause of the guideline leaves the list: the guideline did answer it.
"""

from collections.abc import Iterable

from bot.erasing import destroyed
from storage.store import Drop, Event, Json, NewEvent, Put, Tables

NOTED = "question_unanswered"
FORGOTTEN = "unanswered_forgotten"
STREAM = "unanswered"


def unanswered_stream(noted: str) -> str:
    return f"{STREAM}/{noted}"


def noted_event(text_ref: str, *, passage: str, language: str) -> NewEvent:
    return NewEvent(kind=NOTED, data={"text_ref": text_ref, "passage": passage, "language": language})


def unanswered_forgotten_event(ref: str) -> NewEvent:
    return NewEvent(kind=FORGOTTEN, data={"refs": [ref]})


def project_unanswered(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that adds nothing to the list and takes nothing from it."""
    key = event.stream.partition("/")[2]
    match event.kind:
        case "question_unanswered":
            yield Put(table="unanswered", key=key, doc=_row(key, event, gap=False))
            words = {"of": event.stream, "at": event.at.isoformat(), "ref": event.data["text_ref"]}
            yield Put(table="question_words", key=event.stream, doc=words)
        case "unanswered_forgotten":
            yield Drop(table="question_words", key=event.stream)
            yield from _gone(key, event.data["refs"], tables)
            yield from destroyed(event.data["refs"])
        case "question_gap":
            yield from _marked(event, tables)
        case "question_replied" if event.data.get("quoted"):
            question = _question(event, tables)
            yield Drop(table="unanswered", key=question["answer"] or question["designation"])
        case "question_forgotten":
            question = _question(event, tables)
            yield from _gone(question["answer"] or question["designation"], event.data["refs"], tables)


def _marked(event: Event, tables: Tables) -> Iterable[Put]:
    """A question that the bot had found no answer to stands there already: it is marked, and counts once."""
    question = _question(event, tables)
    key = question["answer"] or question["designation"]
    known = tables.get("unanswered", key)
    nearest = question["nearest"][0]["passage"] if question["nearest"] else ""
    made = known or {
        "id": key,
        "text_ref": question["texts_ref"],
        "passage": nearest,
        "language": question["language"],
        "at": question["asked_at"],
    }
    yield Put(table="unanswered", key=key, doc={**made, "gap": True})


def _gone(key: str, refs: list[str], tables: Tables) -> Iterable[Drop]:
    """Only a row whose own words these are: the same question may stand there by other ones."""
    row = tables.get("unanswered", key)
    if row is not None and row["text_ref"] in refs:
        yield Drop(table="unanswered", key=key)


def _question(event: Event, tables: Tables) -> Json:
    record = tables.get("questions", event.stream) or {}
    return {"answer": "", "nearest": [], **record["question"]}


def _row(key: str, event: Event, *, gap: bool) -> Json:
    return {
        "id": key,
        "text_ref": event.data["text_ref"],
        "passage": event.data["passage"],
        "language": event.data["language"],
        "at": event.at.isoformat(),
        "gap": gap,
    }
