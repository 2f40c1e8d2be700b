"""A model's sentence binds as the guideline does: what must be so is not softened, hardened, hedged or turned into another rule."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.azure_openai import choosing, choosing_words
from tests.scenario.test_answers import REGISTERED
from tests.scenario.test_grounded_model import GENERATED, QUOTE, Stage, a_stage

OTHERS = "Övriga inlägg och kommentarer behöver"
QUICKLY = "bör ske snabbt"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path) as one:
        yield one


@pytest.mark.parametrize(
    "lead",
    [
        "Raderat material bör diarieföras med motivering.",
        "Raderat material kan diarieföras med motivering.",
        "Raderat material ska kanske diarieföras med motivering.",
        "Raderat material ska ibland diarieföras.",
        "Raderat material ska helst diarieföras.",
        "Raderat material ska egentligen diarieföras.",
        "Raderat material ska diarieföras om du vill.",
        "Raderat material ska diarieföras ifall det finns motivering.",
        "Raderat material ska diarieföras utan motivering.",
        "Du bör ta bort material utan motivering.",
        "Diarieföras ska den du vill ha bort.",
        "Material ska raderas med motivering till varför inlägget ska diarieföras.",
        "Material med motivering ska raderas.",
        "Publicerat material ska diarieföras med motivering.",
    ],
)
async def test_a_lead_that_changes_what_must_be_done_is_not_shown(stage: Stage, lead: str) -> None:
    stage.model.says = choosing("p1", lead=lead)
    _, told = await stage.asks(REGISTERED)
    assert lead.removesuffix(".") not in told
    assert QUOTE in told
    assert GENERATED not in told
    assert await stage.replies("bad_lead") == 1


@pytest.mark.parametrize(
    ("question", "passage", "lead"),
    [
        (
            "Behöver vanliga kommentarer diarieföras?",
            OTHERS,
            "Övriga inlägg och kommentarer ska inte diarieföras.",
        ),
        (
            "Behöver vanliga kommentarer diarieföras?",
            OTHERS,
            "Övriga inlägg och kommentarer får inte diarieföras.",
        ),
        ("Ska svar ske snabbt?", QUICKLY, "Svar på inlägg och kommentarer måste ske snabbt."),
        ("Ska svar ske snabbt?", QUICKLY, "Svar på inlägg och kommentarer ska ske snabbt."),
        ("Ska svar ske snabbt?", QUICKLY, "Svar på inlägg och kommentarer behöver ske snabbt."),
        ("Ska svar ske snabbt?", QUICKLY, "Svar på inlägg och kommentarer sker snabbt."),
    ],
)
async def test_what_need_not_or_should_be_is_made_no_must(
    stage: Stage, question: str, passage: str, lead: str
) -> None:
    stage.model.says = choosing_words(passage, lead=lead)
    _, told = await stage.asks(question)
    assert len(stage.model.calls) == 1
    assert lead.removesuffix(".") not in told


@pytest.mark.parametrize(
    ("question", "passage", "lead"),
    [
        (
            "Behöver vanliga kommentarer diarieföras?",
            OTHERS,
            "Övriga inlägg och kommentarer behöver inte diarieföras.",
        ),
        (
            "Behöver vanliga kommentarer diarieföras?",
            OTHERS,
            "Riktlinjen säger att övriga inlägg inte behöver diarieföras.",
        ),
        (REGISTERED, QUOTE, "Raderat material måste diarieföras med motivering."),
    ],
)
async def test_a_lead_that_binds_alike_is_shown_above_the_quote(
    stage: Stage, question: str, passage: str, lead: str
) -> None:
    stage.model.says = choosing_words(passage, lead=lead)
    _, told = await stage.asks(question)
    assert lead.removesuffix(".") in told
