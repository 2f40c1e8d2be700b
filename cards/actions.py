"""Buttons: each click is an Action.Execute, with an Action.Submit for clients that don't know it."""

from collections.abc import Callable, Iterable
from typing import Literal

from bot.domain.views import CaseForm, CaseView
from bot.turns import Json
from cards.elements import note
from cards.payload import pack
from cards.texts import Fixed, Texts
from cards.untrusted import opened_host

ButtonStyle = Literal["positive", "destructive"]


def button(
    title: Fixed, verb: str, *, style: ButtonStyle | None = None, inputs: bool = False,
    secondary: bool = False, tooltip: Fixed | None = None, **data: str | int,
) -> Json:  # fmt: skip
    """``inputs`` sends the card's inputs along and lets the client check them first; ``secondary`` goes in the
    overflow menu."""
    packed = pack(verb, **data)
    common: Json = {"title": title, "data": packed, "associatedInputs": "auto" if inputs else "none"}
    if style:
        common["style"] = style
    if secondary:
        common["mode"] = "secondary"
    if tooltip:
        common["tooltip"] = tooltip
    submit = {"type": "Action.Submit", **common}
    return {"type": "Action.Execute", "verb": verb, **common, "fallback": submit}


def form_button(title: Fixed, case: str, form: CaseForm, *, secondary: bool = False) -> Json:
    """Shows other inputs on the same card."""
    return button(title, "form", secondary=secondary, case=case, form=form)


def actions(*made: Json | None, spacing: str | None = None) -> Json:
    found: Json = {"type": "ActionSet", "actions": [one for one in made if one]}
    if spacing:
        found["spacing"] = spacing
    return found


def paging(number: int, of: int, t: Texts, to: Callable[[Fixed, int], Json]) -> list[Json]:
    """Nothing where there is one page; ``to`` makes the button with that title that leads to a page."""
    if of < 2:
        return []
    before = to(t("button.previous"), number - 1) if number > 1 else None
    after = to(t("button.next"), number + 1) if number < of else None
    return [note(t("list.page", number=number, of=of), spacing="Medium"), actions(before, after)]


def open_post(url: str, t: Texts) -> Iterable[Json]:
    """The button to the post, named after the host that it leads to; none for an address that may not be opened."""
    host = opened_host(url)
    if host:
        yield {"type": "Action.OpenUrl", "title": t("link.open", host=Fixed(host)), "url": url}


def secure_button(view: CaseView, t: Texts) -> Json | None:
    """For a post with files that are not secured yet."""
    unsecured = view.post and any(one.sha256 is None for one in view.post.attachments)
    return (
        button(t("button.secure"), "secure", secondary=True, case=view.case.designation)
        if unsecured
        else None
    )
