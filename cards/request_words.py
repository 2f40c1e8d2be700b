"""What requests, their states and an expected no are called on cards."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.domain.request_views import RequestView
from bot.domain.requests import Problem, Reason, Refusal, RequestStatus
from bot.turns import Json
from cards.elements import BadgeStyle, container, fact, plain, run
from cards.names import name_of, person_name
from cards.texts import Fixed, Texts

_COURTEOUS = frozenset(
    {Reason.ALREADY_DECIDED, Reason.OPINION_GIVEN, Reason.WITHDRAWN, Reason.ALREADY_REGISTERED}
)
"""Somebody was quicker: nothing went wrong and nothing needs doing."""
_NAMED = frozenset({Reason.ALREADY_DECIDED, Reason.OPINION_GIVEN, Reason.WITHDRAWN})
_DATED = frozenset({Reason.CONSULTATION_OPEN, Reason.DEPUTY_AWAY})
STATE_STYLES: dict[RequestStatus, BadgeStyle] = {
    RequestStatus.DRAFT: "Subtle",
    RequestStatus.CONSULTATION: "Warning",
    RequestStatus.DECISION: "Warning",
    RequestStatus.MORE_INFORMATION: "Attention",
    RequestStatus.APPROVED: "Good",
    RequestStatus.REJECTED: "Attention",
    RequestStatus.WITHDRAWN: "Subtle",
}


def refusal_said(refusal: Refusal, t: Texts) -> str:
    """The sentence for it; who, when and until when are told where they are known."""
    key = f"request.refusal.{refusal.reason}"
    if refusal.reason in _NAMED and refusal.at is not None:
        return t(f"{key}.by", by=name_of(refusal.by or "") or t("name.unknown"), time=t.time(refusal.at))
    if refusal.reason in _DATED and refusal.due is not None:
        return t(f"{key}.due", day=t.day(refusal.due))
    return t(key)


def refusal_box(refusal: Refusal, t: Texts, people: Mapping[str, str] = MappingProxyType({})) -> Json:
    """On top of the card, with each field that is wrong by name, and whom it concerns of ``people``."""
    lines = [plain(run(refusal_said(refusal, t), bold=True), id="refusal")]
    lines += problem_lines(refusal.problems, t, people)
    return container(lines, style="accent" if refusal.reason in _COURTEOUS else "attention")


def problem_lines(problems: Sequence[Problem], t: Texts, people: Mapping[str, str]) -> list[Json]:
    return [fact(t(f"request.field.{one.field}"), _problem(one, t, people)) for one in problems]


def _problem(problem: Problem, t: Texts, people: Mapping[str, str]) -> str:
    wrong = t(f"request.fault.{problem.fault}", limit=problem.limit or 0)
    who = name_of(people.get(problem.subject, ""))
    return f"{who} {wrong}" if who else wrong


def title_of(view: RequestView, t: Texts) -> Fixed:
    kind = t(f"request.kind.{view.kind.id}.title") if view.kind else t("request.kind.unknown")
    return t("request.title", kind=kind, designation=Fixed(view.request.designation))


def names(people: Sequence[str], view: RequestView, t: Texts, most: int = 8) -> str:
    told = ", ".join(person_name(view.organisation, one, t) for one in people[:most])
    left = len(people) - most
    return f"{told} {t.count('request.more_people', left)}" if left > 0 else told


def names_in(view: RequestView) -> dict[str, str]:
    return {one.id: one.name for one in view.organisation.people.values()}


def channel_said(view: RequestView) -> str:
    """The name of the channel that it is about: of one that is not there yet, as it is proposed."""
    channel = view.request.form.fact("channel")
    if channel:
        return name_of(view.channels.get(channel, channel))
    return name_of(view.form.values.get("name", "")) if view.form else ""
