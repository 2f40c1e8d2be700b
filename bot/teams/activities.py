"""From an activity's JSON to a turn: what is believed of it, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.organisation.form import is_object_id
from bot.teams.authentication import Caller
from bot.turns import (
    Address,
    CardAction,
    ConversationKind,
    FileConsent,
    Installed,
    Removed,
    Sender,
    SentFile,
    TextMessage,
    Turn,
)

Json = Mapping[str, Any]
CARD_ACTION = "adaptiveCard/action"
FILE_CONSENT = "fileConsent/invoke"
_DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
_MOST_FILES = 10
_UNKNOWN = "unknown:"
"""Before the channel's id of somebody whose Entra object id was not told: no object id, so no right hangs on it."""
_NO_ID = re.compile("[\x00\ud800-\udfff]")
"""What no id holds and no file or address can."""


class BadActivity(ValueError):
    """No activity, or one with a field of the wrong kind; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An activity that can be read, sent ``at``. ``turn`` is None for what the bot has nothing to do with."""

    raw: Json
    id: str
    kind: str
    name: str
    sender: Sender
    address: Address
    turn: Turn | None
    expects_replies: bool
    at: datetime | None = None


def read_caller(raw: Any, *, remote: str, host: str) -> Caller:
    """Raises BadActivity unless ``raw`` is an activity that says where it comes from."""
    if not isinstance(raw, Mapping):
        raise BadActivity("the body is no JSON object")
    _text(raw, "type")
    return Caller(
        channel=_text(raw, "channelId", default=""),
        service_url=_text(raw, "serviceUrl", default=""),
        tenant=_tenant(raw),
        remote=remote,
        host=host,
    )


def read_activity(raw: Json) -> Incoming:
    """Raises BadActivity. Fields that nobody needs may be anything."""
    at = _timestamp(raw)
    conversation, who = _object(raw, "conversation"), _object(raw, "from")
    sender = Sender(
        object_id=_object_id(who),
        user=_id(who, "id", within="from"),
        name=_storable(_text(who, "name", default="")),
        locale=_text(raw, "locale", default="") or None,
    )
    address = Address(
        conversation=_id(conversation, "id", within="conversation"),
        service_url=_text(raw, "serviceUrl"),
        tenant=_tenant(raw),
        bot=_id(_object(raw, "recipient"), "id", within="recipient"),
        kind=_conversation_kind(conversation),
    )
    kind, name = _text(raw, "type"), _text(raw, "name", default="")
    return Incoming(
        raw=raw,
        id=_id(raw, "id", default=""),
        kind=kind,
        name=name,
        sender=sender,
        address=address,
        turn=_turn(raw, kind, name, sender, address),
        expects_replies=raw.get("deliveryMode") == "expectReplies",
        at=at,
    )


def _turn(raw: Json, kind: str, name: str, sender: Sender, address: Address) -> Turn | None:
    activity = _id(raw, "id", default="")
    match kind:
        case "message" if isinstance(raw.get("value"), Mapping) and "verb" in raw["value"]:
            return _submitted(raw, activity, sender, address)
        case "message":
            text = own_words(raw, _storable(_text(raw, "text", default="")))
            return TextMessage(
                activity=activity, sender=sender, address=address, text=text, files=sent_files(raw)
            )
        case "invoke" if name == CARD_ACTION:
            return _card_action(raw, activity, sender, address)
        case "invoke" if name == FILE_CONSENT:
            return _file_consent(raw, activity, sender, address)
        case "installationUpdate" | "conversationUpdate":
            return _coming_or_going(raw, kind, activity, sender, address)
        case _:
            return None


def _submitted(raw: Json, activity: str, sender: Sender, address: Address) -> CardAction:
    """Action.Submit of a client that does not know Action.Execute."""
    value = _object(raw, "value")
    return CardAction(
        activity=activity,
        sender=sender,
        address=address,
        verb=_text(value, "verb"),
        data=value,
        card=_id(raw, "replyToId", default="") or None,
        submitted=True,
    )


def _card_action(raw: Json, activity: str, sender: Sender, address: Address) -> CardAction | None:
    """None for a value that is no action: it is answered as an error, but it is no bad activity."""
    value = raw.get("value")
    action = value.get("action") if isinstance(value, Mapping) else None
    if not isinstance(action, Mapping) or not isinstance(action.get("verb", ""), str):
        return None
    data = action.get("data")
    return CardAction(
        activity=activity,
        sender=sender,
        address=address,
        verb=action.get("verb", ""),
        data=data if isinstance(data, Mapping) else {},
        card=_id(raw, "replyToId", default="") or None,
    )


def _file_consent(raw: Json, activity: str, sender: Sender, address: Address) -> FileConsent | None:
    """None for a value that is no consent."""
    value = raw.get("value")
    if not isinstance(value, Mapping) or value.get("type") != "fileUpload":
        return None
    context, upload = value.get("context"), value.get("uploadInfo")
    told = upload if isinstance(upload, Mapping) else {}
    return FileConsent(
        activity=activity,
        sender=sender,
        address=address,
        accepted=value.get("action") == "accept",
        context=context if isinstance(context, Mapping) else {},
        upload_url=_told(told, "uploadUrl"),
        content_url=_told(told, "contentUrl"),
        unique_id=_told(told, "uniqueId"),
    )


def _told(upload: Json, name: str) -> str:
    value = upload.get(name)
    return value if isinstance(value, str) else ""


def _coming_or_going(
    raw: Json, kind: str, activity: str, sender: Sender, address: Address
) -> Installed | Removed | None:
    """Teams tells of an installation as ``installationUpdate`` and, for the bot itself, as a member added."""
    bot = address.bot
    added, removed = _members(raw, "membersAdded"), _members(raw, "membersRemoved")
    action = _text(raw, "action", default="")
    if (kind == "installationUpdate" and action.startswith("add")) or bot in added:
        return Installed(activity=activity, sender=sender, address=address)
    if (kind == "installationUpdate" and action.startswith("remove")) or bot in removed:
        return Removed(activity=activity, sender=sender, address=address)
    return None


def _members(raw: Json, name: str) -> tuple[str, ...]:
    members = raw.get(name) or ()
    if not isinstance(members, list | tuple):
        raise BadActivity(f"{name} is no list")
    if not all(isinstance(one, Mapping) and isinstance(one.get("id"), str) for one in members):
        raise BadActivity(f"{name} holds something that is no member")
    return tuple(one["id"] for one in members)


def _storable(text: str) -> str:
    """Half a character, which a client may cut off, can be neither stored nor sent: it shows as U+FFFD."""
    return _NO_ID.sub("\ufffd", text)


def own_words(raw: Json, text: str) -> str:
    """The text without the mention of the bot itself, and of that only: exactly the marked span, since the
    bot's name may be an ordinary word of the question. A mention has no position; each takes the first span."""
    bot = raw.get("recipient", {}).get("id")
    entities = raw.get("entities")
    for entity in entities if isinstance(entities, list) else ():
        if not isinstance(entity, Mapping) or entity.get("type") != "mention":
            continue
        mentioned, span = entity.get("mentioned"), entity.get("text")
        if isinstance(mentioned, Mapping) and mentioned.get("id") == bot and isinstance(span, str) and span:
            text = text.replace(span, " ", 1)
    text = re.sub(r"&nbsp;|\u00a0", " ", text)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def sent_files(raw: Json) -> tuple[SentFile, ...]:
    """Pictures and files of a message. A picture pasted into a chat lies with Teams, behind the bot's own token; a
    file lies in the sender's OneDrive, at an address good for some minutes. The message's own HTML is no file."""
    attachments = raw.get("attachments")
    given = attachments if isinstance(attachments, list) else []
    found = (_sent_file(one) for one in given[:_MOST_FILES] if isinstance(one, Mapping))
    return tuple(one for one in found if one is not None)


def _sent_file(attachment: Json) -> SentFile | None:
    kind, content = attachment.get("contentType"), attachment.get("content")
    if kind == _DOWNLOAD and isinstance(content, Mapping):
        url, kind = content.get("downloadUrl"), ""
    elif isinstance(kind, str) and kind.startswith("image/"):
        url = attachment.get("contentUrl")
    else:
        return None
    name = attachment.get("name")
    if not isinstance(url, str) or not url:
        return None
    return SentFile(name=name if isinstance(name, str) else "", content_type=kind, url=url)


def _conversation_kind(conversation: Json) -> ConversationKind:
    kind = conversation.get("conversationType")
    try:
        return ConversationKind(kind) if kind else ConversationKind.PERSONAL
    except ValueError:
        return ConversationKind.GROUP


def _tenant(raw: Json) -> str:
    """Under ``channelData``; the copy in ``conversation`` is not always there."""
    data = raw.get("channelData")
    tenant = data.get("tenant") if isinstance(data, Mapping) else None
    found = tenant.get("id") if isinstance(tenant, Mapping) else None
    if found is None and isinstance(raw.get("conversation"), Mapping):
        found = raw["conversation"].get("tenantId")
    return found if isinstance(found, str) else ""


def _timestamp(raw: Json) -> datetime | None:
    """Teams gives it in UTC; one without a zone is taken for that."""
    stamp = raw.get("timestamp")
    if stamp is None:
        return None
    try:
        at = datetime.fromisoformat(stamp)
    except (TypeError, ValueError) as error:
        raise BadActivity("timestamp is no time") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _object(raw: Json, name: str) -> Json:
    value = raw.get(name)
    if not isinstance(value, Mapping):
        raise BadActivity(f"{name} is missing or no object")
    return value


def _object_id(who: Json) -> str:
    """Teams tells it of every person in the tenant; the channel's own id is never taken for one."""
    told = _id(who, "aadObjectId", within="from", default="")
    return told.lower() if is_object_id(told) else _UNKNOWN + _id(who, "id", within="from")


def _id(raw: Json, name: str, *, within: str = "", default: str | None = None) -> str:
    where = f"{within}.{name}" if within else name
    value = _text(raw, name, default=default, where=where)
    if _NO_ID.search(value):
        raise BadActivity(f"{where} holds a character that no id has")
    return value


def _text(raw: Json, name: str, *, default: str | None = None, where: str = "") -> str:
    value = raw.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (not value and default is None):
        raise BadActivity(f"{where or name} is missing or no text")
    return value
