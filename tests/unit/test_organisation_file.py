"""The organisation file: what it becomes, and every problem at once with its line."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.organisation import DisposalScope, Organisation, Person, Platform, Reminders, Role
from bot.organisation.file import OrganisationError, load_organisation, read_file
from bot.settings import SHIPPED_ORGANISATION

ONE = "00000000-0000-0000-0000-000000000001"
TWO = "00000000-0000-0000-0000-000000000002"
NOBODY = "00000000-0000-0000-0000-0000000000ff"
GROUP = "00000000-0000-0000-0000-0000000000A1"
WHOLE = f"""\
name: Haninge kommun
website: https://haninge.se
people:
  - id: {ONE}
    name: Ett
  - {{id: {TWO}, name: Två}}
administrations:
  - id: ks
    name: Kommunstyrelseförvaltningen
    head: {ONE}
    registrars: [{TWO}]
communications:
  name: Kommunikation
  members:
    - {TWO}
channels:
  - id: facebook
    name: Facebook
    platform: facebook
    url: https://example.com/f
    administration: ks
    admins:
      - {ONE}
      - {TWO}
templates:
  - id: kort
    name: Kort
    text: Hej!
disposal_mandates:
  - id: ovriga
    paragraph: 4.2
    applies_to: other_posts
    after_days: 30
""".replace("paragraph: 4.2", "paragraph: Plan 4.2")


TOPICS = """\
topics:
  - about: administratorens-ansvar/5
    title: Diarieföring
    url: https://haninge.se/diarium
"""


def test_pages_to_read_on_are_taken_in(file: Path) -> None:
    (topic,) = loaded(file, WHOLE + TOPICS).topics
    assert (topic.about, topic.title) == ("administratorens-ansvar/5", "Diarieföring")
    assert topic.url == "https://haninge.se/diarium"
    assert loaded(file, WHOLE).topics == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("https://haninge.se/diarium", "http://haninge.se", "topics.0.url: must be an address that begins with https://"),
        ("https://haninge.se/diarium", "javascript:alert(1)", "topics.0.url: must be an address that begins with https://"),
        ("administratorens-ansvar/5", "Punkt 5", "topics.0.about: must be the id of a section or passage"),
        ("title: Diarieföring", "titel: Diarieföring", "topics.0.titel: is nothing that can stand here; did you mean title?"),
    ],
)  # fmt: skip
def test_a_page_to_read_on_that_is_wrong_is_told_with_its_place(
    file: Path, before: str, after: str, told: str
) -> None:
    problems = problems_of(file, WHOLE + TOPICS.replace(before, after))
    lines = (WHOLE + TOPICS).splitlines()
    first = lines.index("topics:") + 1
    assert any(told in one for one in problems), problems
    assert all(int(one.partition("line ")[2].partition(":")[0]) >= first for one in problems)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "organisation.yaml"


def loaded(file: Path, text: str) -> Organisation:
    file.write_text(text, encoding="utf-8")
    return load_organisation(file)


def problems_of(file: Path, text: str | bytes) -> tuple[str, ...]:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(OrganisationError) as error:
        load_organisation(file)
    assert error.value.problems
    assert all(problem.startswith("organisation.yaml") for problem in error.value.problems)
    return tuple(problem.removeprefix("organisation.yaml, ") for problem in error.value.problems)


def test_a_whole_file_becomes_an_organisation(file: Path) -> None:
    organisation = loaded(file, WHOLE)
    assert organisation.name == "Haninge kommun"
    assert organisation.language == "sv"
    assert organisation.tenant is None
    assert organisation.person(TWO).name == "Två"
    assert organisation.roles(ONE) == {Role.STAFF, Role.HEAD, Role.CHANNEL_ADMIN}
    assert organisation.roles(TWO) == {Role.STAFF, Role.REGISTRAR, Role.COMMUNICATIONS, Role.CHANNEL_ADMIN}
    assert organisation.channels["facebook"].platform is Platform.FACEBOOK
    assert organisation.channels["facebook"].admins == (ONE, TWO)
    assert organisation.reminders == Reminders()
    assert organisation.templates[0].text == "Hej!"
    (mandate,) = organisation.disposal_mandates
    assert (mandate.applies_to, mandate.after_days) == (DisposalScope.OTHER_POSTS, 30)


def test_object_ids_are_compared_in_lower_case(file: Path) -> None:
    upper = "ABCDEFAB-0000-0000-0000-000000000001"
    text = WHOLE.replace(f"head: {ONE}", f"head: {upper}").replace(f"- id: {ONE}", f"- id: {upper.lower()}")
    text = text.replace(f"      - {ONE}\n", "")
    assert loaded(file, text).administrations["ks"].head == upper.lower()


def test_a_channel_may_have_no_admins_of_its_own(file: Path) -> None:
    text = WHOLE.replace(f"    admins:\n      - {ONE}\n      - {TWO}\n", "")
    assert loaded(file, text).channels["facebook"].admins == ()


def test_line_ends_and_a_mark_of_byte_order_do_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert load_organisation(file).name == "Haninge kommun"


def test_a_group_may_stand_wherever_people_do(file: Path) -> None:
    group = f"{{group: {GROUP}}}"
    text = (
        WHOLE.replace(f"head: {ONE}", f"head: {group}\n    deputies: {group}")
        .replace(f"registrars: [{TWO}]", f"registrars: {group}")
        .replace(f"members:\n    - {TWO}", f"members: {group}")
        .replace(f"admins:\n      - {ONE}\n      - {TWO}", f"admins: {group}")
    )
    file.write_text(text, encoding="utf-8")
    read = read_file(file)
    assert read.groups == (GROUP.lower(),)
    assert read.heads == {GROUP.lower()}
    three = Person(id=NOBODY, name="Tre")
    organisation = read.organisation({GROUP.lower(): [three]})
    assert organisation.roles(NOBODY) == set(Role)
    assert organisation.administrations["ks"].deputies == (), "nobody is their own deputy"
    assert organisation.person(NOBODY) == three
    with pytest.raises(OrganisationError, match="names Entra groups"):
        load_organisation(file)


def test_people_may_be_left_out_where_groups_name_them(file: Path) -> None:
    people = WHOLE[WHOLE.index("people:") : WHOLE.index("administrations:")]
    without = WHOLE.replace(people, "")
    assert "line 1: people: is missing" in problems_of(file, without)
    assert "line 3: people: is empty" in problems_of(file, WHOLE.replace(people, "people: []\n"))
    grouped = without.replace(f"registrars: [{TWO}]", f"registrars: {{group: {GROUP}}}")
    file.write_text(grouped, encoding="utf-8")
    assert read_file(file).groups


def test_the_demonstration_has_everyone_a_newcomer_meets() -> None:
    demo = load_organisation(SHIPPED_ORGANISATION)
    people = [f"00000000-0000-0000-0000-00000000000{number}" for number in range(1, 7)]
    assert list(demo.people) == people
    assert demo.tenant == "00000000-0000-0000-0000-0000000000aa"
    for person, role in zip(
        people,
        (Role.CHANNEL_ADMIN, Role.CHANNEL_ADMIN, Role.HEAD, Role.COMMUNICATIONS, Role.REGISTRAR, Role.STAFF),
        strict=True,
    ):
        assert role in demo.roles(person)
    assert demo.channels["linkedin-haninge"].admins == ()
    assert len(demo.administrations) == 2
    assert [one.for_parties for one in demo.templates] == [False, True]
    assert demo.disposal_mandates


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: Haninge kommun\n", "", "line 1: name: is missing"),
        ("name: Haninge kommun", "name: ' '", "line 1: name: is empty"),
        ("name: Haninge kommun", "name: 1917", "line 1: name: must be text; put it in quotation marks"),
        ("https://haninge.se", "haninge.se", "line 2: website: must be an address"),
        ("https://haninge.se", "https://", "line 2: website: must be an address"),
        ("https://haninge.se", "https://[", "line 2: website: must be an address"),
        ("https://haninge.se", "https://haninge.se/a b", "line 2: website: must be an address"),
        ("name: Haninge kommun", "name: X\ntenant: nej", "line 2: tenant: must be an Entra object id"),
        ("name: Haninge kommun", "name: X\nlanguage: de", "line 2: language: must be sv or en"),
        (f"  - id: {ONE}", "  - id: ett", "line 4: people.0.id: must be an Entra object id"),
        (f"{{id: {TWO}, name: Två}}", TWO, "line 6: people.1: must be a group of named values"),
        (
            f"{{id: {TWO}, name: Två}}",
            f"{{id: {ONE}, name: Två}}",
            "line 6: people.1.id: is there twice",
        ),
        (f"head: {ONE}", f"head: {NOBODY}", "line 10: administrations.0.head: is not among the people"),
        (f"registrars: [{TWO}]", "registrars: []", "line 11: administrations.0.registrars: is empty"),
        (
            f"registrars: [{TWO}]",
            f"registrars: [{NOBODY}]",
            "line 11: administrations.0.registrars.0: is not among the people",
        ),
        (
            f"registrars: [{TWO}]",
            f"registrars: [{TWO}, {TWO}]",
            "line 11: administrations.0.registrars.1: is named twice in one list",
        ),
        (
            f"registrars: [{TWO}]",
            f"registrars: [{TWO}]\n    deputies: [{ONE}]",
            "line 12: administrations.0.deputies.0: is the head",
        ),
        (f"registrars: [{TWO}]", f"registrars: {TWO}", "line 11: administrations.0.registrars: must be a list"),
        (
            f"registrars: [{TWO}]",
            f"registrar: [{TWO}]",
            "line 11: administrations.0.registrar: is nothing that can stand here; did you mean registrars?",
        ),
        (
            f"registrars: [{TWO}]",
            f"registrars: {{gruop: {GROUP}}}",
            "line 11: administrations.0.registrars.gruop: is nothing that can stand here; did you mean group?",
        ),
        (
            f"registrars: [{TWO}]",
            "registrars:\n      group: Registratorer",
            "line 12: administrations.0.registrars.group: must be an Entra object id",
        ),
        (f"head: {ONE}", "head: {}", "line 10: administrations.0.head.group: is missing"),
        (f"head: {ONE}", f"head: [{ONE}]", "line 10: administrations.0.head: must be text"),
        (f"  members:\n    - {TWO}", "  members: []", "line 14: communications.members: is empty"),
        (
            f"  members:\n    - {TWO}",
            f"  members:\n    - {NOBODY}",
            "line 15: communications.members.0: is not among the people",
        ),
        ("  - id: facebook", "  - id: Face Book", "line 17: channels.0.id: must be an id"),
        ("platform: facebook", "platform: myspace", "line 19: channels.0.platform: must be 'facebook',"),
        ("administration: ks", "administration: kf", "line 21: channels.0.administration: is not among"),
        (
            f"      - {ONE}\n      - {TWO}",
            f"      - {ONE}\n      - {NOBODY}",
            "line 24: channels.0.admins.1: is not among the people",
        ),
        ("    admins:", "    head: x\n    admins:", "line 22: channels.0.head: is nothing that can stand here"),
        ("    admins:", "    cards_to: ''\n    admins:", "line 22: channels.0.cards_to: is empty"),
        ("    admins:", "    name: Igen\n    admins:", "line 22: name: stands twice in the same place"),
        ("text: Hej!", "text: ''", "line 28: templates.0.text: is empty"),
        ("text: Hej!", "text: Hej!\n    for_parties: kanske", "line 29: templates.0.for_parties: must be true"),
        ("after_days: 30", "after_days: -1", "disposal_mandates.0.after_days: must be at least 0"),
        ("after_days: 30", "after_days: snart", "disposal_mandates.0.after_days: must be a number"),
        ("applies_to: other_posts", "applies_to: allt", "disposal_mandates.0.applies_to: must be 'other_posts'"),
        ("    paragraph: Plan 4.2\n", "", "disposal_mandates.0.paragraph: is missing"),
        ("templates:", "reminder: {}\ntemplates:", "reminder: is nothing that can stand here; did you mean reminders?"),
        ("templates:", "reminders: {remind_after: 0}\ntemplates:", "reminders.remind_after: must be more than 0"),
        ("templates:", "reminders: {remind_after: .nan}\ntemplates:", "reminders.remind_after: must be"),
        ("templates:", "reminders: {day_ends: 30}\ntemplates:", "reminders.day_ends: must be at most 23.98"),
        ("templates:", "reminders: {day_ends: 8.5}\ntemplates:", "reminders: day_ends must come at least an hour"),
        ("templates:", "reminders: {remind_after: 9}\ntemplates:", "reminders: escalate_after must be more"),
        ("templates:", "reminders: ofta\ntemplates:", "reminders: must be a group of named values"),
    ],
)  # fmt: skip
def test_a_problem_is_told_with_its_line_and_place(file: Path, old: str, new: str, told: str) -> None:
    assert old in WHOLE
    problems = problems_of(file, WHOLE.replace(old, new, 1))
    assert any(told in problem for problem in problems)
    assert "Form" not in str(problems)


def test_every_problem_is_told_at_once_in_the_order_of_the_file(file: Path) -> None:
    text = (
        WHOLE.replace("https://haninge.se", "haninge.se")
        .replace(f"head: {ONE}", f"head: {NOBODY}")
        .replace("administration: ks", "administration: kf")
        .replace("text: Hej!", "txt: Hej!")
    )
    lines = [int(problem.split(":")[0].removeprefix("line ")) for problem in problems_of(file, text)]
    assert lines == [2, 10, 21, 26, 28]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# bara en kommentar",
        "[]",
        "hej",
        "a: b: c",
        "a: [1, 2",
        "a: *saknas",
        "a: &a [*a]",
        "people: &a [*a]",
        "name: !!python/object:os.system x",
        "name: 2026-99-99",
        "? [a]\n: b",
        "? {a: b}\n: c",
        "1: x",
        "---\na: 1\n---\nb: 2",
        "\tname: x",
        b"name: \xe5\xe4\xf6",
        b"name: \x00",
        "people: {a: 1}",
        "people: [1, null, [], {}]",
        "channels: [{admins: {}}]\ncommunications: []",
        "[" * 5000,
    ],
)
def test_whatever_is_no_organisation_is_refused_in_words(file: Path, text: str | bytes) -> None:
    problems_of(file, text)


def test_a_fault_in_the_yaml_is_told_with_its_line(file: Path) -> None:
    (problem,) = problems_of(file, "name: x\nwebsite: [1, 2\n")
    assert problem.startswith("line 3:")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(OrganisationError, match=r"saknas\.yaml: cannot be read"):
        load_organisation(tmp_path / "saknas.yaml")
    with pytest.raises(OrganisationError, match="cannot be read"):
        load_organisation(tmp_path)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 50) | st.text("abåё: -\n", max_size=8) | st.just(ONE),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.data(), anything)
def test_whatever_stands_in_a_place_is_taken_or_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, value: Any
) -> None:
    tree = yaml.safe_load(WHOLE)
    place: Any = tree
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = value
    file = tmp_path_factory.getbasetemp() / "organisation.yaml"
    file.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    with suppress(OrganisationError):
        assert load_organisation(file).people
