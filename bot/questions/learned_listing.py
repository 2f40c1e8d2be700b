"""What communications have taught, accepted and proposed, newest first."""

from bot.domain.question_views import LearnedPage, LearnedView
from bot.domain.questions import Learned, LearnedStatus
from bot.questions.clauses import clause_view
from bot.questions.learned_policy import place_now
from bot.questions.learned_record import all_learned
from bot.questions.rebinding import Rebinding
from bot.questions.viewing import name_of_person, phrasing_of
from bot.services import Services

PAGE = 6
NOTHING_LEARNED = LearnedPage(rows=(), number=1, of=1, total=0)


async def learned_page(services: Services, *, page: int) -> LearnedPage:
    there = [one for one in await all_learned(services.store) if one.status is not LearnedStatus.REVOKED]
    there.sort(key=lambda one: (one.at, one.question), reverse=True)
    pages = max(1, -(-len(there) // PAGE))
    number = min(max(1, page), pages)
    shown = there[(number - 1) * PAGE : number * PAGE]
    rebinding = Rebinding(services.policy.guideline)
    rows = tuple([await _view(services, one, rebinding) for one in shown])
    return LearnedPage(rows=rows, number=number, of=pages, total=len(there))


async def _view(services: Services, learned: Learned, rebinding: Rebinding) -> LearnedView:
    return LearnedView(
        learned=learned,
        phrasing=await phrasing_of(services, learned),
        clause=await clause_view(services, learned.guideline, learned.quoted),
        by=await name_of_person(services, learned.accepted_by or learned.proposed_by),
        applies=await place_now(services.guidelines, learned, rebinding) is not None,
    )
