"""What can be asked of a case. Texts never come here: a ``*_ref`` names an entry of the erasable content store."""

from dataclasses import dataclass
from datetime import date

from bot.domain.cases.terms import DecisionKind, ForwardPurpose, PoliceReport
from bot.domain.grounds import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """``texts_ref`` holds reason, named law, reply and police reference; the ``has_*`` flags say which of
    them were given. ``seen`` is the case version that the decider's card showed."""

    kind: DecisionKind
    seen: int
    texts_ref: str
    has_reason: bool = False
    has_law: bool = False
    has_reply: bool = False
    ground: Ground | None = None
    obvious: bool = False
    police: PoliceReport = PoliceReport.NOT_ASSESSED
    has_police_reference: bool = False
    police_date: date | None = None
    passage: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """``to`` is a person's object id or an administration's id; ``administration`` the receiving one."""

    seen: int
    to: str
    purpose: ForwardPurpose
    administration: str
    texts_ref: str
    people: tuple[str, ...] = ()
    passage: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """A new decision over an old one; it always carries a reason."""

    decision: Decide


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmApplied:
    """``seen`` as for a decision: what is confirmed is the removal that the card showed."""

    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmVerified:
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectAbuse:
    """Suspected child abuse material: the copy is destroyed and the removal decided in the same breath."""

    seen: int
    texts_ref: str
    passage: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuredFile:
    """A file kept as evidence: ``place`` counts the snapshot's files from 0; the refs hold its name and hash, and it."""

    place: int
    text_ref: str
    data_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureFiles:
    """What could be fetched of the snapshot's files; none could if ``files`` is empty."""

    snapshot: str
    files: tuple[SecuredFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportToPolice:
    reference_ref: str
    reported: date
    has_reference: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """``corrects`` when the number that is there was a slip of the pen: the record keeps both. ``seen`` is how many
    numbers had been entered when the card was shown."""

    item: str
    number: str
    seen: int = 0
    corrects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSnapshot:
    """The same post was flagged again with another text, or by somebody else."""

    post_ref: str
    flag_ref: str
    changed: bool


Command = (
    Decide
    | Forward
    | Reverse
    | ConfirmApplied
    | ConfirmVerified
    | SuspectAbuse
    | SecureFiles
    | ReportToPolice
    | Register
    | AddSnapshot
)
