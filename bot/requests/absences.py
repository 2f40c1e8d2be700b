"""Who of an administration's head and deputies is away today, as they have said themselves."""

from bot.domain.zone import local_day
from bot.requests.administration_record import TABLE, administration_from
from bot.services import Services


async def absent_from(services: Services, administration: str) -> frozenset[str]:
    doc = await services.store.get(TABLE, administration)
    if doc is None:
        return frozenset()
    record, today = administration_from(doc), local_day(services.clock())
    return frozenset(one for one in record.absences if record.away_until(one, today))
