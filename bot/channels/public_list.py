"""The public list of active channels (haninge.se/socialamedier): what is public of each, as a page and as JSON."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.domain.organisation import Organisation, Platform
from bot.domain.zone import local_day
from bot.pages import render
from cards.texts import LANGUAGES, texts
from cards.untrusted import opened_host, shown

STYLE = (Path(__file__).parent.parent / "pages" / "channels.css").read_text(encoding="utf-8")
_ORDER = {platform: place for place, platform in enumerate(Platform)}
_AFTER_Z = str.maketrans("åäö", "{|}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChannel:
    """All that the public is told of a channel; nobody's name."""

    name: str
    platform: Platform
    administration: str
    url: str

    @property
    def opens(self) -> bool:
        return bool(opened_host(self.url))


class PublicList:
    """``organisation`` is asked anew each time: approvals change the list, and so does the first day of a channel."""

    def __init__(self, organisation: Callable[[], Organisation], clock: Callable[[], datetime]) -> None:
        self._organisation = organisation
        self._clock = clock

    def channels(self) -> tuple[PublicChannel, ...]:
        """By platform, administration and name. An administration that the file has lost goes by its id."""
        organisation = self._organisation()
        units, today = organisation.administrations, local_day(self._clock())
        made = [
            PublicChannel(
                name=shown(one.name),
                platform=one.platform,
                administration=unit.name if (unit := units.get(one.administration)) else one.administration,
                url=one.url,
            )
            for one in organisation.channels.values()
            if one.starts is None or one.starts <= today
        ]
        return tuple(sorted(made, key=_place))

    def document(self) -> dict[str, Any]:
        """What ``/sociala-medier.json`` says."""
        channels = [
            {"name": one.name, "platform": one.platform, "administration": one.administration, "url": one.url}
            for one in self.channels()
        ]
        return {"organisation": self._organisation().name, "channels": channels}

    def page(self, language: str, query: str) -> str:
        t, found = texts(language), [one for one in self.channels() if _matches(one, query, language)]
        other = next(one for one in LANGUAGES if one != t.language)
        return render(
            "channels.html",
            t=t,
            organisation=self._organisation().name,
            query=query,
            told=t.count("channels.found" if query else "channels.count", len(found)),
            groups=_grouped(found),
            other=other,
            other_address=_address(other, query),
            all_address=_address(t.language, ""),
        )


def _place(channel: PublicChannel) -> tuple[int, str, str]:
    return _ORDER[channel.platform], _collated(channel.administration), _collated(channel.name)


def _collated(text: str) -> str:
    """As a Swedish list is sorted: å, ä and ö come after z."""
    return text.casefold().translate(_AFTER_Z)


def _address(language: str, query: str) -> str:
    given = {"lang": "" if language == "sv" else language, "q": query}
    said = urlencode({name: value for name, value in given.items() if value})
    return f"/sociala-medier?{said}" if said else "/sociala-medier"


def _grouped(
    channels: Iterable[PublicChannel],
) -> list[tuple[Platform, list[tuple[str, list[PublicChannel]]]]]:
    return [
        (platform, [(unit, list(ones)) for unit, ones in groupby(of_it, key=lambda one: one.administration)])
        for platform, of_it in groupby(channels, key=lambda one: one.platform)
    ]


def _matches(channel: PublicChannel, query: str, language: str) -> bool:
    """Every word of the query is found somewhere, whatever its case and with or without its dots and rings."""
    platform = texts(language)(f"platform.{channel.platform}")
    said = _folded(f"{channel.name} {platform} {channel.administration} {channel.url}")
    return all(word in said for word in _folded(query).split())


def _folded(text: str) -> str:
    return "".join(
        char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char)
    )
