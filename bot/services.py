"""What every use case is given: the record, the organisation, the guideline, the law and the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.organisation import Organisation
from bot.guidelines import Guidelines
from bot.policy.answering import Policy
from bot.policy.grounds import Law
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """``wake`` tells the outbox that something new is owed; ``pepper`` keys the digests of platform ids."""

    store: Store
    organisation: Organisation
    policy: Policy
    guidelines: Guidelines
    law: Law
    clock: Callable[[], datetime]
    wake: Callable[[], None]
    pepper: bytes
    local: bool = False
