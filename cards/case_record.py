"""What a decided case's card says: the decision as it stands, what follows from it, and what was decided before."""

from collections.abc import Iterator
from functools import lru_cache

from bot.domain.cases import (
    REMOVALS,
    ApplicationState,
    Assigned,
    DecisionState,
    MadeDecision,
    PoliceReport,
    Registration,
    is_duty,
)
from bot.domain.views import CaseForm, CaseView, DecisionTexts
from bot.turns import Json
from cards.actions import actions, button, form_button, secure_button
from cards.case_facts import clock
from cards.elements import (
    BadgeStyle,
    Spacing,
    block,
    container,
    emphasised,
    fact,
    folded,
    long_text,
    note,
    plain,
    run,
    subheading,
)
from cards.names import administration_name, name_of, place_name, recipient_name
from cards.scene import Scene
from cards.texts import Fixed, Texts
from cards.untrusted import cut, first_line

_TEXT_BUDGET = 1400
_BRIEF_BUDGET = 500
_SHORT_BUDGET = 300
_CLAUSE_BUDGET = 1100
_EARLIER_BUDGET = 3000
_BRIEF_EARLIER_BUDGET = 800
_MOST_EARLIER = 12
MOST_FORWARDS = 5

_APPLICATION_BADGES: dict[ApplicationState, BadgeStyle] = {
    ApplicationState.PENDING: "Warning",
    ApplicationState.APPLIED: "Informative",
    ApplicationState.VERIFIED: "Good",
}


def state_badges(view: CaseView, t: Texts) -> Iterator[tuple[Fixed, BadgeStyle]]:
    case = view.case
    style = _APPLICATION_BADGES.get(case.application)
    if case.decision is DecisionState.REVERSED:
        yield t(f"state.{case.decision}"), "Warning"
    elif style is None:  # otherwise the title says that it is decided, and three are too wide for a phone
        yield t(f"state.{case.decision}"), "Good"
    if style:
        yield t(f"application.{case.application}.badge"), style


def abuse_steps(view: CaseView, scene: Scene, t: Texts) -> list[Json]:
    """What to do first, for as long as the police has not been told."""
    if not view.case.suspected_abuse or view.case.police_reported:
        return []
    words = [block(t("form.abuse"), weight="Bolder"), plain(run(scene.law.abuse_steps(t.language)))]
    return [container(words, style="attention", spacing="Medium")]


def decision_part(view: CaseView, scene: Scene, t: Texts, *, brief: bool = False) -> list[Json]:
    """The decision that stands, with the guideline's words and everything that was said about it; ``brief``
    leaves the room to a form."""
    current = view.case.current
    if current is None:
        return []
    said = view.decisions[-1] if view.decisions else DecisionTexts()
    return [
        *decision_facts(view, current, scene, t, spacing="Medium"),
        *said_part(said, t, _BRIEF_BUDGET if brief else _TEXT_BUDGET),
    ]


def decision_facts(
    view: CaseView, decision: MadeDecision, scene: Scene, t: Texts, *, spacing: Spacing = "Small"
) -> list[Json]:
    """What was decided, by whom, when, on which ground and under which words of the guideline."""
    return [
        *_who_and_when(decision, t, spacing),
        *_ground(decision, scene, t),
        *_forwarded(view, decision, t),
        *_passage(view, decision, t),
    ]


def _who_and_when(decision: MadeDecision, t: Texts, spacing: Spacing) -> Iterator[Json]:
    made = decision.made
    yield fact(t("decision.label"), t(f"decision.{made.kind}"), spacing=spacing)
    who = t("decision.by", name=name_of(made.by_name) or t("name.unknown"), role=t(f"role.{made.role}"))
    yield fact(t("decision.by.label"), who)
    yield fact(t("decision.at"), t.time(decision.at))


def _ground(decision: MadeDecision, scene: Scene, t: Texts) -> Iterator[Json]:
    made = decision.made
    if made.ground is None:
        return
    yield fact(t("decision.ground"), scene.law.ground(made.ground).name(t.language))
    if made.obvious:
        duty = is_duty(made.ground, obvious=True)
        yield fact(t("decision.obvious"), t("decision.obvious.duty" if duty else "decision.obvious.no_duty"))


def _passage(view: CaseView, decision: MadeDecision, t: Texts) -> list[Json]:
    clause = view.clauses.get(decision.made.number)
    if clause is None:
        return []
    place = place_name(clause.section, clause.passage, t)
    source = t("decision.guideline", place=place, version=decision.made.guideline[:12])
    quote = [plain(*_words(clause.text)), note(source, spacing="Small")]
    return [container(quote, style="emphasis", spacing="Small")]


@lru_cache(maxsize=256)
def _words(clause: str) -> tuple[Json, ...]:
    """The same few clauses of the guideline stand on every card."""
    text, cut_off = cut(clause, _CLAUSE_BUDGET)
    return (*emphasised(text), *([run(" …")] if cut_off else []))


def said_part(said: DecisionTexts, t: Texts, budget: int) -> list[Json]:
    """What the decider wrote, each text within its share."""
    made: list[Json] = []
    for label, text, share in (
        (t("decision.reason"), said.reason, budget),
        (t("decision.law"), said.law, _SHORT_BUDGET),
        (t("decision.reply"), said.reply, budget),
        (t("decision.note"), said.note, budget // 2),
    ):
        if text:
            made += [
                plain(run(label, bold=True), spacing="Small"),
                *long_text(text, t, share, lines=20, spacing="None"),
            ]
    return made


def _forwarded(view: CaseView, decision: MadeDecision, t: Texts) -> Iterator[Json]:
    made = decision.made
    if made.forwarded_to is not None:
        yield fact(t("forward.to"), recipient_name(view.organisation, made.forwarded_to, t))
    if made.purpose is not None:
        yield fact(t("forward.purpose"), t(f"purpose.{made.purpose}"))


# What follows -----------------------------------------------------------------------------------------------


def tracks_part(view: CaseView, t: Texts) -> list[Json]:
    """Removal on the platform, police and register, each as far as it has come."""
    made = [*_application(view, t), *police_fact(view, t)]
    made += [_registration(view, item, t) for item in view.case.registrations[-4:]]
    return [subheading(t("tracks.title")), *made] if made else []


def _application(view: CaseView, t: Texts) -> Iterator[Json]:
    case = view.case
    match case.application:
        case ApplicationState.NONE:
            return
        case ApplicationState.PENDING:
            told: str = t("application.pending")
        case ApplicationState.APPLIED:
            told = t("application.applied", time=t.time(case.applied_at)) if case.applied_at else ""
        case ApplicationState.VERIFIED:
            told = t("application.verified", time=t.time(case.verified_at)) if case.verified_at else ""
    yield fact(t("application.label"), told)


def police_fact(view: CaseView, t: Texts) -> Iterator[Json]:
    case = view.case
    current = case.current
    if case.police_reported:
        reference = first_line(view.police_reference, _SHORT_BUDGET) or t("police.no_reference")
        told = t("police.done", day=t.day(case.police_reported), reference=reference)
        yield fact(t("police.label"), told)
    elif current and current.made.police is PoliceReport.RECOMMENDED:
        yield fact(t("police.label"), t("police.recommended.told"))


def _registration(view: CaseView, item: Registration, t: Texts) -> Json:
    where = administration_name(view.organisation, item.administration)
    if item.number is None or item.registered_at is None:
        return fact(t("registration.label"), t("registration.owed", item=item.id, administration=where))
    told = t(
        "registration.done",
        item=item.id,
        number=first_line(item.number, 150),
        administration=where,
        time=t.time(item.registered_at),
    )
    return fact(t("registration.label"), told)


def clock_part(view: CaseView, t: Texts) -> list[Json]:
    """For a removal that the law itself demanded: openly. For others the same times, folded away."""
    current = view.case.current
    if current is None or current.made.kind not in REMOVALS:
        return []
    if current.made.ground and is_duty(current.made.ground, obvious=current.made.obvious):
        return [subheading(t("clock.duty")), clock(view, t)]
    return folded(t("clock.title"), [clock(view, t)], id="clock")


def next_steps(view: CaseView, t: Texts) -> list[Json]:
    """The buttons of a decided case, for one who may decide."""
    case = view.case
    name, version = case.designation, case.version
    pending = case.application is ApplicationState.PENDING
    applied = case.application is ApplicationState.APPLIED
    removal = case.current is not None and case.current.made.kind in REMOVALS
    unreported = removal and case.police_reported is None
    made = [
        button(t("button.applied"), "applied", style="positive", case=name, version=version)
        if pending
        else None,
        button(t("button.verified"), "verified", style="positive", case=name, version=version)
        if applied
        else None,
        form_button(t("button.police"), name, CaseForm.POLICE) if unreported else None,
        form_button(t("button.reverse"), name, CaseForm.REVERSAL),
        secure_button(view, t),
        button(t("button.queue"), "list", what="queue", page=1),
        form_button(t("button.abuse"), name, CaseForm.ABUSE, secondary=True) if view.post else None,
    ]
    return [actions(*made, spacing="Medium")]


# What was before --------------------------------------------------------------------------------------------


def history_part(view: CaseView, t: Texts, *, brief: bool = False) -> list[Json]:
    """Earlier decisions with their reasons, newest first, and to whom the case went on the way."""
    budget = _BRIEF_EARLIER_BUDGET if brief else _EARLIER_BUDGET
    return [*_earlier(view, t, budget), *_forwards(view, t)]


def _earlier(view: CaseView, t: Texts, budget: int) -> list[Json]:
    made_before = list(zip(view.case.decisions, view.decisions, strict=False))
    earlier = (made_before if view.case.is_open else made_before[:-1])[::-1]
    if not earlier:
        return []
    shown = earlier[:_MOST_EARLIER]
    share = budget // len(shown)
    made = [subheading(t("earlier.title"))]
    for decision, said in shown:
        made.append(_earlier_line(decision, said, t, share))
    if len(earlier) > len(shown):
        made.append(note(t.count("earlier.more", len(earlier) - len(shown))))
    return made


def _earlier_line(decision: MadeDecision, said: DecisionTexts, t: Texts, share: int) -> Json:
    made = decision.made
    who = t("decision.by", name=name_of(made.by_name) or t("name.unknown"), role=t(f"role.{made.role}"))
    line = [run(t(f"decision.{made.kind}"), bold=True), run(f" · {who} · {t.time(decision.at)}")]
    reason = first_line(said.reason or said.note or said.reply, share)
    if reason:
        line.append(run(f"\n{t('decision.reason')}: {reason}"))
    return plain(*line, spacing="Small")


def _forwards(view: CaseView, t: Texts) -> list[Json]:
    passed = list(zip(view.case.forwards, view.forwards, strict=False))[-MOST_FORWARDS:]
    if not passed:
        return []
    return [subheading(t("forwards.title")), *(_forward_line(view, one, said, t) for one, said in passed)]


def _forward_line(view: CaseView, forward: Assigned, said: DecisionTexts, t: Texts) -> Json:
    to = recipient_name(view.organisation, forward.to, t)
    line = [run(t("forwards.line", to=to, by=name_of(forward.by_name) or t("name.unknown")))]
    if said.note:
        line.append(run(f"\n{first_line(said.note, _SHORT_BUDGET)}"))
    return plain(*line, spacing="Small")
