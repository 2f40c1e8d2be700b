"""Every command in every state by everybody, as a table to be read; what a cell says is what happens."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from bot.domain.organisation import Person
from bot.domain.requests import (
    WHEN,
    WHO,
    AskForMore,
    Command,
    Comment,
    Complete,
    Decide,
    GiveOpinion,
    HandOver,
    Lapse,
    OpinionKind,
    Reason,
    Reassign,
    Refusal,
    Register,
    Request,
    RequestStatus,
    Resume,
    SaveDraft,
    Submit,
    Surroundings,
    Verdict,
    Withdraw,
    decide,
)
from tests.unit.request_world import (
    AFTER_DUE,
    BOT,
    DEPUTY,
    DUE,
    FORMS,
    HEAD,
    KOM,
    OTHER,
    REGISTRAR,
    STAFF,
    WITHIN,
    a_draft,
    after,
    away,
    submitted,
)

TABLE = """
Command     who        draft  consul decide more   approv reject withdr
SaveDraft   requester  ok     sub    sub    sub    dec    dec    wdr
Submit      requester  ok     sub    sub    sub    dec    dec    wdr
GiveOpinion kom        nsub   ok     ok     awaits dec    dec    wdr
Lapse       bot        nsub   ok     over   awaits dec    dec    wdr
AskForMore  kom        nsub   ok     turn   awaits dec    dec    wdr
AskForMore  head       nsub   turn   ok     awaits dec    dec    wdr
AskForMore  called     nsub   turn   ok     awaits dec    dec    wdr
Complete    requester  nsub   nask   nask   ok     dec    dec    wdr
Resume      kom        nsub   nask   nask   turn   dec    dec    wdr
Resume      head       nsub   nask   nask   ok     dec    dec    wdr
Resume      called     nsub   nask   nask   ok     dec    dec    wdr
Decide      head       nsub   open   ok     awaits dec    dec    wdr
Decide      called     nsub   open   ok     awaits dec    dec    wdr
Withdraw    requester  ok     ok     ok     ok     dec    dec    wdr
Reassign    head       nsub   ok     ok     ok     dec    dec    wdr
Reassign    called     nsub   ok     ok     ok     dec    dec    wdr
HandOver    requester  ok     ok     ok     ok     dec    dec    wdr
HandOver    kom        no     there  there  ok     dec    dec    wdr
HandOver    head       no     there  there  ok     dec    dec    wdr
HandOver    called     no     there  there  ok     dec    dec    wdr
Comment     requester  nsub   ok     ok     ok     dec    dec    wdr
Comment     kom        nsub   ok     ok     ok     dec    dec    wdr
Comment     head       nsub   ok     ok     ok     dec    dec    wdr
Comment     called     nsub   ok     ok     ok     dec    dec    wdr
Register    registrar  ndec   ndec   ndec   ndec   ok     ok     wdr
"""
"""Who is not named for a command may not ask for it in any state. "called" is a deputy while the head is away; the
request came back from a head's questions wherever it is in more information."""

WORDS = {
    "ok": None,
    "no": Reason.NOT_ALLOWED,
    "sub": Reason.ALREADY_SUBMITTED,
    "nsub": Reason.NOT_SUBMITTED,
    "awaits": Reason.AWAITS_REQUESTER,
    "turn": Reason.NOT_YOUR_TURN,
    "nask": Reason.NOTHING_ASKED,
    "open": Reason.CONSULTATION_OPEN,
    "over": Reason.CONSULTATION_OVER,
    "dec": Reason.ALREADY_DECIDED,
    "ndec": Reason.NOT_DECIDED,
    "wdr": Reason.WITHDRAWN,
    "there": Reason.REQUESTER_IS_THERE,
}
ROLES: Mapping[str, tuple[Person, Surroundings]] = {
    "requester": (STAFF, WITHIN),
    "kom": (KOM, WITHIN),
    "head": (HEAD, WITHIN),
    "called": (DEPUTY, away("head")),
    "idle": (DEPUTY, WITHIN),
    "registrar": (REGISTRAR, WITHIN),
    "stranger": (OTHER, WITHIN),
    "bot": (BOT, WITHIN),
}
APPROVE = Decide(verdict=Verdict.APPROVED, seen=0, has_reason=True, has_consultation=True)
COMMANDS: Mapping[str, Callable[[Request], Command]] = {
    "SaveDraft": lambda request: SaveDraft(form=request.form, administration="kof"),
    "Submit": lambda request: Submit(form=request.form, administration="kof", consultation_due=DUE),
    "GiveOpinion": lambda request: GiveOpinion(kind=OpinionKind.NO_OBJECTION, seen=request.version),
    "Lapse": lambda request: Lapse(),
    "AskForMore": lambda request: AskForMore(seen=request.version, texts_ref="q", has_questions=True),
    "Complete": lambda request: Complete(form=request.form, consultation_due=DUE, seen=request.version),
    "Resume": lambda request: Resume(consultation_due=DUE, seen=request.version),
    "Decide": lambda request: replace(APPROVE, seen=request.version),
    "Withdraw": lambda request: Withdraw(),
    "Reassign": lambda request: Reassign(to="deputy2"),
    "HandOver": lambda request: HandOver(to="new", to_name="Medarbetare tre"),
    "Comment": lambda request: Comment(texts_ref="c", has_text=True),
    "Register": lambda request: Register(item="AN-2026-0007-1", number="KOF 2026/1"),
}


def in_state(status: RequestStatus) -> Request:
    waiting = after(submitted(), Lapse(), BOT, AFTER_DUE)
    verdict = replace(APPROVE, seen=waiting.version)
    match status:
        case RequestStatus.DRAFT:
            return a_draft()
        case RequestStatus.CONSULTATION:
            return submitted()
        case RequestStatus.DECISION:
            return waiting
        case RequestStatus.MORE_INFORMATION:
            return after(waiting, COMMANDS["AskForMore"](waiting), HEAD)
        case RequestStatus.APPROVED:
            return after(waiting, verdict, HEAD)
        case RequestStatus.REJECTED:
            return after(waiting, replace(verdict, verdict=Verdict.REJECTED), HEAD)
        case RequestStatus.WITHDRAWN:
            return after(waiting, Withdraw(), STAFF)


def cells() -> Iterator[tuple[str, str, RequestStatus, Reason | None]]:
    rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
    told = {(command, who): words for command, who, *words in rows}
    for command in COMMANDS:
        for who in ROLES:
            for place, status in enumerate(RequestStatus):
                words = told.get((command, who))
                yield command, who, status, WORDS[words[place]] if words else Reason.NOT_ALLOWED


@pytest.mark.parametrize(("command", "who", "status", "reason"), list(cells()))
def test_what_everybody_may_ask_for_in_every_state(
    command: str, who: str, status: RequestStatus, reason: Reason | None
) -> None:
    request, (person, within) = in_state(status), ROLES[who]
    assert request.status is status
    outcome = decide(request, COMMANDS[command](request), by=person, at=AFTER_DUE, within=within)
    assert (outcome.reason if isinstance(outcome, Refusal) else None) == reason


def test_the_tables_know_every_command_and_the_forms_every_kind() -> None:
    names = {one.__name__ for one in WHO}
    assert names == {one.__name__ for one in WHEN} == set(COMMANDS)
    assert names == {line.split()[0] for line in TABLE.strip().splitlines()[1:]}
    assert set(WITHIN.kinds) == set(FORMS)
