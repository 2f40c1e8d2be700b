"""What a button carries and how it is read back: the only place that knows the names of card data.

Nothing in a payload grants a right; it only says what the person wants done. ``pack`` makes a button's data,
``unpack`` reads what came back, which may have been made up by hand, into a typed wish or a ``BadPayload``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from bot.domain.cases import DecisionKind, ForwardPurpose, PoliceReport
from bot.domain.grounds import Ground
from bot.domain.posts import PostKind
from bot.domain.views import CaseForm, ChannelScope
from cards.duty_payload import DUTY_WISHES, DutyWish
from cards.payload_fields import (
    FormId,
    OptionalDate,
    PageNumber,
    Text,
    Version,
    Wished,
    blank_is_none,
    clean,
)
from cards.question_payload import QUESTION_WISHES, QuestionWish
from cards.request_payload import REQUEST_WISHES, RequestWish

LongText = Annotated[str, BeforeValidator(clean), Field(max_length=200_000)]
Designation = Annotated[str, Field(pattern=r"^SM-\d{4}-\d{4,7}$")]
ItemId = Annotated[str, Field(pattern=r"^SM-\d{4}-\d{4,7}-\d{1,4}$")]
OptionalGround = Annotated[Ground | None, BeforeValidator(blank_is_none)]


class Deciding(Wished):
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


class Forwarding(Wished):
    verb: Literal["forward"]
    case: Designation
    version: Version
    to: Annotated[str, BeforeValidator(clean), Field(max_length=200)] = ""
    purpose: Annotated[ForwardPurpose, BeforeValidator(lambda value: value or ForwardPurpose.ANSWER)] = (
        ForwardPurpose.ANSWER
    )
    note: Text = ""


class ShowingForm(Wished):
    """Another set of inputs on the same card; nothing is decided."""

    verb: Literal["form"]
    case: Designation
    form: CaseForm


class Confirming(Wished):
    verb: Literal["applied", "verified"]
    case: Designation
    version: Version


class SuspectingAbuse(Wished):
    verb: Literal["abuse"]
    case: Designation
    version: Version


class SecuringFiles(Wished):
    """The post's files are to be fetched and kept as evidence."""

    verb: Literal["secure"]
    case: Designation


class ReportingToPolice(Wished):
    verb: Literal["police"]
    case: Designation
    police_reference: Text = ""
    police_date: OptionalDate = None


class Registering(Wished):
    """``seen`` is how many numbers the item had been given when the card was shown."""

    verb: Literal["register", "correct"]
    case: Designation
    item: ItemId
    seen: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] = 0
    number: Annotated[str, BeforeValidator(clean), Field(max_length=100)] = ""


class Showing(Wished):
    verb: Literal["show"]
    case: Designation


class ShowingRegistration(Wished):
    """What of a case the reader may still register; where a list of such cases leads."""

    verb: Literal["registration"]
    case: Designation


class Listing(Wished):
    verb: Literal["list"]
    what: Literal["queue", "my_decisions", "unregistered"]
    page: PageNumber = 1


class ListingChannels(Wished):
    verb: Literal["channels"]
    scope: ChannelScope
    page: PageNumber = 1


class FlaggingForm(Wished):
    verb: Literal["flag_form"]


class Flagging(Wished):
    """The chat's own form for a flagged post; one form is one post."""

    verb: Literal["flag"]
    form: FormId
    channel: Annotated[str, Field(max_length=100)] = ""
    kind: Annotated[PostKind, BeforeValidator(lambda value: value or PostKind.COMMENT)] = PostKind.COMMENT
    text: LongText = ""
    author: Text = ""
    url: Text = ""
    note: Text = ""
    ground: OptionalGround = None


class Helping(Wished):
    verb: Literal["help"]


class ChoosingLanguage(Wished):
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
    | FlaggingForm
    | Flagging
    | Helping
    | ChoosingLanguage
    | DutyWish
    | RequestWish
    | QuestionWish
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
    "flag_form": FlaggingForm,
    "flag": Flagging,
    "help": Helping,
    "language": ChoosingLanguage,
    **DUTY_WISHES,
    **REQUEST_WISHES,
    **QUESTION_WISHES,
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
