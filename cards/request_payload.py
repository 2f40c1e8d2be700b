"""What the buttons of requests carry, each read into a typed wish as ``cards.payload`` tells it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from bot.domain.request_views import RequestForm
from bot.domain.requests import KINDS, OpinionKind, Verdict
from cards.payload_fields import FormId, PageNumber, Text, Version, Wished, clean

FORM_FIELDS = frozenset(field.name for kind in KINDS.values() for field in kind.fields)
RequestId = Annotated[str, Field(pattern=r"^AN-\d{4}-\d{4,7}$")]
RequestItemId = Annotated[str, Field(pattern=r"^AN-\d{4}-\d{4,7}-1$")]
KindId = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
Receiver = Annotated[str, BeforeValidator(clean), Field(max_length=200)]
Count = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class ChoosingKind(Wished):
    """The kinds of request there are, to choose from."""

    verb: Literal["apply"]


class StartingRequest(Wished):
    """An empty form of that kind; nothing is kept yet."""

    verb: Literal["apply_form"]
    kind: KindId


class Applying(Wished):
    """A form as it is now: kept as a draft, sent in, or sent in again after questions.

    ``form`` names a form that is no request yet; ``request`` and ``version`` the one that it belongs to.
    """

    verb: Literal["request_save", "request_submit", "request_complete"]
    kind: KindId
    form: FormId = "0" * 32
    request: RequestId | None = None
    version: Version = 1
    administration: Annotated[str, BeforeValidator(clean), Field(max_length=100)] = ""
    answers: Mapping[str, Text] = Field(default_factory=dict)
    note: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """Inputs go by their field's name; what no form asks for is not listened to."""
        return {**data, "answers": {name: data[name] for name in FORM_FIELDS if name in data}}


class ShowingRequest(Wished):
    verb: Literal["request_show"]
    request: RequestId


class ReadingRequest(Wished):
    """All that it says, in full."""

    verb: Literal["request_read"]
    request: RequestId
    page: PageNumber = 1


class ShowingRules(Wished):
    """What stands decided about working hours, in full."""

    verb: Literal["rules"]
    page: PageNumber = 1


class ShowingRequestForm(Wished):
    """Other inputs on the same card; nothing is decided."""

    verb: Literal["request_form"]
    request: RequestId
    show: RequestForm


class GivingOpinion(Wished):
    verb: Literal["request_opinion"]
    request: RequestId
    version: Version
    opinion: Annotated[OpinionKind | None, BeforeValidator(lambda value: value or None)] = None
    reason: Text = ""


class DecidingRequest(Wished):
    verb: Literal["request_decide"]
    request: RequestId
    version: Version
    verdict: Verdict
    reason: Text = ""
    consultation: Text = ""


class AskingForMore(Wished):
    verb: Literal["request_ask"]
    request: RequestId
    version: Version
    questions: Text = ""


class Resuming(Wished):
    verb: Literal["request_resume"]
    request: RequestId
    version: Version


class Withdrawing(Wished):
    verb: Literal["request_withdraw"]
    request: RequestId
    note: Text = ""


class Reassigning(Wished):
    verb: Literal["request_reassign"]
    request: RequestId
    to: Receiver = ""
    note: Text = ""


class HandingOver(Wished):
    verb: Literal["request_hand_over"]
    request: RequestId
    version: Version
    to: Receiver = ""


class Commenting(Wished):
    """``seen`` is how many comments there were when the card was shown."""

    verb: Literal["request_comment"]
    request: RequestId
    seen: Count = 0
    comment: Text = ""


class RegisteringRequest(Wished):
    """``seen`` is the request's revision that the card showed."""

    verb: Literal["request_register", "request_correct"]
    request: RequestId
    item: RequestItemId
    seen: Count = 0
    number: Annotated[str, BeforeValidator(clean), Field(max_length=100)] = ""


class ShowingRequestItem(Wished):
    """The registration item of a decided request."""

    verb: Literal["request_item"]
    request: RequestId


class AskingForDocument(Wished):
    """The decision document is to be offered as a file."""

    verb: Literal["request_document"]
    request: RequestId


class ListingRequests(Wished):
    verb: Literal["requests"]
    what: Literal["my_requests", "requests"]
    page: PageNumber = 1


class EndingAbsence(Wished):
    verb: Literal["absence_end"]


RequestWish = (
    ChoosingKind
    | StartingRequest
    | Applying
    | ShowingRequest
    | ReadingRequest
    | ShowingRules
    | ShowingRequestForm
    | GivingOpinion
    | DecidingRequest
    | AskingForMore
    | Resuming
    | Withdrawing
    | Reassigning
    | HandingOver
    | Commenting
    | RegisteringRequest
    | ShowingRequestItem
    | AskingForDocument
    | ListingRequests
    | EndingAbsence
)

REQUEST_WISHES: Mapping[str, type[RequestWish]] = {
    "apply": ChoosingKind,
    "apply_form": StartingRequest,
    "request_save": Applying,
    "request_submit": Applying,
    "request_complete": Applying,
    "request_show": ShowingRequest,
    "request_read": ReadingRequest,
    "rules": ShowingRules,
    "request_form": ShowingRequestForm,
    "request_opinion": GivingOpinion,
    "request_decide": DecidingRequest,
    "request_ask": AskingForMore,
    "request_resume": Resuming,
    "request_withdraw": Withdrawing,
    "request_reassign": Reassigning,
    "request_hand_over": HandingOver,
    "request_comment": Commenting,
    "request_register": RegisteringRequest,
    "request_correct": RegisteringRequest,
    "request_item": ShowingRequestItem,
    "request_document": AskingForDocument,
    "requests": ListingRequests,
    "absence_end": EndingAbsence,
}
