"""The flagged posts that wait for a newcomer, as old as they say they are."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "flags.jsonl"


def demo_flags(now: datetime) -> list[tuple[dict[str, Any], datetime]]:
    """Each flag's body and when it came in; ``minutes_ago`` in the file is counted back from ``now``."""
    flags = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        body = json.loads(line)
        flagged_at = now - timedelta(minutes=body.pop("minutes_ago"))
        body["post"]["published_at"] = (flagged_at - timedelta(minutes=25)).isoformat()
        flags.append((body, flagged_at))
    return flags
