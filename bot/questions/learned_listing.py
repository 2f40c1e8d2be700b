"""What communications have taught, accepted and proposed, newest first."""

from bot.domain.question_views import LearnedPage, LearnedView
from bot.domain.questions import Learned, LearnedStatus
from bot.questions.clauses import clause_view
from bot.questions.learned_policy import applies, learned_words
from bot.questions.learned_record import learned_from
from bot.questions.viewing import name_of_person, phrasing_of
from bot.services import Services

PAGE = 6
NOTHING_LEARNED = LearnedPage(rows=(), number=1, of=1, total=0)


async def learned_page(services: Services, *, page: int) -> LearnedPage:
    rows = [learned_from(doc) for doc in await services.store.select("learned")]
    there = [one for one in rows if one.status is not LearnedStatus.REVOKED]
    there.sort(key=lambda one: (one.at, one.question), reverse=True)
    pages = max(1, -(-len(there) // PAGE))
    number = min(max(1, page), pages)
    shown = there[(number - 1) * PAGE : number * PAGE]
    return LearnedPage(
        rows=tuple([await _view(services, one) for one in shown]), number=number, of=pages, total=len(there)
    )


async def _view(services: Services, learned: Learned) -> LearnedView:
    words = await learned_words(services.guidelines, learned)
    return LearnedView(
        learned=learned,
        phrasing=await phrasing_of(services, learned),
        clause=await clause_view(services, learned.guideline, learned.quoted),
        by=await name_of_person(services, learned.accepted_by or learned.proposed_by),
        applies=applies(services.policy, learned, words),
    )
