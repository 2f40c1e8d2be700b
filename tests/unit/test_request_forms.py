"""Forms of requests: each field's check, what becomes fact and what stays text, and the kinds' own rules."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.organisation import Person
from bot.domain.requests import KINDS, Fault, FieldType, Raw, Reading
from bot.domain.web_addresses import is_web_address, normal_address
from bot.policy.shipped import load_guideline
from tests.unit.request_world import ORGANISATION

TODAY = date(2026, 11, 24)
ID = "00000000-0000-0000-0000-000000000001"
OTHER_ID = "00000000-0000-0000-0000-000000000002"
KNOWN = replace(
    ORGANISATION,
    people={ID: Person(id=ID, name="Administratör ett"), OTHER_ID: Person(id=OTHER_ID, name="Samma namn")}
    | {"third": Person(id="third", name="Samma namn")},
)
WHOLE: Raw = {
    "platform": "tiktok",
    "name": "Haninge  ungdom",
    "address": "https://www.tiktok.com/@haningeungdom/",
    "purpose": "Nå unga\ndär de är",
    "target_group": "13-19 år",
    "why_not_existing": "De använder inte Facebook",
    "admins": ID,
    "contact": "08-606 70 00",
    "staffing": "Två personer",
    "terms_read": "true",
    "starts": "2027-01-01",
    "ends": "2028-01-01",
}


def read(**change: str | list[str]) -> Reading:
    return KINDS["open_channel"].read({**WHOLE, **change}, today=TODAY, organisation=KNOWN)


def faults(reading: Reading) -> list[tuple[str, Fault]]:
    return [(one.field, one.fault) for one in reading.problems]


def test_a_whole_form_has_no_problem_and_keeps_facts_and_texts_apart() -> None:
    reading = read()
    assert reading.problems == ()
    assert reading.facts == {
        "platform": ("tiktok",),
        "admins": (ID,),
        "terms_read": ("true",),
        "starts": ("2027-01-01",),
        "ends": ("2028-01-01",),
    }
    assert set(reading.texts.values) == {
        "name",
        "address",
        "purpose",
        "target_group",
        "why_not_existing",
        "staffing",
    }
    assert reading.texts.values["name"] == "Haninge ungdom"
    assert reading.contact == "08-606 70 00"


def test_what_goes_into_the_record_holds_no_text() -> None:
    form = read().form(lambda text: f"digest of {len(text)}", texts_ref="t", contact_ref="c")
    assert (form.texts_ref, form.contact_ref, form.address_key) == ("t", "c", "digest of 25")
    assert form.people == (ID,)
    assert not [one for one in ("Haninge", "unga", "08-606", "haningeungdom") if one in repr(form)]


@pytest.mark.parametrize(
    ("field", "said", "fault"),
    [
        ("platform", "", Fault.MISSING),
        ("platform", "myspace", Fault.NOT_A_CHOICE),
        ("name", "   ", Fault.MISSING),
        ("name", "x" * 201, Fault.TOO_LONG),
        ("purpose", "x" * 2001, Fault.TOO_LONG),
        ("address", "haninge.se", Fault.NOT_AN_ADDRESS),
        ("address", "javascript:alert(1)", Fault.NOT_AN_ADDRESS),
        ("address", "https://haninge.se@elsewhere.example", Fault.NOT_AN_ADDRESS),
        ("address", "https://haninge.se:x", Fault.NOT_AN_ADDRESS),
        ("address", "https://haninge.se/\u202egnp", Fault.NOT_AN_ADDRESS),
        ("admins", "", Fault.MISSING),
        ("admins", "somebody", Fault.NOT_A_PERSON),
        ("admins", [f"00000000-0000-0000-0000-{n:012d}" for n in range(11)], Fault.TOO_MANY),
        ("contact", "", Fault.MISSING),
        ("terms_read", "false", Fault.NOT_TICKED),
        ("terms_read", "", Fault.NOT_TICKED),
        ("starts", "snart", Fault.NOT_A_DAY),
        ("starts", "0001-01-01", Fault.NOT_A_DAY),
        ("ends", "2026-11-24", Fault.NOT_IN_FUTURE),
        ("ends", "2026-12-31", Fault.BEFORE_START),
        ("ends", "2027-01-01", Fault.BEFORE_START),
    ],
)
def test_what_is_wrong_is_told_of_the_field_that_it_is_in(
    field: str, said: str | list[str], fault: Fault
) -> None:
    assert faults(read(**{field: said})) == [(field, fault)]


def test_every_problem_is_told_at_once_in_the_forms_order() -> None:
    reading = KINDS["open_channel"].read({}, today=TODAY, organisation=KNOWN)
    assert [one.field for one in reading.problems] == [
        "platform",
        "name",
        "address",
        "purpose",
        "target_group",
        "why_not_existing",
        "admins",
        "contact",
        "staffing",
        "terms_read",
    ]


def test_a_wrong_fact_is_kept_nowhere_and_a_wrong_text_stays_to_be_mended() -> None:
    reading = read(platform="myspace", address="haninge.se")
    assert "platform" not in reading.facts
    assert reading.texts.values["address"] == "haninge.se"
    assert reading.address == ""


def test_people_are_picked_once_each_whatever_the_card_sends() -> None:
    assert read(admins=f"{ID.upper()}, {OTHER_ID},{ID}").people == (ID, OTHER_ID)
    assert read(admins=[ID, OTHER_ID, ID]).people == (ID, OTHER_ID)


def test_a_typed_name_that_one_person_goes_by_is_that_person() -> None:
    reading = read(admins="", typed_admins="administratör  ETT; Okänd Person\nSamma namn")
    assert reading.problems == ()
    assert reading.facts["admins"] == (ID,)
    assert reading.people == (ID, OTHER_ID, "third"), (
        "of two who share a name both are barred, and no one appointed"
    )
    assert reading.unknown_people == 2
    assert reading.texts.values["typed_admins"] == "Okänd Person\nSamma namn"


def test_what_no_text_can_hold_is_made_visible() -> None:
    reading = read(purpose="a\x00b\ud800c")
    assert reading.texts.values["purpose"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.facebook.com/Haninge/", "http://m.facebook.com/haninge?fbclid=1#top", True),
        ("https://facebook.com/profile.php?id=1", "https://facebook.com/profile.php?id=2", False),
        ("https://facebook.com/a", "https://instagram.com/a", False),
        ("https://x.com/haninge?utm_source=a", "https://x.com/haninge", True),
        ("https://sv-se.facebook.com./%68aninge//", "https://fb.com/haninge", True),
        ("https://twitter.com/haninge", "https://x.com/haninge", True),
        ("https://sv-se.example.com/a", "https://example.com/a", False),
    ],
)
def test_two_addresses_of_one_channel_are_known_as_one(one: str, other: str, same: bool) -> None:
    assert (normal_address(one) == normal_address(other)) is same


@given(st.text(), st.sampled_from(list(KINDS)))
def test_nothing_that_is_typed_makes_a_form_raise(text: str, kind: str) -> None:
    is_web_address(text)
    normal_address(text)
    raw: Raw = {one.name: text for one in KINDS[kind].fields}
    reading = KINDS[kind].read(raw, today=TODAY, organisation=KNOWN)
    reading.form(lambda said: said).day("ends")
    "".join(reading.texts.values.values()).encode()


def test_every_kind_rests_on_a_clause_of_the_guideline() -> None:
    guideline = load_guideline()
    assert not [kind.id for kind in KINDS.values() if guideline.passage(kind.passage) is None]


def test_fields_of_the_same_name_are_asked_for_in_the_same_words() -> None:
    """Their texts go by the name alone."""
    types: dict[str, FieldType] = {}
    for kind in KINDS.values():
        assert len({one.name for one in kind.fields}) == len(kind.fields)
        for field in kind.fields:
            assert types.setdefault(field.name, field.type) is field.type
            assert {field.label, field.hint} <= set(kind.keys)
