"""The README is held to what the program really has."""

import re

from bot import app_package
from bot.cli.parser import parser
from bot.commands import WORDS
from bot.domain.cases import DecisionKind
from bot.playground import PLAYERS, ROOT
from bot.settings import NAMES

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_has_its_line() -> None:
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    assert not [name for name in NAMES if f"`{name}`" not in table]
    assert not [name for name in app_package.SETTINGS if f"`{name}`" not in table]


def test_every_command_of_the_program_is_shown() -> None:
    actions = [one for one in parser()._actions if one.dest == "command"]
    assert actions
    for command in actions[0].choices or ():
        assert f"app.py {command}" in README or command == "serve", command


def test_every_make_target_that_is_named_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z]+)\b(?!s the|s )", README))
    assert named >= {"run", "test", "check", "bench", "screenshots", "lock"}
    assert not [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)]


def test_every_person_and_chat_command_is_named() -> None:
    assert not [name for name in PLAYERS if name not in README]
    for words in WORDS.values():
        assert not [word for word in words.values() if word not in README]


def test_the_table_of_decisions_is_whole() -> None:
    assert not [kind for kind in DecisionKind if f"`{kind}`" not in README]


def there() -> set[str]:
    """Names of test modules, and of tests in them."""
    names = set[str]()
    for path in (ROOT / "tests").rglob("test_*.py"):
        names |= {path.stem, *re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))}
    return names


def test_every_fault_names_tests_that_are_there() -> None:
    table = README.partition("| What happens | What holds | Held by |")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    assert len(rows) > 7
    assert not [row for row in rows if "`test_" not in row.rpartition(" | ")[2]]
    assert not set(re.findall(r"`(test_\w+)`", table)) - there()


def test_every_threat_names_tests_that_are_there() -> None:
    table = README.partition("## Threat model")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "Shown by" not in line]
    assert len(rows) > 10
    assert not [row for row in rows if "`test_" not in row.rpartition(" | ")[2]]
    assert not set(re.findall(r"`(test_\w+)`", table)) - there()


def test_its_pictures_and_files_are_there() -> None:
    named = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README) + re.findall(
        r"`((?:bot|tests|appPackage)/[\w./]+)`", README
    )
    assert len(named) > 5
    assert not [path for path in named if not (ROOT / path).exists()]
