"""Requests as cards meet them, made through the real transition function, with texts of the test's choosing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from bot.domain import administrations, requests
from bot.domain.administrations import StandingDecision, StandingDecisionRecorded
from bot.domain.channels import ChannelTexts
from bot.domain.request_views import (
    Absence,
    ContactNotice,
    EndOfRole,
    FormChoices,
    RequestForm,
    RequestItemView,
    RequestPage,
    RequestSummary,
    RequestView,
    RuleInForce,
)
from bot.domain.requests import (
    KINDS,
    Bar,
    Fault,
    FormTexts,
    LapseCause,
    NobodyMayDecide,
    OpinionKind,
    Problem,
    Reason,
    Refusal,
    Request,
    RequestStatus,
    RequestTexts,
    Verdict,
    called_on,
    deputies_there,
    offered,
    parts_of,
    waited_for,
)
from bot.domain.zone import local_day
from bot.turns import CardReply
from cards.request_card import RequestBanner, request_card, request_refusal_card
from cards.request_item_card import request_item_card
from cards.request_lists import request_list_card
from cards.request_notices import (
    absence_card,
    absence_refused_card,
    contact_card,
    former_admin_card,
    rules_card,
    welcome_card,
)
from cards.request_reading import request_reading_card
from cards.request_start import kinds_card, new_request_card
from tests.unit.card_samples import CLAUSE, organisation, scene
from tests.unit.request_world import (
    AFTER_DUE,
    AT,
    BOT,
    HEAD,
    KOM,
    PEOPLE,
    STAFF,
    TODAY,
    WITHIN,
    a_draft,
    after,
    submitted,
)  # fmt: skip

Make = Callable[[], CardReply]
FIELDS = tuple(dict.fromkeys(one.name for kind in KINDS.values() for one in kind.fields))
INPUTS = ("reason", "consultation", "questions", "note", "comment", "to", "number", "administration")


def _decided(verdict: Verdict, kind: str = "open_channel") -> Request:
    request = submitted(kind)
    if request.status is RequestStatus.CONSULTATION:
        request = after(request, requests.Lapse(), BOT, AFTER_DUE)
    decide = requests.Decide(
        verdict=verdict, seen=request.version, texts_ref="t", has_reason=True, has_consultation=True,
        passage="forvaltningschefens-ansvar/2",
    )  # fmt: skip
    return after(request, decide, HEAD, AFTER_DUE)


def stages() -> dict[str, Request]:
    """A request at every stage that cards tell apart, and each kind once."""
    consulted = submitted()
    advised = after(
        consulted, requests.GiveOpinion(kind=OpinionKind.OPPOSES, seen=2, texts_ref="t", has_reason=True), KOM
    )
    asked = after(advised, requests.AskForMore(seen=3, texts_ref="t", has_questions=True), HEAD)
    completion = requests.Complete(form=asked.form, consultation_due=TODAY, seen=asked.version, texts_ref="t")
    made = {kind: submitted(kind) for kind in KINDS}
    return {
        **{f"sent in, {kind}": one for kind, one in made.items()},
        **{f"draft, {kind}": a_draft(kind) for kind in KINDS},
        "advised": advised,
        "lapsed": after(consulted, requests.Lapse(), BOT, AFTER_DUE),
        "asked for more": asked,
        "completed": after(asked, completion, STAFF),
        "reassigned": after(advised, requests.Reassign(to="deputy"), HEAD),
        "commented": after(consulted, requests.Comment(texts_ref="t", has_text=True), KOM),
        "approved": _decided(Verdict.APPROVED),
        "rejected": _decided(Verdict.REJECTED, "close_channel"),
        "withdrawn": after(consulted, requests.Withdraw(texts_ref="t"), STAFF),
        "impossible": replace(
            _decided(Verdict.APPROVED),
            carried_out=(requests.EffectCarriedOut(effect="x", outcome=requests.Outcome.IMPOSSIBLE),),
        ),
    }


STAGES = stages()


def _viewers(stage: str) -> tuple[str | None, ...]:
    """Those whose card differs from the others' at that stage: each card costs nine tests in two languages."""
    if stage.startswith("draft"):
        return ("staff",)
    if stage.startswith("sent in"):
        return ("kom",) if stage.endswith("channel") else ("head",)
    return (
        ("staff", "head", None)
        if stage in {"advised", "lapsed"}
        else ("head",)
        if stage == "completed"
        else ("staff",)
    )


def view(
    request: Request,
    viewer: str | None = "staff",
    *,
    word: str = "Ett skäl.",
    name: str = "Ungdom",
    many: int = 1,
) -> RequestView:
    """``word`` is what staff wrote, ``name`` what people, units and channels are called."""
    within = replace(
        WITHIN,
        organisation=replace(
            WITHIN.organisation,
            name=name,
            people={one: replace(known, name=name) for one, known in WITHIN.organisation.people.items()},
            administrations={
                one: replace(unit, name=name) for one, unit in WITHIN.organisation.administrations.items()
            },
        ),
    )
    request = replace(request, requester_name=name)
    kind = KINDS[request.kind]
    day = local_day(AT)
    said = RequestTexts(reason=word, consultation=word, questions=word, note=word)
    people = tuple((f"{one.id}{number}", name) for number in range(many) for one in PEOPLE)
    seen_as = viewer or "kom"
    return RequestView(
        request=request,
        kind=kind,
        organisation=within.organisation,
        channels=dict.fromkeys(within.register.channels, name),
        form=FormTexts(values={one.name: word for one in kind.fields if not one.is_fact}),
        contact=word,
        opinions=(said,) * len(request.opinions),
        questions=(said,) * len(request.questions),
        answers=(said,) * len(request.questions),
        comments=(said,) * len(request.comments),
        decision=said,
        withdrawal=said,
        clause=CLAUSE,
        terms=CLAUSE,
        waited_for=waited_for(request, within, day),
        called=called_on(request, within, day) if request.status is RequestStatus.DECISION else None,
        viewer=viewer,
        parts=parts_of(request, seen_as, within, day),
        bar=request.bar(seen_as),
        may=offered(request, seen_as, within, day),
        deputies=deputies_there(request, seen_as, within, day),
        conflicts=(),
        approvable=True,
        choices=FormChoices(
            channels=tuple((f"c{number}", name) for number in range(20 * many)),
            administrations=(("kof", name), *((f"u{number}", name) for number in range(3 * many))),
            own_administration="kof",
            people=people,
        ),
    )


def request_cards(
    language: str, *, word: str, name: str, many: int, typed: str
) -> Iterator[tuple[str, Make]]:
    """One of every card that is about requests."""
    at = scene(language)
    filled = dict.fromkeys((*FIELDS, *INPUTS), typed) if typed else {}
    for stage, request in STAGES.items():
        for viewer in _viewers(stage):
            seen = view(request, viewer, word=word, name=name, many=many)
            yield f"request {stage}, {viewer}", partial(request_card, seen, at)
            for form in RequestForm if stage in {"advised", "lapsed", "draft, open_channel"} else ():
                lacking = Refusal(reason=Reason.REASON_MISSING, field="reason")
                yield (
                    f"request {stage}, {viewer}, {form}",
                    partial(
                        request_card, seen, at, form=form, typed=filled, refusal=lacking,
                        banner=RequestBanner.REPEATED,
                    ),
                )  # fmt: skip
        whole = view(request, "staff", word=word, name=name, many=many)
        for page in (1, 2, 999) if stage in {"asked for more", "approved"} else ():
            yield f"request {stage}, page {page}", partial(request_reading_card, whole, page, at)
    yield from _more(language, word, name, many, typed)


def _more(language: str, word: str, name: str, many: int, typed: str) -> Iterator[tuple[str, Make]]:
    at = scene(language)
    filled = dict.fromkeys((*FIELDS, *INPUTS), typed) if typed else {}
    seen = view(STAGES["sent in, open_channel"], "head", word=word, name=name)
    for banner in (RequestBanner.DECISION, RequestBanner.DECIDED):
        yield f"request banner {banner}", partial(request_card, seen, at, banner=banner)
    for bar in Bar:
        yield f"request barred {bar}", partial(request_card, replace(seen, bar=bar), at)
    yield (
        "request nobody decides",
        partial(request_card, replace(seen, called=NobodyMayDecide(hindrances=())), at),
    )
    changed = tuple(Problem(field="admins", fault=one, subject=PEOPLE[0].id) for one in Fault)
    for approvable in (True, False):
        against = replace(seen, conflicts=changed, approvable=approvable)
        yield f"request changed, {approvable}", partial(request_card, against, at)
    for lapsed in LapseCause:
        cause = replace(STAGES["lapsed"], lapsed=lapsed)
        yield f"request lapsed {lapsed}", partial(request_card, view(cause, "head", word=word, name=name), at)
    for reason in (Reason.ALREADY_DECIDED, Reason.CONSULTATION_OPEN, Reason.UNKNOWN_REQUEST):
        refusal = Refusal(reason=reason, by=name, at=AT, due=TODAY)
        yield f"request refusal {reason}", partial(request_refusal_card, refusal, at, "AN-2026-0007")
    yield "request kinds", partial(kinds_card, at)
    wrong = tuple(Problem(field=one.name, fault=Fault.MISSING) for one in KINDS["open_channel"].fields)
    for kind in KINDS.values():
        yield f"new request {kind.id}", partial(new_request_card, kind, seen.choices, CLAUSE, "f" * 32, at)
        known = tuple(one for one in wrong if one.field in {field.name for field in kind.fields})
        yield (
            f"new request {kind.id} again",
            partial(
                new_request_card, kind, seen.choices, CLAUSE, "f" * 32, at, typed=filled,
                refusal=Refusal(reason=Reason.INCOMPLETE, problems=known),
            ),
        )  # fmt: skip
    for stage in ("approved", "rejected"):
        for late in (True, False):
            item = RequestItemView(
                view=view(STAGES[stage], "registrar", word=word, name=name), public=name, protected=word,
                may_register=late, may_correct=False, late=late,
            )  # fmt: skip
            yield f"request item {stage}, {late}", partial(request_item_card, item, at, typed=filled)
    numbered = after(
        STAGES["approved"], requests.Register(item="AN-2026-0007-1", number="KS 2026/1"), PEOPLE[-1]
    )
    done = RequestItemView(
        view=view(numbered, "registrar", word=word, name=name), public=name, protected=word,
        may_register=False, may_correct=True, late=False,
    )  # fmt: skip
    missing = Refusal(reason=Reason.NUMBER_MISSING, field="number")
    yield "request item done", partial(request_item_card, done, at, refusal=missing, repeated=True)
    yield from _lists_and_notices(language, word, name, many)


def _lists_and_notices(language: str, word: str, name: str, many: int) -> Iterator[tuple[str, Make]]:
    at, known = scene(language), organisation(name)
    for what in ("my_requests", "requests"):
        row = RequestSummary(
            designation="AN-2026-0007", kind="open_channel", status=RequestStatus.DECISION, awaits=None,
            about=name, requester=name, at=AT,
        )  # fmt: skip
        page = RequestPage(rows=(row,) * 8, number=2, of=3, total=20)
        yield f"list, {what}", partial(request_list_card, what, page, at)
        empty = RequestPage(rows=(), number=1, of=1, total=0)
        yield f"empty list, {what}", partial(request_list_card, what, empty, at)
    yield "request welcome", partial(welcome_card, name, (CLAUSE,) * 5, "AN-2026-0007", at)
    for end in EndOfRole:
        yield f"request role {end}", partial(former_admin_card, name, "AN-2026-0007", end, at)
    told = ContactNotice(
        request="AN-2026-0007", channel=ChannelTexts(name=name, address=name),
        admins=tuple(known.people) * many, contact=word, unknown=word, removed=("gone", *known.people),
    )  # fmt: skip
    yield "request contact", partial(contact_card, told, known, at)
    for until in (TODAY, None):
        absence = Absence(
            until=until,
            administrations=tuple(known.administrations) * many,
            deputies=tuple(known.people) * many,
        )
        yield f"absence {until}", partial(absence_card, absence, known, at)
    yield "absence no day", partial(absence_refused_card, None, at, today=TODAY)
    for reason in (administrations.Reason.TOO_LONG,):
        refusal = administrations.Refusal(reason=reason)
        yield f"absence refused {reason}", partial(absence_refused_card, refusal, at, today=TODAY)
    stands = StandingDecision(
        made=StandingDecisionRecorded(
            request="AN-2026-0007", by="head", by_name=name, texts_ref="t", holds_from=TODAY, ends=TODAY
        ),
        at=AT,
    )
    rules = [RuleInForce(administration="kultur", decision=one, rule=word) for one in (stands, None)] * many
    yield "rules", partial(rules_card, rules, known, 1, at)
