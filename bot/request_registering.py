"""What the register says of a decided request: a public line without names, and a protected wording apart from it."""

from bot.domain.organisation import Organisation
from bot.domain.requests import KINDS, FormTexts, Request
from cards.texts import texts


def public_wording(request: Request, organisation: Organisation) -> str:
    """Kind, verdict and administration: never a name or a word of the form."""
    say = texts(organisation.language)
    kind = KINDS.get(request.kind)
    verdict = request.decision.made.verdict if request.decision else request.status
    what = say(kind.text(verdict)) if kind else request.kind
    unit = organisation.administrations.get(request.administration)
    return say(
        "record.request.public", what=what, administration=unit.name if unit else request.administration
    )


def protected_wording(request: Request, form: FormTexts | None, organisation: Organisation) -> str:
    """Who asked, who is proposed, and the form's own words."""
    say = texts(organisation.language)
    told = [say("record.request.protected", requester=request.requester_name)]
    people = [organisation.person(one).name or one for one in request.form.facts.get("admins", ())]
    values = {**({"admins": ", ".join(people)} if people else {}), **(form.values if form else {})}
    told += [_line(say(f"request.field.{name}"), text) for name, text in values.items()]
    return "\n".join(told)


def _line(label: str, text: str) -> str:
    return f"{label} {text}" if label.endswith("?") else f"{label}: {text}"
