"""What is set right once at start, before anybody is let in."""

import secrets
from datetime import datetime

from bot.calendar import next_working_day
from bot.cases.flags import FlagProblems, parse_flag
from bot.cases.intake import Intake
from bot.contents import sealed_text
from bot.demo.posts import demo_flags
from bot.domain.zone import local_day
from bot.guidelines.editions import STREAM
from bot.policy.answering import Policy
from bot.start_files import StartFiles
from cards.answer_card import answer_card
from cards.scene import Scene
from cards.texts import LANGUAGES, texts
from storage.store import NewEvent, Store

_SECRETS = "secrets"
_PEPPER = "pepper"


async def pepper_of(store: Store) -> bytes:
    """The key of this store's digests, made at its first start: one, also if two instances start at once."""
    doc = await store.add_document(_SECRETS, _PEPPER, {"key": secrets.token_hex(32)})
    return bytes.fromhex(doc["key"])


def warm_up(files: StartFiles, now: datetime) -> None:
    """Has libraries load what they load at their first use, holidays and locale data above all: a tenth of a second
    each, measured, which would hold up everybody's turns."""
    next_working_day(local_day(now))
    for language in LANGUAGES:
        scene, t = Scene(language=language, now=now, law=files.law), texts(language)
        for told in (t.age(now, now), t.time(now), t.day(local_day(now))):
            answer_card(told, files.policy.ask(told, language), scene)


async def adopt_guideline(store: Store, policy: Policy, at: datetime) -> None:
    """Keeps the guideline's text as it is now, so that what was decided under it stays quotable."""
    version = policy.guideline.version
    text = sealed_text(policy.guideline.text)
    await store.append(
        STREAM,
        [NewEvent(kind="guideline_adopted", data={"version": version, "text_ref": text.ref})],
        expected_version=None,
        actor="system",
        at=at,
        keys=(f"guideline:{version}",),
        contents=(text,),
    )


async def bring_in_demonstration(intake: Intake, store: Store, now: datetime) -> int:
    """The demonstration's flagged posts, once per store; how many cases they made."""
    if await store.document("demonstration", "posts"):
        return 0
    await store.put_document("demonstration", "posts", {"at": now.isoformat()})
    flags = demo_flags(now)
    for body, flagged_at in flags:
        flagged = parse_flag(body)
        if isinstance(flagged, FlagProblems):
            raise ValueError(f"the demonstration's own posts are wrong: {flagged.problems}")
        await intake.bring_in(flagged, keys=(), by="demonstration", at=flagged_at)
    return len(flags)
