"""The inputs of a case's card, one set at a time, and the buttons that send them."""

from collections.abc import Sequence
from typing import assert_never

from bot.domain.cases import DecisionKind, ForwardPurpose
from bot.domain.organisation import Organisation
from bot.domain.posts import PostKind
from bot.domain.views import CaseForm, CaseView
from bot.turns import Json
from cards.actions import actions, button, form_button, secure_button
from cards.elements import block, container, folded, long_text, note, plain, run, subheading
from cards.inputs import MAX_REASON, MAX_REPLY, Choice, Filling
from cards.names import name_of
from cards.removal_inputs import ground_inputs, removal_inputs
from cards.scene import Scene
from cards.texts import Fixed, Texts

_PEOPLE_BUDGET = 4000
_REVERSIBLE_TO = (
    DecisionKind.KEEP,
    DecisionKind.DELETE,
    DecisionKind.UNPUBLISH,
    DecisionKind.ANSWER,
    DecisionKind.REFER_TO_PARTIES,
)


def default_form(view: CaseView) -> CaseForm:
    public = view.case.is_open and view.case.post_kind is not PostKind.DIRECT_MESSAGE
    return CaseForm.REMOVAL if public else CaseForm.NONE


def fitting_form(view: CaseView, form: CaseForm | None) -> CaseForm:
    """The form asked for where the case can still take it, else the case's own."""
    match form:
        case None | CaseForm.NONE:
            return default_form(view)
        case CaseForm.REVERSAL | CaseForm.POLICE:
            return default_form(view) if view.case.is_open else form
        case CaseForm.ABUSE:
            return form if view.post is not None else default_form(view)
        case CaseForm.REMOVAL | CaseForm.PARTIES | CaseForm.HAND_OVER:
            direct = view.case.post_kind is PostKind.DIRECT_MESSAGE
            fits = view.case.is_open and direct == (form is CaseForm.HAND_OVER)
            return form if fits else default_form(view)
        case CaseForm.ANSWER | CaseForm.FORWARD:
            return form if view.case.is_open else default_form(view)
        case _:
            assert_never(form)


def form_part(view: CaseView, form: CaseForm, scene: Scene, fill: Filling) -> list[Json]:
    """The inputs and buttons of the form, for one who may decide."""
    match form:
        case CaseForm.REMOVAL:
            return _removal(view, scene, fill)
        case CaseForm.ANSWER:
            return _reply(view, fill, DecisionKind.ANSWER)
        case CaseForm.PARTIES:
            return _reply(view, fill, DecisionKind.REFER_TO_PARTIES)
        case CaseForm.FORWARD:
            return _forward(view, fill)
        case CaseForm.HAND_OVER:
            return _hand_over(view, fill)
        case CaseForm.REVERSAL:
            return _reversal(view, scene, fill)
        case CaseForm.POLICE:
            return _police(view, scene, fill)
        case CaseForm.ABUSE:
            return _abuse(view, scene, fill.t)
        case CaseForm.NONE:
            return _direct_buttons(view, fill.t) if view.case.is_open else []
        case _:
            assert_never(form)


def _decide(
    view: CaseView, title: Fixed, kind: DecisionKind, *, inputs: bool, style: str | None = None
) -> Json:
    case = view.case
    made = button(title, "decide", inputs=inputs, case=case.designation, version=case.version, kind=kind)
    if style:
        made["style"] = made["fallback"]["style"] = style
    return made


def _back(view: CaseView, t: Texts) -> Json:
    return form_button(t("button.back"), view.case.designation, default_form(view))


# Removal ----------------------------------------------------------------------------------------------------


def _removal(view: CaseView, scene: Scene, fill: Filling) -> list[Json]:
    t = fill.t
    return [
        subheading(t("form.removal")),
        *removal_inputs(view.case.suggested, scene, fill),
        actions(
            _decide(view, t("button.delete"), DecisionKind.DELETE, inputs=True, style="destructive"),
            _decide(view, t("button.unpublish"), DecisionKind.UNPUBLISH, inputs=True),
        ),
        *_other_ways(view, t),
    ]


def _other_ways(view: CaseView, t: Texts) -> list[Json]:
    name = view.case.designation
    return [
        subheading(t("form.other_ways")),
        actions(
            _decide(view, t("button.keep"), DecisionKind.KEEP, inputs=False),
            form_button(t("button.answer"), name, CaseForm.ANSWER),
            form_button(t("button.forward"), name, CaseForm.FORWARD),
            form_button(t("button.parties"), name, CaseForm.PARTIES, secondary=True),
            secure_button(view, t),
            form_button(t("button.abuse"), name, CaseForm.ABUSE, secondary=True),
        ),
        note(t("form.more_ways"), spacing="Small"),
    ]


# The other forms --------------------------------------------------------------------------------------------


def _direct_buttons(view: CaseView, t: Texts) -> list[Json]:
    name = view.case.designation
    return [
        note(t("form.direct"), spacing="Medium"),
        actions(
            form_button(t("button.hand_over"), name, CaseForm.HAND_OVER),
            form_button(t("button.answer"), name, CaseForm.ANSWER),
            form_button(t("button.forward"), name, CaseForm.FORWARD),
            secure_button(view, t),
            form_button(t("button.abuse"), name, CaseForm.ABUSE, secondary=True),
        ),
    ]


def _reply(view: CaseView, fill: Filling, kind: DecisionKind) -> list[Json]:
    t = fill.t
    ready, others = _templates(view.organisation, for_parties=kind is DecisionKind.REFER_TO_PARTIES)
    return [
        subheading(t(f"form.{kind}")),
        note(t("form.reply.note"), spacing="Small"),
        *fill.text("reply", default=ready, required=True, multiline=True, longest=MAX_REPLY),
        *_more_templates(others, t),
        actions(_decide(view, t(f"button.{kind}.send"), kind, inputs=True, style="positive"), _back(view, t)),
    ]


def _templates(organisation: Organisation, *, for_parties: bool) -> tuple[str, list[tuple[str, str]]]:
    """The ready text to start from, and the others of its kind by name."""
    fitting = [(one.name, one.text) for one in organisation.templates if one.for_parties == for_parties]
    return (fitting[0][1], fitting[1:]) if fitting else ("", [])


def _more_templates(others: Sequence[tuple[str, str]], t: Texts) -> list[Json]:
    if not others:
        return []
    shown: list[Json] = []
    for name, text in others[:3]:
        shown += [plain(run(name_of(name), bold=True)), *long_text(text, t, 600, lines=12)]
    return folded(t("form.more_templates"), shown, id="templates")


def _forward(view: CaseView, fill: Filling) -> list[Json]:
    t = fill.t
    case = view.case
    send = button(
        t("button.forward.send"), "forward", style="positive", inputs=True,
        case=case.designation, version=case.version,
    )  # fmt: skip
    purposes: list[Choice] = [(t(f"purpose.{one}"), one) for one in ForwardPurpose]
    return [
        subheading(t("form.forward")),
        *fill.choice("to", _receivers(view.organisation, t), required=True, searchable=True),
        *fill.choice("purpose", purposes, default=ForwardPurpose.ANSWER, expanded=True),
        *fill.text("note", multiline=True, longest=1000),
        actions(send, _back(view, t)),
    ]


def _receivers(organisation: Organisation, t: Texts) -> list[Choice]:
    """Units first, then people, as many as the card has room for; the rest are reached through their unit."""
    offered: list[Choice] = [
        (t("choice.unit", name=name_of(unit.name)), unit.id) for unit in organisation.administrations.values()
    ]
    offered += [(name_of(person.name), person.id) for person in organisation.people.values() if person.name]
    room = _PEOPLE_BUDGET
    kept: list[Choice] = []
    for title, value in offered:
        room -= len(title.encode("utf-8", "replace")) + len(value.encode()) + 24
        if room < 0:
            break
        kept.append((title, value))
    return kept


def _hand_over(view: CaseView, fill: Filling) -> list[Json]:
    t = fill.t
    return [
        subheading(t("form.hand_over")),
        note(t("form.hand_over.note"), spacing="Small"),
        *fill.text("reason", multiline=True, longest=MAX_REASON),
        actions(
            _decide(view, t("button.hand_over.send"), DecisionKind.HAND_OVER, inputs=True, style="positive"),
            _back(view, t),
        ),
    ]


def _reversal(view: CaseView, scene: Scene, fill: Filling) -> list[Json]:
    t = fill.t
    case = view.case
    direct = case.post_kind is PostKind.DIRECT_MESSAGE
    kinds = (DecisionKind.HAND_OVER, DecisionKind.ANSWER) if direct else _REVERSIBLE_TO
    choices: list[Choice] = [(t(f"decision.{kind}"), kind) for kind in kinds]
    send = button(
        t("button.reverse.send"), "reverse", style="destructive", inputs=True,
        case=case.designation, version=case.version,
    )  # fmt: skip
    return [
        subheading(t("form.reversal")),
        note(t("form.reversal.note"), spacing="Small"),
        *fill.choice("kind", choices, required=True),
        *([] if direct else ground_inputs(None, scene, fill, required=False)),
        *fill.text("reason", required=True, multiline=True, longest=MAX_REASON),
        *fill.text("reply", multiline=True, longest=MAX_REPLY),
        actions(send, _back(view, t)),
    ]


def _police(view: CaseView, scene: Scene, fill: Filling) -> list[Json]:
    t = fill.t
    today = scene.today
    send = button(
        t("button.police.send"), "police", style="positive", inputs=True, case=view.case.designation
    )
    return [
        subheading(t("form.police")),
        *fill.text("police_reference", required=True),
        *fill.day("police_date", latest=today, default=today, required=True),
        actions(send, _back(view, t)),
    ]


def _abuse(view: CaseView, scene: Scene, t: Texts) -> list[Json]:
    """A step of its own before anything is destroyed, with what to do first."""
    case = view.case
    confirm = button(
        t("button.abuse.send"), "abuse", style="destructive", case=case.designation, version=case.version
    )
    words = [
        block(t("form.abuse"), weight="Bolder"),
        plain(run(scene.law.abuse_steps(t.language))),
        block(t("form.abuse.what_happens")),
    ]
    return [container(words, style="attention", spacing="Medium"), actions(confirm, _back(view, t))]
