"""The register of channels between the domain and the store.

Read-side tables: ``channels`` (id -> its entry) and ``register``, whose one document says how often the register has
changed and whether the organisation file's channels have been taken in. Contact details that nothing needs any longer
go to ``destroyed``.
"""

from collections.abc import Iterable, Mapping

from bot.adapters import EventForms, doc_of, read_from
from bot.domain import channels
from bot.domain.channels import ChannelEntry, ChannelEvent
from bot.domain.duties import DutyKind, duty_id
from bot.duties.record import contacts_given_by
from bot.erasing import destroyed
from storage.store import Drop, Event, Json, Put, Tables

IMPORTED = "register_imported"
"""The kind of the event that says that the organisation file's channels are all in."""
STREAM = "register"

_EVENTS: Mapping[str, type[ChannelEvent]] = {
    "channel_imported": channels.ChannelImported,
    "channel_opened": channels.ChannelOpened,
    "channel_closed": channels.ChannelClosed,
    "admin_appointed": channels.AdminAppointed,
    "admin_removed": channels.AdminRemoved,
    "channel_amended": channels.ChannelAmended,
}
_FORMS = EventForms(_EVENTS)
channel_event = _FORMS.stored


def entry_from(doc: Json) -> ChannelEntry:
    return read_from(doc, ChannelEntry)


def project_channel(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is not the register's."""
    if event.kind == IMPORTED:
        yield _counted(tables, imported=True)
        return
    happened = _FORMS.happened(event)
    if happened is None:
        return
    channel = event.stream.partition("/")[2]
    before = tables.get("channels", channel)
    entry = _after(channel, before, happened, event)
    yield Put(table="channels", key=channel, doc=doc_of(entry))
    yield _counted(tables)
    freed = channels.freed_contacts(entry_from(before), entry) if before else ()
    if isinstance(happened, channels.AdminRemoved):
        duty = tables.get("duties", duty_id(DutyKind.CONTACT_DETAILS, channel))
        freed = (*freed, *contacts_given_by(happened.person, duty))
    yield from destroyed(freed)


def _after(channel: str, doc: Json | None, happened: ChannelEvent, event: Event) -> ChannelEntry:
    if isinstance(happened, channels.ChannelImported | channels.ChannelOpened):
        return channels.entered(channel, happened, at=event.at)
    if doc is None:
        raise ValueError(f"{event.stream}: event {event.seq} comes before the channel was entered")
    return channels.apply(entry_from(doc), happened, at=event.at)


def _counted(tables: Tables, *, imported: bool = False) -> Put:
    before = tables.get(STREAM, STREAM) or {"changes": 0, "imported": False}
    doc = {"changes": before["changes"] + 1, "imported": before["imported"] or imported}
    return Put(table=STREAM, key=STREAM, doc=doc)
