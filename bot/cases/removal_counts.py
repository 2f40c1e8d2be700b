"""How many removals stand, by administration, month and ground: counted as decisions are, so that nobody counts cases.

Read-side table: ``removals`` (administration/month/ground -> the count).
"""

from collections import Counter
from collections.abc import Iterable

from bot.domain.cases import REMOVALS, Case, MadeDecision
from bot.domain.zone import local_day
from storage.store import Drop, Put, Tables

_Key = tuple[str, str, str]


def count_removals(before: Case | None, after: Case, tables: Tables) -> Iterable[Put | Drop]:
    """For a case that was just decided. A new decision over an old one takes the old one's place; one on a post that
    was flagged again stands beside it."""
    change = Counter[_Key]()
    change.update(_key(after, after.current))
    if before is not None and not before.is_open:
        change.subtract(_key(before, before.current))
    for (administration, month, ground), by in change.items():
        if by:
            yield _counted((administration, month, ground), by, tables)


def _key(case: Case, decision: MadeDecision | None) -> list[_Key]:
    if decision is None or decision.made.kind not in REMOVALS:
        return []
    month = local_day(decision.at).isoformat()[:7]
    return [(case.administration, month, str(decision.made.ground or ""))]


def _counted(key: _Key, by: int, tables: Tables) -> Put | Drop:
    administration, month, ground = key
    name = "/".join(key)
    row = tables.get("removals", name)
    count = (row["count"] if row else 0) + by
    if count <= 0:
        return Drop(table="removals", key=name)
    doc = {"administration": administration, "month": month, "ground": ground, "count": count}
    return Put(table="removals", key=name, doc=doc)
