"""A flagged post as it comes from outside: checked field by field before it becomes the domain's value.

What is told about a problem names the field and what it should be, never what stood there. Control characters
and marks of direction are evidence and stay as they are. Only NUL and lone surrogates, which no UTF-8 text can
hold, are dealt with: in texts U+FFFD stands where each stood and ``FlaggedPost.replaced`` counts them, so that a
post can't escape review through them; in ids and addresses they are refused, lest two posts become one.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.domain.grounds import Ground
from bot.domain.posts import Attachment, Flag, FlaggedPost, FlagSource, Post, PostKind

MAX_TEXT = 200_000
_MAX_TOLD = 50
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NOT_IN_ADDRESSES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """``new`` is false when the post had a case already."""

    case: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownChannel:
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """``field`` is the path in the body, such as ``post.attachments.0.url``."""

    field: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagProblems:
    problems: tuple[FieldProblem, ...]


class Intake(Protocol):
    """Where checked flags go; returns only when the case is durable."""

    async def bring_in(
        self, flagged: FlaggedPost, *, keys: Sequence[str], by: str, at: datetime
    ) -> BroughtIn | UnknownChannel: ...


def _wrong(what: str) -> PydanticCustomError:
    return PydanticCustomError("told", "{what}", {"what": what})


def _storable(value: object) -> object:
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value


def _filled(value: str) -> str:
    if not value.strip():
        raise _wrong("is empty")
    return value


def _plain(value: object) -> object:
    """Before pydantic's own check of the text, which would name Unicode instead of the field's rule."""
    if isinstance(value, str) and any(unicodedata.category(char) in {"Cc", "Cs"} for char in value):
        raise _wrong("has control characters or half characters (lone surrogates), which no id has")
    return value


def _web_address(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong("must be a string")
    if len(value) > 2000:
        raise _wrong("has at most 2000 characters")
    if any(unicodedata.category(char) in _NOT_IN_ADDRESSES for char in value) or not _leads_somewhere(value):
        raise _wrong("must be an address that begins with http:// or https://, without spaces or controls")
    return value


def _leads_somewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _web_address_or_none(value: object) -> str | None:
    return None if value is None or value == "" else _web_address(value)


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _wrong("must be a time with its zone, such as 2026-11-20T10:11:12+01:00")
    if moment.year not in _YEARS:
        raise _wrong(f"must be between {_YEARS.start} and {_YEARS.stop}")
    return moment


Line = Annotated[str, Field(max_length=200), BeforeValidator(_storable)]
FilledLine = Annotated[Line, AfterValidator(_filled)]
PostId = Annotated[str, Field(max_length=2000), BeforeValidator(_plain), AfterValidator(_filled)]
Address = Annotated[str, PlainValidator(_web_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _AttachmentIn(_Strict):
    name: FilledLine
    content_type: Line = "application/octet-stream"
    url: Address


class _PostIn(_Strict):
    id: PostId
    kind: PostKind
    text: Annotated[str, Field(max_length=MAX_TEXT), BeforeValidator(_storable)] = ""
    author: Line = ""
    url: Annotated[str | None, PlainValidator(_web_address_or_none)] = None
    published_at: Annotated[datetime | None, PlainValidator(_moment)] = None
    attachments: Annotated[list[_AttachmentIn], Field(max_length=20)] = Field(default_factory=list)


class _FlagIn(_Strict):
    source: FlagSource
    by: FilledLine
    note: Annotated[str, Field(max_length=4000), BeforeValidator(_storable)] | None = None
    ground: Ground | None = None


class _BodyIn(_Strict):
    channel: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]
    post: _PostIn
    flag: _FlagIn


def parse_flag(raw: bytes | str | Mapping[str, Any]) -> FlaggedPost | FlagProblems:
    """The flagged post, or what is wrong with it, field by field. Raises ValueError for what is no JSON."""
    body = raw if isinstance(raw, Mapping) else _loaded(raw)
    try:
        read = _BodyIn.model_validate(body)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)[:_MAX_TOLD]
        return FlagProblems(problems=tuple(_problem(one) for one in told))
    if not read.post.text.strip() and not read.post.attachments:
        empty = FieldProblem(field="post.text", problem="is empty, and there is no attachment either")
        return FlagProblems(problems=(empty,))
    return _flagged(read, replaced=sum(len(_UNSTORABLE.findall(text)) for text in _texts(body)))


def _loaded(raw: bytes | str) -> Any:
    try:
        return json.loads(raw if isinstance(raw, str) else raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError("is not JSON in UTF-8") from error


def _problem(error: ErrorDetails) -> FieldProblem:
    path = ".".join(str(part) for part in error["loc"])
    field = path[:200].encode("ascii", "backslashreplace").decode() or "body"
    return FieldProblem(field=field, problem=_told(error))


def _told(error: ErrorDetails) -> str:
    given = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is no field of a flag"
        case "string_type":
            return "must be a string"
        case "string_too_long":
            return f"has at most {given['max_length']} characters"
        case "too_long":
            return f"has at most {given['max_length']} items"
        case "list_type":
            return "must be a list"
        case "enum":
            return f"must be {given['expected']}"
        case "string_pattern_mismatch":
            return "must be a channel's id: a-z, 0-9, - and _, at most 100 of them"
        case "string_unicode":
            return "has half characters (lone surrogates)"
        case "told":
            return error["msg"]
        case _:
            return "must be an object with named fields" if "type" in error["type"] else "cannot be read"


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a body that was found right, as they came."""
    post, flag = body["post"], body["flag"]
    yield from (post.get("text", ""), post.get("author", ""), flag["by"], flag.get("note") or "")
    for file in post.get("attachments", ()):
        yield from (file["name"], file.get("content_type", ""))


def _flagged(read: _BodyIn, *, replaced: int) -> FlaggedPost:
    post, flag = read.post, read.flag
    return FlaggedPost(
        channel=read.channel,
        post=Post(
            id=post.id,
            kind=post.kind,
            text=post.text,
            author=post.author,
            url=post.url,
            published_at=post.published_at,
            attachments=tuple(
                Attachment(name=file.name, content_type=file.content_type, url=file.url)
                for file in post.attachments
            ),
        ),
        flag=Flag(source=flag.source, by=flag.by, note=flag.note, ground=flag.ground),
        replaced=replaced,
    )
