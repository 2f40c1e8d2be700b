"""Days as people write them in chat, and the command that takes one."""

from datetime import date

import pytest

from bot.commands import Command, Typed, read_command
from bot.days import read_day

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("12 januari", date(2027, 1, 12)),
        ("den 12 jan", date(2027, 1, 12)),
        ("25 november", TODAY),
        ("24 nov", date(2027, 11, 24)),
        ("3 maj 2027", date(2027, 5, 3)),
        ("12/1", date(2027, 1, 12)),
        ("12/1 2028", date(2028, 1, 12)),
        ("2027-01-12", date(2027, 1, 12)),
        ("january 12th, 2027", date(2027, 1, 12)),
        ("1st of january", None),
        ("31 februari", None),
        ("29 februari 2028", date(2028, 2, 29)),
        ("12 ja", None),
        ("pask", None),
        ("", None),
        ("0000-00-00", None),
    ],
)
def test_a_day_is_read_as_it_is_written(said: str, day: date | None) -> None:
    assert read_day(said, TODAY) == day


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Frånvarande till 12 januari", Typed(command=Command.ABSENT, argument="12 januari")),
        ("frånvarande till och med 12 januari.", Typed(command=Command.ABSENT, argument="12 januari")),
        ("absent until January 12", Typed(command=Command.ABSENT, argument="january 12")),
        ("visa an-2026-7", Typed(command=Command.SHOW, argument="AN-2026-0007")),
        ("AN 2026 0007", Typed(command=Command.SHOW, argument="AN-2026-0007")),
        ("Ansökningar 2", Typed(command=Command.REQUESTS, argument="2")),
        ("mina ansökningar", Typed(command=Command.MY_REQUESTS)),
        ("working hours", Typed(command=Command.RULES)),
        ("får man vara frånvarande till 12 januari", None),
        ("hur ansöker man", None),
    ],
)
def test_a_command_is_the_whole_message(said: str, typed: Typed | None) -> None:
    assert read_command(said) == typed
