"""What follows from a decision, told to those whom it concerns; absences, and the rules for working hours."""

from collections.abc import Sequence
from datetime import date

from bot.domain import administrations
from bot.domain.organisation import Organisation
from bot.domain.request_views import Absence, ContactNotice, EndOfRole, RuleInForce
from bot.domain.views import Clause
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.elements import block, card, container, fact, heading, note, plain, run
from cards.names import administration_name, name_of, person_name
from cards.request_fields import clause_part
from cards.request_reading import read_button
from cards.scene import Scene
from cards.text_room import Room, Whole, fitted, paged
from cards.texts import Fixed, Texts, texts


def _card(body: Sequence[Json], summary: str, t: Texts) -> CardReply:
    return CardReply(card=card(body, t, fallback=t("help.fallback")), summary=summary)


def welcome_card(channel: str, duties: Sequence[Clause], request: str, scene: Scene) -> CardReply:
    """For a new administrator: what the guideline asks of them, in its own words."""
    t = texts(scene.language)
    title = t("request.welcome")
    body = [heading(title), plain(run(name_of(channel), bold=True)), block(t("request.welcome.told"))]
    for clause in duties:
        body += clause_part(clause, t)
    body.append(note(t("request.by_decision", designation=Fixed(request))))
    queue, helps = button(t("button.queue"), "list", what="queue"), button(t("button.help"), "help")
    body.append(actions(queue, _show(request, t), helps))
    return _card(body, title, t)


def former_admin_card(channel: str, request: str, end: EndOfRole, scene: Scene) -> CardReply:
    t = texts(scene.language)
    stays = end is EndOfRole.ONLY_IN_REGISTER
    title = t("request.former_admin.stays") if stays else t("request.former_admin")
    body = [heading(title), plain(run(name_of(channel), bold=True)), block(t(f"request.former_admin.{end}"))]
    body.append(note(t("request.by_decision", designation=Fixed(request))))
    if end is not EndOfRole.CLOSED:  # that decision is about the channel and names nobody
        body.append(actions(_show(request, t)))
    return _card(body, title, t)


def ending_card(channel: str, ends: date, request: str, scene: Scene) -> CardReply:
    """The last day that was decided is near or past: closing is a decision of its own, in consultation."""
    t = texts(scene.language)
    title = t("request.ending")
    body = [heading(title), plain(run(name_of(channel), bold=True))]
    body += [fact(t("request.field.ends"), t.day(ends)), block(t("request.ending.told"))]
    body.append(note(t("request.by_decision", designation=Fixed(request))))
    body.append(actions(button(t("request.kind.close_channel.title"), "apply_form", kind="close_channel")))
    return _card(body, title, t)


def _show(request: str, t: Texts) -> Json:
    return button(t("button.request.show"), "request_show", request=request)


def contact_card(told: ContactNotice, organisation: Organisation, scene: Scene) -> CardReply:
    """For communications: who administers the channel now, and how they are reached."""
    t = texts(scene.language)
    title = t("request.contact")
    people = [person_name(organisation, one, t) for one in told.admins[:20]]
    top = [heading(title), plain(run(name_of(told.channel.name), bold=True))]
    top.append(fact(t("request.contact.admins"), ", ".join(people) or t("channels.no_admin")))

    def body(room: Room, cut: bool) -> list[Json]:
        made = [*top, *_removed(told, organisation, t)]
        if told.contact:
            made.append(plain(run(t("request.field.contact"), bold=True), spacing="Small"))
            made += room.text(told.contact, t, spacing="None")
        if told.unknown:
            made.append(container([block(t("request.contact.unknown"))], style="warning"))
            made += room.text(told.unknown, t)
        made.append(note(t("request.by_decision", designation=Fixed(told.request))))
        return [*made, actions(_show(told.request, t), read_button(told.request, t) if cut else None)]

    return _card(fitted(body), title, t)


def _removed(told: ContactNotice, organisation: Organisation, t: Texts) -> list[Json]:
    def named(people: Sequence[str]) -> str:
        return ", ".join(person_name(organisation, one, t) for one in people[:20])

    gone = [one for one in told.removed if one not in told.admins]
    still = [one for one in told.removed if one in told.admins]
    made = [fact(t("request.contact.removed"), named(gone))] if gone else []
    if still:
        told_of = [block(t("request.contact.still")), plain(run(named(still), bold=True))]
        made.append(container(told_of, style="warning"))
    return made


def absence_card(absence: Absence, organisation: Organisation, scene: Scene) -> CardReply:
    t = texts(scene.language)
    if absence.until is None:
        return _card([heading(t("absence.ended")), block(t("absence.ended.told"))], t("absence.ended"), t)
    title = t("absence.set", day=t.day(absence.until))
    units = ", ".join(administration_name(organisation, one) for one in absence.administrations[:20])
    deputies = ", ".join(person_name(organisation, one, t) for one in absence.deputies[:20])
    body = [heading(title), fact(t("request.administration"), units), block(t("absence.told"))]
    body.append(fact(t("absence.deputies"), deputies or t("absence.no_deputy")))
    body.append(actions(button(t("button.absence_end"), "absence_end")))
    return _card(body, title, t)


def absence_refused_card(refusal: administrations.Refusal | None, scene: Scene, *, today: date) -> CardReply:
    """None: no day could be read."""
    t = texts(scene.language)
    reason = t(f"absence.refusal.{refusal.reason}" if refusal else "absence.no_day")
    body = [heading(t("absence")), container([block(reason)], style="attention")]
    return _card([*body, block(t("absence.how", day=t.day(today)))], reason, t)


def rules_card(
    rules: Sequence[RuleInForce], organisation: Organisation, number: int, scene: Scene
) -> CardReply:
    """What the heads have decided about social media in working hours, each rule in full."""
    t, room = texts(scene.language), Whole()
    pages = paged(element for one in rules for element in _rule(one, organisation, t, room))
    number = min(max(1, number), len(pages))
    body = [heading(t("rules.title")), *pages[number - 1], note(t("rules.how"))]
    if len(pages) > 1:
        before = button(t("button.previous"), "rules", page=number - 1) if number > 1 else None
        after = button(t("button.next"), "rules", page=number + 1) if number < len(pages) else None
        body += [note(t("list.page", number=number, of=len(pages))), actions(before, after)]
    return _card(body, t("rules.title"), t)


def _rule(one: RuleInForce, organisation: Organisation, t: Texts, room: Room) -> list[Json]:
    made: list[Json] = [plain(run(administration_name(organisation, one.administration), bold=True))]
    if one.decision is None:
        return [*made, note(t("rules.none"), spacing="None")]
    stands = one.decision.made
    told = t(
        "rules.decided",
        by=name_of(stands.by_name) or t("name.unknown"),
        designation=stands.request,
        day=t.day(stands.holds_from),
    )
    until = f" {t('rules.until', day=t.day(stands.ends))}" if stands.ends else ""
    made.append(note(f"{told}{until}", spacing="None"))
    return [*made, *(room.text(one.rule, t, spacing="Small") if one.rule else [])]
