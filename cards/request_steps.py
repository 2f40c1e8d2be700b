"""Where a request stands, step by step, and what was said on the way."""

from collections.abc import Iterable
from typing import TypeVar

from bot.domain.request_views import RequestView
from bot.domain.requests import (
    Awaits,
    CallCause,
    Called,
    Flaw,
    NobodyMayDecide,
    Opinion,
    Outcome,
    Part,
    RequestStatus,
    RequestTexts,
)
from bot.turns import Json
from cards.elements import block, container, fact, note, subheading
from cards.names import administration_name, name_of
from cards.request_fields import clause_part
from cards.request_words import names, names_in, problem_lines
from cards.scene import Scene
from cards.text_room import Room
from cards.texts import Texts

_T = TypeVar("_T")
_MOST_OPINIONS, _MOST_QUESTIONS, _MOST_COMMENTS = 2, 2, 3


def steps_part(view: RequestView, scene: Scene, t: Texts) -> list[Json]:
    """The request's way so far and what comes next, a line each."""
    request = view.request
    unit = administration_name(view.organisation, request.administration)
    made = [fact(t("request.administration"), unit) if unit else note(t("request.no_administration"))]
    made.append(fact(t("request.requester"), name_of(request.requester_name) or t("name.unknown")))
    if request.submitted_at is None:
        return [*made, fact(t("request.step.draft"), t.time(request.drafted_at))]
    made.append(fact(t("request.step.submitted"), t.time(request.submitted_at)))
    if request.consults:
        made.append(fact(t("request.step.consultation"), _consultation(view, t)))
    made.append(fact(t("request.step.decision"), _decision(view, t)))
    if request.registration is not None:
        made.append(fact(t("request.step.registration"), _registration(view, t)))
    if request.awaits is not None and view.waited_for:
        waited = f"{names(view.waited_for, view, t)} ({t.age(request.since, scene.now)})"
        made.append(fact(t("request.waits_for"), waited))
    return [*made, *_effects(view, t)]


def _consultation(view: RequestView, t: Texts) -> str:
    request = view.request
    if request.opinion is not None:
        return t(f"request.opinion.{request.opinion.given.kind}")
    if request.lapsed is not None:
        return t(f"request.lapsed.{request.lapsed}")
    due = request.consultation_due
    return t("request.consultation.until", day=t.day(due)) if due else t("request.step.waits")


def _decision(view: RequestView, t: Texts) -> str:
    request = view.request
    if request.withdrawal is not None:
        gone = request.withdrawal
        return t("request.withdrawn_by", by=name_of(gone.by_name), time=t.time(gone.at))
    if request.decision is None:
        return t("request.step.waits")
    made = request.decision.made
    return t(
        f"request.verdict.{made.verdict}",
        by=name_of(made.by_name) or t("name.unknown"),
        part=t(f"request.part.{made.part}"),
        time=t.time(request.decision.at),
    )


def _registration(view: RequestView, t: Texts) -> str:
    item = view.request.registration
    return item.number if item and item.number else t("request.step.waits")


def _effects(view: RequestView, t: Texts) -> list[Json]:
    """Only what could not be carried out is told: the rest went by itself."""
    wrong = [one for one in view.request.carried_out if one.outcome is Outcome.IMPOSSIBLE]
    return [block(t("request.effect.impossible"), colour="Attention")] if wrong else []


def hindrance_part(view: RequestView, t: Texts) -> list[Json]:
    """Why the card goes to a deputy, why the viewer may not, and that nobody may."""
    made: list[Json] = []
    if view.bar is not None:
        made.append(container([block(t(f"request.bar.{view.bar}"))], style="warning"))
    made += _changed(view, t)
    match view.called:
        case Called(cause=cause) if cause is not CallCause.HEAD:
            made.append(note(t(f"request.called.{cause}"), spacing="Small"))
        case NobodyMayDecide():
            made.append(container([block(t("request.nobody_may_decide"))], style="warning"))
    if view.request.awaits is Awaits.DECISION and view.request.lacks_opinion:
        lacking = "request.no_opinion_in_force" if view.request.opinions else "request.no_opinion"
        made.append(note(t(lacking), spacing="Small"))
    return made


def _changed(view: RequestView, t: Texts) -> list[Json]:
    """What is otherwise now than when it was sent in, and whether it can be approved all the same."""
    if not view.conflicts:
        return []
    told = [block(t("request.changed")), *problem_lines(view.conflicts, t, names_in(view))]
    told += [] if view.approvable else [block(t("request.not_approvable"))]
    return [container(told, style="warning")]


def said_parts(view: RequestView, t: Texts, room: Room, *, whole: bool = False) -> list[Json]:
    """Decision, opinions, questions and comments: the newest of each, or all of them."""
    made = [*_decided(view, t, room), *_opinions(view, t, room, whole), *_questions(view, t, room, whole)]
    comments = _newest(zip(view.request.comments, view.comments, strict=True), _MOST_COMMENTS, whole)
    if comments:
        made.append(subheading(t("request.comments")))
    for remark, said in comments:
        made += _said(remark.made.by_name, t.time(remark.at), said.note, t, room)
    return made


def leaves_out(view: RequestView) -> bool:
    """Whether more was said than ``said_parts`` tells when it is not to tell all."""
    request = view.request
    told = ((request.opinions, _MOST_OPINIONS), (request.questions, _MOST_QUESTIONS))
    return len(request.comments) > _MOST_COMMENTS or any(len(said) > most for said, most in told)


def _newest(said: Iterable[_T], most: int, whole: bool) -> list[_T]:
    return list(said) if whole else list(said)[-most:]


def _decided(view: RequestView, t: Texts, room: Room) -> list[Json]:
    request, said = view.request, view.decision
    if request.status is RequestStatus.WITHDRAWN and view.withdrawal.note:
        return [subheading(t("request.withdrawal")), *room.text(view.withdrawal.note, t)]
    if request.decision is None or view.kind is None:
        return []
    made = [subheading(t(view.kind.text(request.decision.made.verdict)))]
    if said.reason:
        made += [note(t("request.reasons")), *room.text(said.reason, t, spacing="None")]
    if said.consultation:
        made += [note(t("request.how_consulted")), *room.text(said.consultation, t, spacing="None")]
    return [*made, *(clause_part(view.clause, t) if view.clause else [])]


def _opinions(view: RequestView, t: Texts, room: Room, whole: bool) -> list[Json]:
    given = _newest(zip(view.request.opinions, view.opinions, strict=True), _MOST_OPINIONS, whole)
    made: list[Json] = [subheading(t("request.opinions"))] if given else []
    for opinion, said in given:
        made += _opinion(opinion, said, view.request.flaw(opinion), t, room)
    return made


def _opinion(opinion: Opinion, said: RequestTexts, flaw: Flaw | None, t: Texts, room: Room) -> list[Json]:
    late = f" {t('request.opinion.late')}" if opinion.given.late else ""
    kind = f"{t(f'request.opinion.{opinion.given.kind}')}{late}"
    by = name_of(opinion.given.by_name) or t("name.unknown")
    made = [fact(t(f"request.part.{Part.CONSULTED}.title"), f"{kind} – {by}, {t.time(opinion.at)}")]
    if flaw is not None:
        made.append(note(t(f"request.opinion_flaw.{flaw}"), spacing="None"))
    return made + (room.text(said.reason, t, spacing="None") if said.reason else [])


def _questions(view: RequestView, t: Texts, room: Room, whole: bool) -> list[Json]:
    asked = list(zip(view.request.questions, view.questions, view.answers, strict=True))
    made: list[Json] = [subheading(t("request.questions"))] if asked else []
    for one, said, answer in _newest(asked, _MOST_QUESTIONS, whole):
        made += _said(one.asked.by_name, t.time(one.at), said.questions, t, room)
        if answer.note:
            made += [note(t("request.answer")), *room.text(answer.note, t)]
    return made


def _said(by: str, time: str, text: str, t: Texts, room: Room) -> list[Json]:
    who = note(f"{name_of(by) or t('name.unknown')}, {time}", spacing="Small")
    return [who, *room.text(text, t, spacing="None")]
