"""Names of people whom the bot has never heard of, as people write them, stay here when a model is asked.

The names are drawn from a kept package's lists of common ones, so that nobody is made up in this file.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from faker.providers.person.sv_SE import Provider

from bot.policy.answering import load_policy
from bot.policy.leads import load_leads
from bot.policy.normalise import plain
from tests.fakes.azure_openai import none
from tests.scenario.test_grounded_model import UNSURE, Stage, a_stage

MATTER = load_leads(load_policy().guideline.text, ()).common
GIVEN, FAMILY = (
    [
        name
        for name in sorted(names)
        if len(name) > 3 and name.isalpha() and plain(name.casefold()) not in MATTER
    ]
    for names in (Provider.first_names, Provider.last_names)
)
PEOPLE = list(zip(GIVEN[::97], FAMILY[::37], strict=False))
SHAPES: dict[str, Callable[[str, str], str]] = {
    "as names are written": lambda given, family: f"{given} {family}",
    "in small letters": lambda given, family: f"{given} {family}".lower(),
    "in capitals": lambda given, family: f"{given} {family}".upper(),
    "on two lines": lambda given, family: f"{given}\n{family}",
    "with a particle": lambda given, family: f"{given} af {family}",
    "with an initial": lambda given, family: f"{given} E. {family}",
    "turned round": lambda given, family: f"{family}, {given}",
    "as of something": lambda given, family: f"{given} {family}s",
    "as an account": lambda given, family: f"{given}{family}72".lower(),
    "as an account with a mark": lambda given, family: f"{given}_{family}".lower(),
    "as an account with a dot": lambda given, family: f"{given}.{family}".lower(),
    "without diacritics": lambda given, family: plain(f"{given} {family}".lower()),
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path) as one:
        one.model.says = none
        yield one


@pytest.mark.parametrize("written", SHAPES.values(), ids=SHAPES)
async def test_a_common_name_stays_here_however_it_is_written(
    stage: Stage, written: Callable[[str, str], str]
) -> None:
    for given, family in PEOPLE:
        await stage.asks(f"{UNSURE} får vi blockera {written(given, family)}, som skriver elakt")
    assert len(stage.model.calls) == len(PEOPLE) > 5
    for (given, family), call in zip(PEOPLE, stage.model.calls, strict=True):
        told = plain(call.data["question"].casefold())
        assert plain(given.casefold()) not in told, told
        assert plain(family.casefold()) not in told, told
        assert "instagram" in told
        assert "elakt" in told


async def test_a_common_given_name_alone_stays_here(stage: Stage) -> None:
    for given, _ in PEOPLE:
        await stage.asks(f"{UNSURE} {given.lower()} skriver elakt")
    for (given, _), call in zip(PEOPLE, stage.model.calls, strict=True):
        assert call.data["question"].endswith("[namn] skriver elakt"), given


async def test_a_word_of_the_matter_beside_a_given_name_is_a_name(stage: Stage) -> None:
    given = GIVEN[0]
    await stage.asks(f"{UNSURE} får vi blockera {given} Kommentar där?")
    assert stage.model.calls[-1].data["question"].endswith("får vi blockera [namn] där?")


async def test_what_is_no_name_goes_out_as_it_was_written(stage: Stage) -> None:
    question = "och på instagram? får vi dela kommentarer från Facebook, YouTube och TikTok i juni 2026"
    await stage.asks(question)
    assert stage.model.calls[-1].data["question"] == question
