"""What buttons carry: packed and read back, and whatever else comes in refused without a crash."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import DecisionKind, ForwardPurpose, PoliceReport
from bot.domain.requests import Verdict
from bot.domain.views import CaseForm
from cards.duty_payload import DUTY_WISHES, ShowingDuty
from cards.payload import (
    BadPayload,
    Deciding,
    Flagging,
    Forwarding,
    Listing,
    ShowingForm,
    SuspectingAbuse,
    pack,
    unpack,
)
from cards.payload_fields import MAX_INPUT
from cards.question_payload import QUESTION_WISHES, Replying
from cards.request_payload import REQUEST_WISHES, Applying, DecidingRequest, RegisteringRequest

CASE = "SM-2026-0042"
REQUEST = "AN-2026-0007"
DECIDE: dict[str, Any] = {"case": CASE, "version": 1, "kind": "keep"}
VERBS = (
    "decide", "reverse", "forward", "form", "applied", "verified", "abuse", "police", "register", "show", "list",
    "channels", "flag_form", "flag", "help", "language", *DUTY_WISHES, *REQUEST_WISHES, *QUESTION_WISHES,
)  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "data", "wish"),
    [
        ("decide", DECIDE, Deciding(verb="decide", case=CASE, version=1, kind=DecisionKind.KEEP)),
        ("form", {"case": CASE, "form": "abuse"}, ShowingForm(verb="form", case=CASE, form=CaseForm.ABUSE)),
        ("abuse", {"case": CASE, "version": 3}, SuspectingAbuse(verb="abuse", case=CASE, version=3)),
        ("duty", {"duty": "screenshot/x-1"}, ShowingDuty(verb="duty", duty="screenshot/x-1")),
        (
            "question_reply",
            {"question": "FR-2026-0001", "clause": "2", "gap": "true", "reply": " Ja. "},
            Replying(verb="question_reply", question="FR-2026-0001", reply="Ja.", clause="2", gap=True),
        ),
        ("list", {"what": "queue"}, Listing(verb="list", what="queue", page=1)),
    ],
)
def test_what_is_packed_comes_back(verb: str, data: dict[str, Any], wish: object) -> None:
    assert unpack(verb, pack(verb, **data)) == wish


def test_a_verb_that_no_button_has_cannot_be_packed() -> None:
    with pytest.raises(ValueError, match="no such verb"):
        pack("grant")


def test_the_verb_of_the_action_rules_over_the_one_in_the_data() -> None:
    wish = unpack("abuse", {**DECIDE, "verb": "decide"})
    assert isinstance(wish, SuspectingAbuse)


def test_empty_inputs_are_as_good_as_none() -> None:
    empty = {"ground": "", "police": "", "police_date": "", "obvious": "", "reason": "", "law": ""}
    wish = unpack("decide", {**DECIDE, **empty})
    assert isinstance(wish, Deciding)
    assert (wish.ground, wish.police, wish.police_date, wish.obvious) == (
        None,
        PoliceReport.NOT_ASSESSED,
        None,
        False,
    )


@pytest.mark.parametrize(
    ("sent", "read"), [("true", True), (True, True), ("false", False), ("", False), ("1", False)]
)
def test_a_tick_is_a_tick_only_as_the_card_sends_it(sent: object, read: bool) -> None:
    wish = unpack("decide", {**DECIDE, "obvious": sent})
    assert isinstance(wish, Deciding)
    assert wish.obvious is read


def test_text_is_trimmed_and_freed_from_what_cannot_be_stored() -> None:
    wish = unpack("decide", {**DECIDE, "reason": "  Hej \x00 \ud83d då \n"})
    assert isinstance(wish, Deciding)
    assert wish.reason == "Hej \ufffd \ufffd då"


def test_a_forward_without_a_purpose_is_one_for_an_answer() -> None:
    wish = unpack("forward", {"case": CASE, "version": 1, "to": " kultur ", "purpose": ""})
    assert isinstance(wish, Forwarding)
    assert (wish.to, wish.purpose) == ("kultur", ForwardPurpose.ANSWER)


def test_a_day_is_read_as_the_client_sends_it() -> None:
    wish = unpack("decide", {**DECIDE, "police_date": "2026-11-24"})
    assert isinstance(wish, Deciding)
    assert wish.police_date == date(2026, 11, 24)


def test_a_flagged_text_may_be_as_long_as_a_post() -> None:
    wish = unpack("flag", {"form": "f" * 32, "text": "x" * 200_000})
    assert isinstance(wish, Flagging)


@pytest.mark.parametrize(
    ("verb", "data", "fields"),
    [
        ("decide", {**DECIDE, "version": "1"}, ("version",)),
        ("flag", {"form": "ett sextontal ord om någon", "text": "x"}, ("form",)),
        ("flag", {"form": "f" * 32 + "\n", "text": "x"}, ("form",)),
        ("decide", {**DECIDE, "version": 0}, ("version",)),
        ("decide", {**DECIDE, "case": "SM-2026-42"}, ("case",)),
        ("decide", {**DECIDE, "case": "../../etc"}, ("case",)),
        ("decide", {**DECIDE, "kind": "burn"}, ("kind",)),
        ("decide", {**DECIDE, "ground": "because"}, ("ground",)),
        ("decide", {**DECIDE, "police_date": "yesterday"}, ("police_date",)),
        ("decide", {**DECIDE, "reason": "x" * (MAX_INPUT + 1)}, ("reason",)),
        ("decide", {**DECIDE, "reason": {"a": 1}}, ("reason",)),
        ("decide", {}, ("case", "kind", "version")),
        ("register", {"case": CASE, "item": "SM-2026-0042"}, ("item",)),
        ("list", {"what": "everything"}, ("what",)),
        ("duty", {"duty": "screenshot"}, ("duty",)),
        ("change", {"duty": "screenshot/../x"}, ("duty",)),
        ("change", {"duty": "sculpture/facebook"}, ("duty",)),
        ("picture", {"picture": "x", "channel": "facebook"}, ("picture",)),
        ("duty_file", {"duty": "screenshot/facebook", "number": 0}, ("number",)),
        ("contacts", {"duty": "contact_details/facebook", "due": "soon"}, ("due",)),
        ("duties", {"scope": "everybody"}, ("scope",)),
        ("evaluate", {"duty": "evaluation/kultur", "due": "2027-11-23", "reach": 7}, ("reach",)),
        ("list", {"what": "queue", "page": 0}, ("page",)),
        ("language", {"language": "fi"}, ("language",)),
        ("grant", {}, ("verb",)),
        ("request_show", {"request": "SM-2026-0042"}, ("request",)),
        ("request_show", {"request": "AN-2026-0007\n"}, ("request",)),
        ("request_decide", {"request": REQUEST, "version": 1, "verdict": "maybe"}, ("verdict",)),
        ("request_decide", {"request": REQUEST, "version": "1", "verdict": "approved"}, ("version",)),
        ("request_register", {"request": REQUEST, "item": "AN-2026-0007-2"}, ("item",)),
        ("request_submit", {"kind": "open_channel", "name": {"a": 1}}, ("answers",)),
        ("request_submit", {"kind": "open_channel", "purpose": "x" * (MAX_INPUT + 1)}, ("answers",)),
        ("request_submit", {"kind": "../etc", "form": "f" * 32}, ("kind",)),
        ("request_form", {"request": REQUEST, "show": "grant"}, ("show",)),
        ("requests", {"what": "everybodys"}, ("what",)),
    ],
)
def test_what_no_card_of_ours_carries_is_named_by_field(
    verb: str, data: dict[str, Any], fields: tuple[str, ...]
) -> None:
    named = "unknown" if fields == ("verb",) else verb
    assert unpack(verb, data) == BadPayload(verb=named, fields=fields)


def test_a_bad_payload_never_repeats_the_value() -> None:
    bad = unpack("decide", {**DECIDE, "kind": "hemlighet"})
    assert "hemlighet" not in repr(bad)
    assert len(unpack("x" * 9000, {}).verb) <= 40


def test_what_a_payload_adds_is_not_listened_to() -> None:
    assert unpack("decide", {**DECIDE, "role": "head", "by": "someone"}) == unpack("decide", DECIDE)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    [
        "case",
        "version",
        "kind",
        "ground",
        "obvious",
        "police_date",
        "to",
        "page",
        "form",
        "text",
        "request",
        "verdict",
        "admins",
        "platform",
        "item",
        "number",
        "seen",
        "show",
        "what",
        "opinion",
    ]
)


@given(st.sampled_from(VERBS), st.dictionaries(names | st.text(max_size=8), json_values, max_size=8))
def test_nothing_that_is_sent_makes_the_codec_raise(verb: str, data: dict[str, Any]) -> None:
    assert unpack(verb, data) is not None


def test_the_fields_of_a_form_are_gathered_and_nothing_else_is() -> None:
    wish = unpack(
        "request_submit",
        {"kind": "open_channel", "form": "f" * 32, "name": " Ungdom ", "terms_read": "true", "role": "head"},
    )
    assert isinstance(wish, Applying)
    assert wish.answers == {"name": "Ungdom", "terms_read": "true"}


def test_a_decision_on_a_request_comes_back_as_it_was_packed() -> None:
    packed = pack("request_decide", request=REQUEST, version=3, verdict="approved")
    assert unpack("request_decide", packed) == DecidingRequest(
        verb="request_decide", request=REQUEST, version=3, verdict=Verdict.APPROVED
    )


def test_a_number_is_read_with_the_revision_that_its_card_showed() -> None:
    wish = unpack(
        "request_register", {"request": REQUEST, "item": f"{REQUEST}-1", "seen": 4, "number": " 1 "}
    )
    assert isinstance(wish, RegisteringRequest)
    assert (wish.seen, wish.number) == (4, "1")
