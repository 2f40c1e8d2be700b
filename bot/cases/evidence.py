"""Securing a post's files as evidence: fetched only when an admin asks for it, and kept under their hashes."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.contents import sealed
from bot.domain.cases import SecuredFile
from bot.domain.views import CaseView, FileText
from storage.contents import seal
from storage.store import Content

MOST_FILES = 10
"""At once; pressing again takes the rest."""


class Fetching(Protocol):
    async def fetch(self, url: str) -> bytes | None:
        """What the address gives; None when it gives nothing that may be taken."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFiles:
    """A wish to keep what was fetched. ``snapshot`` is the one whose files they are; none were reached if empty."""

    case: str
    snapshot: str
    files: tuple[SecuredFile, ...]
    contents: tuple[Content, ...]
    verb: Literal["secure"] = "secure"


async def fetch_files(view: CaseView, fetching: Fetching) -> FetchedFiles:
    """Fetches the shown snapshot's files that are not secured yet, all at the same time."""
    files = view.post.attachments if view.post else ()
    wanted = [(place, file) for place, file in enumerate(files) if file.sha256 is None][:MOST_FILES]
    fetched = await asyncio.gather(*(fetching.fetch(file.url) for _, file in wanted))
    kept = [
        await asyncio.to_thread(_kept, place, file, data)  # ten large ones take a quarter of a second to hash
        for (place, file), data in zip(wanted, fetched, strict=True)
        if data is not None
    ]
    return FetchedFiles(
        case=view.case.designation,
        snapshot=view.snapshot,
        files=tuple(file for file, _ in kept),
        contents=tuple(content for _, contents in kept for content in contents),
    )


def _kept(place: int, file: FileText, data: bytes) -> tuple[SecuredFile, Sequence[Content]]:
    """The plain digest stands with the texts: in the journal it would tell what the file was once it is gone."""
    content = seal(data)
    text = sealed(replace(file, sha256=hashlib.sha256(data).hexdigest()))
    return SecuredFile(place=place, text_ref=text.ref, data_ref=content.ref), (content, text)
