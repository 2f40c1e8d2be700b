"""Pictures that nobody said anything of: destroyed after a week."""

import logging
from datetime import datetime, timedelta

from bot.domain.organisation import SYSTEM
from bot.duties.picture_record import ReceivedPicture, discarded_event, picture_from, picture_stream, used_key
from bot.erasing import erase
from bot.services import Services
from storage.store import Appended

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)


async def old_pictures(services: Services, now: datetime) -> list[ReceivedPicture]:
    waiting = [picture_from(doc) for doc in await services.store.select("received_pictures")]
    return [one for one in waiting if now - one.at >= KEPT_FOR]


async def discard(services: Services, picture: ReceivedPicture, now: datetime) -> None:
    done = await services.store.append(
        picture_stream(picture.id),
        [discarded_event(picture.picture)],
        expected_version=None,
        actor=SYSTEM,
        at=now,
        keys=(used_key(picture.id),),
    )
    if isinstance(done, Appended):
        log.info("a picture that nobody said anything of was destroyed", extra={"picture": picture.id})
        await erase(services.store, (picture.picture.text_ref, picture.picture.data_ref))
