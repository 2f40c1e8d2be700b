"""The guideline and the law as they are now: another edition takes their place whole, between two questions."""

import logging
from dataclasses import dataclass

from bot.policy.answering import Policy
from bot.policy.grounds import Law

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What belongs together: the grounds are bound to this guideline's words."""

    policy: Policy
    law: Law


class PolicyInForce:
    """Whoever keeps the bot is told, at the start and at each change, which grounds the guideline leaves without a clause."""

    def __init__(self, edition: Edition) -> None:
        self.take(edition)

    def take(self, edition: Edition) -> None:
        self.now = edition
        unnamed = ", ".join(one.code for one in edition.law.unfound)
        if unnamed:
            where = {"guideline": edition.policy.guideline.source, "grounds": unnamed}
            log.warning("the guideline does not name every ground for removal", extra=where)
