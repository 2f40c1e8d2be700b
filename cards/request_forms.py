"""The inputs of a request's card, one set at a time, and the buttons that send them."""

from collections.abc import Mapping
from typing import Any

from bot.domain.request_views import RequestForm, RequestView
from bot.domain.requests import (
    AskForMore,
    Command,
    Comment,
    Complete,
    Decide,
    GiveOpinion,
    HandOver,
    OpinionKind,
    Reassign,
    Refusal,
    Resume,
    SaveDraft,
    Verdict,
    Withdraw,
)
from bot.turns import Json
from cards.actions import actions, button
from cards.elements import block, note, subheading
from cards.inputs import MAX_REASON, Choice, Filling
from cards.names import name_of
from cards.request_fields import form_inputs, typed_of
from cards.scene import Scene
from cards.texts import Fixed, Texts
from cards.untrusted import size

_DEFAULTS: tuple[tuple[type[Command], RequestForm], ...] = (
    (SaveDraft, RequestForm.EDIT),
    (Complete, RequestForm.EDIT),
    (Decide, RequestForm.DECIDE),
    (GiveOpinion, RequestForm.OPINION),
)
_NEEDS: Mapping[RequestForm, type[Command]] = {
    RequestForm.OPINION: GiveOpinion,
    RequestForm.DECIDE: Decide,
    RequestForm.ASK: AskForMore,
    RequestForm.REASSIGN: Reassign,
    RequestForm.HAND_OVER: HandOver,
    RequestForm.WITHDRAW: Withdraw,
    RequestForm.COMMENT: Comment,
}
_ROOM_FOR_PEOPLE = 3000


def default_request_form(view: RequestView) -> RequestForm:
    """What the person is waited for with, if anything; one who decides gives no opinion beside it."""
    return next((form for command, form in _DEFAULTS if command in view.may), RequestForm.NONE)


def request_form_part(
    view: RequestView,
    form: RequestForm,
    scene: Scene,
    t: Texts,
    typed: Mapping[str, str],
    refusal: Refusal | None,
) -> list[Json]:
    """The inputs and buttons of the form where the person may send it, else the buttons alone."""
    field = frozenset({refusal.field} if refusal and refusal.field else ())
    fill = Filling(t=t, typed=typed, problems=field, scope="request.input")
    if form is RequestForm.EDIT and view.may & {SaveDraft, Complete}:
        return _edit(view, t, typed, refusal)
    if form not in _NEEDS or _NEEDS[form] not in view.may:
        return _ways(view, t, but=RequestForm.NONE)
    return [*_INPUTS[form](view, fill), *_ways(view, t, but=form)]


def _send(view: RequestView, title: Fixed, verb: str, **data: Any) -> Json:
    return button(title, verb, inputs=True, request=view.request.designation, **data)


def _edit(view: RequestView, t: Texts, typed: Mapping[str, str], refusal: Refusal | None) -> list[Json]:
    if view.kind is None:
        return []
    request, completing = view.request, Complete in view.may
    problems = refusal.problems if refusal else ()
    inputs = form_inputs(
        view.kind, view.choices, view.terms, t, typed or typed_of(view), problems,
        administration=None if completing else request.administration,
    )  # fmt: skip
    if not completing:
        return [
            *inputs,
            actions(
                _styled(
                    _send(
                        view,
                        t("button.request.submit"),
                        "request_submit",
                        kind=request.kind,
                        version=request.version,
                    )
                ),
                _send(
                    view, t("button.request.save"), "request_save", kind=request.kind, version=request.version
                ),
                _show(view, t("button.request.withdraw"), RequestForm.WITHDRAW),
            ),
        ]
    fill = Filling(t=t, typed=typed, scope="request.input")
    note_input = fill.text("note", multiline=True, longest=1000, budget=1200)
    send = _styled(
        _send(
            view, t("button.request.complete"), "request_complete", kind=request.kind, version=request.version
        )
    )
    return [
        *inputs,
        *note_input,
        actions(send, _show(view, t("button.request.withdraw"), RequestForm.WITHDRAW)),
    ]


def _styled(made: Json) -> Json:
    made["style"] = made["fallback"]["style"] = "positive"
    return made


def _show(view: RequestView, title: Fixed, form: RequestForm, *, secondary: bool = False) -> Json:
    return button(title, "request_form", secondary=secondary, request=view.request.designation, show=form)


# What each form asks for --------------------------------------------------------------------------------


def _opinion(view: RequestView, fill: Filling) -> list[Json]:
    t = fill.t
    kinds: list[Choice] = [(_capitalised(t(f"request.opinion.{one}")), one) for one in OpinionKind]
    reason = fill.text("reason", multiline=True, longest=MAX_REASON)
    reason[-1]["placeholder"] = t("request.input.reason.hint.opinion")
    send = _styled(_send(view, t("button.request.opinion"), "request_opinion", version=view.request.version))
    return [
        subheading(t("request.form.opinion")),
        note(t("request.form.opinion.note")),
        *fill.choice("opinion", kinds, required=True, expanded=True),
        *reason,
        actions(send),
    ]


def _capitalised(text: Fixed) -> Fixed:
    return Fixed(text[:1].upper() + text[1:])


def _decide(view: RequestView, fill: Filling) -> list[Json]:
    t, version = fill.t, view.request.version
    asks_how = view.request.lacks_opinion and view.approvable
    how = fill.text("consultation", multiline=True, longest=2000, budget=2300)
    approve = _styled(
        _send(view, t("button.request.approve"), "request_decide", version=version, verdict=Verdict.APPROVED)
    )
    reject = _send(
        view, t("button.request.reject"), "request_decide", version=version, verdict=Verdict.REJECTED
    )
    reject["style"] = reject["fallback"]["style"] = "destructive"
    return [
        subheading(t("request.form.decide")),
        *([block(t("request.form.consultation.note")), *how] if asks_how else []),
        *fill.text("reason", multiline=True, longest=MAX_REASON),
        actions(*([approve] if view.approvable else []), reject),
    ]


def _ask(view: RequestView, fill: Filling) -> list[Json]:
    t = fill.t
    send = _send(view, t("button.request.ask"), "request_ask", version=view.request.version)
    return [
        subheading(t("request.form.ask")),
        *fill.text("questions", required=True, multiline=True, longest=2000, budget=2300),
        actions(send),
    ]


def _reassign(view: RequestView, fill: Filling) -> list[Json]:
    t = fill.t
    offered: list[Choice] = [
        (name_of(view.organisation.person(one).name) or t("name.unknown"), one) for one in view.deputies[:20]
    ]
    return [
        subheading(t("request.form.reassign")),
        *fill.choice("to", offered, required=True),
        *fill.text("note", multiline=True, longest=1000, budget=1200),
        actions(_send(view, t("button.request.reassign.send"), "request_reassign")),
    ]


def _hand_over(view: RequestView, fill: Filling) -> list[Json]:
    t, room = fill.t, _ROOM_FOR_PEOPLE
    organisation = view.organisation
    unit = organisation.administrations.get(view.request.administration)
    office = (unit.head, *unit.deputies) if unit else ()
    refused = {view.request.requester, *office, *organisation.communications.members}
    offered: list[Choice] = []
    for person, name in [one for one in view.choices.people if one[0] not in refused]:
        title = name_of(name)
        room -= size(title) + len(person) + 24
        if room > 0:
            offered.append((title, person))
    send = _send(view, t("button.request.hand_over.send"), "request_hand_over", version=view.request.version)
    return [
        subheading(t("request.form.hand_over")),
        note(t("request.form.hand_over.note")),
        *fill.choice("to", offered, required=True, searchable=True),
        actions(send),
    ]


def _withdraw(view: RequestView, fill: Filling) -> list[Json]:
    t = fill.t
    return [
        subheading(t("request.form.withdraw")),
        *fill.text("note", multiline=True, longest=1000, budget=1200),
        actions(_send(view, t("button.request.withdraw.send"), "request_withdraw")),
    ]


def _comment(view: RequestView, fill: Filling) -> list[Json]:
    t = fill.t
    send = _send(view, t("button.request.comment.send"), "request_comment", seen=len(view.comments))
    return [
        subheading(t("request.form.comment")),
        *fill.text("comment", required=True, multiline=True, longest=2000, budget=2300),
        actions(send),
    ]


_INPUTS = {
    RequestForm.OPINION: _opinion,
    RequestForm.DECIDE: _decide,
    RequestForm.ASK: _ask,
    RequestForm.REASSIGN: _reassign,
    RequestForm.HAND_OVER: _hand_over,
    RequestForm.WITHDRAW: _withdraw,
    RequestForm.COMMENT: _comment,
}


def _ways(view: RequestView, t: Texts, *, but: RequestForm) -> list[Json]:
    """The other things the person may do: what is asked for most often as buttons, the rest in the menu."""
    request = view.request
    offered = [
        (RequestForm.DECIDE, False), (RequestForm.OPINION, False), (RequestForm.ASK, False),
        (RequestForm.REASSIGN, True), (RequestForm.WITHDRAW, True), (RequestForm.COMMENT, True),
        (RequestForm.HAND_OVER, True),
    ]  # fmt: skip
    may = [one for one in offered if one[0] is not but and _NEEDS[one[0]] in view.may]
    all_small = all(secondary for _, secondary in may)  # then the first two of them are what one comes for
    made = [
        _show(view, t(f"button.request.{form}"), form, secondary=secondary and not (all_small and place < 2))
        for place, (form, secondary) in enumerate(may)
    ]
    if request.decision is not None:
        name = t("button.request.document")
        made.insert(0, button(name, "request_document", request=request.designation))
    if Resume in view.may:
        go_on = button(
            t("button.request.resume"), "request_resume",
            request=request.designation, version=request.version,
        )  # fmt: skip
        made.insert(0, go_on)
    return [actions(*made, spacing="Medium")] if made else []
