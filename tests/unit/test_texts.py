"""The catalogues: both complete, the same placeholders in both, and no id that is missing or left over."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from bot.domain import administrations, duties, questions, requests
from bot.domain.cases import (
    ApplicationState,
    DecisionKind,
    DecisionState,
    ForwardPurpose,
    PoliceReport,
    Reason,
    RegistrationCause,
)
from bot.domain.duty_views import DutyScope, DutyState
from bot.domain.organisation import Platform, Role
from bot.domain.overview_views import Age
from bot.domain.pictures import PictureProblem
from bot.domain.posts import FlagSource, PostKind
from bot.domain.request_views import EndOfRole
from bot.measuring import Helped
from bot.policy.askings import Missing
from bot.policy.deciding import Outcome
from cards.case_card import Banner
from cards.duty_card import DutyBanner
from cards.question_card import QuestionBanner
from cards.request_card import RequestBanner
from cards.texts import LANGUAGES, Texts, texts

ROOT = Path(__file__).parents[2]
NAMES = set(texts("sv"))
FAMILIES: Mapping[str, Iterable[str]] = {
    "platform": Platform,
    "role": Role,
    "banner": Banner,
    "refusal": Reason,
    "decision": DecisionKind,
    "case.title": PostKind,
    "case.decided": DecisionKind,
    "state": DecisionState,
    "purpose": ForwardPurpose,
    "police": PoliceReport,
    "flag.source": FlagSource,
    "flag.kind": PostKind,
    "list.kind": PostKind,
    "post.title": PostKind,
    "registration.cause": RegistrationCause,
    "answer": Outcome,
    "question.outcome": Outcome,
    "missing": Missing,
    "duty.title": duties.DutyKind,
    "duty.state": DutyState,
    "duties.list": DutyScope,
    "overview.age": Age,
    "button.duties": DutyScope,
    "duty.banner": DutyBanner,
    "duty.refusal": duties.Reason,
    "done.title": duties.DutyKind,
    "picture.problem": PictureProblem,
    "record.post": PostKind,
    "record.purpose": ForwardPurpose,
    "request.status": requests.RequestStatus,
    "request.refusal": requests.Reason,
    "request.fault": requests.Fault,
    "request.banner": RequestBanner,
    "request.opinion": requests.OpinionKind,
    "request.verdict": requests.Verdict,
    "request.opinion_flaw": requests.Flaw,
    "request.lapsed": requests.LapseCause,
    "request.part": requests.Part,
    "request.bar": requests.Bar,
    "request.called": [one for one in requests.CallCause if one is not requests.CallCause.HEAD],
    "request.former_admin": EndOfRole,
    "absence.refusal": administrations.Reason,
    "asked.title": questions.QuestionStatus,
    "asked.told": questions.QuestionStatus,
    "question.status": questions.QuestionStatus,
    "question.refusal": questions.Reason,
    "question.banner": QuestionBanner,
    "learned.status": [one for one in questions.LearnedStatus if one is not questions.LearnedStatus.REVOKED],
    "button.helped": Helped,
    "answer.helped": Helped,
}
"""Ids that are put together from a member of an enumeration: each member has its text."""


_IN_PAGES = re.compile(r"""\bt\("([a-z_.]+)\"""")


def strings() -> Iterator[str]:
    """Every string of the code that shows texts, f-strings as patterns with ``*`` for what is filled in."""
    for page in ROOT.glob("bot/pages/*.html"):
        yield from _IN_PAGES.findall(page.read_text(encoding="utf-8"))
    for file in [*ROOT.glob("cards/*.py"), *ROOT.glob("bot/**/*.py"), *ROOT.glob("app.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values
                )


def asked_for() -> Iterator[str]:
    """The literal ids that code asks a catalogue for; the command line, whose ``say`` prints, asks none."""
    for page in ROOT.glob("bot/pages/*.html"):
        yield from (one for one in _IN_PAGES.findall(page.read_text(encoding="utf-8")) if one[-1] != ".")
    files = [*ROOT.glob("cards/*.py"), *ROOT.glob("bot/**/*.py"), *ROOT.glob("app.py")]
    for file in [one for one in files if one.parent.name != "cli"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _is_texts(node.func):
                for one in ast.walk(node.args[0]):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield "" if _inside_f_string(node.args[0], one) else one.value


def _is_texts(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="t" | "say"):
            return True
        case ast.Attribute(value=ast.Name(id="t"), attr="count"):
            return True
        case ast.Attribute(attr="t"):
            return True
        case ast.Call(func=ast.Name(id="texts")):
            return True
        case _:
            return False


def _inside_f_string(expression: ast.expr, constant: ast.Constant) -> bool:
    return any(
        constant in ast.walk(one)
        for one in ast.walk(expression)
        if isinstance(one, ast.JoinedStr | ast.Compare)
    )


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_catalogues_hold_the_same_ids() -> None:
    assert set(texts("sv")) == set(texts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    t = texts(language)
    assert [name for name in t for form in t.forms(name) if not form.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_count_has_a_singular_and_a_plural(language: str) -> None:
    t = texts(language)
    counted = [name for name in t if len(t.forms(name)) > 1]
    assert counted
    assert all(len(t.forms(name)) == 2 for name in counted)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_both_languages_name_the_same_placeholders(name: str) -> None:
    sv, en = ({frozenset(placeholders(one)) for one in texts(lang).forms(name)} for lang in LANGUAGES)
    assert sv == en


def test_every_id_that_code_asks_for_exists() -> None:
    assert sorted({name for name in asked_for() if name and name not in NAMES}) == []


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_member_of_an_enumeration_has_its_text(family: str) -> None:
    members = set(FAMILIES[family])
    assert [one for one in members if f"{family}.{one}" not in NAMES] == []


def test_every_text_is_used() -> None:
    used = set(strings())
    patterns = [
        re.compile(re.escape(one).replace(r"\*", r"[a-z_]+(?:\.[a-z_]+)?"))
        for one in used
        if "*" in one and "." in one and len(one) < 40
    ]
    unused = [name for name in NAMES if name not in used and not any(one.fullmatch(name) for one in patterns)]
    assert unused == []


@pytest.mark.parametrize("kind", requests.KINDS.values(), ids=list(requests.KINDS))
def test_each_kind_of_request_and_each_of_its_fields_has_its_texts(kind: requests.Kind) -> None:
    errors = [f"{one.label}.error" for one in kind.fields]
    assert [one for one in (*kind.keys, *errors) if one not in NAMES] == []


def test_a_removal_under_way_has_a_badge_in_both_languages() -> None:
    shown = set(ApplicationState) - {ApplicationState.NONE}
    assert all(f"application.{one}.badge" in NAMES for one in shown)


@pytest.mark.parametrize(
    ("language", "told"), [("sv", "24 nov. 2026 kl. 14.05"), ("en", "24 Nov 2026 at 14:05")]
)
def test_times_are_those_of_stockholm(language: str, told: str) -> None:
    assert texts(language).time(datetime(2026, 11, 24, 13, 5, 59, tzinfo=UTC)) == told


@pytest.mark.parametrize(
    ("ago", "sv", "en"),
    [
        ({"seconds": 30}, "nyss", "just now"),
        ({"minutes": 1}, "för 1 minut sedan", "1 minute ago"),
        ({"minutes": 75}, "för 75 minuter sedan", "75 minutes ago"),
        ({"hours": 3, "minutes": 20}, "för 3 timmar sedan", "3 hours ago"),
        ({"hours": 30}, "för 30 timmar sedan", "30 hours ago"),
        ({"days": 3}, "för 3 dagar sedan", "3 days ago"),
        ({"days": -1}, "nyss", "just now"),
    ],
)
def test_ages_are_told_as_people_tell_them(ago: dict[str, int], sv: str, en: str) -> None:
    now = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
    assert texts("sv").age(now - timedelta(**ago), now) == sv
    assert texts("en").age(now - timedelta(**ago), now) == en


@pytest.mark.parametrize(("number", "told"), [(1, "1 ärende att"), (2, "2 ärenden att"), (0, "0 ärenden")])
def test_counts_take_the_form_that_fits(number: int, told: str) -> None:
    assert texts("sv").count("list.queue.count", number).startswith(told)


def test_a_language_that_we_do_not_speak_gets_swedish() -> None:
    assert texts("fi").language == "sv"


def test_an_unknown_id_is_a_bug() -> None:
    with pytest.raises(KeyError):
        texts("sv")("no.such.text")


def test_the_catalogue_is_read_once() -> None:
    assert isinstance(texts("sv"), Texts)
    assert texts("sv") is texts("sv")
