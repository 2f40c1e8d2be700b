"""The organisation file: YAML in, the municipality out, every problem told at once with its line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    Topic,
)
from bot.organisation.form import ChannelForm, CommunicationsForm, FileForm, GroupForm, UnitForm, in_words
from bot.organisation.sense import Problem, doubtful
from bot.organisation.yaml_places import NotYaml, Placed, read_placed


class OrganisationError(Exception):
    """A file the bot won't start with; ``problems`` are lines of the form "file, line N: where: what"."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


Members = Mapping[str, Sequence[Person]]
"""Who is in each Entra group, by the group's object id."""


@dataclass(frozen=True, slots=True)
class OrganisationFile:
    """The file as it stands: whole but for the people that it leaves to Entra groups."""

    form: FileForm

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose members must be known before ``organisation`` can tell who has which role."""
        return tuple(dict.fromkeys(one.group for one in _places(self.form) if isinstance(one, GroupForm)))

    @property
    def heads(self) -> frozenset[str]:
        """Those of the groups that stand for one person."""
        heads = (unit.head for unit in self.form.administrations)
        return frozenset(head.group for head in heads if isinstance(head, GroupForm))

    def organisation(self, members: Members) -> Organisation:
        """Raises KeyError for a group that ``members`` doesn't tell."""
        return _organisation(self.form, members)


def load_organisation(path: Path) -> Organisation:
    """The organisation in a file that names no Entra groups. Raises OrganisationError as ``read_file`` does."""
    file = read_file(path)
    if file.groups:
        raise OrganisationError(
            (f"{path.name}: names Entra groups, and nobody is here who knows their members",)
        )
    return file.organisation({})


def read_file(path: Path) -> OrganisationFile:
    """Raises OrganisationError with everything that is wrong with it."""
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
    return OrganisationFile(form)


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


def _places(form: FileForm) -> Iterator[str | list[str] | GroupForm]:
    """Every place where people stand, or a group instead."""
    for unit in form.administrations:
        yield from (unit.head, unit.deputies, unit.registrars)
    yield from (channel.admins for channel in form.channels)
    yield form.communications.members


def _organisation(form: FileForm, members: Members) -> Organisation:
    return Organisation(
        name=form.name,
        tenant=form.tenant,
        website=form.website,
        language=form.language,
        people=_people(form, members),
        administrations={one.id: _unit(one, members) for one in form.administrations},
        channels={one.id: _channel(one, members) for one in form.channels},
        communications=_communications(form.communications, members),
        reminders=Reminders(**form.reminders.model_dump()),
        templates=tuple(ReplyTemplate(**one.model_dump()) for one in form.templates),
        disposal_mandates=tuple(DisposalMandate(**one.model_dump()) for one in form.disposal_mandates),
        topics=tuple(Topic(**one.model_dump()) for one in form.topics),
    )


def _people(form: FileForm, members: Members) -> Mapping[str, Person]:
    """Those of the groups too; a name that the file gives goes before the one in Entra."""
    told = {one.id: one for group in members.values() for one in group}
    return told | {one.id: Person(id=one.id, name=one.name) for one in form.people}


def _ids(place: Iterable[str] | GroupForm, members: Members) -> tuple[str, ...]:
    if isinstance(place, GroupForm):
        return tuple(one.id for one in members[place.group])
    return tuple(place)


def _unit(form: UnitForm, members: Members) -> Administration:
    head = form.head if isinstance(form.head, str) else next(iter(_ids(form.head, members)), "")
    return Administration(
        id=form.id,
        name=form.name,
        head=head,
        deputies=tuple(one for one in _ids(form.deputies, members) if one != head),
        registrars=_ids(form.registrars, members),
    )


def _channel(form: ChannelForm, members: Members) -> Channel:
    return Channel(
        id=form.id,
        name=form.name,
        platform=form.platform,
        url=form.url,
        administration=form.administration,
        admins=_ids(form.admins, members),
        admins_from_group=isinstance(form.admins, GroupForm),
        cards_to=form.cards_to,
    )


def _communications(form: CommunicationsForm, members: Members) -> Communications:
    return Communications(name=form.name, members=_ids(form.members, members), cards_to=form.cards_to)
