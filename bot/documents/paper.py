"""What a document says, before it has a form."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A piece of a text; ``stressed`` where its writer emphasised it."""

    text: str
    stressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading with what stands under it. Texts may be anybody's: they are set as they are, and nothing in them acts."""

    heading: str
    facts: tuple[Fact, ...] = ()
    paragraphs: tuple[str, ...] = ()
    quote: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """``at`` is when what it tells of happened, with its zone: the PDF carries it as the time it was made, so that
    the same paper always gives the same bytes. ``marks`` stands at the foot of each page."""

    title: str
    issuer: str
    designation: str
    language: str
    at: datetime
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    marks: str
