"""Policy answers: the right clause in Swedish and English, honest silence, and no text that breaks it."""

import statistics
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.answering import Policy, load_policy, policy_of
from bot.policy.askings import Missing
from bot.policy.bank import BankError, answered_by, load_bank
from bot.policy.classifier import load_classifier
from bot.policy.deciding import Outcome
from bot.policy.glosses import load_glosses
from bot.policy.guideline import GuidelineError, parse
from bot.policy.passages import LONGEST_QUOTE, clauses_of


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Vem beslutar om vi får öppna ett konto på TikTok?", "overgripande-riktlinjer/p5"),
        ("ska raderade inlägg diarieföras", "administratorens-ansvar/5/a"),
        ("behöver vanliga kommentarer diarieföras?", "administratorens-ansvar/5/b"),
        ("nån svär i komentarsfältet på fb", "administratorens-ansvar/2"),
        ("hur ofta ska man ta skarmdump", "administratorens-ansvar/6"),
        ("får man publicera sekretesbelagda uppgifter?", "administratorens-ansvar/7"),
        ("vart hänvisar vi politiska diskussioner", "overgripande-riktlinjer/p3"),
        ("Who approves a new page?", "overgripande-riktlinjer/p5"),
        ("Must deleted comments be registered?", "administratorens-ansvar/5/a"),
        ("how fast should we answer comments", "administratorens-ansvar/4"),
    ],
)
def test_a_question_gets_its_clause(policy: Policy, question: str, passage: str) -> None:
    answer = policy.ask(question, "sv")
    assert answer.quotes[0].passage == passage
    assert answer.outcome is Outcome.ANSWER


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Hur länge ska skärmdumpar sparas?", Missing.DURATION),
        ("inom hur många dagar ska raderat material diarieföras", Missing.DEADLINE),
        ("hur ofta ska närvaron utvärderas", Missing.FREQUENCY),
        ("hur många administratörer måste vi ha", Missing.NUMBER),
        ("vad kostar en annons på facebook", Missing.COST),
        ("vilket telefonnummer har kommunikationsenheten", Missing.CONTACT),
        ("vilket system diarieför vi raderade inlägg i", Missing.TOOL),
        ("när antogs riktlinjerna", Missing.DATE),
        ("how long must removed posts be kept", Missing.DURATION),
    ],
)
def test_what_the_guideline_does_not_state_is_said_to_be_missing(
    policy: Policy, question: str, missing: Missing
) -> None:
    answer = policy.ask(question, "sv")
    assert answer.outcome is Outcome.NOT_IN_GUIDELINE
    assert answer.missing is missing
    assert answer.quotes


@pytest.mark.parametrize(
    "question",
    [
        "hur bokar jag ett mötesrum",
        "vad är lösenordet till wifi",
        "what's for lunch",
        "asdf qwer",
        "",
        "?!",
        "vad är det",
    ],
)
def test_what_the_guideline_does_not_touch_is_not_answered(policy: Policy, question: str) -> None:
    assert policy.ask(question, "sv").outcome is Outcome.NOT_IN_GUIDELINE


def test_the_questions_own_language_is_told_from_its_words(policy: Policy) -> None:
    assert policy.ask("Who appoints the administrators?", "sv").language == "en"
    assert policy.ask("Vem utser administratörer?", "en").language == "sv"
    assert policy.ask("TikTok", "en").language == "en"


def test_every_quote_is_a_short_slice_of_the_guideline(policy: Policy) -> None:
    for phrasing in load_bank()[::9]:
        answer = policy.ask(phrasing.question, phrasing.language)
        assert len(answer.quotes) <= 3
        assert all(0 < len(one.text) <= LONGEST_QUOTE for one in answer.quotes)
        assert all(one.text in policy.guideline.text for one in answer.quotes)
        assert answer.version == policy.guideline.version


def test_an_answer_is_the_same_every_time(policy: Policy) -> None:
    asked = "vem får administrera kontot"
    assert policy.ask(asked, "sv") == load_policy().ask(asked, "sv")


def test_passages_can_be_shown_by_id(policy: Policy) -> None:
    quote = policy.quote("administratorens-ansvar/3")
    assert quote is not None
    assert quote.section == "Administratörens ansvar"
    assert policy.gloss("administratorens-ansvar/3") == quote.gloss
    assert policy.quote("no/such") is None
    assert policy.gloss("no/such") is None


def test_every_clause_of_the_shipped_guideline_has_a_gloss(policy: Policy) -> None:
    glosses = load_glosses(policy.guideline)
    for clause in clauses_of(policy.guideline):
        assert any(clause.start <= gloss.start < clause.end for gloss in glosses), clause.passage.id


def test_every_line_of_the_bank_speaks_of_a_clause_of_the_shipped_guideline(policy: Policy) -> None:
    clauses = clauses_of(policy.guideline)
    lost = [one for one in load_bank() if one.passage and answered_by(one, clauses, policy.guideline) is None]
    assert not lost


def test_a_bank_with_faults_names_every_bad_line(tmp_path: Path) -> None:
    bank = tmp_path / "bank.jsonl"
    bank.write_text('{"question": "a", "lang": "sv", "passage": null}\n{\n\n[]\n', encoding="utf-8")
    with pytest.raises(BankError, match=r"(?s)bank.jsonl:2.*bank.jsonl:4"):
        load_bank(bank)


@pytest.mark.parametrize(
    "question",
    [
        "å" * 200_000,
        "ska vi radera " * 20_000,
        "\x00\x1b[2J\u202e\u200b",
        "\ud800 radera \udfff",
        "🔥" * 5_000,
        "a-" * 600,
        ".'" * 700,
        "skärmdumpskommentarsfältskonto" * 50,
        " ".join(f"x{number}" for number in range(400)),
    ],
)
def test_hostile_text_is_answered_in_bounded_time(policy: Policy, question: str) -> None:
    started = time.perf_counter()
    answer = policy.ask(question, "xx")
    assert time.perf_counter() - started < 0.5
    assert 0 <= answer.confidence <= 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300), st.text(max_size=5))
def test_no_text_makes_it_raise(text: str, language: str) -> None:
    _SHARED.ask(text, language)


_SHARED = load_policy()


def test_an_answer_takes_less_than_a_millisecond(policy: Policy) -> None:
    questions = [one.question for one in load_bank()][::19]
    times = []
    for question in questions:
        started = time.perf_counter()
        policy.ask(question, "sv")
        times.append(time.perf_counter() - started)
    assert statistics.median(times) < 0.002  # the goal is 1 ms; twice that on a machine that others use too


OTHER = """# Riktlinjer för foton

## Publicering av bilder

1. Samtycke ska alltid inhämtas skriftligt innan bilder på barn publiceras.
2. Bilder sparas i bildbanken i högst 2 år.

## Hashtaggar

Använd alltid hashtaggen för kommunen i inlägg.
"""


def test_another_guideline_is_answered_from_its_own_words() -> None:
    other = policy_of(parse(OTHER, source="other"))
    assert (
        other.ask("behöver vi samtycke för bilder på barn", "sv").quotes[0].passage
        == "publicering-av-bilder/1"
    )
    assert other.ask("vilka hashtaggar ska vi använda", "sv").quotes[0].passage == "hashtaggar/p1"
    assert other.gloss("hashtaggar/p1") is None
    assert other.ask("vilka hashtaggar ska vi använda", "sv").outcome is not Outcome.NOT_IN_GUIDELINE
    assert other.ask("hur länge sparas bilder i bildbanken", "sv").missing is None
    assert other.ask("vem utser administratören", "sv").outcome is Outcome.NOT_IN_GUIDELINE


def test_a_broken_guideline_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    broken = tmp_path / "tom.md"
    broken.write_bytes(b"")
    with pytest.raises(GuidelineError, match=r"tom\.md"):
        load_policy(broken)


def edited(policy: Policy, *changes: tuple[str, str]) -> Policy:
    text = policy.guideline.text
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return policy_of(parse(text, source="edited"), load_classifier())


def test_an_edit_leaves_the_other_clauses_as_they_were(policy: Policy) -> None:
    """A clause is changed, one is put before the others, one is gone: the rest is answered as before."""
    changed = edited(
        policy,
        ("en gång per år eller vid stora förändringar", "två gånger per år"),
        ("Varje kanal har egna juridiska villkor.", "Alla bilder ska ha en bildtext."),
        (
            "1. Förvaltningschef beslutar om förvaltningens",
            "Beslut fattas skriftligt.\n\n1. Förvaltningschef beslutar om förvaltningens",
        ),
    )
    for question in (
        "ska raderade inlägg diarieföras",
        "vart hänvisar vi politiska diskussioner",
        "Who approves a new page?",
    ):
        before, after = policy.ask(question, "sv"), changed.ask(question, "sv")
        assert after.outcome is before.outcome is Outcome.ANSWER
        assert after.quotes[0].text == before.quotes[0].text


@pytest.mark.parametrize(
    "question",
    [
        "vem bestämmer om vi får starta tiktok",
        "vi på förskolan vill skaffa en facebooksida, hur gör vi?",
        "måste vi prata med kommunikationsenheten innan vi drar igång ett konto",
    ],
)
def test_what_the_guideline_says_twice_stays_so_where_a_new_paragraph_moves_its_numbers(
    policy: Policy, question: str
) -> None:
    moved = "Om någon av kommunens verksamheter har önskemål"
    changed = edited(policy, (moved, f"Kommunens kanaler ska vara tillgängliga för alla.\n\n{moved}"))
    before, after = policy.ask(question, "sv"), changed.ask(question, "sv")
    assert before.outcome is after.outcome is Outcome.ANSWER
    assert before.quotes[0].text == after.quotes[0].text
    assert before.confidence == pytest.approx(after.confidence)


def test_what_an_edit_changed_is_answered_by_its_new_words(policy: Policy) -> None:
    changed = edited(
        policy,
        ("en gång per år eller vid stora förändringar", "två gånger per år"),
        (
            "Varje kanal har egna juridiska villkor.",
            "Alla bilder i en kanal ska ha en bildtext för den som inte ser.",
        ),
    )
    assert "två gånger per år" in changed.ask("hur ofta ska man ta skärmdump på sidan", "sv").quotes[0].text
    assert "bildtext" in changed.ask("ska alla bilder ha en bildtext", "sv").quotes[0].text


def test_a_clause_that_is_gone_is_not_answered_by_another(policy: Policy) -> None:
    changed = edited(
        policy, ("\n7. Se till att sekretessbelagda uppgifter *inte* publiceras på sociala medier", "")
    )
    answer = changed.ask("får man publicera sekretessbelagda uppgifter?", "sv")
    assert answer.outcome is not Outcome.ANSWER


def test_a_new_clause_on_something_else_is_no_answer_in_the_place_of_one_that_is_gone(policy: Policy) -> None:
    gone = policy.guideline.passage("riktlinjer-for-narvaro-i-sociala-medier/p1")
    assert gone is not None
    changed = edited(
        policy, (policy.guideline.words(gone), "Bilder på lekplatser tas av parkenheten varje vår.")
    )
    for question in (
        "Varför håller kommunen på med sociala medier över huvud taget?",
        "va e syftet me att kommunen har facebook",
        "Can social media help us recruit?",
    ):
        answer = changed.ask(question, "sv")
        assert answer.outcome is not Outcome.ANSWER, (question, answer.quotes[0])


def test_new_clauses_do_not_draw_the_questions_that_nothing_answers(policy: Policy) -> None:
    changed = edited(
        policy,
        ("Varje kanal har egna juridiska villkor.", "Varje plattform har egna villkor."),
        ("bör ske snabbt", "bör ske inom ett dygn"),
    )
    silent = [one for one in load_bank() if one.passage is None][::25]
    answered = [one for one in silent if changed.ask(one.question, one.language).outcome is Outcome.ANSWER]
    assert len(answered) <= len(silent) * 0.05


def test_with_most_clauses_gone_it_is_another_guideline() -> None:
    with_classifier = policy_of(parse(OTHER, source="other"), load_classifier())
    without = policy_of(parse(OTHER, source="other"))
    asked = "vilka hashtaggar ska vi använda"
    assert with_classifier.ask(asked, "sv") == without.ask(asked, "sv")
