"""A request's transition function: each rule of it, who is called on, and what follows from an approval."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain import channels
from bot.domain.channels import Register as Channels
from bot.domain.organisation import Channel, Person
from bot.domain.requests import (
    KINDS,
    AskForMore,
    Bar,
    Begin,
    CallCause,
    Called,
    Comment,
    Complete,
    Decide,
    Decided,
    DeputiesCalled,
    DraftSaved,
    EffectCarriedOut,
    EffectKind,
    EscalationCause,
    Fault,
    Flaw,
    Form,
    GiveOpinion,
    HandedOver,
    HandOver,
    Kind,
    Lapse,
    LapseCause,
    NobodyMayDecide,
    OpinionKind,
    Outcome,
    Part,
    Problem,
    Reason,
    Reassign,
    Refusal,
    Register,
    Request,
    RequestStatus,
    Resume,
    SaveDraft,
    Step,
    Submit,
    Surroundings,
    Verdict,
    Withdraw,
    after_refusal,
    apply,
    begin,
    called_on,
    consulted,
    decide,
    deputies_there,
    document_of,
    drafted,
    may_see,
    offered,
    register_command,
    standing_decision,
    waited_for,
)
from bot.domain.requests.kinds import APPOINT_ADMIN
from tests.unit.request_world import (
    AFTER_DUE,
    AT,
    BOT,
    CHANNEL,
    DEPUTY,
    DEPUTY2,
    DUE,
    FORMS,
    HEAD,
    KOM,
    KOM2,
    ORGANISATION,
    OTHER,
    REGISTRAR,
    STAFF,
    TODAY,
    WITHIN,
    a_draft,
    after,
    away,
    reason_of,
    submitted,
)


def opinion(request: Request, kind: OpinionKind = OpinionKind.SUPPORTS) -> GiveOpinion:
    return GiveOpinion(kind=kind, seen=request.version, texts_ref="opinion", has_reason=True)


def approval(request: Request) -> Decide:
    return Decide(verdict=Verdict.APPROVED, seen=request.version, texts_ref="decision", has_reason=True)


def advised() -> Request:
    request = submitted()
    return after(request, opinion(request), KOM)


def naming(*people: str, kind: str = "open_channel") -> Form:
    facts = {**FORMS[kind].facts, "admins": people}
    return replace(FORMS[kind], facts=facts, people=people)


@pytest.mark.parametrize("kind", FORMS)
def test_opening_and_closing_a_channel_ask_communications_first_and_nothing_else_does(kind: str) -> None:
    consults = kind in {"open_channel", "close_channel"}
    request = submitted(kind)
    assert request.status is (RequestStatus.CONSULTATION if consults else RequestStatus.DECISION)
    assert request.consultation_due == (DUE if consults else None)


@pytest.mark.parametrize("kind", OpinionKind)
def test_no_opinion_is_a_veto(kind: OpinionKind) -> None:
    request = submitted()
    request = after(request, opinion(request, kind), KOM)
    assert request.status is RequestStatus.DECISION
    assert after(request, approval(request), HEAD).status is RequestStatus.APPROVED


@pytest.mark.parametrize("kind", OpinionKind)
def test_an_opinion_for_or_against_gives_its_reasons(kind: OpinionKind) -> None:
    request = submitted()
    outcome = decide(request, replace(opinion(request, kind), has_reason=False), by=KOM, at=AT, within=WITHIN)
    assert reason_of(outcome) == (None if kind is OpinionKind.NO_OBJECTION else Reason.REASON_MISSING)


def test_the_second_opinion_on_the_same_form_learns_who_was_first() -> None:
    request = advised()
    outcome = decide(request, opinion(request), by=KOM2, at=AT, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.by, outcome.at) == (Reason.OPINION_GIVEN, "Kommunikatör", AT)


def test_a_lapsed_consultation_goes_on_to_the_head_and_not_a_day_too_soon() -> None:
    request = submitted()
    on_the_day = AFTER_DUE - timedelta(days=1)
    outcome = decide(request, Lapse(), by=BOT, at=on_the_day, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.due) == (Reason.NOT_YET_DUE, DUE)
    lapsed = after(request, Lapse(), BOT, AFTER_DUE)
    assert (lapsed.status, lapsed.lapsed) == (RequestStatus.DECISION, LapseCause.DEADLINE)


def test_an_approval_without_an_opinion_records_how_the_consultation_took_place() -> None:
    lapsed = after(submitted(), Lapse(), BOT, AFTER_DUE)
    outcome = decide(lapsed, approval(lapsed), by=HEAD, at=AFTER_DUE, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.field) == (Reason.CONSULTATION_RECORD_MISSING, "consultation")
    told = replace(approval(lapsed), has_consultation=True)
    assert after(lapsed, told, HEAD).status is RequestStatus.APPROVED
    rejection = replace(approval(lapsed), verdict=Verdict.REJECTED)
    assert after(lapsed, rejection, HEAD).status is RequestStatus.REJECTED


def test_an_opinion_that_comes_late_still_counts_and_makes_the_heads_card_stale() -> None:
    lapsed = after(submitted(), Lapse(), BOT, AFTER_DUE)
    late = after(lapsed, opinion(lapsed), KOM, AFTER_DUE)
    assert late.opinion is not None
    assert late.opinion.given.late
    assert reason_of(decide(late, approval(lapsed), by=HEAD, at=AFTER_DUE, within=WITHIN)) == Reason.STALE
    assert after(late, approval(late), HEAD, AFTER_DUE).status is RequestStatus.APPROVED


def test_an_opinion_that_was_being_written_when_the_day_passed_is_taken() -> None:
    request = submitted()
    lapsed = after(request, Lapse(), BOT, AFTER_DUE)
    assert after(lapsed, opinion(request), KOM, AFTER_DUE).opinions


def test_an_opinion_after_the_decision_is_told_who_decided_and_when() -> None:
    request = advised()
    decided = after(request, approval(request), HEAD)
    outcome = decide(decided, opinion(decided), by=KOM, at=AT, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.by, outcome.at) == (Reason.ALREADY_DECIDED, "Förvaltningschef", AT)


def test_a_consultation_that_nobody_may_answer_ends_at_once() -> None:
    request = submitted(by=KOM, form=naming("kom2"))
    assert consulted(request, WITHIN) == ()
    lapsed = after(request, Lapse(), BOT)
    assert lapsed.lapsed is LapseCause.NOBODY


def test_nobody_gives_an_opinion_on_their_own_request() -> None:
    request = submitted(by=KOM)
    assert reason_of(decide(request, opinion(request), by=KOM, at=AT, within=WITHIN)) == Reason.OWN_REQUEST
    assert consulted(request, WITHIN) == ("kom2",)


def test_a_refusal_needs_its_reason_and_an_approval_does_not() -> None:
    request = advised()
    bare = replace(approval(request), has_reason=False)
    assert after(request, bare, HEAD).status is RequestStatus.APPROVED
    outcome = decide(request, replace(bare, verdict=Verdict.REJECTED), by=HEAD, at=AT, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.field) == (Reason.REASON_MISSING, "reason")


def test_more_information_goes_back_to_where_it_was_asked_from() -> None:
    request = submitted()
    asked = after(request, AskForMore(seen=request.version, texts_ref="q", has_questions=True), KOM)
    later = DUE + timedelta(days=7)
    answer = Complete(form=FORMS["open_channel"], consultation_due=later, seen=asked.version, texts_ref="a")
    back = after(asked, answer, STAFF)
    assert (back.status, back.consultation_due) == (RequestStatus.CONSULTATION, later)
    assert back.questions[0].answer_ref == "a"
    given = after(back, opinion(back), KOM)
    again = after(given, AskForMore(seen=given.version, texts_ref="q", has_questions=True), HEAD)
    done = after(again, replace(answer, seen=again.version), STAFF)
    assert (done.status, done.consultation_due) == (RequestStatus.DECISION, later)
    assert done.opinion is not None
    assert done.flaw(done.opinion) is Flaw.EARLIER_FORM, (
        "the head sees that the opinion is of the form before"
    )
    assert len(after(done, opinion(done), KOM).opinions) == 2


def completed_after_opinion() -> Request:
    given = advised()
    asked = after(given, AskForMore(seen=given.version, texts_ref="q", has_questions=True), HEAD)
    answer = Complete(form=FORMS["open_channel"], consultation_due=DUE, seen=asked.version, texts_ref="a")
    return after(asked, answer, STAFF)


def test_an_opinion_on_the_form_before_is_no_consultation_on_the_form_as_it_is() -> None:
    request = completed_after_opinion()
    assert request.lacks_opinion
    bare = replace(approval(request), has_consultation=False)
    assert reason_of(decide(request, bare, by=HEAD, at=AT, within=WITHIN)) == (
        Reason.CONSULTATION_RECORD_MISSING
    )
    told = after(request, replace(bare, has_consultation=True), HEAD)
    assert told.status is RequestStatus.APPROVED
    anew = after(request, opinion(request), KOM)
    assert after(anew, replace(bare, seen=anew.version), HEAD).status is RequestStatus.APPROVED


def test_an_opinion_by_one_who_has_become_the_requester_is_no_consultation() -> None:
    given = advised()
    # Handed over to somebody who was none of the unit when it was, and is now.
    handed = HandedOver(to=KOM.id, to_name=KOM.name, by=STAFF.id)
    request = apply(given, handed, at=AT, by=STAFF.id)
    assert request.opinion is not None
    assert request.flaw(request.opinion) is Flaw.BARRED
    bare = replace(approval(request), has_consultation=False)
    assert reason_of(decide(request, bare, by=HEAD, at=AT, within=WITHIN)) == (
        Reason.CONSULTATION_RECORD_MISSING
    )
    anew = after(request, opinion(request), KOM2)
    assert not anew.lacks_opinion, "another communicator may give the unit's opinion"
    assert [document.flaws for document in [document_of(after(anew, approval(anew), HEAD))] if document] == [
        (Flaw.BARRED, None)
    ]


def test_who_handed_a_request_over_is_in_its_document_by_the_name_of_then() -> None:
    request = submitted("working_hours_use")
    given = after(request, HandOver(to=OTHER.id, to_name=OTHER.name), STAFF)
    document = document_of(after(given, approval(given), HEAD))
    assert document is not None
    took_part = [(one.name, one.part, one.formerly) for one in document.participants]
    assert took_part == [(OTHER.name, Part.REQUESTER, False), (STAFF.name, Part.REQUESTER, True)]


def test_questions_without_a_question_are_refused() -> None:
    request = submitted()
    outcome = decide(request, AskForMore(seen=request.version, texts_ref=""), by=KOM, at=AT, within=WITHIN)
    assert reason_of(outcome) == Reason.QUESTIONS_MISSING


def test_two_deputies_at_once_are_one_decision() -> None:
    request = advised()
    within = away("head")
    decided = after(request, approval(request), DEPUTY, within=within)
    outcome = decide(decided, approval(request), by=DEPUTY2, at=AT, within=within)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.by) == (Reason.ALREADY_DECIDED, "Ställföreträdare ett")
    assert decided.decision is not None
    assert decided.decision.made.part is Part.DEPUTY


def test_the_head_who_presses_after_a_withdrawal_learns_who_withdrew() -> None:
    request = advised()
    gone = after(request, Withdraw(), STAFF)
    outcome = decide(gone, approval(request), by=HEAD, at=AT, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.by, outcome.at) == (Reason.WITHDRAWN, "Medarbetare", AT)


@pytest.mark.parametrize(
    ("by", "named", "reason"),
    [(HEAD, (), Reason.OWN_REQUEST), (STAFF, ("head",), Reason.NAMED_IN_REQUEST)],
)
def test_a_head_who_asks_or_is_named_does_not_decide_and_a_deputy_does(
    by: Person, named: tuple[str, ...], reason: Reason
) -> None:
    request = submitted(by=by, form=naming(*named))
    request = after(request, opinion(request), KOM)
    assert reason_of(decide(request, approval(request), by=HEAD, at=AT, within=WITHIN)) == reason
    assert called_on(request, WITHIN, TODAY) == Called(
        people=("deputy", "deputy2"), cause=CallCause.HEAD_BARRED
    )
    assert after(request, approval(request), DEPUTY).status is RequestStatus.APPROVED


def test_handing_a_request_over_takes_no_bar_away() -> None:
    request = after(submitted(by=HEAD), HandOver(to="staff", to_name="Medarbetare"), HEAD)
    assert (request.requester, request.bar("head")) == ("staff", Bar.REQUESTER)


def test_a_draft_keeps_neither_an_administration_nor_a_channel_that_nobody_knows() -> None:
    form = replace(FORMS["appoint_admin"], facts={"channel": ("made-up",), "admins": ("staff",)})
    command = Begin(kind="appoint_admin", administration="Fritext", form=form)
    drafted = begin(command, by=STAFF, within=WITHIN)
    assert not isinstance(drafted, Refusal)
    assert (drafted.administration, drafted.form.facts) == ("", {"admins": ("staff",)})
    saved = decide(
        a_draft("appoint_admin"),
        SaveDraft(form=form, administration="Fritext"),
        by=STAFF,
        at=AT,
        within=WITHIN,
    )
    assert saved == [DraftSaved(administration="", form=drafted.form)]


@pytest.mark.parametrize(
    ("by", "form", "reason"),
    [
        (HEAD, naming("head"), Reason.NAMED_IN_REQUEST),
        (KOM, naming("kom"), Reason.NAMED_IN_REQUEST),
        (HEAD, naming("other"), None),
        (STAFF, naming("staff"), None),
    ],
)
def test_whom_a_request_bars_gives_it_to_no_other_requester(
    by: Person, form: Form, reason: Reason | None
) -> None:
    missed = replace(submitted(form=form), unreachable=("person:staff",))
    assert reason_of(decide(missed, HandOver(to="new", to_name=""), by=by, at=AT, within=WITHIN)) == reason


def test_a_request_is_taken_from_nobody_who_is_there() -> None:
    request = advised()
    assert HandOver not in offered(request, "head", WITHIN, TODAY)
    missed = replace(request, unreachable=("person:staff",))
    for one, reason in ((request, Reason.REQUESTER_IS_THERE), (missed, None)):
        outcome = decide(one, HandOver(to="new", to_name=""), by=HEAD, at=AT, within=WITHIN)
        assert reason_of(outcome) == reason
    assert HandOver in offered(missed, "head", WITHIN, TODAY)


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("head", Reason.RECIPIENT_DECIDES),
        ("deputy", Reason.RECIPIENT_DECIDES),
        ("kom", Reason.RECIPIENT_CONSULTED),
    ],
)
def test_nobody_can_bar_who_decides_or_advises_by_making_them_the_requester(to: str, reason: Reason) -> None:
    outcome = decide(submitted(), HandOver(to=to, to_name=""), by=STAFF, at=AT, within=WITHIN)
    assert reason_of(outcome) == reason


def test_a_requester_who_has_left_is_replaced_or_gone_without() -> None:
    asked = advised()
    asked = after(asked, AskForMore(seen=asked.version, texts_ref="q", has_questions=True), HEAD)
    other = after(asked, HandOver(to="other", to_name="Medarbetare två"), HEAD)
    answer = Complete(form=asked.form, consultation_due=DUE, seen=other.version)
    assert reason_of(decide(other, answer, by=STAFF, at=AT, within=WITHIN)) == Reason.NOT_ALLOWED
    assert after(other, answer, OTHER).status is RequestStatus.DECISION
    resumed = after(asked, Resume(consultation_due=DUE, seen=asked.version), HEAD)
    assert resumed.status is RequestStatus.DECISION


def test_an_absent_head_keeps_the_right_and_the_deputies_get_the_card() -> None:
    request, within = advised(), away("head")
    assert called_on(request, WITHIN, TODAY) == Called(people=("head",), cause=CallCause.HEAD)
    assert called_on(request, within, TODAY) == Called(
        people=("deputy", "deputy2"), cause=CallCause.HEAD_AWAY
    )
    assert after(request, approval(request), HEAD, within=within).status is RequestStatus.APPROVED
    back = date(2027, 1, 13)
    assert called_on(request, within, back) == Called(people=("head",), cause=CallCause.HEAD)


def test_the_card_goes_to_the_deputies_who_are_there() -> None:
    assert called_on(advised(), away("head", "deputy"), TODAY) == Called(
        people=("deputy2",), cause=CallCause.HEAD_AWAY
    )


def test_a_deputy_who_is_not_called_on_decides_nothing() -> None:
    request = advised()
    assert (
        reason_of(decide(request, approval(request), by=DEPUTY, at=AT, within=WITHIN)) == Reason.NOT_ALLOWED
    )


def test_a_head_who_does_not_react_is_joined_by_the_deputies() -> None:
    request = advised()
    called = DeputiesCalled(why=EscalationCause.OVERDUE, turn=request.turn)
    request = apply(request, called, at=AT, by="system")
    assert called_on(request, WITHIN, TODAY) == Called(
        people=("head", "deputy", "deputy2"), cause=CallCause.HEAD_SILENT
    )
    assert after(request, approval(request), DEPUTY2).status is RequestStatus.APPROVED


def test_reassigning_gives_one_deputy_the_right_and_the_card() -> None:
    request = advised()
    given = after(request, Reassign(to="deputy2"), HEAD)
    assert called_on(given, WITHIN, TODAY) == Called(people=("deputy2",), cause=CallCause.REASSIGNED)
    assert after(given, approval(given), DEPUTY2).status is RequestStatus.APPROVED
    assert after(given, approval(given), HEAD).status is RequestStatus.APPROVED
    assert called_on(given, away("deputy2"), TODAY) == Called(people=("head",), cause=CallCause.HEAD)


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("kom", Reason.NOT_A_DEPUTY),
        ("", Reason.NOT_A_DEPUTY),
        ("deputy", Reason.DEPUTY_BARRED),
        ("deputy2", None),
    ],
)
def test_a_request_goes_only_to_deputies_who_may_decide_it(to: str, reason: Reason | None) -> None:
    request = submitted(form=naming("deputy"))
    assert reason_of(decide(request, Reassign(to=to), by=HEAD, at=AT, within=WITHIN)) == reason


def test_who_may_only_be_meant_sees_nothing_of_a_namesakes_request() -> None:
    form = replace(naming("staff", kind="appoint_admin"), people=("staff", "namesake"))
    request = submitted("appoint_admin", by=KOM2, form=form)
    assert not may_see(request, "staff", WITHIN)
    request = after(request, approval(request), HEAD)
    assert may_see(request, "staff", WITHIN)
    assert not may_see(request, "namesake", WITHIN)


def test_who_gave_the_opinion_leaves_the_decision_to_somebody_else_who_is_there() -> None:
    unit = replace(ORGANISATION.communications, members=("head", "deputy2", "kom"))
    organisation = replace(ORGANISATION, communications=unit)
    both, alone = (replace(one, organisation=organisation) for one in (WITHIN, away("deputy", "deputy2")))
    request = after(submitted(), opinion(submitted()), HEAD, within=both)
    assert (
        reason_of(decide(request, approval(request), by=HEAD, at=AT, within=both)) == Reason.GAVE_THE_OPINION
    )
    assert called_on(request, both, TODAY) == Called(
        people=("deputy", "deputy2"), cause=CallCause.HEAD_ADVISED
    )
    assert after(request, approval(request), DEPUTY, within=both).status is RequestStatus.APPROVED
    assert called_on(request, alone, TODAY) == Called(people=("head",), cause=CallCause.HEAD)
    assert after(request, approval(request), HEAD, within=alone).status is RequestStatus.APPROVED


def test_a_request_goes_to_no_deputy_who_is_away() -> None:
    request, within = submitted(), away("deputy2", until=date(2027, 1, 12))
    outcome = decide(request, Reassign(to="deputy2"), by=HEAD, at=AT, within=within)
    assert outcome == Refusal(reason=Reason.DEPUTY_AWAY, field="to", due=date(2027, 1, 12))
    assert deputies_there(request, "head", within, TODAY) == ("deputy",)
    assert deputies_there(request, "head", within, date(2027, 1, 13)) == ("deputy", "deputy2")
    assert Reassign not in offered(request, "head", away("deputy", "deputy2"), TODAY)


def test_where_all_are_barred_or_away_it_is_said_that_nobody_may_decide() -> None:
    request = submitted(by=HEAD, form=naming("deputy"))
    request = after(request, opinion(request), KOM)
    nobody = called_on(request, away("deputy2"), TODAY)
    assert isinstance(nobody, NobodyMayDecide)
    assert [(one.person, one.bar, one.until) for one in nobody.hindrances] == [
        ("head", Bar.REQUESTER, None),
        ("deputy", Bar.NAMED, None),
        ("deputy2", None, date(2027, 1, 12)),
    ]
    assert (nobody.away, nobody.back_after) == (("deputy2",), date(2027, 1, 12))
    assert waited_for(request, away("deputy2"), TODAY) == ("deputy2",)


def test_where_all_are_barred_nobody_decides_whatever_they_press() -> None:
    request = submitted(by=HEAD, form=naming("deputy", "deputy2"))
    request = after(request, opinion(request), KOM)
    nobody = called_on(request, WITHIN, TODAY)
    assert isinstance(nobody, NobodyMayDecide)
    assert (nobody.away, nobody.back_after) == ((), None)
    for person in (HEAD, DEPUTY, DEPUTY2, KOM, STAFF, REGISTRAR, BOT):
        assert reason_of(decide(request, approval(request), by=person, at=AT, within=WITHIN)) in {
            Reason.OWN_REQUEST,
            Reason.NAMED_IN_REQUEST,
            Reason.NOT_ALLOWED,
        }


def test_each_is_waited_for_in_turn() -> None:
    request = submitted()
    assert waited_for(request, WITHIN, TODAY) == ("kom", "kom2")
    given = after(request, opinion(request), KOM)
    assert waited_for(given, WITHIN, TODAY) == ("head",)
    asked = after(given, AskForMore(seen=given.version, texts_ref="q", has_questions=True), HEAD)
    assert waited_for(asked, WITHIN, TODAY) == ("staff",)
    assert waited_for(after(asked, Withdraw(), STAFF), WITHIN, TODAY) == ()


def test_a_draft_is_seen_by_its_requester_alone() -> None:
    draft, sent = a_draft(), submitted()
    seen = [STAFF, HEAD, DEPUTY, KOM, REGISTRAR, OTHER]
    assert [may_see(draft, one.id, WITHIN) for one in seen] == [True, False, False, False, False, False]
    assert [may_see(sent, one.id, WITHIN) for one in seen] == [True, True, True, True, True, False]


def test_a_form_with_problems_is_not_sent_and_says_which() -> None:
    problems = (Problem(field="purpose", fault=Fault.MISSING), Problem(field="ends", fault=Fault.NOT_A_DAY))
    command = Submit(form=Form(), consultation_due=DUE, administration="kof", problems=problems)
    outcome = decide(a_draft(), command, by=STAFF, at=AT, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.field, outcome.problems) == (Reason.INCOMPLETE, "purpose", problems)


def test_whose_head_decides_follows_from_the_channel_where_there_is_one() -> None:
    event = begin(
        Begin(kind="close_channel", administration="other", form=FORMS["close_channel"]),
        by=STAFF,
        within=WITHIN,
    )
    assert not isinstance(event, Refusal)
    assert event.administration == "kof"
    command = Submit(form=FORMS["open_channel"], consultation_due=DUE, administration="nowhere")
    outcome = decide(a_draft(), command, by=STAFF, at=AT, within=WITHIN)
    assert reason_of(outcome) == Reason.UNKNOWN_ADMINISTRATION


def test_an_answer_does_not_move_a_request_to_another_administrations_head() -> None:
    request = submitted("close_channel")
    asked = after(request, AskForMore(seen=request.version, texts_ref="q", has_questions=True), KOM)
    theirs = replace(CHANNEL, id="theirs", administration="ksf", address_key="theirs")
    within = replace(WITHIN, register=Channels(channels={"theirs": theirs, CHANNEL.id: CHANNEL}))
    answer = Complete(form=Form(facts={"channel": ("theirs",)}), consultation_due=DUE, seen=asked.version)
    outcome = decide(asked, answer, by=STAFF, at=AT, within=within)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.field) == (Reason.OTHER_ADMINISTRATION, "channel")


def without_admins() -> Surroundings:
    return replace(WITHIN, register=Channels(channels={CHANNEL.id: replace(CHANNEL, admins=())}))


def with_channel(address: str) -> Surroundings:
    entry = replace(CHANNEL, id="there", address_key=address)
    return replace(WITHIN, register=Channels(channels={"there": entry}))


@pytest.mark.parametrize(
    ("kind", "within", "field", "fault"),
    [
        ("open_channel", with_channel("tiktok.com/@haninge"), "address", Fault.CHANNEL_EXISTS),
        ("close_channel", with_channel(""), "channel", Fault.UNKNOWN_CHANNEL),
        ("remove_admin", without_admins(), "admins", Fault.NOT_AN_ADMIN),
    ],
)
def test_what_has_changed_in_the_register_stands_against_an_approval_and_against_no_rejection(
    kind: str, within: Surroundings, field: str, fault: Fault
) -> None:
    request = submitted(kind)
    if request.consults:
        request = after(request, opinion(request), KOM)
    outcome = decide(request, approval(request), by=HEAD, at=AT, within=within)
    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reason.CONFLICT
    assert [(one.field, one.fault) for one in outcome.problems] == [(field, fault)]
    rejection = replace(approval(request), verdict=Verdict.REJECTED)
    assert after(request, rejection, HEAD, within=within).status is RequestStatus.REJECTED


@pytest.mark.parametrize(
    ("kind", "settled", "left"), [("appoint_admin", "other", "staff"), ("remove_admin", "staff", "other")]
)
def test_one_whose_matter_is_settled_stands_in_nobodys_way(kind: str, settled: str, left: str) -> None:
    request = replace(submitted(kind), form=naming(settled, left, kind=kind))
    effects = after(request, approval(request), HEAD).effects_left
    assert {one.person for one in effects} == {left, ""}


def test_who_administers_by_a_group_is_not_told_to_be_no_administrator() -> None:
    channel = Channel(
        id=CHANNEL.id, name="", platform=CHANNEL.platform, url="", administration="kof",
        admins=("other", "staff"), admins_from_group=True,
    )  # fmt: skip
    within = replace(WITHIN, organisation=replace(ORGANISATION, channels={CHANNEL.id: channel}))
    form = naming("other", "staff", kind="remove_admin")
    problems = within.conflicts(KINDS["remove_admin"], form, TODAY)
    assert [(one.fault, one.subject) for one in problems] == [(Fault.ADMIN_BY_GROUP, "staff")]
    request = replace(submitted("remove_admin"), form=form)
    outcome = decide(request, approval(request), by=HEAD, at=AT, within=within)
    assert reason_of(outcome) == Reason.CONFLICT, "the decision would say what does not happen"


def test_nobody_is_appointed_twice() -> None:
    form = naming("other", kind="appoint_admin")
    command = Submit(form=form, consultation_due=DUE)
    outcome = decide(a_draft("appoint_admin", form=form), command, by=STAFF, at=AT, within=WITHIN)
    assert isinstance(outcome, Refusal)
    assert [(one.fault, one.subject) for one in outcome.problems] == [(Fault.ALREADY_ADMIN, "other")]


@pytest.mark.parametrize(
    ("kind", "effects"),
    [
        (
            "open_channel",
            [
                "open_channel:tiktok-an-2026-0007",
                "schedule_duties:tiktok-an-2026-0007",
                "appoint_admin:tiktok-an-2026-0007:other",
                "send_contact_details:tiktok-an-2026-0007",
                "welcome_admin:tiktok-an-2026-0007:other",
            ],
        ),
        (
            "close_channel",
            [
                "close_channel:facebook-biblioteken",
                "tell_former_admin:facebook-biblioteken",
                "cancel_duties:facebook-biblioteken",
                "ask_last_screenshot:facebook-biblioteken",
            ],
        ),
        (
            "appoint_admin",
            [
                "appoint_admin:facebook-biblioteken:staff",
                "send_contact_details:facebook-biblioteken",
                "welcome_admin:facebook-biblioteken:staff",
            ],
        ),
        (
            "remove_admin",
            [
                "remove_admin:facebook-biblioteken:other",
                "send_contact_details:facebook-biblioteken",
                "tell_former_admin:facebook-biblioteken:other",
            ],
        ),
        ("working_hours_use", ["record_standing_decision"]),
    ],
)
def test_what_follows_from_an_approval(kind: str, effects: list[str]) -> None:
    request = submitted(kind, by=KOM2)
    if request.consults:
        request = after(request, opinion(request), KOM)
    approved = after(request, approval(request), HEAD)
    assert [one.key for one in approved.effects_left] == effects
    rejected = after(request, replace(approval(request), verdict=Verdict.REJECTED), HEAD)
    assert rejected.effects_left == ()


def test_an_effect_is_left_until_it_is_carried_out_and_no_longer() -> None:
    request = advised()
    request = after(request, approval(request), HEAD)
    first = request.effects_left[0]
    done = apply(request, EffectCarriedOut(effect=first.key), at=AT, by="system")
    assert done.effects_left == request.effects_left[1:]
    assert (done.version, done.revision) == (request.version, request.revision)


def test_typed_names_that_nobody_goes_by_are_asked_about() -> None:
    form = replace(naming("deputy", kind="appoint_admin"), facts={"channel": (CHANNEL.id,)}, unknown_people=1)
    request = submitted("appoint_admin", form=form)
    effects = after(request, approval(request), HEAD).effects_left
    assert EffectKind.NAME_ADMIN in {one.kind for one in effects}
    assert EffectKind.APPOINT_ADMIN not in {one.kind for one in effects}, (
        "who may be meant is barred, not appointed"
    )
    assert request.bar("deputy") is Bar.NAMED


def test_what_the_register_refuses_because_it_is_so_already_is_needless() -> None:
    request = advised()
    request = after(request, approval(request), HEAD)
    opening = request.effects_left[0]
    command = register_command(opening, request, texts_ref="texts")
    assert isinstance(command, channels.Open)
    (opened,) = channels.decide(Channels(), command)  # type: ignore[misc]
    assert isinstance(opened, channels.ChannelOpened)
    there = Channels(channels={opening.channel: channels.entered(opening.channel, opened, at=AT)})
    again = channels.decide(there, command)
    assert isinstance(again, channels.Refusal)
    assert after_refusal(opening, again, request).outcome is Outcome.NEEDLESS
    by_others = replace(again, request="AN-2026-0001")
    assert after_refusal(opening, by_others, request).outcome is Outcome.IMPOSSIBLE


def test_a_standing_decision_never_holds_from_before_its_day() -> None:
    request = submitted("working_hours_use")
    approved = after(request, approval(request), HEAD)
    assert standing_decision(approved).holds_from == date(2027, 1, 1)
    early = submitted("working_hours_use", form=Form(facts={"starts": ("2026-01-01",)}, texts_ref="form"))
    assert standing_decision(after(early, approval(early), HEAD)).holds_from == TODAY


@pytest.mark.parametrize("verdict", Verdict)
def test_either_verdict_is_to_be_registered_once(verdict: Verdict) -> None:
    request = advised()
    decided = after(request, replace(approval(request), verdict=verdict), HEAD)
    assert decided.owed is not None
    assert (decided.owed.id, decided.owed.administration) == ("AN-2026-0007-1", "kof")
    number = Register(item="AN-2026-0007-1", number="KOF  2026/12")
    done = after(decided, number, REGISTRAR)
    assert done.owed is None
    assert done.registration is not None
    assert done.registration.number == "KOF 2026/12"
    assert reason_of(decide(done, number, by=REGISTRAR, at=AT, within=WITHIN)) == Reason.ALREADY_REGISTERED
    assert after(done, replace(number, corrects=True), REGISTRAR)
    other = replace(number, item="AN-2026-0001-1")
    assert reason_of(decide(decided, other, by=REGISTRAR, at=AT, within=WITHIN)) == Reason.UNKNOWN_ITEM
    empty, word = replace(number, number=" "), replace(number, number="ett namn")
    assert reason_of(decide(decided, empty, by=REGISTRAR, at=AT, within=WITHIN)) == Reason.NUMBER_MISSING
    assert reason_of(decide(decided, word, by=REGISTRAR, at=AT, within=WITHIN)) == Reason.NUMBER_WRONG


def test_a_comment_makes_no_card_stale_and_needs_its_text() -> None:
    request = advised()
    said = after(request, Comment(texts_ref="c", has_text=True), STAFF)
    assert (said.version, len(said.comments)) == (request.version, 1)
    empty = decide(request, Comment(texts_ref=""), by=STAFF, at=AT, within=WITHIN)
    assert reason_of(empty) == Reason.TEXT_MISSING


def test_a_decision_document_tells_day_content_decider_and_who_took_part() -> None:
    request = advised()
    request = after(request, AskForMore(seen=request.version, texts_ref="q", has_questions=True), HEAD)
    request = after(request, Complete(form=request.form, consultation_due=DUE, seen=request.version), STAFF)
    assert document_of(request) is None
    request = after(request, replace(approval(request), has_consultation=True), HEAD)
    document = document_of(request)
    assert document is not None
    assert (document.day, document.kind, document.verdict) == (TODAY, "open_channel", Verdict.APPROVED)
    assert (document.decided_by_name, document.decided_as) == ("Förvaltningschef", Part.HEAD)
    assert [(one.name, one.part) for one in document.participants] == [
        ("Medarbetare", Part.REQUESTER),
        ("Kommunikatör", Part.CONSULTED),
    ]
    assert (document.form.texts_ref, document.texts_ref) == ("form", "decision")
    assert document.opinion is not None
    assert document.opinion.given.texts_ref == "opinion"
    assert document.flaws == (Flaw.EARLIER_FORM,)


def test_a_new_kind_is_a_declaration_and_nothing_else() -> None:
    """The engine knows no kind by name: one that it never heard of goes all the way."""
    pause = Kind(
        id="pause_channel",
        steps=(Step.CONSULTATION, Step.DECISION),
        fields=APPOINT_ADMIN.fields,
        effects=lambda designation, form: (),
        conflicts=lambda form, register, today: (),
        passage="forvaltningschefens-ansvar/1",
    )
    within = replace(WITHIN, kinds={"pause_channel": pause})
    begun = begin(Begin(kind="pause_channel", administration="kof", form=Form()), by=STAFF, within=within)
    assert not isinstance(begun, Refusal)
    request = drafted("AN-2026-0008", begun, at=AT)
    send = Submit(form=Form(), administration="kof", consultation_due=DUE)
    request = after(request, send, STAFF, within=within)
    request = after(request, opinion(request), KOM, within=within)
    (event,) = decide(request, approval(request), by=HEAD, at=AT, within=within)  # type: ignore[misc]
    assert isinstance(event, Decided)
    unknown = begin(Begin(kind="pause_channel", form=Form()), by=STAFF, within=WITHIN)
    assert isinstance(unknown, Refusal)
    assert unknown.reason is Reason.UNKNOWN_KIND


def test_where_the_organisation_names_no_head_the_deputies_decide() -> None:
    unit = replace(ORGANISATION.administrations["kof"], head="")
    within = replace(WITHIN, organisation=replace(ORGANISATION, administrations={"kof": unit}))
    request = advised()
    assert called_on(request, within, TODAY) == Called(
        people=("deputy", "deputy2"), cause=CallCause.HEAD_AWAY
    )
    assert after(request, approval(request), DEPUTY, within=within).status is RequestStatus.APPROVED
