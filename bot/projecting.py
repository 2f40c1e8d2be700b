"""The read side of the whole record: each part projects the events that are its own."""

from collections.abc import Iterable

from bot.cases.record import project_case
from bot.channels.record import project_channel
from bot.duties.picture_record import project_picture
from bot.duties.record import project_duty
from bot.questions.learned_record import project_learned
from bot.questions.model_record import project_by_model
from bot.questions.record import project_question
from bot.questions.unanswered_record import project_unanswered
from bot.requests.administration_record import project_administration
from bot.requests.record import project_request
from storage.store import Drop, Event, Put, Tables


def project(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """The read side's changes for one event; pure but for what it reads from ``tables``."""
    yield from project_case(event, tables)
    yield from project_channel(event, tables)
    yield from project_duty(event, tables)
    yield from project_picture(event, tables)
    yield from project_request(event, tables)
    yield from project_administration(event, tables)
    yield from project_question(event, tables)
    yield from project_unanswered(event, tables)
    yield from project_by_model(event, tables)
    yield from project_learned(event, tables)
