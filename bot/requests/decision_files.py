"""The decision document as a file in the reader's own OneDrive: offered in the personal chat, laid there on consent.

Teams gives a bot no other way to hand over a file. Who asks and who consents is checked each time, against the record
as it is then; what the consent brings back is not trusted.
"""

import logging
import re
from typing import Protocol

from bot.cases import owing
from bot.deliveries import Rendered
from bot.documents.typesetting import typeset
from bot.domain.requests import DocumentAsked, Request, may_see
from bot.requests.decision_document import decision_paper
from bot.requests.trail import on_request_trail
from bot.requests.viewing import load_request, surroundings
from bot.services import Services
from bot.turns import FileConsent, FileReply, Nothing, Reply
from cards.scene import Scene
from cards.texts import texts

log = logging.getLogger(__name__)

DOCUMENT = "request_document"
"""The kind of an owed message that offers the document."""
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
_REQUEST = re.compile(r"AN-\d{4}-\d{4,7}")


class Uploading(Protocol):
    """Lays a file where Teams said that it may lie."""

    async def put(self, url: str, data: bytes) -> bool: ...


class DecisionFiles:
    def __init__(self, services: Services, uploading: Uploading) -> None:
        self._at = services
        self._uploading = uploading

    async def offer(self, request: Request, person: str, *, activity: str | None) -> None:
        """Owes the offer; a click delivered again owes it once."""
        to = owing.person(person)
        place = activity or str(request.revision)
        name = request.designation
        message = owing.message(to, DOCUMENT, once=f"{name}/{place}", subject=name)
        event = DocumentAsked(by=person)
        key = f"request_document:{person}:{place}"
        await on_request_trail(self._at, request, event, key=key, by=person, owes=(message,))

    async def offered(self, request: Request, scene: Scene) -> Rendered | None:
        """The card that asks whether the file may be laid in the reader's OneDrive."""
        data = await self._document(request)
        if data is None:
            return None
        t, name = texts(scene.language), _file_name(request)
        context = {"request": request.designation}
        content = {
            "description": t("document.offer"),
            "sizeInBytes": len(data),
            "acceptContext": context,
            "declineContext": context,
        }
        return Rendered(card=content, summary=t("document.offer"), content_type=CONSENT, name=name)

    async def consented(self, turn: FileConsent) -> Reply:
        """Lays the document there, for one who may see the decision as of now."""
        designation = str(turn.context.get("request", ""))
        if not turn.accepted or not _REQUEST.fullmatch(designation):
            return Nothing()
        request = await load_request(self._at, designation)
        within = await surroundings(self._at)
        if request is None or not may_see(request, turn.sender.object_id, within):
            log.info("a document was refused", extra={"actor": turn.sender.object_id})
            return Nothing()
        data = await self._document(request)
        if data is None or not await self._uploading.put(turn.upload_url, data):
            return Nothing()
        return FileReply(
            name=_file_name(request), url=turn.content_url, unique_id=turn.unique_id, file_type="pdf"
        )

    async def _document(self, request: Request) -> bytes | None:
        paper = await decision_paper(self._at, request)
        return await typeset(paper) if paper else None


def _file_name(request: Request) -> str:
    return f"{request.designation}.pdf"
