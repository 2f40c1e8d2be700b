"""What an organisation file may say, field by field, and each departure in plain words."""

import re
from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.domain.organisation import DisposalScope, Platform

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _wrong(what: str) -> PydanticCustomError:
    return PydanticCustomError("told", "{what}", {"what": what})


def is_object_id(value: str) -> bool:
    return _GUID.fullmatch(value) is not None


def _object_id(value: str) -> str:
    if not is_object_id(value):
        raise _wrong("must be an Entra object id, such as 01234567-89ab-cdef-0123-456789abcdef")
    return value.lower()


def _slug(value: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,60}", value):
        raise _wrong("must be an id of a-z, 0-9 and -, at most 61 of them")
    return value


def _place(value: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,99}(/[a-z0-9-]{1,20}){0,3}", value):
        raise _wrong("must be the id of a section or passage, such as administratorens-ansvar/5/a")
    return value


def _web_address(value: str) -> str:
    if not value.startswith("https://"):
        raise _wrong("must be an address that begins with https://")
    return _address(value)


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        leads = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        leads = False
    if not leads or any(char.isspace() or not char.isprintable() for char in value):
        raise _wrong("must be an address that begins with https://")
    return value


Slug = Annotated[str, AfterValidator(_slug)]
ObjectId = Annotated[str, AfterValidator(_object_id)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Address = Annotated[str, AfterValidator(_address)]
Hours = Annotated[float, Field(strict=True, gt=0, le=400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PersonForm(_Strict):
    id: ObjectId
    name: Name


class GroupForm(_Strict):
    """An Entra group in the place of people: Graph tells who they are."""

    group: ObjectId


_ONE: TypeAdapter[str] = TypeAdapter(ObjectId)
_IDS: TypeAdapter[list[str]] = TypeAdapter(list[ObjectId])
_SOME_IDS: TypeAdapter[list[str]] = TypeAdapter(Annotated[list[ObjectId], Field(min_length=1)])


def _or_group(people: TypeAdapter[Any]) -> PlainValidator:
    """Chosen by what stands there, so that a fault is told of the one that was meant."""

    def read(value: object) -> object:
        return GroupForm.model_validate(value) if isinstance(value, dict) else people.validate_python(value)

    return PlainValidator(read)


OneOf = Annotated[str | GroupForm, _or_group(_ONE)]
Several = Annotated[list[str] | GroupForm, _or_group(_IDS)]
Some = Annotated[list[str] | GroupForm, _or_group(_SOME_IDS)]


class UnitForm(_Strict):
    id: Slug
    name: Name
    head: OneOf
    deputies: Several = Field(default_factory=list)
    registrars: Some


class ChannelForm(_Strict):
    id: Slug
    name: Name
    platform: Platform
    url: Address
    administration: Slug
    admins: Several = Field(default_factory=list)
    cards_to: Name | None = None


class CommunicationsForm(_Strict):
    name: Name
    members: Some
    cards_to: Name | None = None


class RemindersForm(_Strict):
    remind_after: Hours = 4
    escalate_after: Hours = 8
    day_starts: Annotated[float, Field(strict=True, ge=0, lt=24)] = 8
    day_ends: Annotated[float, Field(strict=True, gt=0, le=23.98)] = 17

    @model_validator(mode="after")
    def _in_order(self) -> "RemindersForm":
        if self.day_ends - self.day_starts < 1:
            raise _wrong("day_ends must come at least an hour after day_starts")
        if self.escalate_after <= self.remind_after:
            raise _wrong("escalate_after must be more than remind_after")
        return self


class TemplateForm(_Strict):
    id: Slug
    name: Name
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    for_parties: Annotated[bool, Field(strict=True)] = False


class MandateForm(_Strict):
    id: Slug
    paragraph: Name
    applies_to: DisposalScope
    after_days: Annotated[int, Field(strict=True, ge=0, le=36_500)]


class TopicForm(_Strict):
    about: Annotated[str, AfterValidator(_place)]
    title: Name
    url: Annotated[str, AfterValidator(_web_address)]


class FileForm(_Strict):
    name: Name
    tenant: ObjectId | None = None
    website: Address
    language: Annotated[str, Field(pattern="^(sv|en)$")] = "sv"
    people: list[PersonForm] = Field(default_factory=list)
    administrations: Annotated[list[UnitForm], Field(min_length=1)]
    communications: CommunicationsForm
    channels: list[ChannelForm] = Field(default_factory=list)
    reminders: RemindersForm = Field(default_factory=RemindersForm)
    templates: list[TemplateForm] = Field(default_factory=list)
    disposal_mandates: list[MandateForm] = Field(default_factory=list)
    topics: list[TopicForm] = Field(default_factory=list)


_FORMS: dict[Any, type[BaseModel]] = {
    "people": PersonForm,
    "administrations": UnitForm,
    "communications": CommunicationsForm,
    "channels": ChannelForm,
    "reminders": RemindersForm,
    "templates": TemplateForm,
    "disposal_mandates": MandateForm,
    "topics": TopicForm,
}


def in_words(error: ErrorDetails) -> str:
    """What is wrong, without what stands there."""
    given = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return _unknown_key(error["loc"])
        case "told":
            return error["msg"]
        case "string_type":
            return "must be text; put it in quotation marks"
        case "string_too_short" | "too_short":
            return "is empty"
        case "string_too_long":
            return f"has at most {given['max_length']} characters"
        case "enum":
            return f"must be {given['expected']}"
        case "string_pattern_mismatch":
            return "must be sv or en"
        case "bool_type":
            return "must be true or false"
        case "list_type":
            return "must be a list"
        case "float_type" | "int_type":
            return "must be a number"
        case kind if kind in _LIMITS:
            return f"must be {_LIMITS[kind]} {next(iter(given.values()))}"
        case _:
            return "must be a group of named values"


_LIMITS = {
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}


def _unknown_key(path: tuple[str | int, ...]) -> str:
    form = _FORMS.get(path[0], FileForm) if len(path) > 1 else FileForm
    if len(path) > 2 and isinstance(path[-2], str):
        form = GroupForm
    meant = get_close_matches(str(path[-1]), form.model_fields, n=1)
    return "is nothing that can stand here" + (f"; did you mean {meant[0]}?" if meant else "")
