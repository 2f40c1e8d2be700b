"""The compact map behaves as a dictionary does, however much of it is settled."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from storage.numbers import Numbers

numbers = st.dictionaries(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), max_size=40)


@given(first=numbers, later=numbers, asked=st.lists(st.integers(-1, 2**64 - 1), max_size=20))
def test_what_was_put_is_found_and_what_came_later_counts(
    first: dict[int, int], later: dict[int, int], asked: list[int]
) -> None:
    known = Numbers(later=dict(first)).settled()
    for key, value in later.items():
        known[key] = value
    expected = first | later
    for found in (known, known.settled(), known.copy()):
        assert {key: found.get(key) for key in expected} == expected
        for key in asked:
            assert found.get(key) == expected.get(key)
            assert (key in found) == (key in expected)


def test_a_settled_map_is_two_arrays_and_a_copy_goes_its_own_way() -> None:
    known = Numbers(later={5: 1, 2: 0}).settled()
    assert (known.keys, known.values, known.later) == (array("Q", [2, 5]), array("Q", [0, 1]), {})
    other = known.copy()
    other[7] = 3
    assert 7 not in known
    assert known.get(2) == 0, "nothing is a value too"
