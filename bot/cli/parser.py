"""Every command with its arguments."""

import argparse
from pathlib import Path

from storage.opening import problem_of


def parser() -> argparse.ArgumentParser:
    """None at all means serve."""
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


def _storage(url: str) -> str:
    """What is wrong is told without the address: it may hold a password."""
    wrong = problem_of(url)
    if wrong:
        raise argparse.ArgumentTypeError(f"a store's address {wrong}")
    return url
