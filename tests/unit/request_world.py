"""A small municipality in which requests are made, for the tests of the domain."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.administrations import AbsenceSet, AdministrationRecord
from bot.domain.channels import ChannelEntry, Register
from bot.domain.organisation import (
    SYSTEM,
    Administration,
    Communications,
    Organisation,
    Person,
    Platform,
    Reminders,
)
from bot.domain.requests import (
    Begin,
    Command,
    Form,
    Refusal,
    Request,
    RequestEvent,
    Submit,
    Surroundings,
    apply,
    begin,
    decide,
    drafted,
)

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DUE = date(2026, 12, 1)
AFTER_DUE = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)

STAFF = Person(id="staff", name="Medarbetare")
OTHER = Person(id="other", name="Medarbetare två")
HEAD = Person(id="head", name="Förvaltningschef")
DEPUTY = Person(id="deputy", name="Ställföreträdare ett")
DEPUTY2 = Person(id="deputy2", name="Ställföreträdare två")
KOM = Person(id="kom", name="Kommunikatör")
KOM2 = Person(id="kom2", name="Kommunikatör två")
REGISTRAR = Person(id="registrar", name="Registrator")
BOT = Person(id=SYSTEM, name="")
PEOPLE = (STAFF, OTHER, HEAD, DEPUTY, DEPUTY2, KOM, KOM2, REGISTRAR)

ORGANISATION = Organisation(
    name="Haninge kommun",
    tenant=None,
    website="https://haninge.se",
    people={one.id: one for one in PEOPLE},
    administrations={
        "kof": Administration(
            id="kof",
            name="Kultur- och fritidsförvaltningen",
            head="head",
            deputies=("deputy", "deputy2"),
            registrars=("registrar",),
        )
    },
    channels={},
    communications=Communications(name="Kommunikation", members=("kom", "kom2")),
    reminders=Reminders(),
    templates=(),
)
CHANNEL = ChannelEntry(
    id="facebook-biblioteken",
    platform=Platform.FACEBOOK,
    administration="kof",
    texts_ref="channel",
    address_key="facebook.com/haningebibliotek",
    opened_at=AT,
    admins=("other",),
)
REGISTER = Register(channels={CHANNEL.id: CHANNEL})
WITHIN = Surroundings(organisation=ORGANISATION, register=REGISTER)

FORMS = {
    "open_channel": Form(
        facts={"platform": ("tiktok",), "admins": ("other",), "terms_read": ("true",)},
        people=("other",),
        texts_ref="form",
        contact_ref="contact",
        address_key="tiktok.com/@haninge",
    ),
    "close_channel": Form(facts={"channel": (CHANNEL.id,)}, texts_ref="form"),
    "appoint_admin": Form(
        facts={"channel": (CHANNEL.id,), "admins": ("staff",)},
        people=("staff",),
        texts_ref="form",
        contact_ref="contact",
    ),
    "remove_admin": Form(
        facts={"channel": (CHANNEL.id,), "admins": ("other",)}, people=("other",), texts_ref="form"
    ),
    "working_hours_use": Form(facts={"starts": ("2027-01-01",)}, texts_ref="form"),
}
"""A whole form for each kind."""


def away(*people: str, until: date = date(2027, 1, 12)) -> Surroundings:
    """The same surroundings with these people absent."""
    absences = {one: AbsenceSet(person=one, starts=TODAY, until=until, by=one) for one in people}
    record = AdministrationRecord(id="kof", absences=absences)
    return replace(WITHIN, administrations={"kof": record})


def a_draft(kind: str = "open_channel", by: Person = STAFF, form: Form | None = None) -> Request:
    command = Begin(kind=kind, administration="kof", form=form or FORMS[kind])
    event = begin(command, by=by, within=WITHIN)
    assert not isinstance(event, Refusal)
    return drafted("AN-2026-0007", event, at=AT)


def submitted(kind: str = "open_channel", by: Person = STAFF, form: Form | None = None) -> Request:
    draft = a_draft(kind, by, form)
    return after(draft, Submit(form=draft.form, administration="kof", consultation_due=DUE), by)


def after(
    request: Request, command: Command, by: Person, at: datetime = AT, within: Surroundings = WITHIN
) -> Request:
    events = decide(request, command, by=by, at=at, within=within)
    assert not isinstance(events, Refusal), events
    for event in events:
        request = apply(request, event, at=at, by=by.id)
    return request


def reason_of(outcome: Sequence[RequestEvent] | Refusal) -> str | None:
    return outcome.reason if isinstance(outcome, Refusal) else None
