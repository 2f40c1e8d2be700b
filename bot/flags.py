"""A flagged post as it comes from outside: checked field by field before it becomes the domain's value.

What is told about a problem names the field and what it should be, never what stood there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from bot.domain.grounds import Ground
from bot.domain.posts import Attachment, Flag, FlaggedPost, FlagSource, Post, PostKind

MAX_TEXT = 200_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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
    field: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagProblems:
    problems: tuple[FieldProblem, ...]


class Intake(Protocol):
    """Where checked flags go; returns only when the case is durable."""

    async def bring_in(
        self, flagged: FlaggedPost, *, keys: Any, by: str, at: Any
    ) -> BroughtIn | UnknownChannel: ...


def _storable(value: object) -> object:
    """NUL and lone surrogates have no place in UTF-8 text: U+FFFD stands where they stood."""
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value


def _web_address(value: str | None) -> str | None:
    if value and not re.match(r"https?://[^\s/]", value):
        raise ValueError("is an address that begins with http:// or https://")
    return value or None


Line = Annotated[str, BeforeValidator(_storable), Field(max_length=200)]
Address = Annotated[
    str | None,
    BeforeValidator(_storable),
    Field(max_length=2000),
    AfterValidator(_web_address),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _AttachmentIn(_Strict):
    name: Annotated[Line, Field(min_length=1)]
    content_type: Line = "application/octet-stream"
    url: Address


class _PostIn(_Strict):
    id: Annotated[str, BeforeValidator(_storable), Field(min_length=1, max_length=2000)]
    kind: PostKind
    text: Annotated[str, BeforeValidator(_storable), Field(max_length=MAX_TEXT)] = ""
    author: Line = ""
    url: Address = None
    published_at: AwareDatetime | None = None
    attachments: Annotated[list[_AttachmentIn], Field(max_length=20)] = Field(default_factory=list)


class _FlagIn(_Strict):
    source: FlagSource
    by: Annotated[Line, Field(min_length=1)]
    note: Annotated[str, BeforeValidator(_storable), Field(max_length=4000)] | None = None
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
        return FlagProblems(problems=tuple(_problem(one) for one in error.errors(include_url=False)))
    if not read.post.text.strip() and not read.post.attachments:
        empty = FieldProblem(field="post.text", problem="is empty, and there is no attachment either")
        return FlagProblems(problems=(empty,))
    return _flagged(read)


def _loaded(raw: bytes | str) -> Any:
    try:
        return json.loads(raw)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("is not JSON in UTF-8") from error


def _problem(error: Any) -> FieldProblem:
    field = ".".join(str(part) for part in error["loc"]) or "body"
    told = str(error["msg"]).removeprefix("Value error, ")
    return FieldProblem(field=field, problem=told)


def _flagged(read: _BodyIn) -> FlaggedPost:
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
                Attachment(name=file.name, content_type=file.content_type, url=file.url or "")
                for file in post.attachments
            ),
        ),
        flag=Flag(source=flag.source, by=flag.by, note=flag.note, ground=flag.ground),
    )
