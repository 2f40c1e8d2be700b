"""The guideline and the law as they are now: another edition takes their place whole, between two questions."""

from dataclasses import dataclass

from bot.policy.answering import Policy
from bot.policy.grounds import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What belongs together: the grounds are bound to this guideline's words."""

    policy: Policy
    law: Law


class PolicyInForce:
    def __init__(self, edition: Edition) -> None:
        self.now = edition
