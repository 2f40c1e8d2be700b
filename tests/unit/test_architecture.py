"""Which part may import which: read from the code itself, so that the layout stays what it is."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SDK = {"botbuilder", "botframework", "msrest", "msal"}
OURS = {"bot", "cards", "storage", "app", "tests"}

MAY_IMPORT: dict[str, set[str]] = {
    "bot/domain": {"bot.domain"},
    "bot/policy": {"bot.policy", "bot.domain"},
    "bot/web": {"bot.web", "bot.domain", "bot.cases.flags", "storage.store"},
    "cards": {"cards", "bot.domain", "bot.policy", "bot.turns", "bot.commands"},
    "storage": {"storage"},
}
"""Folder -> the modules of ours that it may know; folders that are not named may know all but the SDK."""


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{one.name}" for one in node.names)


def top(name: str) -> str:
    return name.partition(".")[0]


@pytest.mark.parametrize(("folder", "allowed"), MAY_IMPORT.items(), ids=MAY_IMPORT.keys())
def test_imports_point_towards_the_domain(folder: str, allowed: set[str]) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(folder)
        for name in imported(path)
        if top(name) in OURS and not any(f"{name}.".startswith(f"{one}.") for one in allowed)
        if name not in {top(one) for one in allowed}  # "from bot import turns" names the package first
    ]
    assert not wrong


def test_the_sdk_is_known_in_one_place() -> None:
    everywhere = [ROOT / "app.py", *modules("bot"), *modules("cards"), *modules("storage")]
    outside = [path for path in everywhere if ROOT / "bot" / "teams" not in path.parents]
    assert not [path for path in outside if SDK & {top(name) for name in imported(path)}]
    inside = [path for path in everywhere if path not in outside]
    assert [path for path in inside if SDK & {top(name) for name in imported(path)}]


def test_the_domain_needs_the_standard_library_alone() -> None:
    known = sys.stdlib_module_names | {"bot"}
    assert not [
        (path, name) for path in modules("bot/domain") for name in imported(path) if top(name) not in known
    ]


def test_the_domain_waits_for_nothing_and_asks_no_clock() -> None:
    for path in modules("bot/domain"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        assert not [node for node in nodes if isinstance(node, ast.AsyncFunctionDef | ast.Await)], path
        names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert not names & {"now", "utcnow", "today", "monotonic"}, path


def test_only_the_composition_root_constructs_the_bot() -> None:
    """A use case that opened a store or a session of its own could not be tested against another."""
    makers = {"open_store", "open_session", "EmbeddedStore", "load_organisation", "read_file", "load_policy"}
    allowed = {
        "bot/cli/bringing_in.py",
        "bot/cli/policy.py",
        "bot/local_run.py",
        "bot/organisation/file.py",
        "bot/start_files.py",
        "storage/opening.py",
    }  # and themselves
    users = {
        str(path.relative_to(ROOT))
        for folder in ("bot", "cards", "storage")
        for path in modules(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in makers
    }
    assert users <= allowed
