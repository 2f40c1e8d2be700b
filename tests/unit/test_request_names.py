"""Whom a typed name means, however it is written: a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.organisation import Person
from bot.domain.requests.naming import meant_for_sure, perhaps_meant

ID = "00000000-0000-0000-0000-00000000000a"
PEOPLE = (
    Person(id="chef", name="Åsa Chefsson-Öman"),
    Person(id="two", name="Kim Chef"),
    Person(id="twin", name="Lo Tvilling"),
    Person(id="other-twin", name="Tvilling Lo"),
    Person(id="nameless", name=""),
)

SURE = {
    "as it is": "Åsa Chefsson-Öman",
    "in small letters": "åsa chefsson-öman",
    "decomposed": "A\u030asa Chefsson-O\u0308man",
    "full width": "\uff21\u030asa Chefsson-Öman",
    "last name first": "Chefsson-Öman Åsa",
    "soft hyphen": "Åsa Chefs\u00adson-Öman",
    "zero width space": "Å\u200bsa Chefsson-Öman",
    "direction mark": "\u202eÅsa Chefsson-Öman",
    "final dot": "Åsa Chefsson-Öman.",
    "quoted": '"Åsa" Chefsson-Öman',
    "without the hyphen": "Åsa Chefsson Öman",
    "in one word": "Åsa ChefssonÖman",
    "another hyphen": "Åsa Chefsson\u2010Öman",
}


@pytest.mark.parametrize("typed", SURE.values(), ids=SURE)
def test_a_name_is_known_however_it_is_written(typed: str) -> None:
    assert meant_for_sure(typed, PEOPLE) == "chef"


@pytest.mark.parametrize("typed", [ID, ID.upper(), f"{{{ID}}}", f"{ID}.", f"\u200b{ID}"])
def test_a_typed_object_id_is_that_person(typed: str) -> None:
    assert meant_for_sure(typed, PEOPLE) == ID


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["Lo Tvilling"], ("twin", "other-twin")),
        (["Kim Chef (KOF)"], ("two",)),
        (["förvaltningschefen Kim Chef"], ("two",)),
        (["Åsa Öman"], ("chef",)),
        (["Chefsson-Öman", "Åsa"], ("chef",)),
        ([f"hon heter {ID}"], (ID,)),
        (["Kim"], ()),
        (["Kim Annan"], ()),
        (["Okänd Person"], ()),
        (["-", "\u200b", ""], ()),
    ],
)
def test_all_who_may_be_meant_are_named_and_no_one_for_sure(typed: list[str], meant: tuple[str, ...]) -> None:
    assert [meant_for_sure(one, PEOPLE) for one in typed] == ["" for _ in typed]
    assert perhaps_meant(typed, PEOPLE) == meant


@given(st.text(), st.text())
def test_no_text_makes_the_comparison_raise(one: str, other: str) -> None:
    meant_for_sure(one, (Person(id="x", name=other),))
    perhaps_meant([one, other], (Person(id="x", name=other),))
