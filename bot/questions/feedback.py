"""Whether an answer helped: counted once for each person and answer, and kept without who said so."""

from bot.domain.organisation import SYSTEM
from bot.policy.answering import Answer
from bot.questions.answer_ids import rated_id
from bot.questions.desk import digest
from bot.services import Services
from storage.store import Appended, NewEvent

STREAM = "feedback"
RATED = "answer_rated"


async def rate(
    services: Services, *, answer: str, given: Answer, passage: str, helped: bool, by: str
) -> bool:
    """True if it counts: the person hadn't said so of this answer before. ``given`` is what the bot answered, ``passage``
    what was chosen from it, if anything was."""
    event = {
        "answer": rated_id(services.pepper, answer),
        "helped": helped,
        "outcome": given.outcome,
        "passage": passage or (given.quotes[0].passage if given.quotes else ""),
        "guideline": given.version,
    }
    done = await services.store.append(
        STREAM,
        [NewEvent(kind=RATED, data=event)],
        expected_version=None,
        actor=SYSTEM,
        at=services.clock(),
        keys=(_key(services, answer, by),),
    )
    counts = isinstance(done, Appended)
    if counts:
        services.measures.rated(helped=helped)
    return counts


async def said_of(services: Services, *, answer: str, by: str) -> bool | None:
    """Whether the person said that it helped; None if nothing was said."""
    event = await services.store.taken(_key(services, answer, by))
    return bool(event.data["helped"]) if event else None


def _key(services: Services, answer: str, by: str) -> str:
    return f"rated:{digest(services.pepper, answer, by)}"
