"""Documents for the archive: readable by everybody, the same every time, and nothing in them acts."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.documents import typesetting
from bot.documents.paper import Fact, Paper, Part
from bot.documents.typesetting import printable, typeset

PAPER = Paper(
    title="Beslut om ansökan",
    issuer="Kommunen",
    designation="AN-2026-0007",
    language="sv",
    at=datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
    facts=(Fact(label="Dag för beslutet", value="2026-11-25"),),
    parts=(Part(heading="Skäl", paragraphs=("Rad ett\nrad två",)),),
    marks="Händelse 17",
)


def words_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "")


def with_words(text: str) -> Paper:
    return replace(PAPER, parts=(Part(heading="Skäl", paragraphs=(text,)),))


async def test_the_pdf_is_tagged_archivable_and_says_its_language_and_title() -> None:
    reader = PdfReader(io.BytesIO(await typeset(PAPER)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Beslut om ansökan AN-2026-0007"
    about = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in about
    assert "pdfaid:part>2<" in about
    assert "pdfaid:conformance>A<" in about


async def test_the_same_paper_gives_the_same_bytes() -> None:
    assert await typeset(PAPER) == await typeset(PAPER)


async def test_everything_that_the_paper_says_stands_in_it() -> None:
    words = words_of(await typeset(PAPER))
    for said in (
        "Beslut om ansökan",
        "Kommunen",
        "AN-2026-0007",
        "2026-11-25",
        "Rad ett",
        "rad två",
        "Händelse 17",
    ):
        assert said in words


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "#strong[x] *y* _z_ $a$ <at>b</at> @c",
        "= Rubrik",
        "// kommentar",
        "\\u{41} `kod`",
        "- punkt",
    ],
)
async def test_markup_in_a_text_is_text(text: str) -> None:
    assert text in words_of(await typeset(with_words(text)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202eabc", "[U+202E RIGHT-TO-LEFT OVERRIDE]abc"),
        ("a\x00b", "a[U+0000]b"),
        ("日", "[U+65E5]"),
        ("👍", "[U+1F44D THUMBS UP SIGN]"),
        ("مرحبا", "مرحبا"),
        ("Привет ζωή ÅÄÖ", "Привет ζωή ÅÄÖ"),
        ("a\ud800b", "a[U+D800]b"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_what_paper_cannot_show_is_named(text: str, shown: str) -> None:
    assert printable(text) == shown


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
async def test_any_text_can_be_set(text: str) -> None:
    assert (await typeset(with_words(text))).startswith(b"%PDF-")


async def test_a_very_long_text_runs_over_pages_whole() -> None:
    pdf = await typeset(with_words("ord " * 20_000))
    assert words_of(pdf).count("ord") >= 20_000
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 10


def test_the_list_of_characters_is_that_of_the_fonts() -> None:
    fonts = Path(typesetting.__file__).parent / "fonts"
    have = [set(TTFont(fonts / name).getBestCmap()) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    assert typesetting._covered() == have[0] & have[1]
