"""What every use case is given: the record, the organisation, the guideline, the law and the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.channels.register import Loaded
from bot.domain.organisation import Organisation
from bot.guidelines.editions import Guidelines
from bot.guidelines.in_force import PolicyInForce
from bot.measuring import Measures
from bot.organisation.known_names import KnownNames
from bot.policy.answering import Answer, Policy
from bot.policy.grounds import Law
from storage.store import Store


class Ask(Protocol):
    """The guideline, asked a question in the asker's language."""

    def __call__(self, question: str, language: str) -> Answer: ...


class Taught(Protocol):
    """Whether communications have taught what answers that very question."""

    def __call__(self, question: str, language: str) -> bool: ...


class PeopleDirectory(Protocol):
    """Where people and roles come from, and the channels that the file lists."""

    def current(self) -> Organisation:
        """As they are now; asked anew for each right."""
        ...

    def fresh(self, at: datetime) -> bool:
        """Whether roles were confirmed recently enough to change anything by."""
        ...


class Directory(PeopleDirectory, Protocol):
    """The whole organisation: people, roles, and the channels that the record knows."""

    async def refresh(self) -> None:
        """Takes in what was decided since it was last asked."""
        ...

    def channels(self) -> Loaded:
        """The register behind it, with the channels that are closed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDirectory:
    """The organisation file, as it was at start."""

    organisation: Organisation

    def current(self) -> Organisation:
        return self.organisation

    def fresh(self, at: datetime) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """``wake`` tells the outbox that something new is owed, ``forget_answers`` the door that kept answers may show
    what is destroyed now; ``pepper`` keys the digests of platform ids; ``address`` is where browsers reach the bot, if it
    was told."""

    store: Store
    directory: Directory
    names: KnownNames
    in_force: PolicyInForce
    ask: Ask
    taught: Taught
    guidelines: Guidelines
    clock: Callable[[], datetime]
    wake: Callable[[], None]
    forget_answers: Callable[[], None]
    pepper: bytes
    measures: Measures
    local: bool = False
    address: str | None = None

    @property
    def policy(self) -> Policy:
        return self.in_force.now.policy

    @property
    def law(self) -> Law:
        return self.in_force.now.law

    @property
    def organisation(self) -> Organisation:
        return self.directory.current()

    @property
    def read_only(self) -> bool:
        """Whether every command that changes something is to be refused."""
        return not self.directory.fresh(self.clock())
