"""Where a request begins: the kinds to choose from, and the empty form of one."""

from collections.abc import Mapping

from bot.domain.request_views import FormChoices
from bot.domain.requests import KINDS, Kind, Refusal
from bot.domain.views import Clause
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.elements import block, card, heading, plain, run
from cards.request_fields import form_inputs
from cards.request_words import refusal_box, refusal_said
from cards.scene import Scene
from cards.texts import texts


def kinds_card(scene: Scene) -> CardReply:
    t = texts(scene.language)
    told = [
        plain(
            run(t(f"request.kind.{kind.id}.title"), bold=True),
            run(f": {t(f'request.kind.{kind.id}.about')}"),
            spacing="Small",
        )
        for kind in KINDS.values()
    ]
    buttons = [
        button(t(f"request.kind.{kind.id}.title"), "apply_form", kind=kind.id) for kind in KINDS.values()
    ]
    body = [heading(t("request.choose")), block(t("request.choose.told")), *told]
    body.append(actions(*buttons, spacing="Medium"))
    return CardReply(card=card(body, t, fallback=t("help.fallback")), summary=t("request.choose"))


def new_request_card(
    kind: Kind,
    choices: FormChoices,
    terms: Clause | None,
    form: str,
    scene: Scene,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> CardReply:
    """``form`` names this very form: sent twice it is one request."""
    t = texts(scene.language)
    title = t(f"request.kind.{kind.id}.title")
    refused = [refusal_box(refusal, t, dict(choices.people))] if refusal else []
    problems = refusal.problems if refusal else ()
    said = typed or {}
    body: list[Json] = [heading(title), *refused, block(t(f"request.kind.{kind.id}.about"))]
    body.append(block(t("request.form.edit.note"), subtle=True))
    body += form_inputs(kind, choices, terms, t, said, problems, administration=choices.own_administration)
    send = button(
        t("button.request.submit"), "request_submit", style="positive", inputs=True, kind=kind.id, form=form
    )
    save = button(t("button.request.save"), "request_save", inputs=True, kind=kind.id, form=form)
    body.append(actions(send, save))
    summary = refusal_said(refusal, t) if refusal else title
    return CardReply(card=card(body, t, fallback=t("help.fallback"), full=True), summary=summary)
