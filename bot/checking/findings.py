"""What a self-check finds, and how it is told: a line each, and below it what to do."""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Only a failure keeps the bot from working; ``left_out`` could not be known or does not apply."""

    OK = "OK"
    WARNING = "WARNING"
    FAILURE = "FAILURE"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    level: Level
    about: str
    told: str
    advice: str = ""


def ok(about: str, told: str) -> Finding:
    return Finding(level=Level.OK, about=about, told=told)


def warning(about: str, told: str, advice: str) -> Finding:
    return Finding(level=Level.WARNING, about=about, told=told, advice=advice)


def failure(about: str, told: str, advice: str) -> Finding:
    return Finding(level=Level.FAILURE, about=about, told=told, advice=advice)


def left_out(about: str, told: str, advice: str = "") -> Finding:
    return Finding(level=Level.LEFT_OUT, about=about, told=told, advice=advice)


async def within(seconds: float, about: str, check: Awaitable[Sequence[Finding]]) -> Sequence[Finding]:
    """What takes longer is a failure of its own."""
    try:
        async with asyncio.timeout(seconds):
            return await check
    except TimeoutError:
        told = f"no answer within {seconds:g} seconds"
        return [failure(about, told, "Look at the network between this machine and what is asked.")]


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    for one in findings:
        yield f"{one.level:8}  {one.about:17}  {one.told}"
        if one.advice:
            yield f"{'':8}  {'':17}  -> {one.advice}"
