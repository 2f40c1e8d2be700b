"""From what a request's card asks for to the domain's command, with the texts it brings to be kept."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.calendar import next_working_day
from bot.channels.register import ChannelRegister
from bot.contents import sealed
from bot.domain import requests
from bot.domain.requests import (
    KINDS,
    Command,
    ContactTexts,
    Form,
    FormTexts,
    Kind,
    NamesTexts,
    Reading,
    Reason,
    Refusal,
    Request,
    RequestTexts,
)
from bot.domain.zone import local_day
from bot.services import Services
from cards.request_payload import (
    Applying,
    AskingForMore,
    Commenting,
    DecidingRequest,
    GivingOpinion,
    HandingOver,
    Reassigning,
    RegisteringRequest,
    Resuming,
    Withdrawing,
)
from storage.store import Content

RequestChange = (
    Applying
    | GivingOpinion
    | DecidingRequest
    | AskingForMore
    | Resuming
    | Withdrawing
    | Reassigning
    | HandingOver
    | Commenting
    | RegisteringRequest
)
CONSULTATION_DAYS = 5
"""Working days that communications have for an opinion: the guideline says that they are consulted, not how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    command: Command
    contents: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    form: Form
    reading: Reading
    contents: tuple[Content, ...]


def consultation_due(today: date) -> date:
    day = today
    for _ in range(CONSULTATION_DAYS):
        day = next_working_day(day)
    return day


def fill(wish: Applying, kind: Kind, services: Services) -> FilledForm:
    """The form as it is read, and the texts that it refers to."""
    today = local_day(services.clock())
    reading = kind.read(wish.answers, today=today, organisation=services.organisation)
    contents: list[Content] = []

    def keep(texts: FormTexts | ContactTexts) -> str:
        contents.append(sealed(texts))
        return contents[-1].ref

    digest = ChannelRegister(services.store, services.pepper).address_key
    form = reading.form(
        digest,
        texts_ref=keep(reading.texts) if reading.texts.values else "",
        contact_ref=keep(ContactTexts(contact=reading.contact)) if reading.contact else "",
    )
    return FilledForm(form=form, reading=reading, contents=tuple(contents))


def prepare_request(
    wish: RequestChange, request: Request, services: Services, names: NamesTexts
) -> PreparedRequest | Refusal:
    """The command that the wish is, or why it is none. ``names`` are kept with a decision."""
    due = consultation_due(local_day(services.clock()))
    match wish:
        case Applying():
            return _form_command(wish, request, services, due)
        case GivingOpinion():
            said = RequestTexts(reason=wish.reason)
            return _with_texts(
                said,
                lambda ref: requests.GiveOpinion(
                    kind=wish.opinion, seen=wish.version, texts_ref=ref, has_reason=bool(wish.reason)
                ),
            )
        case DecidingRequest():
            said = RequestTexts(reason=wish.reason, consultation=wish.consultation)
            then = sealed(names)
            made = _with_texts(said, lambda ref: _deciding(wish, request, ref, then.ref, services))
            return replace(made, contents=(*made.contents, then))
        case AskingForMore():
            said = RequestTexts(questions=wish.questions)
            return _with_texts(
                said,
                lambda ref: requests.AskForMore(
                    seen=wish.version, texts_ref=ref, has_questions=bool(wish.questions)
                ),
            )
        case Resuming():
            return PreparedRequest(command=requests.Resume(consultation_due=due, seen=wish.version))
        case Withdrawing():
            return _with_texts(RequestTexts(note=wish.note), lambda ref: requests.Withdraw(texts_ref=ref))
        case Reassigning():
            return _with_texts(
                RequestTexts(note=wish.note),
                lambda ref: requests.Reassign(to=wish.to.lower(), texts_ref=ref),
            )
        case HandingOver():
            to = services.organisation.person(wish.to.lower())
            known = to.id if to.name else ""
            return PreparedRequest(command=requests.HandOver(to=known, to_name=to.name))
        case Commenting():
            return _with_texts(
                RequestTexts(note=wish.comment),
                lambda ref: requests.Comment(texts_ref=ref, has_text=bool(wish.comment)),
            )
        case RegisteringRequest():
            corrects = wish.verb == "request_correct"
            return PreparedRequest(
                command=requests.Register(item=wish.item, number=wish.number, corrects=corrects)
            )


def _form_command(
    wish: Applying, request: Request, services: Services, due: date
) -> PreparedRequest | Refusal:
    """The request's own kind: what the card says of it is not listened to."""
    kind = KINDS.get(request.kind)
    if kind is None:
        return Refusal(reason=Reason.UNKNOWN_KIND)
    filled = fill(wish, kind, services)
    problems, form = filled.reading.problems, filled.form
    match wish.verb:
        case "request_save":
            command: Command = requests.SaveDraft(form=form, administration=wish.administration)
        case "request_submit":
            command = requests.Submit(
                form=form, administration=wish.administration, consultation_due=due, problems=problems
            )
        case "request_complete":
            note = sealed(RequestTexts(note=wish.note)) if wish.note else None
            command = requests.Complete(
                form=form,
                consultation_due=due,
                seen=wish.version,
                texts_ref=note.ref if note else "",
                problems=problems,
            )
            kept = (*filled.contents, *([note] if note else []))
            return PreparedRequest(command=command, contents=kept)
    return PreparedRequest(command=command, contents=filled.contents)


def _deciding(
    wish: DecidingRequest, request: Request, ref: str, names_ref: str, services: Services
) -> Command:
    guideline, kind = services.policy.guideline, KINDS.get(request.kind)
    passage = kind.passage if kind and guideline.passage(kind.passage) else ""
    return requests.Decide(
        verdict=wish.verdict,
        seen=wish.version,
        texts_ref=ref,
        has_reason=bool(wish.reason),
        has_consultation=bool(wish.consultation),
        passage=passage,
        guideline=guideline.version,
        names_ref=names_ref,
    )


def _with_texts(said: RequestTexts, command: Callable[[str], Command]) -> PreparedRequest:
    """Nothing said is nothing to keep."""
    if said == RequestTexts():
        return PreparedRequest(command=command(""))
    content = sealed(said)
    return PreparedRequest(command=command(content.ref), contents=(content,))


def command_keys(wish: RequestChange, by: str, pepper: bytes) -> tuple[str, ...]:
    """The same card, person, verb and version: a second accepted click is the first one. What was typed is part of
    it only as a keyed digest, since a key stays in the journal for good."""
    match wish:
        case Applying(request=None):
            return (f"request_form:{by}:{wish.form}",)
        case GivingOpinion():
            what = f"{wish.opinion}:{wish.version}"
        case DecidingRequest():
            what = f"{wish.verdict}:{wish.version}"
        case AskingForMore() | Resuming():
            what = str(wish.version)
        case Applying():
            if wish.verb == "request_save":
                return ()
            what = str(wish.version)
        case Reassigning():
            what = wish.to.lower()
        case HandingOver():
            what = f"{wish.to.lower()}:{wish.version}"
        case Commenting():
            what = f"{wish.seen}:{_digest(wish.comment, pepper)}"
        case RegisteringRequest():
            what = f"{_digest(wish.number, pepper)}:{wish.seen}"
        case Withdrawing():
            what = ""
    return (f"command:{by}:{wish.request}:{wish.verb}:{what}",)


def _digest(text: str, pepper: bytes) -> str:
    return hmac.new(pepper, text.encode(), "sha256").hexdigest()[:16]
