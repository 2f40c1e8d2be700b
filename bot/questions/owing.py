"""Which messages a question makes the bot owe, and to whom."""

from collections.abc import Iterable

from bot.cases import owing
from bot.commands import Command
from bot.domain.organisation import Organisation
from bot.domain.questions import GapMarked, Question, QuestionEvent, Replied
from bot.questions.record import QUESTION_MESSAGE, REPLY_MESSAGE, QuestionRecord
from storage.store import Message

QUESTION_REFRESH = "question_refresh"
"""For communications' card."""
ASKED_REFRESH = "asked_refresh"
"""For the asker's."""
LISTED_REFRESH = "unanswered_refresh"
"""For the lists that quote questions and phrasings, wherever they were shown: what is destroyed leaves them."""
REMINDER = "reminder"
"""The cause of a card that reminds of a question."""
KINDS = frozenset({QUESTION_MESSAGE, REPLY_MESSAGE, QUESTION_REFRESH, ASKED_REFRESH, LISTED_REFRESH})


def question_cards(designation: str, to: Iterable[str], *, cause: str = "asked") -> tuple[Message, ...]:
    """The question's card for each recipient, once for each cause."""
    return tuple(
        Message(
            id=f"{QUESTION_MESSAGE}/{designation}/{cause}/{one}",
            to=one,
            kind=QUESTION_MESSAGE,
            subject=designation,
            data={"cause": cause},
        )
        for one in to
    )


def reminders(record: QuestionRecord, organisation: Organisation) -> tuple[Message, ...]:
    """To the unit as it is now."""
    to = owing.communications(organisation, but=record.unreachable)
    return question_cards(record.question.designation, to, cause=REMINDER)


def reply_card(question: Question, *, cause: str) -> tuple[Message, ...]:
    """To the asker, by person: wherever the question was put, the answer is theirs."""
    to = owing.person(question.asker)
    designation = question.designation
    return (
        Message(
            id=f"{REPLY_MESSAGE}/{designation}/{cause}/{to}",
            to=to,
            kind=REPLY_MESSAGE,
            subject=designation,
        ),
    )


def question_refreshes(
    record: QuestionRecord, organisation: Organisation, *, cause: str
) -> tuple[Message, ...]:
    """One update for everybody who may have the card: those whom it was sent to, and the unit's members, who may have
    opened it themselves; who has none is sent nothing."""
    designation = record.question.designation
    members = (owing.person(one) for one in organisation.communications.members)
    everybody = dict.fromkeys((*record.recipients, *members))
    asker = owing.person(record.question.asker)
    return (
        *(
            Message(
                id=f"{QUESTION_REFRESH}/{designation}/{cause}/{one}",
                to=one,
                kind=QUESTION_REFRESH,
                subject=designation,
            )
            for one in everybody
        ),
        Message(
            id=f"{ASKED_REFRESH}/{designation}/{cause}/{asker}",
            to=asker,
            kind=ASKED_REFRESH,
            subject=designation,
        ),
    )


def list_refreshes(
    gone: str, readers: Iterable[str], *, what: str = Command.UNANSWERED
) -> tuple[Message, ...]:
    """A list made anew for whoever was shown it; ``gone`` is what has left it, or who may no longer read it."""
    return tuple(
        Message(
            id=f"{LISTED_REFRESH}/{gone}/{owing.person(one)}",
            to=owing.person(one),
            kind=LISTED_REFRESH,
            subject=what,
        )
        for one in readers
    )


def owed(
    record: QuestionRecord, events: Iterable[QuestionEvent], organisation: Organisation
) -> tuple[Message, ...]:
    """What a change makes owed: all copies follow, and the asker is told what there is to tell."""
    question, made = record.question, list(events)
    revision = question.revision + len(made)
    messages = question_refreshes(record, organisation, cause=str(revision))
    replied = any(isinstance(one, Replied) for one in made)
    noted = question.is_open and any(isinstance(one, GapMarked) for one in made)
    if replied or noted:
        messages += reply_card(question, cause=str(revision))
    return messages
