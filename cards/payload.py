"""What a button carries and how it is read back: the only place that knows the names of card data.

Nothing in a payload grants a right; it only says what the person wants done. ``pack`` makes a button's data,
``unpack`` reads what came back, which may have been made up by hand, into a typed wish or a ``BadPayload``.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.cases import DecisionKind, ForwardPurpose, PoliceReport
from bot.domain.duty_views import DutyScope
from bot.domain.grounds import Ground
from bot.domain.posts import PostKind
from bot.domain.views import CaseForm, ChannelScope

MAX_INPUT = 8000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


def _clean(value: object) -> object:
    """NUL and lone surrogates cannot be stored as UTF-8: shown as U+FFFD instead of losing the click. What nobody
    can see is nothing said."""
    if not isinstance(value, str):
        return value
    text = _UNSTORABLE.sub("\ufffd", value).strip()
    return text if any(unicodedata.category(char)[0] not in "CZ" for char in text) else ""


Text = Annotated[str, BeforeValidator(_clean), Field(max_length=MAX_INPUT)]
LongText = Annotated[str, BeforeValidator(_clean), Field(max_length=200_000)]
Designation = Annotated[str, Field(pattern=r"^SM-\d{4}-\d{4,7}$")]
ItemId = Annotated[str, Field(pattern=r"^SM-\d{4}-\d{4,7}-\d{1,4}$")]
DutyName = Annotated[
    str,
    Field(pattern=r"^(screenshot|contact_details|evaluation|last_screenshot)/[a-z0-9][a-z0-9-]{0,99}$"),
]
Version = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
PageNumber = Annotated[int, Field(ge=1, le=100_000)]
OptionalDate = Annotated[date | None, BeforeValidator(_blank_is_none)]
OptionalGround = Annotated[Ground | None, BeforeValidator(_blank_is_none)]


class _Wish(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Deciding(_Wish):
    """A decision, or with ``verb`` "reverse" a new one over an old one."""

    verb: Literal["decide", "reverse"]
    case: Designation
    version: Version
    kind: DecisionKind
    ground: OptionalGround = None
    obvious: Annotated[bool, BeforeValidator(lambda value: value in (True, "true"))] = False
    law: Text = ""
    reason: Text = ""
    reply: Text = ""
    police: Annotated[PoliceReport, BeforeValidator(lambda value: value or PoliceReport.NOT_ASSESSED)] = (
        PoliceReport.NOT_ASSESSED
    )
    police_reference: Text = ""
    police_date: OptionalDate = None


class Forwarding(_Wish):
    verb: Literal["forward"]
    case: Designation
    version: Version
    to: Annotated[str, BeforeValidator(_clean), Field(max_length=200)] = ""
    purpose: Annotated[ForwardPurpose, BeforeValidator(lambda value: value or ForwardPurpose.ANSWER)] = (
        ForwardPurpose.ANSWER
    )
    note: Text = ""


class ShowingForm(_Wish):
    """Another set of inputs on the same card; nothing is decided."""

    verb: Literal["form"]
    case: Designation
    form: CaseForm


class Confirming(_Wish):
    verb: Literal["applied", "verified"]
    case: Designation
    version: Version


class SuspectingAbuse(_Wish):
    verb: Literal["abuse"]
    case: Designation
    version: Version


class SecuringFiles(_Wish):
    """The post's files are to be fetched and kept as evidence."""

    verb: Literal["secure"]
    case: Designation


class ReportingToPolice(_Wish):
    verb: Literal["police"]
    case: Designation
    police_reference: Text = ""
    police_date: OptionalDate = None


class Registering(_Wish):
    """``seen`` is how many numbers the item had been given when the card was shown."""

    verb: Literal["register", "correct"]
    case: Designation
    item: ItemId
    seen: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] = 0
    number: Annotated[str, BeforeValidator(_clean), Field(max_length=100)] = ""


class Showing(_Wish):
    verb: Literal["show"]
    case: Designation


class ShowingRegistration(_Wish):
    """What of a case the reader may still register; where a list of such cases leads."""

    verb: Literal["registration"]
    case: Designation


class Listing(_Wish):
    verb: Literal["list"]
    what: Literal["queue", "my_decisions", "unregistered"]
    page: PageNumber = 1


class ListingChannels(_Wish):
    verb: Literal["channels"]
    scope: ChannelScope
    page: PageNumber = 1


class ShowingDuty(_Wish):
    verb: Literal["duty"]
    duty: DutyName


class ListingDuties(_Wish):
    verb: Literal["duties"]
    scope: DutyScope
    page: PageNumber = 1


class ShowingOverview(_Wish):
    verb: Literal["overview"]


class AskingForScreenshot(_Wish):
    """After a great change, without waiting for the day."""

    verb: Literal["change"]
    duty: DutyName


class ConfirmingContacts(_Wish):
    """New contact details, or with ``verb`` "contacts_same" those that are known."""

    verb: Literal["contacts", "contacts_same"]
    duty: DutyName
    due: date
    contacts: Text = ""


class Evaluating(_Wish):
    verb: Literal["evaluate"]
    duty: DutyName
    due: date
    reach: Text = ""
    staffing: Text = ""
    changes: Text = ""


class ChoosingChannel(_Wish):
    """Which channel a picture shows that was sent in chat; ``picture`` is the id under which it waits."""

    verb: Literal["picture"]
    picture: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    channel: Annotated[str, Field(max_length=100)] = ""


class OpeningFile(_Wish):
    """What was handed in the ``number``th time."""

    verb: Literal["duty_file"]
    duty: DutyName
    number: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class FlaggingForm(_Wish):
    verb: Literal["flag_form"]


class Flagging(_Wish):
    """The chat's own form for a flagged post; ``form`` names the form itself: one form is one post. It stays in the
    journal as a key, so it can't be any text."""

    verb: Literal["flag"]
    form: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    channel: Annotated[str, Field(max_length=100)] = ""
    kind: Annotated[PostKind, BeforeValidator(lambda value: value or PostKind.COMMENT)] = PostKind.COMMENT
    text: LongText = ""
    author: Text = ""
    url: Text = ""
    note: Text = ""
    ground: OptionalGround = None


class ShowingPassage(_Wish):
    """A passage chosen from "did you mean"."""

    verb: Literal["passage"]
    passage: Annotated[str, Field(max_length=200)]


class Helping(_Wish):
    verb: Literal["help"]


class ChoosingLanguage(_Wish):
    verb: Literal["language"]
    language: Literal["sv", "en"]


Wish = (
    Deciding
    | Forwarding
    | ShowingForm
    | Confirming
    | SuspectingAbuse
    | SecuringFiles
    | ReportingToPolice
    | Registering
    | Showing
    | ShowingRegistration
    | Listing
    | ListingChannels
    | ShowingDuty
    | ListingDuties
    | ShowingOverview
    | AskingForScreenshot
    | ConfirmingContacts
    | Evaluating
    | ChoosingChannel
    | OpeningFile
    | FlaggingForm
    | Flagging
    | ShowingPassage
    | Helping
    | ChoosingLanguage
)

_BY_VERB: Mapping[str, type[Wish]] = {
    "decide": Deciding,
    "reverse": Deciding,
    "forward": Forwarding,
    "form": ShowingForm,
    "applied": Confirming,
    "verified": Confirming,
    "abuse": SuspectingAbuse,
    "secure": SecuringFiles,
    "police": ReportingToPolice,
    "register": Registering,
    "correct": Registering,
    "show": Showing,
    "registration": ShowingRegistration,
    "list": Listing,
    "channels": ListingChannels,
    "duty": ShowingDuty,
    "duties": ListingDuties,
    "overview": ShowingOverview,
    "change": AskingForScreenshot,
    "contacts": ConfirmingContacts,
    "contacts_same": ConfirmingContacts,
    "evaluate": Evaluating,
    "picture": ChoosingChannel,
    "duty_file": OpeningFile,
    "flag_form": FlaggingForm,
    "flag": Flagging,
    "passage": ShowingPassage,
    "help": Helping,
    "language": ChoosingLanguage,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPayload:
    """Card data that no card of ours carries; ``fields`` names what is wrong, never its value, and a verb that is
    none of ours is "unknown": both go into the record, where no text may."""

    verb: str
    fields: tuple[str, ...]


def known_verb(verb: str) -> str:
    """The verb if it is one of ours, else "unknown"."""
    return verb if verb in _BY_VERB else "unknown"


def pack(verb: str, **data: str | int) -> dict[str, Any]:
    """A button's data. The verb is repeated in it, since Action.Submit of an old client drops it."""
    if verb not in _BY_VERB:
        raise ValueError(f"no such verb: {verb}")
    return {"verb": verb, **data}


def unpack(verb: str, data: Mapping[str, Any]) -> Wish | BadPayload:
    known = _BY_VERB.get(verb)
    if known is None:
        return BadPayload(verb=known_verb(verb), fields=("verb",))
    try:
        return known.model_validate({**data, "verb": verb})
    except ValidationError as error:
        fields = sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]})
        return BadPayload(verb=verb, fields=tuple(fields))
