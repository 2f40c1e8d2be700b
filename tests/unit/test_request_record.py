"""Requests in their stored form, and the read side that is kept from them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.adapters import doc_of
from bot.cases.record import domain_form
from bot.domain import requests
from bot.domain.requests import (
    Command,
    Decide,
    Effect,
    EffectCarriedOut,
    Form,
    GiveOpinion,
    Lapse,
    OpinionKind,
    Register,
    Request,
    Submit,
    Verdict,
    decide,
)
from bot.projecting import project
from bot.requests.record import (
    _EVENTS,
    REQUEST_MESSAGE,
    fold_request,
    request_event,
    request_from,
    request_happened,
    told_in,
)
from storage.store import Event, Message, Put
from tests.unit.request_world import AFTER_DUE, AT, BOT, DUE, FORMS, HEAD, KOM, REGISTRAR, STAFF, WITHIN

NAME = "AN-2026-0007"
DRAFTED = requests.Drafted(
    kind="open_channel",
    requester="staff",
    requester_name="Medarbetare",
    administration="kof",
    form=FORMS["open_channel"],
)


class Tables:
    """The read side in memory."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Any]] = {}

    def get(self, table: str, key: str) -> Any:
        return self.tables.get(table, {}).get(key)

    def take_in(self, event: Event) -> None:
        for change in list(project(event, self)):
            if isinstance(change, Put):
                self.tables.setdefault(change.table, {})[change.key] = change.doc
            else:
                self.tables[change.table].pop(change.key)


class Record:
    """A request's events as the store would give them places, and the request they make."""

    def __init__(self) -> None:
        self.side, self.request, self.seq = Tables(), None, 0
        self.add(DRAFTED, by="staff")

    request: Request | None

    def add(
        self, happened: Any, *, by: str, at: datetime = AT, stream: str = NAME, owes: Iterable[str] = ()
    ) -> None:
        self.seq += 1
        new = request_event(happened)
        event = Event(
            seq=self.seq, stream=stream, version=self.seq, at=at, actor=by, kind=new.kind, data=new.data,
            keys=(), owes=(), left=0, prev="", hash="",
        )  # fmt: skip
        assert request_happened(event) == happened
        after = fold_request(self.request, event)
        data = {"turn": after.turn if after else 0}
        messages = tuple(
            Message(id=f"{one}/{self.seq}", to=one, kind=REQUEST_MESSAGE, subject=NAME, data=data)
            for one in owes
        )
        event = replace(event, owes=messages)
        self.request = fold_request(self.request, event)
        self.side.take_in(event)
        assert request_from(self.side.get("requests", NAME)) == self.request

    def told(self) -> tuple[str, ...]:
        assert self.request is not None
        return told_in(self.side.get("request_cards", NAME), self.request.turn)

    def command(self, command: Command, by: Any, at: datetime = AT, owes: Iterable[str] = ()) -> None:
        assert self.request is not None
        happened = decide(self.request, command, by=by, at=at, within=WITHIN)
        assert not isinstance(happened, requests.Refusal), happened
        for one in happened:
            self.add(one, by=by.id, at=at, owes=owes)


SUBMIT = Submit(form=FORMS["open_channel"], administration="kof", consultation_due=DUE)


def submitted() -> Record:
    record = Record()
    record.command(SUBMIT, STAFF, owes=("person:kom", "person:kom2"))
    return record


def decided(verdict: Verdict = Verdict.APPROVED) -> Record:
    record = submitted()
    record.command(Lapse(), BOT, AFTER_DUE, owes=("person:head",))
    seen = record.request.version if record.request else 0
    record.command(
        Decide(verdict=verdict, seen=seen, texts_ref="why", has_reason=True, has_consultation=True),
        HEAD,
        AFTER_DUE,
    )
    return record


@pytest.mark.parametrize("kind", sorted(_EVENTS))
def test_no_event_of_a_request_is_taken_for_one_of_a_case(kind: str) -> None:
    event = Event(
        seq=1, stream=NAME, version=1, at=AT, actor="", kind=kind, data={}, keys=(), owes=(), left=0,
        prev="", hash="",
    )  # fmt: skip
    assert domain_form(event) is None


def test_a_request_is_the_same_after_it_was_kept() -> None:
    request = decided().request
    assert request is not None
    assert request_from(doc_of(request)) == request


def test_a_request_waits_for_its_people_until_it_is_decided() -> None:
    record = Record()
    assert "open_requests" not in record.side.tables
    record.command(SUBMIT, STAFF, owes=("person:kom",))
    row = record.side.get("open_requests", NAME)
    assert (row["awaits"], row["administration"]) == ("opinion", "kof")
    opinion = GiveOpinion(kind=OpinionKind.NO_OBJECTION, seen=2)
    record.command(opinion, KOM, owes=("person:head",))
    row = record.side.get("open_requests", NAME)
    assert row["awaits"] == "decision"
    record.command(Decide(verdict=Verdict.APPROVED, seen=3), HEAD)
    assert record.side.tables["open_requests"] == {}


def test_who_was_owed_a_card_in_this_turn_is_kept_until_the_turn_is_over() -> None:
    record = submitted()
    record.add(requests.Reached(to="person:kom3"), by="system", owes=("person:kom3",))
    assert record.told() == ("person:kom", "person:kom2", "person:kom3")
    record.command(Lapse(), BOT, AFTER_DUE)
    assert record.told() == ()


def test_a_card_that_hangs_on_an_earlier_event_of_its_commit_counts_for_the_turn_that_it_names() -> None:
    """A draft that is sent in at once is two events, and all that they owe hangs on the first."""
    side = Tables()
    record = Record()
    message = Message(id="m", to="person:kom", kind=REQUEST_MESSAGE, subject=NAME, data={"turn": 2})
    new = request_event(DRAFTED)
    side.take_in(
        Event(
            seq=1,
            stream=NAME,
            version=1,
            at=AT,
            actor="staff",
            kind=new.kind,
            data=new.data,
            keys=(),
            owes=(message,),
            left=1,
            prev="",
            hash="",
        )
    )
    record.command(SUBMIT, STAFF)
    assert record.request is not None
    assert told_in(side.get("request_cards", NAME), record.request.turn) == ("person:kom",)


def test_an_approval_owes_its_effects_until_each_is_carried_out() -> None:
    record = decided()
    request = record.request
    assert request is not None
    for effect in request.effects_left:
        assert record.side.get("owed_effects", NAME) == {"designation": NAME}
        record.add(EffectCarriedOut(effect=effect.key), by="system", stream=f"{NAME}/trail")
    assert record.side.tables["owed_effects"] == {}


@pytest.mark.parametrize("verdict", list(Verdict))
def test_either_verdict_is_to_be_registered_until_its_number_is_there(verdict: Verdict) -> None:
    record = decided(verdict)
    assert record.side.get("unregistered", f"{NAME}-1")["designation"] == NAME
    record.command(Register(item=f"{NAME}-1", number="KS 2026/9"), REGISTRAR)
    assert record.side.tables["unregistered"] == {}


def test_a_request_is_found_by_all_who_ever_were_its_requester() -> None:
    record = submitted()
    record.command(requests.HandOver(to="other", to_name="Medarbetare två"), STAFF)
    for person in ("staff", "other"):
        assert record.side.get(f"requests_of/{person}", NAME) == {"designation": NAME}


def test_requests_count_by_themselves() -> None:
    record = Record()
    assert record.side.get("request_counters", "2026") == {"last": 7}
    assert "counters" not in record.side.tables


def test_an_effect_with_every_part_is_kept_whole() -> None:
    """What the form lacks is left out of the event, and is not there afterwards either."""
    made = requests.Decided(
        verdict=Verdict.APPROVED, by="head", by_name="", part=requests.Part.HEAD, seen=1, texts_ref="",
        effects=(Effect(kind=requests.EffectKind.APPOINT_ADMIN, channel="c", person="p"),),
    )  # fmt: skip
    new = request_event(made)
    assert new.data["effects"] == [{"kind": "appoint_admin", "channel": "c", "person": "p"}]
    assert request_event(requests.DraftSaved(administration="", form=Form())).kind == "request_saved"
