"""What the register says of a decided request: a public line without people, and a protected wording apart from it."""

from bot.domain.requests import KINDS, FormTexts, NamesTexts, Request
from cards.texts import texts


def public_wording(request: Request, names: NamesTexts, language: str) -> str:
    """Kind, verdict, channel with platform, administration: never a person or another word of the form."""
    say = texts(language)
    kind = KINDS.get(request.kind)
    verdict = request.decision.made.verdict if request.decision else request.status
    what = say(kind.text(verdict)) if kind else request.kind
    unit = names.administration
    if not names.channel:
        return say("record.request.public", what=what, administration=unit)
    where = ", ".join(one for one in (names.channel, _platform(names, language)) if one)
    return say("record.request.public.channel", what=what, channel=where, administration=unit)


def protected_wording(request: Request, form: FormTexts | None, names: NamesTexts, language: str) -> str:
    """Who asked, of which channel, who is proposed, and the form's own words."""
    say = texts(language)
    told = [say("record.request.protected", requester=request.requester_name)]
    people = [names.people.get(one, one) for one in request.form.facts.get("admins", ())]
    values = {
        "channel": names.channel if request.form.fact("channel") else "",
        "platform": _platform(names, language),
        "admins": ", ".join(people),
        **(form.values if form else {}),
    }
    told += [_line(say(f"request.field.{name}"), text) for name, text in values.items() if text]
    return "\n".join(told)


def _platform(names: NamesTexts, language: str) -> str:
    return texts(language)(f"platform.{names.platform}") if names.platform else ""


def _line(label: str, text: str) -> str:
    return f"{label} {text}" if label.endswith("?") else f"{label}: {text}"
