"""The organisation file: YAML in, the municipality out, every problem told at once with its line."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.domain.organisation import (
    Administration,
    Channel,
    Communications,
    Organisation,
    Person,
    Platform,
    Reminders,
    ReplyTemplate,
)

_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


class OrganisationError(Exception):
    """A file the bot won't start with; ``problems`` are lines of the form "file, line N: what"."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("is an address that begins with https://")
    return value


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
ObjectId = Annotated[str, Field(pattern=_GUID), AfterValidator(str.lower)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, AfterValidator(_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _PersonIn(_Strict):
    id: ObjectId
    name: Name


class _UnitIn(_Strict):
    id: Slug
    name: Name
    head: ObjectId
    deputies: list[ObjectId] = Field(default_factory=list)
    registrars: Annotated[list[ObjectId], Field(min_length=1)]


class _ChannelIn(_Strict):
    id: Slug
    name: Name
    platform: Platform
    url: Address
    administration: Slug
    admins: list[ObjectId] = Field(default_factory=list)
    cards_to: str | None = None


class _CommunicationsIn(_Strict):
    name: Name
    members: Annotated[list[ObjectId], Field(min_length=1)]
    cards_to: str | None = None


class _RemindersIn(_Strict):
    remind_after: Annotated[float, Field(gt=0, le=200)] = 4
    escalate_after: Annotated[float, Field(gt=0, le=400)] = 8
    day_starts: Annotated[float, Field(ge=0, lt=24)] = 8
    day_ends: Annotated[float, Field(gt=0, le=23.98)] = 17


class _TemplateIn(_Strict):
    id: Slug
    name: Name
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    for_parties: bool = False


class _FileIn(_Strict):
    name: Name
    tenant: ObjectId | None = None
    website: Address
    language: Annotated[str, Field(pattern="^(sv|en)$")] = "sv"
    people: Annotated[list[_PersonIn], Field(min_length=1)]
    administrations: Annotated[list[_UnitIn], Field(min_length=1)]
    communications: _CommunicationsIn
    channels: list[_ChannelIn] = Field(default_factory=list)
    reminders: _RemindersIn = Field(default_factory=_RemindersIn)
    templates: list[_TemplateIn] = Field(default_factory=list)


def load_organisation(path: Path) -> Organisation:
    """The organisation in the file. Raises OrganisationError with everything that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        tree = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise OrganisationError((f"{path.name}: cannot be read: {error}",)) from error
    except yaml.YAMLError as error:
        raise OrganisationError((f"{path.name}: {_yaml_problem(error)}",)) from error
    try:
        read = _FileIn.model_validate(tree)
    except ValidationError as error:
        lines = [(one["loc"], _told(one)) for one in error.errors(include_url=False)]
        raise OrganisationError(_placed(path, node, lines)) from error
    problems = [*_repeated(read), *_unknown(read), *_hours(read)]
    if problems:
        raise OrganisationError(_placed(path, node, problems))
    return _organisation(read)


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark else ""
    return f"{where}{getattr(error, 'problem', None) or 'is not YAML'}"


Problem = tuple[tuple[Any, ...], str]


def _told(error: Any) -> str:
    if error["type"] != "extra_forbidden":
        return str(error["msg"]).removeprefix("Value error, ")
    name = str(error["loc"][-1])
    meant = get_close_matches(name, _field_names(), n=1)
    return f"there is no {name!r} here" + (f"; did you mean {meant[0]!r}?" if meant else "")


def _field_names() -> list[str]:
    models = (_FileIn, _PersonIn, _UnitIn, _ChannelIn, _CommunicationsIn, _RemindersIn, _TemplateIn)
    return sorted({name for model in models for name in model.model_fields})


def _repeated(read: _FileIn) -> Iterator[Problem]:
    for name in ("people", "administrations", "channels", "templates"):
        seen: set[Hashable] = set()
        for index, one in enumerate(getattr(read, name)):
            if one.id in seen:
                yield (name, index, "id"), "is there twice"
            seen.add(one.id)


def _unknown(read: _FileIn) -> Iterator[Problem]:
    people = {one.id for one in read.people}
    units = {one.id for one in read.administrations}
    for index, unit in enumerate(read.administrations):
        yield from _not_in(people, [unit.head], ("administrations", index, "head"))
        yield from _not_in(people, unit.deputies, ("administrations", index, "deputies"))
        yield from _not_in(people, unit.registrars, ("administrations", index, "registrars"))
    for index, channel in enumerate(read.channels):
        yield from _not_in(people, channel.admins, ("channels", index, "admins"))
        if channel.administration not in units:
            yield ("channels", index, "administration"), f"there is no {channel.administration!r}"
    yield from _not_in(people, read.communications.members, ("communications", "members"))


def _not_in(people: set[str], ids: Iterable[str], where: tuple[Any, ...]) -> Iterator[Problem]:
    for one in ids:
        if one not in people:
            yield where, f"{one} is not among the people"


def _hours(read: _FileIn) -> Iterator[Problem]:
    hours = read.reminders
    if hours.day_ends - hours.day_starts < 1:
        yield ("reminders", "day_ends"), "the working day is at least an hour long"
    if hours.escalate_after <= hours.remind_after:
        yield ("reminders", "escalate_after"), "comes after remind_after"


def _placed(path: Path, node: yaml.Node | None, problems: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(
        f"{path.name}, line {_line(node, where)}: {'.'.join(str(part) for part in where) or 'the file'}: {what}"
        for where, what in problems
    )


def _line(node: yaml.Node | None, where: tuple[Any, ...]) -> int:
    """The line where the deepest part of ``where`` that is in the file stands."""
    line = 1
    for part in where:
        if node is None:
            break
        line = node.start_mark.line + 1
        node, line = _step(node, part, line)
    return node.start_mark.line + 1 if node is not None and where else line


def _step(node: yaml.Node, part: Any, line: int) -> tuple[yaml.Node | None, int]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None, line


def _organisation(read: _FileIn) -> Organisation:
    return Organisation(
        name=read.name,
        tenant=read.tenant,
        website=read.website,
        language=read.language,
        people={one.id: Person(id=one.id, name=one.name) for one in read.people},
        administrations={one.id: _unit(one) for one in read.administrations},
        channels={one.id: _channel(one) for one in read.channels},
        communications=Communications(
            name=read.communications.name,
            members=tuple(read.communications.members),
            cards_to=read.communications.cards_to,
        ),
        reminders=Reminders(**_fields(read.reminders)),
        templates=tuple(ReplyTemplate(**_fields(one)) for one in read.templates),
    )


def _fields(read: BaseModel) -> Mapping[str, Any]:
    return read.model_dump()


def _unit(read: _UnitIn) -> Administration:
    return Administration(
        id=read.id,
        name=read.name,
        head=read.head,
        deputies=tuple(read.deputies),
        registrars=tuple(read.registrars),
    )


def _channel(read: _ChannelIn) -> Channel:
    return Channel(
        id=read.id,
        name=read.name,
        platform=read.platform,
        url=read.url,
        administration=read.administration,
        admins=tuple(read.admins),
        cards_to=read.cards_to,
    )
