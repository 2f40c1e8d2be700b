"""What a command tells on the terminal."""

import sys


def say(line: str) -> None:
    """A lone surrogate from a file or a terminal is shown as "?" instead of ending the program."""
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def unusable(error: OSError) -> int:
    """A file or folder that was named and can't be read or written is told in a sentence."""
    where = f"{error.filename}: " if error.filename else ""
    sys.stderr.write(f"{where}{error.strerror or error}\n")
    return 1
