"""Log lines: a constant sentence and its fields, since a sentence without them tells nobody which case or group."""

import json
import logging

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class LogLines(logging.Formatter):
    """Time, level, where, sentence, then ``name=value`` for each field; a value never breaks the line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own name
        fields = {name: value for name, value in vars(record).items() if name not in _OWN}
        told = [f"{name}={json.dumps(value, default=str)}" for name, value in fields.items()]
        return " ".join([super().formatMessage(record).replace("\n", "\\n"), *told])  # libraries break theirs
