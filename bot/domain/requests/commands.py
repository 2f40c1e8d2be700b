"""What can be asked of a request. Texts never come here: a ``*_ref`` names an entry of the erasable content store,
and a ``has_*`` flag says that there is something in it.

``seen`` is the version that the person's card showed. Deadlines are days that the caller has counted.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.requests.fields import Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.terms import OpinionKind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """A new draft; ``administration`` is whose head is to decide, for a kind that is about no channel yet."""

    kind: str
    form: Form
    administration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    form: Form
    administration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """``problems`` are those of the reading that ``form`` was made from. ``consultation_due`` is the last day for an
    opinion, should the kind ask for one."""

    form: Form
    consultation_due: date
    administration: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOpinion:
    kind: OpinionKind | None
    seen: int
    texts_ref: str = ""
    has_reason: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """The last day for an opinion is past, or nobody may give one: the head decides without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForMore:
    """Back to the requester (komplettering), by whoever's turn it is."""

    seen: int
    texts_ref: str
    has_questions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """The requester's answer: the form anew, and perhaps a note; as for ``Submit``. It bears ``seen``, since two
    windows may be open on the same questions."""

    form: Form
    consultation_due: date
    seen: int
    texts_ref: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Goes on without an answer, by those who asked: the requester has left, say."""

    consultation_due: date
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """``has_consultation`` says that the head has recorded how the consultation took place, which an approval asks
    for where no opinion came on the request as it is. ``names_ref`` holds what the ids in it are called now."""

    verdict: Verdict
    seen: int
    texts_ref: str = ""
    has_reason: bool = False
    has_consultation: bool = False
    passage: str = ""
    guideline: str = ""
    names_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    texts_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign:
    """To a deputy, who may decide from then on; who reassigns keeps the right."""

    to: str
    texts_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Another person becomes the requester: the first one has left, or does something else now."""

    to: str
    to_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    texts_ref: str
    has_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """``corrects`` when the number that is there was a slip of the pen: the record keeps both."""

    item: str
    number: str
    corrects: bool = False


Command = (
    SaveDraft
    | Submit
    | GiveOpinion
    | Lapse
    | AskForMore
    | Complete
    | Resume
    | Decide
    | Withdraw
    | Reassign
    | HandOver
    | Comment
    | Register
)
"""What can be asked of a request that is there; ``Begin`` makes one."""
