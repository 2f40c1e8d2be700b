"""What the buttons of yearly duties carry, each read into a typed wish as ``cards.payload`` tells it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.duty_views import DutyScope
from cards.payload_fields import FormId, PageNumber, Text, Wished

DutyName = Annotated[
    str,
    Field(pattern=r"^(screenshot|contact_details|evaluation|last_screenshot)/[a-z0-9][a-z0-9-]{0,99}$"),
]


class ShowingDuty(Wished):
    verb: Literal["duty"]
    duty: DutyName


class ListingDuties(Wished):
    verb: Literal["duties"]
    scope: DutyScope
    page: PageNumber = 1
    about: Annotated[str, Field(pattern=r"^((channel|administration)/[0-9A-Za-z_-]{1,100})?$")] = ""


class ShowingOverview(Wished):
    verb: Literal["overview"]


class AskingForScreenshot(Wished):
    """After a great change, without waiting for the day."""

    verb: Literal["change"]
    duty: DutyName


class ConfirmingContacts(Wished):
    """New contact details, or with ``verb`` "contacts_same" those that are known."""

    verb: Literal["contacts", "contacts_same"]
    duty: DutyName
    due: date
    contacts: Text = ""


class Evaluating(Wished):
    verb: Literal["evaluate"]
    duty: DutyName
    due: date
    reach: Text = ""
    staffing: Text = ""
    changes: Text = ""


class ChoosingChannel(Wished):
    """Which channel a picture shows that was sent in chat; ``picture`` is the id under which it waits."""

    verb: Literal["picture"]
    picture: FormId
    channel: Annotated[str, Field(max_length=100)] = ""


class OpeningFile(Wished):
    """What was handed in the ``number``th time."""

    verb: Literal["duty_file"]
    duty: DutyName
    number: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


DutyWish = (
    ShowingDuty
    | ListingDuties
    | ShowingOverview
    | AskingForScreenshot
    | ConfirmingContacts
    | Evaluating
    | ChoosingChannel
    | OpeningFile
)

DUTY_WISHES: Mapping[str, type[DutyWish]] = {
    "duty": ShowingDuty,
    "duties": ListingDuties,
    "overview": ShowingOverview,
    "change": AskingForScreenshot,
    "contacts": ConfirmingContacts,
    "contacts_same": ConfirmingContacts,
    "evaluate": Evaluating,
    "picture": ChoosingChannel,
    "duty_file": OpeningFile,
}
