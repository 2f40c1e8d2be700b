"""With NOTHING_LEFT_OUT set, as in CI, a skipped test is a failed one; without it, what was left out is named."""

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("NOTHING_LEFT_OUT"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was left out: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and os.environ.get("NOTHING_LEFT_OUT"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was left out: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = terminalreporter.getreports("skipped")
    if not left_out:
        return
    terminalreporter.section("left out on this machine")
    for report in left_out:
        terminalreporter.line(f"{report.nodeid}: {_reason(report)}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """A skip's representation is a triple of file, line and "Skipped: why"."""
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")
