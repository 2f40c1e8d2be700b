"""A question's life and what is learned from it: each command in each state, and no run of them that breaks a rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.organisation import SYSTEM, Communications, Organisation, Person, Reminders, Topic
from bot.domain.questions import (
    KEPT,
    Accept,
    Answer,
    Asked,
    Command,
    Forget,
    Lapse,
    Learned,
    LearnedStatus,
    LearningCommand,
    MarkGap,
    Propose,
    Question,
    QuestionEvent,
    QuestionStatus,
    Quoted,
    Reason,
    Refusal,
    Revoke,
    Unanswered,
    apply,
    asked,
    clusters,
    decide,
    is_lapsed,
    learn,
    masked,
    may_see,
    page_of,
    teach,
    without_marks,
)

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
UNIT, OTHER, ASKER, STAFF = "unit", "other", "asker", "staff"
CLAUSE = Quoted(passage="administratorens-ansvar/2", start=10, end=20)
FAR = Quoted(passage="elsewhere/1", start=0, end=5)
ORGANISATION = Organisation(
    name="Kommunen",
    tenant=None,
    website="https://example.se",
    people={one: Person(id=one, name=one) for one in (UNIT, OTHER, ASKER, STAFF)},
    administrations={},
    channels={},
    communications=Communications(name="Enheten", members=(UNIT, OTHER)),
    reminders=Reminders(),
    templates=(),
)
WORDS = Answer(texts_ref="r", has_text=True)
PASSAGE = Answer(texts_ref="r", has_text=False, quoted=CLAUSE)


def a_question() -> Question:
    event = Asked(
        asker=ASKER, texts_ref="t", language="sv", outcome="not_in_guideline", guideline="g", same="s",
        answer="a", nearest=(CLAUSE,),
    )  # fmt: skip
    return asked("FR-2026-0001", event, at=AT)


def after(question: Question, *commands: tuple[Command, str] | Command, at: datetime = AT) -> Question:
    for one in commands:
        command, by = one if isinstance(one, tuple) else (one, UNIT)
        events = decide(question, command, by=by, at=at, organisation=ORGANISATION)
        assert not isinstance(events, Refusal), events
        for event in events:
            question = apply(question, event, at=at)
    return question


LATE = AT + KEPT
STATES = {
    "open": a_question(),
    "answered": after(a_question(), WORDS),
    "noted": after(a_question(), MarkGap()),
    "answered gap": after(a_question(), WORDS, MarkGap()),
    "noted, answered": after(a_question(), MarkGap(), WORDS),
    "forgotten": after(a_question(), (Forget(), SYSTEM), at=LATE),
    "answered, forgotten": after(after(a_question(), WORDS), (Forget(), SYSTEM), at=LATE),
}
COMMANDS: dict[str, Command] = {
    "words": WORDS,
    "passage": PASSAGE,
    "nothing": Answer(texts_ref="r", has_text=False),
    "far": Answer(texts_ref="r", has_text=True, quoted=FAR),
    "gap": MarkGap(),
}
TABLE = """
                     words             passage           nothing           far               gap
open                 answered          answered          answer_missing    unknown_clause    noted
answered             already_answered  already_answered  already_answered  already_answered  answered
noted                answered          answered          answer_missing    unknown_clause    already_noted
answered_gap         already_answered  already_answered  already_answered  already_answered  already_noted
noted,_answered      already_answered  already_answered  already_answered  already_answered  already_noted
forgotten            forgotten         forgotten         forgotten         forgotten         forgotten
answered,_forgotten  forgotten         forgotten         forgotten         forgotten         forgotten
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [
    (row[0].replace("_", " "), name, cell) for row in ROWS for name, cell in zip(HEAD, row[1:], strict=True)
]


def outcome(question: Question, command: Command, by: str) -> str:
    events = decide(question, command, by=by, at=AT, organisation=ORGANISATION)
    if isinstance(events, Refusal):
        return events.reason
    for event in events:
        question = apply(question, event, at=AT)
    return question.status


def test_the_table_is_whole() -> None:
    assert {state for state, _, _ in CELLS} == STATES.keys()
    assert set(HEAD) == COMMANDS.keys()


@pytest.mark.parametrize(("state", "command", "expected"), CELLS)
def test_each_command_in_each_state(state: str, command: str, expected: str) -> None:
    assert outcome(STATES[state], COMMANDS[command], UNIT) == expected


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("by", [ASKER, STAFF, SYSTEM])
def test_nobody_but_communications_answers(state: str, command: str, by: str) -> None:
    assert outcome(STATES[state], COMMANDS[command], by) == Reason.NOT_ALLOWED


@pytest.mark.parametrize(("who", "sees"), [(ASKER, True), (UNIT, True), (OTHER, True), (STAFF, False)])
def test_who_may_see_a_question(who: str, sees: bool) -> None:
    assert may_see(a_question(), who, ORGANISATION) is sees


def test_the_second_learns_who_was_first() -> None:
    refusal = decide(STATES["answered"], WORDS, by=OTHER, at=AT, organisation=ORGANISATION)
    assert refusal == Refusal(reason=Reason.ALREADY_ANSWERED, by=UNIT, at=AT)


@pytest.mark.parametrize(
    ("passed", "by", "expected"),
    [
        (KEPT - timedelta(seconds=1), SYSTEM, Reason.FORGOTTEN),
        (KEPT, SYSTEM, None),
        (KEPT, UNIT, Reason.NOT_ALLOWED),
    ],
)
def test_a_question_is_forgotten_by_itself_when_its_time_is_up(
    passed: timedelta, by: str, expected: Reason | None
) -> None:
    done = decide(STATES["answered"], Forget(), by=by, at=AT + passed, organisation=ORGANISATION)
    if expected:
        assert isinstance(done, Refusal)
        assert done.reason is expected
    else:
        assert not isinstance(done, Refusal)
        (event,) = done
        assert getattr(event, "refs", ()) == ("t", "r")


commands = st.one_of(st.sampled_from([*COMMANDS.values(), Forget()]))
people = st.sampled_from([UNIT, OTHER, ASKER, STAFF, SYSTEM])
days = st.integers(min_value=0, max_value=40)


@given(st.lists(st.tuples(commands, people, days), max_size=12))
def test_whatever_is_done_a_question_has_one_reply_by_communications_and_is_kept_no_longer(
    steps: Sequence[tuple[Command, str, int]],
) -> None:
    question, at, replies = a_question(), AT, 0
    for command, by, passed in steps:
        at += timedelta(days=passed)
        done = decide(question, command, by=by, at=at, organisation=ORGANISATION)
        if isinstance(done, Refusal):
            continue
        before, made = question, list[QuestionEvent](done)
        for event in made:
            question = apply(question, event, at=at)
        replies += question.reply is not None and before.reply is None
        assert question.revision == before.revision + len(made)
        assert before.reply in (None, question.reply)
        assert not before.forgotten
        assert question.forgotten == isinstance(command, Forget)
        assert by == SYSTEM if question.forgotten else by in (UNIT, OTHER)
        assert not question.forgotten or at - AT >= KEPT
        assert question.is_open == (question.status is QuestionStatus.OPEN and not question.forgotten)
    assert replies <= 1


# Learning ----------------------------------------------------------------------------------------------------

LEARNABLE = after(a_question(), PASSAGE)
IN_WORDS = STATES["answered"]
PROPOSE, EMPTY = Propose(texts_ref="p", has_text=True), Propose(texts_ref="p", has_text=False)


def taught(*commands: LearningCommand) -> Learned | None:
    learned: Learned | None = None
    for command in commands:
        events = teach(LEARNABLE, learned, command, by=UNIT, organisation=ORGANISATION)
        assert not isinstance(events, Refusal), events
        for event in events:
            learned = learn(learned, event, question="FR-2026-0001", at=AT)
    return learned


ACCEPT = Accept(version=1, texts_ref="q", has_text=True)
LEARNED = {
    "nothing": taught(),
    "proposed": taught(PROPOSE),
    "accepted": taught(PROPOSE, ACCEPT),
    "declined": taught(PROPOSE, Revoke(version=1)),
    "revoked": taught(PROPOSE, ACCEPT, Revoke(version=2)),
}


@pytest.mark.parametrize(
    ("state", "command", "expected"),
    [
        ("nothing", PROPOSE, LearnedStatus.PROPOSED),
        ("nothing", EMPTY, Reason.PHRASING_MISSING),
        ("nothing", ACCEPT, Reason.NOT_PROPOSED),
        ("nothing", Revoke(version=1), Reason.NOT_PROPOSED),
        ("proposed", PROPOSE, Reason.ALREADY_PROPOSED),
        ("proposed", ACCEPT, LearnedStatus.ACCEPTED),
        ("proposed", replace(ACCEPT, version=2), Reason.CHANGED),
        ("proposed", replace(ACCEPT, has_text=False), Reason.PHRASING_MISSING),
        ("proposed", Revoke(version=1), LearnedStatus.REVOKED),
        ("accepted", PROPOSE, Reason.ALREADY_ACCEPTED),
        ("accepted", ACCEPT, Reason.ALREADY_ACCEPTED),
        ("accepted", Revoke(version=1), Reason.CHANGED),
        ("accepted", Revoke(version=2), LearnedStatus.REVOKED),
        ("declined", PROPOSE, LearnedStatus.PROPOSED),
        ("declined", replace(ACCEPT, version=2), Reason.NOT_PROPOSED),
        ("revoked", PROPOSE, LearnedStatus.PROPOSED),
        ("revoked", Revoke(version=3), Reason.NOT_PROPOSED),
        ("proposed", Lapse(at=AT + KEPT), Reason.NOT_ALLOWED),
    ],
)
def test_each_step_of_learning(state: str, command: LearningCommand, expected: str) -> None:
    learned = LEARNED[state]
    events = teach(LEARNABLE, learned, command, by=OTHER, organisation=ORGANISATION)
    if isinstance(events, Refusal):
        assert events.reason == expected
        return
    (event,) = events
    done = learn(learned, event, question="FR-2026-0001", at=AT)
    assert done.status == expected
    assert done.revision == (learned.revision + 1 if learned else 1)


@pytest.mark.parametrize(
    ("state", "after", "lapses"),
    [
        ("proposed", KEPT, True),
        ("proposed", KEPT - timedelta(minutes=1), False),
        ("accepted", KEPT, False),
        ("declined", KEPT, False),
        ("nothing", KEPT, False),
    ],
)
def test_only_what_was_never_accepted_lapses_with_the_words_of_the_question(
    state: str, after: timedelta, lapses: bool
) -> None:
    done = teach(LEARNABLE, LEARNED[state], Lapse(at=AT + after), by=SYSTEM, organisation=ORGANISATION)
    assert isinstance(done, Refusal) is not lapses


def test_what_is_proposed_after_the_question_is_forgotten_has_its_own_time() -> None:
    proposed = taught(PROPOSE)
    assert proposed
    late = replace(proposed, at=AT + 2 * KEPT)
    assert not is_lapsed(LEARNABLE, late, AT + 2 * KEPT)
    assert is_lapsed(LEARNABLE, late, AT + 3 * KEPT)


def test_only_an_answer_from_the_guideline_is_learned_and_only_by_communications() -> None:
    refused = teach(IN_WORDS, None, PROPOSE, by=UNIT, organisation=ORGANISATION)
    assert refused == Refusal(reason=Reason.NO_CLAUSE)
    for command in (PROPOSE, ACCEPT, Revoke(version=1)):
        for by in (ASKER, STAFF, SYSTEM):
            done = teach(LEARNABLE, LEARNED["proposed"], command, by=by, organisation=ORGANISATION)
            assert done == Refusal(reason=Reason.NOT_ALLOWED)


# Masking and clusters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ring 070-123 45 67 nu", "Ring [telefonnummer] nu"),
        ("Ring +46 (0)70 123 45 67", "Ring [telefonnummer]"),
        ("växeln 08-606 70 00", "växeln [telefonnummer]"),
        ("0046701234567", "[telefonnummer]"),
        ("191212121212", "[personnummer]"),
        ("19121212-1212 och 121212+1212", "[personnummer] och [personnummer]"),
        ("820101 1234", "[personnummer]"),
        ("samordning 820161-1234", "samordning [personnummer]"),
        ("820101-XXXX", "[personnummer]"),
        ("070-123\u00a045\u00a067 och 070\u2011123\u202f45\u202f67", "[telefonnummer] och [telefonnummer]"),
        ("19121212\u20111212, 19121212\u22121212", "[personnummer], [personnummer]"),
        ("19121212\u20131212 eller 070\u2013123 45 67", "[personnummer] eller [telefonnummer]"),
        ("070\u200b123\u200b45\u200b67", "[telefonnummer]"),
        ("1912\u00ad1212-12\u206012", "[personnummer]"),
        ("070.123.45.67", "[telefonnummer]"),
        ("+46.70.123.45.67", "[telefonnummer]"),
        ("0701234567", "[telefonnummer]"),
        ("Ring 0731012345.", "Ring [telefonnummer]."),
        ("070123-4567", "[personnummer]"),
        ("٠٧٠-١٢٣ ٤٥ ٦٧", "[telefonnummer]"),
        (
            "åäö \u200b😀 kl. 10.30\u201311.00 den 23.11.2026",
            "åäö \u200b😀 kl. 10.30\u201311.00 den 23.11.2026",
        ),
        ("Skriv till eva.ek@haninge.se!", "Skriv till [e-postadress]!"),
        ("å.ö@exempel.se", "[e-postadress]"),
        ("SM-2026-0042 den 2026-11-23 kl. 10.30", "SM-2026-0042 den 2026-11-23 kl. 10.30"),
        ("Lagen 1998:112, 5 §, och 10 000 kr för 2026", "Lagen 1998:112, 5 §, och 10 000 kr för 2026"),
        ("https://haninge.se/socialamedier", "https://haninge.se/socialamedier"),
    ],
)
def test_numbers_and_addresses_of_people_are_masked_and_nothing_else(text: str, kept: str) -> None:
    assert masked(text) == kept


def test_marks_are_no_words_that_anybody_asks_with() -> None:
    assert without_marks(masked("Får jag ringa 070-123 45 67 nu?")) == "Får jag ringa nu?"


@given(st.text(max_size=300))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


def one(number: int, passage: str, *words: str) -> Unanswered:
    at = AT + timedelta(minutes=number)
    return Unanswered(id=str(number), text=" ".join(words), passage=passage, at=at, words=frozenset(words))


def test_questions_cluster_by_their_words_and_more_readily_near_the_same_passage() -> None:
    found = clusters(
        [
            one(1, "a", "block", "troll"),
            one(2, "a", "block", "person", "troll"),
            one(3, "b", "block", "troll"),
            one(4, "b", "cost", "ad"),
            one(5, "a", "troll", "threat", "police"),
            one(6, "b", "cost", "film"),
        ]
    )
    assert [[row.id for row in cluster.questions] for cluster in found] == [
        ["3", "2", "1"],
        ["6", "4"],
        ["5"],
    ]


def test_pages_of_clusters_hold_each_once() -> None:
    found = clusters([one(n, str(n), str(n)) for n in range(13)])
    shown = [page_of(found, number, 6) for number in (1, 2, 3)]
    assert [len(page[0]) for page in shown] == [6, 6, 1]
    assert {row.questions[0].id for page in shown for row in page[0]} == {str(n) for n in range(13)}
    assert page_of(found, 9, 6)[1:] == (3, 3)
    assert page_of((), 1, 6) == ((), 1, 1)


def test_pages_to_read_on_are_those_of_the_passage_and_of_what_it_stands_in() -> None:
    names = ("ansvar", "ansvar/5", "ansvar/5/a", "ansvar/50", "annat")
    topics = tuple(Topic(about=name, title=name, url="https://example.se") for name in names)
    organisation = replace(ORGANISATION, topics=topics)
    assert [row.about for row in organisation.topics_of("ansvar/5/a")] == ["ansvar/5/a", "ansvar/5", "ansvar"]
    assert organisation.topics_of("") == ()
