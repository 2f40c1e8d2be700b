"""The read side of the whole record: each part projects the events that are its own."""

from collections.abc import Iterable

from bot.administration_record import project_administration
from bot.channel_record import project_channel
from bot.duty_record import project_duty
from bot.learned_record import project_learned
from bot.model_record import project_by_model
from bot.picture_record import project_picture
from bot.question_record import project_question
from bot.record import project_case
from bot.request_record import project_request
from bot.unanswered_record import project_unanswered
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
