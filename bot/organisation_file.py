"""The organisation file: YAML in, the municipality out, every problem told at once with its line."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from bot.domain.organisation import (
    Administration,
    Channel,
    Communications,
    DisposalMandate,
    Organisation,
    Person,
    Reminders,
    ReplyTemplate,
)
from bot.organisation_form import ChannelForm, CommunicationsForm, FileForm, UnitForm, in_words
from bot.organisation_sense import Problem, doubtful
from bot.yaml_places import NotYaml, Placed, read_placed


class OrganisationError(Exception):
    """A file the bot won't start with; ``problems`` are lines of the form "file, line N: where: what"."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_organisation(path: Path) -> Organisation:
    """The organisation in the file. Raises OrganisationError with everything that is wrong with it."""
    placed = _read(path)
    problems = [*doubtful(placed.tree)]
    form: FileForm | None = None
    try:
        form = FileForm.model_validate(placed.tree)
    except ValidationError as error:
        problems += [(one["loc"], in_words(one)) for one in error.errors(include_url=False)]
    told = sorted({*_told(placed, problems)})
    if form is None or told:
        raise OrganisationError(tuple(f"{path.name}, line {line}: {what}" for line, what in told))
    return _organisation(form)


def _read(path: Path) -> Placed:
    try:
        return read_placed(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OrganisationError((f"{path.name}: cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise OrganisationError((f"{path.name}: is not text in UTF-8",)) from error
    except NotYaml as error:
        line = f", line {error.line}" if error.line else ""
        raise OrganisationError((f"{path.name}{line}: {error.problem}",)) from error


def _told(placed: Placed, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    for where, what in problems:
        yield placed.line(where), f"{'.'.join(map(str, where)) or 'the file'}: {what}"
    for name, line in placed.repeated:
        yield line, f"{name}: stands twice in the same place"


def _organisation(form: FileForm) -> Organisation:
    return Organisation(
        name=form.name,
        tenant=form.tenant,
        website=form.website,
        language=form.language,
        people={one.id: Person(id=one.id, name=one.name) for one in form.people},
        administrations={one.id: _unit(one) for one in form.administrations},
        channels={one.id: _channel(one) for one in form.channels},
        communications=_communications(form.communications),
        reminders=Reminders(**form.reminders.model_dump()),
        templates=tuple(ReplyTemplate(**one.model_dump()) for one in form.templates),
        disposal_mandates=tuple(DisposalMandate(**one.model_dump()) for one in form.disposal_mandates),
    )


def _unit(form: UnitForm) -> Administration:
    return Administration(
        id=form.id,
        name=form.name,
        head=form.head,
        deputies=tuple(form.deputies),
        registrars=tuple(form.registrars),
    )


def _channel(form: ChannelForm) -> Channel:
    return Channel(
        id=form.id,
        name=form.name,
        platform=form.platform,
        url=form.url,
        administration=form.administration,
        admins=tuple(form.admins),
        cards_to=form.cards_to,
    )


def _communications(form: CommunicationsForm) -> Communications:
    return Communications(name=form.name, members=tuple(form.members), cards_to=form.cards_to)
