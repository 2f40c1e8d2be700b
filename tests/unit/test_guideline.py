"""The parser: every quote is a slice, every id is stable, and a broken file is refused with all its faults."""

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.guideline import Guideline, GuidelineError, decode, parse
from bot.policy.passages import LONGEST_QUOTE, clauses_of
from bot.policy.shipped import DEFAULT_GUIDELINE, load_guideline
from bot.policy.slugs import slug

MARKED = """# Riktlinje

Inledande text. Den gäller alla.

## Ansvar & roller

1. Chefen beslutar
   och ansvarar för uppföljning.
2. Administratören granskar:
   - hot
   - hat

1. Numreringen börjar om.

## Ansvar & roller

- första
- andra
"""


@pytest.fixture(scope="module")
def seed() -> Guideline:
    return load_guideline()


def words(guideline: Guideline, passage_id: str) -> str:
    passage = guideline.passage(passage_id)
    assert passage is not None, passage_id
    return guideline.words(passage)


def test_the_version_is_the_digest_of_the_text(seed: Guideline) -> None:
    assert seed.version == hashlib.sha256(DEFAULT_GUIDELINE.read_bytes()).hexdigest()
    assert seed.name == "Riktlinjer för närvaro i sociala medier"


@pytest.mark.parametrize(
    ("passage", "starts"),
    [
        ("riktlinjer-for-narvaro-i-sociala-medier/p1", "Haninge kommun närvarar"),
        ("definition-av-sociala-medier/p2", "Exempel på sociala medier"),
        ("overgripande-riktlinjer/p3", "Politiska frågor"),
        ("forvaltningschefens-ansvar/6", "Förvaltningschef svarar för utvärdering"),
        ("administratorens-ansvar/p1", "Det är viktigt"),
        ("administratorens-ansvar/2", "Inlägg och kommentarer som är synliga"),
        ("administratorens-ansvar/5", "Se till att allmänna regler"),
        ("administratorens-ansvar/5/a", "Avpublicerat och raderat"),
        ("administratorens-ansvar/5/b", "Övriga inlägg"),
        ("administratorens-ansvar/5/c", "Meddelanden (som endast"),
        ("administratorens-ansvar/7", "Se till att sekretessbelagda"),
        ("om-dokumentet/p1", "Dessa riktlinjer"),
    ],
)
def test_the_seed_text_has_its_passages_under_stable_ids(seed: Guideline, passage: str, starts: str) -> None:
    assert words(seed, passage).startswith(starts)


def test_the_seed_text_has_29_passages_and_a_section_without_any(seed: Guideline) -> None:
    assert len([*seed.passages()]) == 29
    assert [one.id for one in seed.sections if not one.passages] == ["ansvarsfordelning"]


def test_fused_sentences_are_told_apart(seed: Guideline) -> None:
    quotes = [seed.text[one.start : one.end] for one in clauses_of(seed)]
    assert "Ett kort svar och länk till haninge.se för mer information är att rekommendera" in quotes
    assert any(quote.startswith("Frågor och synpunkter som leder till") for quote in quotes)


def test_a_sentence_that_points_back_stays_with_what_it_points_at(seed: Guideline) -> None:
    quotes = [seed.text[one.start : one.end] for one in clauses_of(seed)]
    assert (
        "Övriga inlägg och kommentarer behöver *inte* diarieföras. De kan därför gallras fortlöpande."
        in quotes
    )


def test_marked_headings_lists_and_repeated_numbers_are_read() -> None:
    guideline = parse(MARKED, source="marked")
    assert [one.id for one in guideline.passages()] == [
        "riktlinje/p1",
        "ansvar-roller/1",
        "ansvar-roller/2",
        "ansvar-roller/2/a",
        "ansvar-roller/2/b",
        "ansvar-roller/1-2",
        "ansvar-roller-2/a",
        "ansvar-roller-2/b",
    ]
    assert words(guideline, "ansvar-roller/1") == "Chefen beslutar\n   och ansvarar för uppföljning."


def test_windows_line_endings_change_no_id_and_keep_offsets_exact() -> None:
    guideline = parse(MARKED.replace("\n", "\r\n"), source="crlf")
    assert [one.id for one in guideline.passages()] == [
        one.id for one in parse(MARKED, source="lf").passages()
    ]
    assert words(guideline, "ansvar-roller/2/b") == "hat"


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"", 0, "empty"),
        (b" \n\n ", 0, "empty"),
        (b"# A\n\nb\xff\n\nc\n", 3, "UTF-8"),
        (b"# A\n\nb\x00c\n", 3, "U+0000"),
        (b"bara en rad text som slutar med punkt.\n", 1, "no headings"),
        (b"# A\n\n## B\n", 1, "no passages"),
        (b"___\n\n***\n", 0, "no headings"),
    ],
)
def test_a_broken_guideline_is_refused_with_its_line(data: bytes, line: int, says: str) -> None:
    with pytest.raises(GuidelineError) as refused:
        parse(decode(data, source="broken"), source="broken")
    assert [one.line for one in refused.value.problems if says in one.text] == [line]


def test_all_faults_of_a_file_are_told_at_once() -> None:
    with pytest.raises(GuidelineError) as refused:
        decode(b"a\xff\nb\n\xfe\n", source="broken")
    assert [one.line for one in refused.value.problems] == [1, 3]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("Aåb .:,?#-*1)\n\t_!"), max_size=400))
def test_every_clause_of_any_text_is_a_short_exact_slice(text: str) -> None:
    try:
        guideline = parse(text, source="any")
    except GuidelineError:
        return
    ids = [one.id for one in guideline.passages()]
    assert len(ids) == len(set(ids))
    for clause in clauses_of(guideline):
        quote = text[clause.start : clause.end]
        assert 0 < len(quote) <= LONGEST_QUOTE
        assert quote == quote.strip()
        assert clause.passage.start <= clause.start < clause.end <= clause.passage.end


def test_a_very_long_sentence_is_cut_into_quotes() -> None:
    guideline = parse("# A\n\n" + "ord " * 500, source="long")
    assert max(one.end - one.start for one in clauses_of(guideline)) <= LONGEST_QUOTE


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Administratörens ansvar", "administratorens-ansvar"), ("Åäö É", "aao-e"), ("!!", "avsnitt")],
)
def test_slugs_are_plain(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_the_guideline_ships_with_the_package() -> None:
    assert DEFAULT_GUIDELINE.is_relative_to(Path(__file__).parents[2] / "bot")


@pytest.mark.parametrize(
    ("broken", "read"),
    [
        ("a\n\n\f\nb", "a\n\n\nb"),
        ("a\n\fb", "a\nb"),
        ("a\r\n\fb", "a\r\nb"),
        ("a\fb", "a\nb"),
        ("a\f\nb", "a\nb"),
        ("a\n\f\fb\f", "a\nb\n"),
    ],
)
def test_a_page_break_ends_a_line_and_is_left_out(broken: str, read: str) -> None:
    assert decode(broken.encode(), source="x") == read


@pytest.mark.parametrize(
    ("data", "first"),
    [
        ("# Rubrik\n\nÄr så.\n".encode("utf-16") * 500, 1),
        (b"# A\n\n" + b"b\xff\n" * 500, 3),
        (b"# A\n\n" + b"b\x00\n" * 500, 3),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_a_few_lines(data: bytes, first: int) -> None:
    with pytest.raises(GuidelineError) as refused:
        parse(decode(data, source="binary"), source="binary")
    told = refused.value.problems
    assert (len(told), told[0].line, told[-1].line) == (11, first, 0)
    assert re.fullmatch(r"and \d{3,4} more like these", told[-1].text)


def test_the_count_of_what_is_not_told_is_right() -> None:
    with pytest.raises(GuidelineError) as refused:
        decode(b"\xff\n" * 25, source="broken")
    assert str(refused.value).endswith("broken:0: and 15 more like these")


@pytest.mark.parametrize(
    ("returns", "read"),
    [("a\r\rb\rc", "a\n\nb\nc"), ("a\r\nb", "a\r\nb"), ("a\r\r\nb", "a\r\r\nb"), ("a\r\fb", "a\nb")],
)
def test_a_return_alone_ends_a_line(returns: str, read: str) -> None:
    assert decode(returns.encode(), source="x") == read


def test_a_file_with_returns_alone_is_read_as_any_other() -> None:
    read = parse(decode(MARKED.replace("\n", "\r").encode(), source="cr"), source="cr")
    assert read.sections == parse(MARKED, source="lf").sections
