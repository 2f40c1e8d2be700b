"""Addresses under which a file can be opened for some minutes, by whoever was just allowed to.

The right is checked where the link is asked for, from who clicked; the address itself proves no more than that it was
made here and lately. Teams has no way of its own to show a file that lies with a bot.
"""

import hashlib
import hmac
from datetime import timedelta

from bot.contents import opened
from bot.domain.pictures import OpenedFile
from bot.domain.views import FileText
from bot.services import Services

GOOD_FOR = timedelta(minutes=10)
PATH = "/filer"
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "application/pdf": "pdf"}


class FileLinks:
    def __init__(self, services: Services) -> None:
        self._at = services

    def link(self, text_ref: str, data_ref: str) -> str:
        """Empty where there can be none. ``text_ref`` tells name and type."""
        if self._at.address is None:
            return ""
        until = int((self._at.clock() + GOOD_FOR).timestamp())
        named = f"{until}.{text_ref}.{data_ref}"
        return f"{self._at.address}{PATH}/{named}.{self._signature(named)}"

    async def open(self, token: str) -> OpenedFile | None:
        """None for a link that is none, that was changed, or whose time is over."""
        named, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(named).encode(), signature.encode("utf-8", "replace")):
            return None
        until, text_ref, data_ref = named.split(".")
        if self._at.clock().timestamp() > int(until):
            return None
        text = await opened(self._at.store, text_ref, FileText)
        data = await self._at.store.content(data_ref)
        if text is None or data is None:
            return None
        ending = _ENDINGS.get(text.content_type, "bin")
        return OpenedFile(name=f"{data_ref[:12]}.{ending}", content_type=text.content_type, data=data)

    def _signature(self, named: str) -> str:
        return hmac.new(
            self._at.pepper, f"file\0{named}".encode("utf-8", "replace"), hashlib.sha256
        ).hexdigest()
