"""``verify``, ``export`` and ``migrate-store``: the record without a running bot."""

from pathlib import Path

from bot.cli.telling import say
from bot.exports.exporting import export as export_record
from bot.projecting import project
from bot.settings import Settings
from bot.start_files import read_files
from storage.chain import Verified
from storage.moving import migrate as move
from storage.opening import open_record


async def verify(url: str) -> int:
    async with open_record(url) as record:
        found = await record.verify()
    _whole(found)
    if found.torn:
        say(f"{found.torn} bytes at the end were never acknowledged; the next start drops them.")
    return 0


def _whole(found: Verified) -> None:
    say(f"The chain is whole: {found.events} events, head {found.head}.")
    say(f"Contents: {found.contents} kept, {found.disposed} disposed of.")


async def export(settings: Settings, into: Path) -> int:
    """The register's wordings are made with the organisation and the law as they are now."""
    files = read_files(settings.organisation_file, settings.guideline_file, local=settings.local)
    async with open_record(settings.storage_url) as record:
        rows = await export_record(
            record, into, organisation=files.organisation.organisation({}), law=files.law
        )
    for name, count in rows.items():
        say(f"{name}: {count}")
    return 0


async def migrate(source: str, target: str) -> int:
    _whole(await move(source, target, projector=project))
    say("The record was moved whole; the old one is as it was.")
    return 0
