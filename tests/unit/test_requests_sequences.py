"""Whatever is asked of a request in whatever order: no state outside the graph, no event lost, no bar passed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain import administrations, channels, duties, requests
from bot.domain.organisation import Person
from bot.domain.requests import (
    CLOSED,
    DECIDED,
    WHEN,
    WHO,
    AskForMore,
    Begin,
    Command,
    Comment,
    Complete,
    Decide,
    DeputiesCalled,
    EscalationCause,
    Form,
    GiveOpinion,
    HandOver,
    Lapse,
    OpinionKind,
    Reassign,
    Refusal,
    Register,
    Request,
    RequestEvent,
    RequestStatus,
    Resume,
    SaveDraft,
    Submit,
    Surroundings,
    TrailEvent,
    Verdict,
    Withdraw,
    apply,
    begin,
    decide,
    drafted,
    parts_of,
)
from bot.playground import ROOT
from tests.unit.request_world import (
    AT,
    BOT,
    DUE,
    FORMS,
    HEAD,
    KOM,
    PEOPLE,
    STAFF,
    TODAY,
    WITHIN,
    away,
)

EDGES = {
    ("draft", "consultation"),
    ("draft", "decision"),
    ("draft", "withdrawn"),
    ("consultation", "decision"),
    ("consultation", "more_information"),
    ("consultation", "withdrawn"),
    ("decision", "more_information"),
    ("decision", "approved"),
    ("decision", "rejected"),
    ("decision", "withdrawn"),
    ("more_information", "consultation"),
    ("more_information", "decision"),
    ("more_information", "withdrawn"),
}


def arrows(name: str) -> set[tuple[str, str]]:
    """What the graph of that name in the README says."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    graph = readme.partition(f'state "{name}" as')[2].partition("}")[0]
    return {(one, other) for one, other in re.findall(r"(\S+) --> (\w+)", graph) if one not in ("[*]", other)}


def test_the_graph_in_the_readme_is_the_one_that_is_held() -> None:
    assert arrows("request") == EDGES
    assert {one for edge in EDGES for one in edge} == set(RequestStatus)
    assert arrows("channel") == {("active", "closed")}
    assert {one for edge in arrows("duty") for one in edge} == set(duties.DutyStatus)


people = st.sampled_from(["staff", "other", "head", "deputy", "deputy2", "kom"])
forms = st.builds(
    Form,
    facts=st.just({"platform": ("tiktok",), "channel": ("facebook-biblioteken",)}),
    people=st.just(("other",)) | st.lists(people, max_size=3).map(tuple),
    texts_ref=st.just("form"),
)
# "seen" counts back from what is current, so that most are right and some are stale.
behind = st.sampled_from([0, 0, 0, 0, 1])
mostly = st.sampled_from([True, True, True, False])
dues = st.integers(0, 20).map(lambda days: DUE + timedelta(days=days))
said = st.just("t")
COMMANDS: Mapping[type[Command], st.SearchStrategy[Command]] = {
    SaveDraft: st.builds(SaveDraft, form=forms, administration=st.just("kof")),
    Submit: st.builds(Submit, form=forms, administration=st.just("kof"), consultation_due=dues),
    GiveOpinion: st.builds(
        GiveOpinion, kind=st.sampled_from(OpinionKind), seen=behind, has_reason=mostly, texts_ref=said
    ),
    Lapse: st.just(Lapse()),
    AskForMore: st.builds(AskForMore, seen=behind, has_questions=mostly, texts_ref=said),
    Complete: st.builds(Complete, form=forms, consultation_due=dues, seen=behind, texts_ref=said),
    Resume: st.builds(Resume, consultation_due=dues, seen=behind),
    Decide: st.builds(
        Decide,
        verdict=st.sampled_from(Verdict),
        seen=behind,
        has_reason=mostly,
        has_consultation=mostly,
        texts_ref=said,
    ),
    Withdraw: st.just(Withdraw(texts_ref="t")),
    Reassign: st.builds(Reassign, to=people),
    HandOver: st.builds(HandOver, to=people | st.just(""), to_name=st.just("Medarbetare")),
    Comment: st.builds(Comment, has_text=mostly, texts_ref=said),
    Register: st.builds(
        Register, item=st.just("AN-2026-0007-1"), number=st.just("1"), corrects=st.booleans()
    ),
}
FEW = frozenset({Withdraw, HandOver})
"""What ends a walk early or bars many is drawn seldom."""
whereabouts = st.sampled_from([WITHIN, away("head"), away("head", "deputy")])


@st.composite
def presses(draw: st.DrawFn, request: Request) -> tuple[Command, Person]:
    """Anybody may press anything at any time; most press what is theirs and in its time, or few walks got far."""
    timely, rightly = draw(mostly), draw(mostly)
    in_time = [one for one in COMMANDS if request.status in WHEN[one] and one not in FEW]
    kind = draw(st.sampled_from(in_time if timely and in_time else list(COMMANDS)))
    command = with_seen(draw(COMMANDS[kind]), request)
    everybody = [*PEOPLE, BOT]
    theirs = [one for one in everybody if parts_of(request, one.id, WITHIN, TODAY) & WHO[kind]]
    return command, draw(st.sampled_from(theirs if rightly and theirs else everybody))


def with_seen(command: Command, request: Request) -> Command:
    match command:
        case GiveOpinion() | AskForMore() | Complete() | Resume() | Decide():
            return replace(command, seen=request.version - command.seen)
        case _:
            return command


ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (Request, *get_args(RequestEvent), *get_args(TrailEvent))
}


def stored(value: Any) -> Any:
    """As bot/cases/record.py keeps events and read-side documents."""
    adapter = ADAPTERS[type(value)]
    if isinstance(value, Request):
        return adapter.validate_python(adapter.dump_python(value, mode="json", exclude_defaults=True))
    return adapter.validate_python(adapter.dump_python(value, mode="json", exclude_none=True))


@settings(max_examples=200, deadline=None)  # a walk of 16 steps on a busy machine
@given(
    data=st.data(),
    kind=st.sampled_from(list(FORMS)),
    requester=st.sampled_from([STAFF, STAFF, HEAD, KOM]),
    within=whereabouts,
    silent=st.booleans(),
    steps=st.lists(st.integers(0, 6), min_size=8, max_size=16),
)
def test_no_sequence_of_commands_leaves_the_graph_or_loses_an_event(
    data: st.DataObject,
    kind: str,
    requester: Person,
    within: Surroundings,
    silent: bool,
    steps: list[int],
) -> None:
    """``steps`` are the days between one press and the next."""
    begun = begin(Begin(kind=kind, administration="kof", form=data.draw(forms)), by=requester, within=within)
    assert not isinstance(begun, Refusal)
    first = drafted("AN-2026-0007", begun, at=AT)
    if silent:
        called = DeputiesCalled(why=EscalationCause.OVERDUE, turn=1)
        first = apply(first, called, at=AT, by="system")
    request, now = first, AT
    states, history = [first], list[tuple[RequestEvent, datetime, str]]()
    for days in steps:
        now += timedelta(days=days)
        command, by = data.draw(presses(request))
        outcome = decide(request, command, by=by, at=now, within=within)
        if isinstance(outcome, Refusal):
            continue
        before = request
        for event in outcome:
            history.append((event, now, by.id))
            request = apply(request, event, at=now, by=by.id)
            states.append(request)
        check_step(before, request, command, by, len(outcome))
    check_walk(states)
    again = first
    for event, at, who in history:
        again = apply(again, stored(event), at=at, by=who)
    assert again == request == stored(request)
    assert request.revision == 1 + len(history)


def check_step(before: Request, after: Request, command: Command, by: Person, events: int) -> None:
    assert events > 0
    assert after.revision == before.revision + events
    quiet = isinstance(command, Comment | Register)
    assert (after.version == before.version) == quiet
    if before.status in CLOSED:
        assert isinstance(command, Register)
    if isinstance(command, GiveOpinion | Decide | AskForMore | Resume | Reassign):
        assert before.bar(by.id) is None
    if isinstance(command, Decide):
        assert by.id in {"head", "deputy", "deputy2"}
    if after.status is RequestStatus.APPROVED and before.lacks_opinion and before.status not in CLOSED:
        assert isinstance(command, Decide)
        assert command.has_consultation


def check_walk(states: list[Request]) -> None:
    moves = {(one.status, two.status) for one, two in pairwise(states) if one.status is not two.status}
    assert moves <= EDGES
    for request in states:
        assert (request.decision is not None) == (request.status in DECIDED)
        assert (request.registration is not None) == (request.status in DECIDED)
        assert (request.withdrawal is not None) == (request.status is RequestStatus.WITHDRAWN)
        assert (request.returns_to is not None) == (request.status is RequestStatus.MORE_INFORMATION)
        assert bool(request.effects_left) == (request.status is RequestStatus.APPROVED)
        assert request.requester in request.requesters
        assert (request.awaits is None) == (request.status in CLOSED | {RequestStatus.DRAFT})


def test_every_edge_of_the_graph_is_walked() -> None:
    """So that the sequences above are no walks in a corner of it."""
    submit = Submit(form=FORMS["open_channel"], administration="kof", consultation_due=DUE)
    direct = replace(submit, form=FORMS["working_hours_use"])
    advice = GiveOpinion(kind=OpinionKind.SUPPORTS, seen=0, has_reason=True)
    ask = AskForMore(seen=0, texts_ref="q", has_questions=True)
    answer = Complete(form=FORMS["open_channel"], consultation_due=DUE, seen=0)
    yes = Decide(verdict=Verdict.APPROVED, seen=0)
    no = Decide(verdict=Verdict.REJECTED, seen=0, has_reason=True)
    gone = (Withdraw(), STAFF)
    walks: list[tuple[str, list[tuple[Command, Person]]]] = [
        ("open_channel", [gone]),
        ("open_channel", [(submit, STAFF), gone]),
        ("open_channel", [(submit, STAFF), (ask, KOM), gone]),
        ("open_channel", [(submit, STAFF), (ask, KOM), (answer, STAFF), (advice, KOM), (yes, HEAD)]),
        ("open_channel", [(submit, STAFF), (advice, KOM), (ask, HEAD), (answer, STAFF), (no, HEAD)]),
        ("working_hours_use", [(direct, STAFF), gone]),
    ]
    moves = set()
    for kind, walk in walks:
        begun = begin(Begin(kind=kind, administration="kof", form=Form()), by=STAFF, within=WITHIN)
        assert not isinstance(begun, Refusal)
        request = drafted("AN-2026-0007", begun, at=AT)
        for command, by in walk:
            events = decide(request, with_seen(command, request), by=by, at=AT, within=WITHIN)
            assert not isinstance(events, Refusal), events
            for event in events:
                before, request = request, apply(request, event, at=AT, by=by.id)
                moves.add((before.status, request.status))
    assert moves == EDGES


TRAIL: list[TrailEvent] = [
    requests.Delivered(to="person:head"),
    requests.Unreachable(to="person:staff", why="403"),
    requests.Reached(to="person:staff"),
    requests.Opened(by="kom"),
    requests.Reminded(of=requests.Awaits.DECISION, turn=1),
    requests.Escalated(why=EscalationCause.NOBODY_MAY_DECIDE, turn=1),
    DeputiesCalled(why=EscalationCause.UNREACHABLE, turn=1),
    requests.EffectCarriedOut(effect="x", outcome=requests.Outcome.IMPOSSIBLE, why="channel_exists"),
]


@pytest.mark.parametrize("event", TRAIL, ids=lambda one: type(one).__name__)
def test_what_happens_around_a_request_changes_neither_version_nor_revision(event: TrailEvent) -> None:
    begun = begin(Begin(kind="open_channel", form=Form()), by=STAFF, within=WITHIN)
    assert not isinstance(begun, Refusal)
    request = drafted("AN-2026-0007", begun, at=AT)
    after = apply(request, stored(event), at=AT, by="system")
    assert (after.version, after.revision, after.status) == (1, 1, RequestStatus.DRAFT)
    assert stored(event) == event


def test_a_reminder_of_an_earlier_turn_does_not_silence_the_next() -> None:
    begun = begin(Begin(kind="open_channel", form=Form()), by=STAFF, within=WITHIN)
    assert not isinstance(begun, Refusal)
    request = replace(drafted("AN-2026-0007", begun, at=AT), turn=2)
    late = requests.Reminded(of=requests.Awaits.OPINION, turn=1)
    assert apply(request, late, at=AT, by="system").reminded_at is None


@pytest.mark.parametrize(
    "union",
    [requests.RequestEvent, channels.ChannelEvent, duties.DutyEvent, administrations.AdministrationEvent],
)
def test_no_event_has_a_place_for_the_words_of_a_form(union: Any) -> None:
    """Texts, addresses and contact details have no field in any event: only references to them."""
    words = {"text", "name", "address", "url", "contact", "reason", "questions", "comment", "purpose"}
    for event in union.__args__:
        assert not words & set(event.__dataclass_fields__), event
