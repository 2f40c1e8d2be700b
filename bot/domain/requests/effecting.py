"""From an approval's effects to what the register and the administration's stream are asked for.

Effects are carried out after the decision is durable, each on a stream of its own, and again after a crash: what the
register refuses because it is so already is as good as done.
"""

from datetime import date

from bot.domain import channels
from bot.domain.administrations import StandingDecisionRecorded
from bot.domain.organisation import Platform
from bot.domain.requests.declaring import Effect, EffectKind
from bot.domain.requests.events import Decided, EffectCarriedOut, Outcome
from bot.domain.requests.state import Request
from bot.domain.zone import local_day

ON_REGISTER = frozenset(
    {
        EffectKind.OPEN_CHANNEL,
        EffectKind.CLOSE_CHANNEL,
        EffectKind.APPOINT_ADMIN,
        EffectKind.REMOVE_ADMIN,
    }
)


def register_command(
    effect: Effect, request: Request, *, texts_ref: str = ""
) -> channels.Open | channels.Close | channels.Appoint | channels.Remove:
    """What the register is asked for; ``texts_ref`` holds the name and address of a channel that is opened.

    Raises ValueError for an effect that is none of ``ON_REGISTER``.
    """
    form, channel, designation = request.form, effect.channel, request.designation
    match effect.kind:
        case EffectKind.OPEN_CHANNEL:
            return channels.Open(
                channel=channel,
                platform=Platform(form.fact("platform")),
                administration=request.administration,
                request=designation,
                texts_ref=texts_ref,
                address_key=form.address_key,
                starts=form.day("starts"),
                ends=form.day("ends"),
            )
        case EffectKind.CLOSE_CHANNEL:
            return channels.Close(channel=channel, request=designation)
        case EffectKind.APPOINT_ADMIN:
            return channels.Appoint(
                channel=channel, person=effect.person, request=designation, contact_ref=form.contact_ref
            )
        case EffectKind.REMOVE_ADMIN:
            return channels.Remove(channel=channel, person=effect.person, request=designation)
        case _:
            raise ValueError(f"{effect.kind} does not concern the register")


def after_refusal(effect: Effect, refusal: channels.Refusal, request: Request) -> EffectCarriedOut:
    """What is recorded of an effect that the register refused."""
    needless = refusal.reason in _SO_ALREADY[effect.kind] or refusal.request == request.designation
    outcome = Outcome.NEEDLESS if needless else Outcome.IMPOSSIBLE
    return EffectCarriedOut(effect=effect.key, outcome=outcome, why=refusal.reason)


_SO_ALREADY = {
    EffectKind.OPEN_CHANNEL: frozenset[channels.Reason](),
    EffectKind.CLOSE_CHANNEL: frozenset({channels.Reason.CHANNEL_CLOSED}),
    EffectKind.APPOINT_ADMIN: frozenset({channels.Reason.ALREADY_ADMIN}),
    EffectKind.REMOVE_ADMIN: frozenset({channels.Reason.NOT_AN_ADMIN, channels.Reason.CHANNEL_CLOSED}),
}


def standing_decision(request: Request) -> StandingDecisionRecorded:
    """What an approved request about working hours makes stand: from its day on, and never from before it.

    Raises ValueError for a request that is not decided.
    """
    made, day = _decision(request)
    starts = request.form.day("starts")
    return StandingDecisionRecorded(
        request=request.designation,
        by=made.by,
        by_name=made.by_name,
        texts_ref=request.form.texts_ref,
        holds_from=max(starts, day) if starts else day,
        ends=request.form.day("ends"),
    )


def _decision(request: Request) -> tuple[Decided, date]:
    if request.decision is None:
        raise ValueError(f"{request.designation} is not decided")
    return request.decision.made, local_day(request.decision.at)
