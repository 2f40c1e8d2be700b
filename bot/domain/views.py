"""A case with its texts opened, as one person may see it: what cards, documents and exports are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import Case, Registration
from bot.domain.organisation import Channel, Organisation, Platform, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """An attachment as it was listed at intake; ``sha256`` only when an admin has secured the file."""

    name: str
    content_type: str
    url: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostText:
    """One frozen snapshot; ``sha256`` is the plain digest of the text's UTF-8 bytes."""

    text: str
    author: str
    sha256: str
    attachments: tuple[FileText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where the post is on the platform: kept even when the copy is destroyed."""

    post_id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagText:
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """The guideline's words that something was decided under, in the version of that day."""

    passage: str
    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTexts:
    reason: str = ""
    law: str = ""
    reply: str = ""
    note: str = ""
    police_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """``post`` is ``snapshot``'s, the one that is or was decided on, and None once the copy is destroyed; ``later``
    what it was changed to since. Of earlier ones and of flags only the newest are opened; ``decisions`` runs parallel to
    ``case.decisions`` and ``forwards`` to ``case.forwards``. ``right`` is the role that lets the viewer decide, or None."""

    case: Case
    channel: Channel | None
    organisation: Organisation
    snapshot: str
    post: PostText | None
    earlier: tuple[PostText, ...]
    later: PostText | None
    locator: Locator
    flags: tuple[FlagText, ...]
    decisions: tuple[DecisionTexts, ...]
    forwards: tuple[DecisionTexts, ...]
    police_reference: str
    right: Role | None
    clauses: Mapping[int, Clause]
    """By the number of the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationView:
    """What the registrar needs of one item; ``public`` and ``protected`` are the two wordings of what it
    concerns, kept apart so that the register itself can stay public."""

    item: Registration
    case: CaseView
    public: str
    protected: str
    from_whom: str
    to_whom: str
    may_register: bool
    may_correct: bool
    late: bool


class CaseForm(StrEnum):
    """Which inputs an open card shows."""

    REMOVAL = "removal"
    ANSWER = "answer"
    PARTIES = "parties"
    FORWARD = "forward"
    HAND_OVER = "hand_over"
    REVERSAL = "reversal"
    POLICE = "police"
    ABUSE = "abuse"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A case as one row of a list."""

    designation: str
    channel: str
    flagged_at: datetime
    kind: str
    excerpt: str
    suggested: str | None
    status: str


class ChannelScope(StrEnum):
    """Which channels a list holds."""

    MINE = "mine"
    ADMINISTRATION = "administration"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSummary:
    """A channel as one row of a list; ``admins`` are names, ``opened_by`` the request that it came by, if any."""

    name: str
    platform: Platform
    administration: str
    url: str
    admins: tuple[str, ...]
    opened_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPage:
    """As ``Page``, of channels."""

    scope: ChannelScope
    rows: tuple[ChannelSummary, ...]
    number: int
    of: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list; ``number`` and ``of`` count pages from 1."""

    rows: tuple[Summary, ...]
    number: int
    of: int
    total: int
