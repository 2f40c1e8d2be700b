"""An expected no about a duty, in plain words."""

from bot.domain.duties import Reason, Refusal
from bot.turns import Json
from cards.elements import container, plain, run
from cards.names import name_of
from cards.texts import Texts

_COURTEOUS = frozenset({Reason.ALREADY_FULFILLED, Reason.SAME_PICTURE, Reason.CANCELLED, Reason.TOO_EARLY})
"""Nothing went wrong and nothing needs doing."""


def duty_refusal_words(refusal: Refusal, t: Texts) -> str:
    """``by`` is a name by now."""
    key = f"duty.refusal.{refusal.reason}"
    match refusal:
        case Refusal(reason=Reason.ALREADY_FULFILLED | Reason.SAME_PICTURE, by=str(by), at=at) if at:
            return t(f"{key}.by", by=name_of(by), time=t.time(at))
        case Refusal(reason=Reason.TOO_EARLY, due=due) if due:
            return t(f"{key}.due", day=t.day(due))
        case _:
            return t(key)


def duty_refusal_part(refusal: Refusal, t: Texts) -> Json:
    words = plain(run(duty_refusal_words(refusal, t), bold=True), id="refusal")
    return container([words], style="accent" if refusal.reason in _COURTEOUS else "attention")
