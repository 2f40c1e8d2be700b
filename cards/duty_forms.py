"""What a duty that is done in words asks for: contact details, or the answers of an evaluation."""

from bot.domain.duties import DutyKind
from bot.domain.duty_views import DutyView
from bot.turns import Json
from cards.actions import button
from cards.inputs import Filling
from cards.texts import Texts

LONGEST = 2000
_BUDGET = 2600


def duty_inputs(view: DutyView, fill: Filling) -> list[Json]:
    if not view.may_write:
        return []
    if view.duty.kind is DutyKind.CONTACT_DETAILS:
        return fill.text("contacts", multiline=True, longest=LONGEST, budget=_BUDGET)
    return [
        one
        for name in ("reach", "staffing", "changes")
        for one in fill.text(
            name, required=name != "changes", multiline=True, longest=LONGEST, budget=_BUDGET
        )
    ]


def duty_buttons(view: DutyView, t: Texts) -> list[Json]:
    """``due`` tells the server which year's turn is meant."""
    if not view.may_write:
        return []
    duty, due = view.duty.id, view.duty.due.isoformat()
    if view.duty.kind is DutyKind.EVALUATION:
        return [
            button(t("button.duty.evaluate"), "evaluate", style="positive", inputs=True, duty=duty, due=due)
        ]
    return [
        button(t("button.duty.same"), "contacts_same", style="positive", duty=duty, due=due),
        button(t("button.duty.contacts"), "contacts", inputs=True, duty=duty, due=due),
    ]
