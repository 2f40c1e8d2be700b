"""What reaches the bot and what it answers, in the bot's own words and free of any SDK.

``bot.teams`` turns activities into these values and the outcomes back into activities; everything behind
it handles only these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

Json = dict[str, Any]


class ConversationKind(StrEnum):
    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a conversation is reached: all that a later unasked message needs."""

    conversation: str
    service_url: str
    tenant: str
    bot: str
    kind: ConversationKind = ConversationKind.PERSONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who acted: ``object_id`` is the Entra object id that rights hang on, ``user`` the platform's own id.

    Where no object id was told, ``object_id`` is something that can't be one and stands for the same ``user`` always.
    """

    object_id: str
    user: str
    name: str
    locale: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that came with a message: name, type and address are what the client said, and are not trusted."""

    name: str
    content_type: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage:
    activity: str
    sender: Sender
    address: Address
    text: str
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAction:
    """A click on a card: ``data`` is whatever the client sent, inputs merged in, and is not trusted.

    ``submitted`` is true for Action.Submit from an old client: its answer is a message of its own, which everybody
    in the conversation sees.
    """

    activity: str
    sender: Sender
    address: Address
    verb: str
    data: Mapping[str, Any] = field(default_factory=dict)
    card: str | None = None
    submitted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The bot was added for a person or a team; Teams says so up to twice."""

    activity: str
    sender: Sender
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    activity: str
    sender: Sender
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class FileConsent:
    """The answer to the offer of a file. ``context`` is what the offer bore, and is not trusted; ``upload_url`` is
    where Teams lets the file be laid, ``content_url`` where it then is."""

    activity: str
    sender: Sender
    address: Address
    accepted: bool
    context: Mapping[str, Any] = field(default_factory=dict)
    upload_url: str = ""
    content_url: str = ""
    unique_id: str = ""


Turn = TextMessage | CardAction | Installed | Removed | FileConsent


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What ``[1]`` on a card stands for: Teams shows 80 characters of the name and 160 of the abstract."""

    name: str
    abstract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReply:
    """A card to show. As the outcome of a click it replaces the clicked card; otherwise it is a new message.

    ``summary`` is what the notification says. ``copy_of`` names what it is a copy of, so that it is updated
    with the others. ``cites``: the card holds a machine's words, which go by Teams' AI label with these sources; only a
    message of its own bears it.
    """

    card: Json
    summary: str
    copy_of: str | None = None
    cites: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReply:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReply:
    """A file that now lies in the person's own OneDrive."""

    name: str
    url: str
    unique_id: str
    file_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Nothing to show: an invoke still gets its empty 200."""


Reply = CardReply | TextReply | FileReply | Nothing


class TurnHandler(Protocol):
    """The bot behind the platform: one turn in, one reply out; raises only for bugs and I/O."""

    async def handle(self, turn: Turn) -> Reply: ...

    def failure(self, turn: Turn) -> str:
        """The sentence shown when handling raised, in the language of the sender's locale. Never raises."""
        ...
