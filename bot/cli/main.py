"""From arguments to an exit code."""

import asyncio
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values

from bot.cli import bringing_in, policy, record, setting_up
from bot.cli.bringing_in import MakeBot
from bot.cli.parser import parser
from bot.cli.question_files import NoQuestion
from bot.cli.telling import unusable
from bot.log_lines import LogLines
from bot.organisation.file import OrganisationError
from bot.policy.guideline import GuidelineError
from bot.settings import Settings, SettingsError, read_settings
from bot.stalls import WatchedLoop
from bot.start_files import problems_of_files
from storage.moving import NotMoved
from storage.store import BrokenChain, StoreLocked, StoreUnusable, StoreUnwritable

if TYPE_CHECKING:
    from bot.checking.everything import MakeMeans

_WITH_FILES = frozenset({"serve", "flag", "import-channels"})
"""What is wrong with the files that the settings name is told along with the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Makes:
    """What the composition root makes for the commands that need the bot, or what it would ask with."""

    bot: MakeBot
    means: "MakeMeans"
    serve: Callable[[Settings], Coroutine[Any, Any, bool]]
    clock: Callable[[], datetime]


def run(arguments: Sequence[str] | None, makes: Makes) -> int:
    given = parser().parse_args(arguments)
    _log(logging.ERROR if given.command == "check" else logging.INFO)
    try:
        return _carry_out(given, _environ(), makes)
    except NoQuestion as error:
        sys.stderr.write(f"{error}\n")
    except GuidelineError as error:  # read on the way to a start, it is told with the other files
        sys.stderr.write(f"The guideline cannot be used:\n{error}\n")
    except (SettingsError, OrganisationError) as error:
        sys.stderr.write(f"The bot does not start:\n{error}\n")
    except StoreUnwritable as error:
        sys.stderr.write(f"The bot does not start, since its record cannot be written: {error}\n")
    except (StoreLocked, StoreUnusable, BrokenChain, NotMoved) as error:
        sys.stderr.write(f"{error}\n")
    return 1


def _log(level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines())
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("azure").setLevel(logging.WARNING)  # it tells of each of its requests


def _environ() -> Mapping[str, str]:
    environ = {**{k: v or "" for k, v in dotenv_values(".env").items()}, **os.environ}
    # OpenTelemetry's SDK reads these there by itself, and knows no .env.
    os.environ.update({name: value for name, value in environ.items() if name.startswith("OTEL_")})
    return environ


def _carry_out(given: Namespace, environ: Mapping[str, str], makes: Makes) -> int:
    if given.command == "package":
        return setting_up.package(given.directory, environ)
    if given.command == "check":
        return asyncio.run(setting_up.check(environ, makes.means, makes.clock))
    settings = _settings(environ, files=given.command in _WITH_FILES)
    match given.command:
        case "serve":
            with asyncio.Runner(loop_factory=WatchedLoop) as runner:
                return 0 if runner.run(makes.serve(settings)) else 1
        case "flag":
            return asyncio.run(bringing_in.flag_file(given.file, settings, makes.bot))
        case "import-channels":
            return asyncio.run(bringing_in.import_channels(given.file, settings, makes.bot))
    try:
        return _without_bot(given, settings)
    except OSError as error:
        return unusable(error)


def _without_bot(given: Namespace, settings: Settings) -> int:
    match given.command:
        case "ask":
            return policy.ask(given, settings)
        case "evaluate":
            return policy.evaluate(given, settings)
        case "verify":
            return asyncio.run(record.verify(settings.storage_url))
        case "export":
            given.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return asyncio.run(record.export(settings, given.directory))
        case _:
            return asyncio.run(record.migrate(given.source, given.target))


def _settings(environ: Mapping[str, str], *, files: bool) -> Settings:
    try:
        return read_settings(environ)
    except SettingsError as error:
        if not files:
            raise
        raise SettingsError((*error.problems, *problems_of_files(environ))) from error
