"""Where the municipality's clocks and calendars are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local_day(moment: datetime) -> date:
    return moment.astimezone(STOCKHOLM).date()
