"""The registrar's card: what the register must say of an item (OSL 5:2), the decision, and the number to fill in."""

from collections.abc import Mapping

from bot.domain.cases import Refusal
from bot.domain.views import DecisionTexts, RegistrationView
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.case_card import Banner, top
from cards.case_facts import link_part
from cards.case_record import decision_facts, police_fact, said_part
from cards.copies import registration_copy
from cards.elements import (
    BadgeStyle,
    badge,
    badges,
    block,
    card,
    container,
    fact,
    folded,
    heading,
    long_text,
    note,
    plain,
    run,
    subheading,
)
from cards.inputs import Filling
from cards.names import administration_name, name_of, person_name
from cards.refusals import refusal_words
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts

_PUBLIC_BUDGET = 600
_PROTECTED_BUDGET = 4000
_REASON_BUDGET = 2000
_REVERSAL_BUDGET = 800


def registration_card(
    view: RegistrationView,
    scene: Scene,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    banner: Banner | None = None,
) -> CardReply:
    t = texts(scene.language)
    title = t(
        "registration.title.done" if view.item.number else "registration.title", item=Fixed(view.item.id)
    )
    body = [
        *top(refusal, banner, t),
        heading(title),
        _badges(view, t),
        *_register_fields(view, scene, t),
        *_decision(view, scene, t),
        *_closing(view, Filling(t=t, typed=typed or {}, refusal=refusal)),
    ]
    fallback = t("case.fallback", designation=Fixed(view.case.case.designation))
    told = t("registration.summary", title=title, organisation=name_of(view.to_whom))
    summary = refusal_words(refusal, t) if refusal else told
    return CardReply(
        card=card(body, t, fallback=fallback, full=True),
        summary=summary,
        copy_of=registration_copy(view.item.id),
    )


def _badges(view: RegistrationView, t: Texts) -> Json:
    state: tuple[Fixed, BadgeStyle] = (t("registration.state.owed"), "Warning")
    if view.item.number:
        state = (t("registration.state.done"), "Good")
    elif view.late:
        state = (t("registration.state.late"), "Attention")
    return badges(badge(state[0], style=state[1]), badge(t(f"registration.cause.{view.item.cause}")))


def _register_fields(view: RegistrationView, scene: Scene, t: Texts) -> list[Json]:
    item, case = view.item, view.case.case
    made = [block(t("registration.late"), colour="Attention")] if view.late else []
    made += [
        subheading(t("registration.fields")),
        fact(t("registration.received"), t.time(case.flagged_at)),
        fact(t("registration.drawn_up"), t.time(item.owed_at)),
        fact(t("registration.designation"), item.id),
        fact(t("registration.from"), name_of(view.from_whom) or t("name.unknown")),
        fact(t("registration.to"), name_of(view.to_whom)),
        fact(
            t("registration.administration"), administration_name(view.case.organisation, item.administration)
        ),
        fact(t("registration.cause"), t(f"registration.cause.{item.cause}")),
        plain(run(t("registration.public"), bold=True), spacing="Medium"),
        *long_text(view.public, t, _PUBLIC_BUDGET, lines=6, spacing="None"),
        plain(run(t("registration.protected"), bold=True), spacing="Medium"),
        container(_protected(view, t), style="emphasis", spacing="Small"),
        *link_part(view.case, t),
    ]
    if item.number is None:
        waited = f"{t.time(item.owed_at)} ({t.age(item.owed_at, scene.now)})"
        made.append(fact(t("registration.owed_since"), waited))
    return made


def _protected(view: RegistrationView, t: Texts) -> list[Json]:
    if view.protected:
        return long_text(view.protected, t, _PROTECTED_BUDGET, lines=40)
    return [note(t("post.destroyed" if view.case.post is None else "post.no_text"))]


def _decision(view: RegistrationView, scene: Scene, t: Texts) -> list[Json]:
    """A copy of the decision that made the item owed, with its texts."""
    place = view.item.decision - 1
    if place >= len(view.case.case.decisions):
        return []
    said = view.case.decisions[place] if place < len(view.case.decisions) else DecisionTexts()
    return [
        subheading(t("registration.decision")),
        *decision_facts(view.case, view.case.case.decisions[place], scene, t),
        *said_part(said, t, _REASON_BUDGET),
        *police_fact(view.case, t),
        *_reversal(view, t),
    ]


def _reversal(view: RegistrationView, t: Texts) -> list[Json]:
    """What was decided after it, with its reason: the register must not be left with a decision that no longer stands."""
    case, said = view.case.case, view.case.decisions
    if view.item.decision >= len(case.decisions):
        return []
    current = case.decisions[-1]
    told = t(
        "registration.reversed",
        decision=t(f"decision.{current.made.kind}"),
        by=name_of(current.made.by_name) or t("name.unknown"),
        time=t.time(current.at),
    )
    words = [plain(run(told, bold=True))]
    reason = said[-1].reason or said[-1].note or said[-1].reply if said else ""
    words += long_text(reason, t, _REVERSAL_BUDGET, lines=12) if reason else []
    return [container(words, style="warning", spacing="Medium")]


def _closing(view: RegistrationView, fill: Filling) -> list[Json]:
    """The number that closes the item: to be filled in, or as it was."""
    t, item, designation = fill.t, view.item, view.case.case.designation
    show = button(t("button.show_case"), "show", case=designation)
    if item.number is not None:
        others = button(t("button.unregistered"), "list", what="unregistered", page=1)
        made = [subheading(t("registration.state.done")), *_registered(view, t), actions(show, others)]
        return made + (_correction(view, fill) if view.may_correct else [])
    if not view.may_register:
        where = administration_name(view.case.organisation, item.administration)
        return [note(t("registration.no_right", administration=where)), actions(show)]
    send = button(
        t("button.register"),
        "register",
        style="positive",
        inputs=True,
        case=designation,
        item=item.id,
        seen=item.entered,
    )
    number = fill.text("number", required=True, longest=40)
    return [*number, actions(send, show)]


def _correction(view: RegistrationView, fill: Filling) -> list[Json]:
    """Folded away: a slip of the pen is rare, and the record keeps both numbers."""
    t, item, designation = fill.t, view.item, view.case.case.designation
    send = button(
        t("button.correct"), "correct", inputs=True, case=designation, item=item.id, seen=item.entered
    )
    title, box = folded(
        t("registration.correct"), [*fill.text("number", longest=40), actions(send)], id="correct"
    )
    if fill.refusal:
        box.pop("isVisible", None)
    return [title, box]


def _registered(view: RegistrationView, t: Texts) -> list[Json]:
    item = view.item
    made = [fact(t("registration.number"), name_of(item.number or ""))]
    if item.registered_at:
        made.append(fact(t("registration.registered_at"), t.time(item.registered_at)))
    if item.registered_by:
        by = person_name(view.case.organisation, item.registered_by, t)
        made.append(fact(t("registration.registered_by"), by))
    return made
