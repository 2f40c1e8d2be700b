"""The commands beside serving: ask, evaluate, flag, import-channels, check, verify, export, migrate-store, package. Each prints
plain lines and an exit code."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.channel_file import NotAChannelFile, Row, read_rows
from bot.channel_register import ChannelRegister
from bot.domain.organisation import Organisation
from bot.exporting import export
from bot.policy.answering import Policy, load_policy
from bot.policy.evaluation import as_line, read_questions
from bot.policy.report import report
from bot.projecting import project
from bot.settings import Settings
from bot.start_files import read_files
from storage.chain import Verified
from storage.moving import migrate
from storage.opening import open_record, problem_of


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments; none at all means serve."""
    top = argparse.ArgumentParser(prog="app.py", description="A bot that makes a guideline happen in Teams.")
    commands = top.add_subparsers(dest="command")
    top.set_defaults(command="serve")
    commands.add_parser("serve", help="answer Teams (the default)")
    ask = commands.add_parser("ask", help="one policy answer, or a file of questions")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--batch", type=Path, help='JSON Lines of {"id", "question"}')
    ask.add_argument("--guideline", type=Path, help="another guideline than the one in the settings")
    ask.add_argument("--json", action="store_true", help="one JSON line an answer")
    judge = commands.add_parser("evaluate", help="how well questions with known answers are answered")
    judge.add_argument("file", type=Path, help='JSON Lines of {"id", "lang", "question", "gold", "partial"}')
    judge.add_argument("--guideline", type=Path, help="another guideline than the one in the settings")
    flag = commands.add_parser("flag", help="bring in flagged posts, one JSON line each")
    flag.add_argument("file", type=Path)
    channels = commands.add_parser("import-channels", help="take in the channels that are there already")
    channels.add_argument("file", type=Path)
    commands.add_parser("check", help="whether the bot would work as it is set up here")
    commands.add_parser("verify", help="check the record's hash chain")
    out = commands.add_parser("export", help="the record as CSV and JSON Lines")
    out.add_argument("directory", type=Path)
    move = commands.add_parser("migrate-store", help="the whole record into another, empty store")
    move.add_argument("source", metavar="FROM", type=_storage, help="tinydb:FOLDER or postgresql://...")
    move.add_argument("target", metavar="TO", type=_storage)
    package = commands.add_parser("package", help="the Teams app package (zip)")
    package.add_argument("directory", type=Path, nargs="?", default=Path("build"))
    return top


async def run(given: argparse.Namespace, settings: Settings) -> int:
    """The exit code of a command that needs no running bot."""
    try:
        return await _run(given, settings)
    except OSError as error:
        return _unusable(error)


async def _run(given: argparse.Namespace, settings: Settings) -> int:
    match given.command:
        case "ask":
            return _ask(given, load_policy(given.guideline or settings.guideline_file))
        case "evaluate":
            return _evaluate(given.file, load_policy(given.guideline or settings.guideline_file))
        case "verify":
            return await _verify(settings.storage_url)
        case "export":
            given.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return await _export(settings, given.directory)
        case _:
            return await _migrate(given.source, given.target)


def _unusable(error: OSError) -> int:
    """A file or folder that was named and can't be read or written is told in a sentence."""
    where = f"{error.filename}: " if error.filename else ""
    sys.stderr.write(f"{where}{error.strerror or error}\n")
    return 1


def say(line: str) -> None:
    """A lone surrogate from a file or a terminal is shown as "?" instead of ending the program."""
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def _ask(given: argparse.Namespace, policy: Policy) -> int:
    if (given.question is None) == (given.batch is None):
        sys.stderr.write("ask takes one question, or --batch FILE\n")
        return 2
    for number, (name, question) in enumerate(_questions(given), start=1):
        answer = policy.ask(question, "sv")
        line = as_line(answer, question, name or str(number))
        if given.json or given.batch:
            say(json.dumps(line, ensure_ascii=False))
        else:
            _show(line)
    return 0


def _questions(given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    if given.batch is None:
        yield "", given.question
        return
    for number, text in enumerate(given.batch.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            doc = json.loads(text)
            yield str(doc.get("id", number)), str(doc["question"])
        except (ValueError, KeyError, AttributeError) as error:
            raise SystemExit(f"{given.batch.name}, line {number}: is no question: {error}") from error


def _evaluate(path: Path, policy: Policy) -> int:
    try:
        questions = read_questions(path.read_text(encoding="utf-8").splitlines())
    except (ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"{path.name}: holds no questions with answers: {error!r}\n")
        return 1
    for line in report(policy, questions):
        say(line)
    return 0


def _show(line: Mapping[str, object]) -> None:
    say(f"{line['outcome']} ({line['confidence']})")
    quotes = line["quotes"]
    for quote in quotes if isinstance(quotes, list) else ():
        say(f"\n{quote['section']} [{quote['passage']}]\n  {quote['text']}")


async def import_channels(
    path: Path, organisation: Organisation, register: ChannelRegister, clock: Callable[[], datetime]
) -> int:
    """1 if any row was left out; each row's channel or problem is printed."""
    try:
        rows = read_rows(path, organisation)
    except NotAChannelFile as error:
        sys.stderr.write(f"{path.name}: {error}\n")
        return 1
    except OSError as error:
        return _unusable(error)
    return max([await _taken_in(row, path.name, register, clock()) for row in rows], default=0)


async def _taken_in(row: Row, file: str, register: ChannelRegister, at: datetime) -> int:
    problems = row.problems
    if row.channel is not None:
        refused = await register.bring_in(row.channel, by="channel_file", at=at)
        if refused is None:
            say(row.channel.id)
            return 0
        problems = (f"the register has it already, as {refused.channel}",)
    for problem in problems:
        sys.stderr.write(f"{file}, line {row.number}: {problem}\n")
    return 1


def _storage(url: str) -> str:
    """What is wrong is told without the address: it may hold a password."""
    wrong = problem_of(url)
    if wrong:
        raise argparse.ArgumentTypeError(f"a store's address {wrong}")
    return url


async def _verify(url: str) -> int:
    async with open_record(url) as record:
        found = await record.verify()
    _whole(found)
    if found.torn:
        say(f"{found.torn} bytes at the end were never acknowledged; the next start drops them.")
    return 0


def _whole(found: Verified) -> None:
    say(f"The chain is whole: {found.events} events, head {found.head}.")
    say(f"Contents: {found.contents} kept, {found.disposed} disposed of.")


async def _export(settings: Settings, into: Path) -> int:
    """The register's wordings are made with the organisation and the law as they are now."""
    files = read_files(settings.organisation_file, settings.guideline_file, local=settings.local)
    async with open_record(settings.storage_url) as record:
        rows = await export(record, into, organisation=files.organisation.organisation({}), law=files.law)
    for name, count in rows.items():
        say(f"{name}: {count}")
    return 0


async def _migrate(source: str, target: str) -> int:
    _whole(await migrate(source, target, projector=project))
    say("The record was moved whole; the old one is as it was.")
    return 0


def package(directory: Path, environ: Mapping[str, str]) -> int:
    """Reads the few settings that a package is made from and no others: it is made where the bot does not run."""
    from bot.app_package import PackageError, build  # noqa: PLC0415  only this command draws the package

    try:
        path = build(directory, environ=environ)
    except PackageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        return _unusable(error)
    say(os.fspath(path))
    return 0
