"""A flagged post as it comes in: what was written, where, and who brought it in and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.grounds import Ground


class PostKind(StrEnum):
    POST = "post"
    COMMENT = "comment"
    DIRECT_MESSAGE = "direct_message"


class FlagSource(StrEnum):
    PERSON = "person"
    SCREENING = "screening"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file as the platform lists it; fetched only when an admin secures it as evidence."""

    name: str
    content_type: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    id: str
    kind: PostKind
    text: str
    author: str
    url: str | None = None
    published_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    source: FlagSource
    by: str
    note: str | None = None
    ground: Ground | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedPost:
    """``replaced`` counts the characters in its texts that no UTF-8 text can hold; U+FFFD stands for each."""

    channel: str
    post: Post
    flag: Flag
    replaced: int = 0
