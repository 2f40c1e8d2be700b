"""The case's transition function: every rule of a decision, and that no sequence leaves the graph."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import (
    Actor,
    AddSnapshot,
    ApplicationState,
    Assigned,
    Case,
    CaseEvent,
    Command,
    ConfirmApplied,
    ConfirmVerified,
    CopyDestroyed,
    Decide,
    Decided,
    DecisionKind,
    DecisionState,
    DisposalState,
    Flagged,
    Forward,
    ForwardPurpose,
    MadeDecision,
    PoliceReport,
    Reason,
    Refusal,
    Register,
    RegistrationCause,
    ReportToPolice,
    Reverse,
    SecuredFile,
    SecureFiles,
    SeenAgain,
    SuspectAbuse,
    apply,
    decide,
    opened,
)
from bot.domain.grounds import DUTY_GROUNDS, Ground
from bot.domain.organisation import Platform, Role
from bot.domain.posts import FlagSource, PostKind

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
ADMIN = Actor(id="admin", name="Administratör ett", right=Role.CHANNEL_ADMIN)
REGISTRAR = Actor(id="registrar", name="Registrator", right=Role.REGISTRAR)
NOBODY = Actor(id="nobody", name="Medarbetare", right=None)


def a_case(kind: PostKind = PostKind.COMMENT, platform: Platform = Platform.FACEBOOK) -> Case:
    flagged = Flagged(
        channel="facebook-haninge",
        platform=platform,
        administration="ksf",
        post_kind=kind,
        source=FlagSource.PERSON,
        post_ref="post",
        locator_ref="locator",
        flag_ref="flag",
        published_at=AT,
        suggested=Ground.PERSONANGREPP,
    )
    return opened("SM-2026-0001", flagged, at=AT)


def removal(case: Case, kind: DecisionKind = DecisionKind.DELETE, ground: Ground = Ground.REKLAM) -> Decide:
    return Decide(
        kind=kind,
        seen=case.version,
        texts_ref="texts",
        has_reason=True,
        ground=ground,
        has_law=ground is Ground.ANNAT_LAGBROTT,
    )


def after(case: Case, command: Command, by: Actor = ADMIN, at: datetime = AT) -> Case:
    events = decide(case, command, by=by, at=at)
    assert not isinstance(events, Refusal), events
    for event in events:
        case = apply(case, event, at=at, by=by.id)
    return case


def reason_of(outcome: Sequence[CaseEvent] | Refusal) -> Reason | None:
    return outcome.reason if isinstance(outcome, Refusal) else None


def test_a_removal_is_owed_to_the_register_from_the_decision_on() -> None:
    case = after(a_case(), removal(a_case()))
    assert case.decision is DecisionState.DECIDED
    assert case.application is ApplicationState.PENDING
    (item,) = case.owed
    assert (item.id, item.cause, item.administration) == ("SM-2026-0001-1", RegistrationCause.REMOVAL, "ksf")


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"ground": None}, Reason.GROUND_MISSING, "ground"),
        ({"has_reason": False}, Reason.REASON_MISSING, "reason"),
        ({"ground": Ground.ANNAT_LAGBROTT}, Reason.LAW_MISSING, "law"),
        ({"police": PoliceReport.REPORTED}, Reason.POLICE_REFERENCE_MISSING, "police_reference"),
        (
            {"police": PoliceReport.REPORTED, "has_police_reference": True},
            Reason.POLICE_DATE_WRONG,
            "police_date",
        ),
        ({"seen": 2}, Reason.STALE, None),
        ({"kind": DecisionKind.HAND_OVER}, Reason.WRONG_FOR_KIND, None),
        ({"kind": DecisionKind.ANSWER}, Reason.REPLY_MISSING, "reply"),
        ({"kind": DecisionKind.REFER_TO_PARTIES}, Reason.REPLY_MISSING, "reply"),
        ({"kind": DecisionKind.FORWARD}, Reason.RECIPIENT_MISSING, "to"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_says_what(
    change: dict[str, object], reason: Reason, field: str | None
) -> None:
    command = replace(removal(a_case()), **change)  # type: ignore[arg-type]
    outcome = decide(a_case(), command, by=ADMIN, at=AT)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.field) == (reason, field)


@pytest.mark.parametrize("ground", list(Ground))
@pytest.mark.parametrize("obvious", [True, False])
@pytest.mark.parametrize("platform", [Platform.FACEBOOK, Platform.INSTAGRAM])
def test_hiding_on_facebook_is_not_enough_for_an_obvious_duty_ground(
    ground: Ground, obvious: bool, platform: Platform
) -> None:
    case = a_case(platform=platform)
    command = replace(removal(case, DecisionKind.UNPUBLISH, ground), obvious=obvious)
    refused = reason_of(decide(case, command, by=ADMIN, at=AT)) is Reason.HIDING_NOT_ENOUGH
    assert refused == (obvious and ground in DUTY_GROUNDS and platform is Platform.FACEBOOK)


def test_the_second_of_two_deciders_learns_who_was_first() -> None:
    case = after(a_case(), removal(a_case()))
    outcome = decide(case, removal(a_case()), by=replace(ADMIN, id="other"), at=AT)
    assert isinstance(outcome, Refusal)
    assert (outcome.reason, outcome.by, outcome.at) == (Reason.ALREADY_DECIDED, "Administratör ett", AT)


def test_one_without_a_right_decides_nothing() -> None:
    assert reason_of(decide(a_case(), removal(a_case()), by=NOBODY, at=AT)) is Reason.NOT_ALLOWED


def test_a_reversal_is_a_new_decision_with_its_own_reason_and_the_first_one_stays() -> None:
    case = after(a_case(), removal(a_case()))
    keep = Decide(kind=DecisionKind.KEEP, seen=case.version, texts_ref="other")
    assert reason_of(decide(case, Reverse(decision=keep), by=ADMIN, at=AT)) is Reason.REASON_MISSING
    reversed_case = after(case, Reverse(decision=replace(keep, has_reason=True)))
    assert reversed_case.decision is DecisionState.REVERSED
    assert [one.made.kind for one in reversed_case.decisions] == [DecisionKind.DELETE, DecisionKind.KEEP]
    assert reversed_case.application is ApplicationState.NONE
    assert len(reversed_case.owed) == 1, "the removal that was made is still to be registered"


def test_an_open_case_cannot_be_reversed() -> None:
    command = Reverse(decision=replace(removal(a_case())))
    assert reason_of(decide(a_case(), command, by=ADMIN, at=AT)) is Reason.NOT_DECIDED


def test_a_removal_is_applied_then_verified_once_each_and_in_that_order() -> None:
    case = after(a_case(), removal(a_case()))
    assert reason_of(decide(case, ConfirmVerified(seen=2), by=ADMIN, at=AT)) is Reason.NOT_APPLIED
    applied = after(case, ConfirmApplied(seen=2), at=AT + timedelta(minutes=5))
    assert applied.applied_at == AT + timedelta(minutes=5)
    assert reason_of(decide(applied, ConfirmApplied(seen=2), by=ADMIN, at=AT)) is Reason.ALREADY_APPLIED
    gone = after(applied, ConfirmVerified(seen=2))
    assert gone.application is ApplicationState.VERIFIED
    assert gone.version == case.version, "confirming does not make anybody's card stale"


def test_a_removal_that_starts_anew_has_not_been_applied() -> None:
    """Deleted, confirmed, kept after all, deleted again: the second removal has its own times."""
    case = after(after(a_case(), removal(a_case())), ConfirmApplied(seen=2))
    kept = after(case, Reverse(decision=replace(keep(case), has_reason=True)))
    assert (kept.application, kept.applied_at) == (ApplicationState.NONE, None)
    again = after(kept, Reverse(decision=removal(kept)), at=AT + timedelta(minutes=30))
    assert (again.application, again.applied_at) == (ApplicationState.PENDING, None)
    assert again.removal_began == AT + timedelta(minutes=30)


def test_one_removal_over_another_of_its_kind_is_the_same_removal() -> None:
    case = after(after(a_case(), removal(a_case())), ConfirmApplied(seen=2))
    again = after(case, Reverse(decision=removal(case)), at=AT + timedelta(minutes=30))
    assert again.application is ApplicationState.APPLIED
    assert again.removal_began == AT


def test_what_is_confirmed_is_the_removal_that_the_card_showed() -> None:
    case = after(a_case(), removal(a_case()))
    changed = after(case, Reverse(decision=replace(removal(case), kind=DecisionKind.UNPUBLISH)))
    assert reason_of(decide(changed, ConfirmApplied(seen=2), by=ADMIN, at=AT)) is Reason.STALE


def test_a_post_that_changes_after_its_decision_is_to_be_looked_at_again() -> None:
    kept = after(a_case(), keep(a_case()))
    changed = after(kept, AddSnapshot(post_ref="p2", flag_ref="f2", changed=True), at=AT + timedelta(hours=1))
    assert changed.is_open
    assert (changed.round, changed.opened_at) == (2, AT + timedelta(hours=1))
    assert (changed.delivered_at, changed.touched_at, changed.reminded_at) == (None, None, None)
    decided = after(changed, removal(changed))
    assert decided.decision is DecisionState.DECIDED
    assert [one.made.number for one in decided.decisions] == [1, 2]


def test_a_post_that_changes_before_it_is_removed_is_removed_all_the_same() -> None:
    case = after(a_case(), removal(a_case()))
    changed = after(case, AddSnapshot(post_ref="p2", flag_ref="f2", changed=True))
    assert not changed.is_open
    assert changed.application is ApplicationState.PENDING


def keep(case: Case) -> Decide:
    return Decide(kind=DecisionKind.KEEP, seen=case.version, texts_ref="t")


def test_nothing_is_applied_for_a_post_that_is_kept() -> None:
    kept = after(a_case(), Decide(kind=DecisionKind.KEEP, seen=1, texts_ref="t"))
    assert reason_of(decide(kept, ConfirmApplied(seen=2), by=ADMIN, at=AT)) is Reason.NOT_A_REMOVAL
    assert kept.registrations == ()


def test_a_forward_for_an_answer_adds_an_assignee_and_leaves_the_case_open() -> None:
    command = Forward(
        seen=1,
        to="expert",
        purpose=ForwardPurpose.ANSWER,
        administration="",
        texts_ref="t",
        people=("expert",),
    )
    (event,) = decide(a_case(), command, by=ADMIN, at=AT)  # type: ignore[misc]
    assert isinstance(event, Assigned)
    case = apply(a_case(), event, at=AT, by="admin")
    assert (case.is_open, case.assignees, case.version) == (True, ("expert",), 2)


@pytest.mark.parametrize("purpose", [ForwardPurpose.REGISTRATION, ForwardPurpose.VIEWS])
def test_a_forward_for_handling_becomes_a_registration_item_at_the_receiver(purpose: ForwardPurpose) -> None:
    command = Forward(
        seen=1, to="kof", purpose=purpose, administration="kof", texts_ref="t", people=("registrar",)
    )
    case = after(a_case(), command)
    (item,) = case.owed
    assert (item.cause, item.administration) == (RegistrationCause.FORWARDED, "kof")


def test_a_direct_message_has_its_own_decisions() -> None:
    case = a_case(PostKind.DIRECT_MESSAGE)
    assert reason_of(decide(case, removal(case), by=ADMIN, at=AT)) is Reason.WRONG_FOR_KIND
    handed = after(case, Decide(kind=DecisionKind.HAND_OVER, seen=1, texts_ref="t"))
    assert handed.owed[0].cause is RegistrationCause.DIRECT_MESSAGE


def test_suspected_child_abuse_destroys_the_copy_and_removes_the_post_in_one_breath() -> None:
    events = decide(a_case(), SuspectAbuse(seen=1, texts_ref="t"), by=ADMIN, at=AT)
    assert not isinstance(events, Refusal)
    destroyed, decided = events
    assert isinstance(destroyed, CopyDestroyed)
    assert set(destroyed.refs) == {"post", "flag"}, "link and times stay"
    assert isinstance(decided, Decided)
    assert (decided.kind, decided.abuse, decided.obvious) == (DecisionKind.DELETE, True, True)
    case = after(a_case(), SuspectAbuse(seen=1, texts_ref="t"))
    assert case.disposal is DisposalState.DISPOSED
    again = AddSnapshot(post_ref="new", flag_ref="new", changed=True)
    assert decide(case, again, by=ADMIN, at=AT) == [SeenAgain()], "that it was seen is kept, and none of it"


def test_the_registrar_closes_an_item_once_with_a_number() -> None:
    case = after(a_case(), removal(a_case()))
    item = case.owed[0].id
    assert (
        reason_of(decide(case, Register(item=item, number=" "), by=REGISTRAR, at=AT)) is Reason.NUMBER_MISSING
    )
    assert reason_of(decide(case, Register(item=item, number="1"), by=ADMIN, at=AT)) is Reason.NOT_ALLOWED
    assert reason_of(decide(case, Register(item="x", number="1"), by=REGISTRAR, at=AT)) is Reason.UNKNOWN_ITEM
    registered = after(case, Register(item=item, number="KS 2026/123"), by=REGISTRAR)
    assert registered.owed == ()
    again = decide(registered, Register(item=item, number="KS 2026/124"), by=REGISTRAR, at=AT)
    assert isinstance(again, Refusal)
    assert (again.reason, again.by) == (Reason.ALREADY_REGISTERED, "KS 2026/123")


def test_a_changed_text_makes_the_card_stale_and_another_flagger_does_not() -> None:
    flagged_again = after(a_case(), AddSnapshot(post_ref="post", flag_ref="f2", changed=False))
    assert (flagged_again.version, len(flagged_again.flags)) == (1, 2)
    changed = after(a_case(), AddSnapshot(post_ref="p2", flag_ref="f2", changed=True))
    assert reason_of(decide(changed, removal(a_case()), by=ADMIN, at=AT)) is Reason.STALE
    assert decide(changed, removal(changed), by=ADMIN, at=AT)[0].snapshot_ref == "p2"  # type: ignore[index, union-attr]


def test_a_police_report_cannot_be_dated_tomorrow() -> None:
    case = after(a_case(), removal(a_case()))
    tomorrow = ReportToPolice(reference_ref="r", reported=date(2026, 11, 25))
    assert reason_of(decide(case, tomorrow, by=ADMIN, at=AT)) is Reason.POLICE_DATE_WRONG
    reported = after(case, ReportToPolice(reference_ref="r", reported=date(2026, 11, 24)))
    assert reported.police_reported == date(2026, 11, 24)


versions = st.integers(min_value=1, max_value=4)
decisions = st.builds(
    Decide,
    kind=st.sampled_from(DecisionKind),
    seen=versions,
    texts_ref=st.just("t"),
    has_reason=st.booleans(),
    has_law=st.booleans(),
    has_reply=st.booleans(),
    ground=st.none() | st.sampled_from(Ground),
    obvious=st.booleans(),
)
commands = st.one_of(
    decisions,
    st.builds(Reverse, decision=decisions),
    st.builds(
        Forward,
        seen=versions,
        to=st.just("kof"),
        purpose=st.sampled_from(ForwardPurpose),
        administration=st.just("kof"),
        texts_ref=st.just("t"),
        people=st.sampled_from([(), ("someone",)]),
    ),
    st.builds(ConfirmApplied, seen=versions),
    st.builds(ConfirmVerified, seen=versions),
    st.builds(SuspectAbuse, seen=versions, texts_ref=st.just("t")),
    st.builds(
        SecureFiles,
        snapshot=st.just("post"),
        files=st.lists(
            st.builds(SecuredFile, place=st.integers(0, 2), text_ref=st.just("f"), data_ref=st.just("d"))
        ).map(tuple),
    ),
    st.builds(Register, item=st.sampled_from(["SM-2026-0001-1", "SM-2026-0001-2"]), number=st.just("1")),
    st.builds(AddSnapshot, post_ref=st.just("p"), flag_ref=st.just("f"), changed=st.booleans()),
)


@given(
    kind=st.sampled_from(PostKind),
    steps=st.lists(st.tuples(commands, st.sampled_from([ADMIN, REGISTRAR, NOBODY])), max_size=12),
)
def test_no_sequence_of_commands_leaves_the_graph_or_loses_an_event(
    kind: PostKind, steps: list[tuple[Command, Actor]]
) -> None:
    case, recorded = a_case(kind), 1
    made_in_round: list[MadeDecision] = []
    for command, by in steps:
        outcome = decide(case, command, by=by, at=AT)
        if isinstance(outcome, Refusal):
            continue
        assert by.right is not None
        for event in outcome:
            before = case
            case = apply(case, event, at=AT, by=by.id)
            recorded += 1
            made_in_round = [] if case.round > before.round else made_in_round
            made_in_round = [*made_in_round, *case.decisions[len(before.decisions) :]]
        assert case.revision == recorded
        assert case.is_open == (len(made_in_round) == 0)
        assert (case.decision is DecisionState.REVERSED) == (len(made_in_round) > 1)
        removals = [
            one for one in case.decisions if one.made.kind in {DecisionKind.DELETE, DecisionKind.UNPUBLISH}
        ]
        assert len([i for i in case.registrations if i.cause is RegistrationCause.REMOVAL]) == len(removals)
        done = case.application in {ApplicationState.APPLIED, ApplicationState.VERIFIED}
        assert (case.applied_at is not None) == done
        if case.application is not ApplicationState.NONE:
            assert case.current is not None
            assert case.current.made.kind in {DecisionKind.DELETE, DecisionKind.UNPUBLISH}
