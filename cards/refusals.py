"""An expected no, in plain words: what happened and what to do now."""

from bot.domain.cases import Reason, Refusal
from bot.turns import Json
from cards.elements import container, plain, run
from cards.names import name_of
from cards.texts import Texts

_COURTEOUS = frozenset({Reason.ALREADY_DECIDED, Reason.ALREADY_REGISTERED, Reason.ALREADY_APPLIED})
"""Somebody was quicker: nothing went wrong and nothing needs doing."""


def refusal_words(refusal: Refusal, t: Texts) -> str:
    """The sentence for it; who and when are told where they are known."""
    key = f"refusal.{refusal.reason}"
    match refusal:
        case Refusal(reason=Reason.ALREADY_DECIDED | Reason.ALREADY_REGISTERED, by=str(by), at=at) if at:
            return t(f"{key}.by", by=name_of(by), time=t.time(at))
        case _:
            return t(key)


def refusal_part(refusal: Refusal, t: Texts) -> Json:
    words = plain(run(refusal_words(refusal, t), bold=True), id="refusal")
    return container([words], style="accent" if refusal.reason in _COURTEOUS else "attention")
