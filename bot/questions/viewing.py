"""Opening a question for one reader: words, names and what that reader may do."""

from dataclasses import replace

from bot.contents import opened
from bot.domain.question_views import ClauseView, QuestionView, ReplyView
from bot.domain.questions import (
    Learned,
    PhrasingTexts,
    Question,
    QuestionTexts,
    Reason,
    Refusal,
    ReplyTexts,
    may_answer,
    may_see,
)
from bot.questions.clauses import clause_view
from bot.questions.learned_record import learned_from
from bot.questions.record import QuestionRecord, question_from
from bot.services import Services


async def load_question(services: Services, designation: str) -> QuestionRecord | None:
    doc = await services.store.get("questions", designation)
    return question_from(doc) if doc else None


async def load_learned(services: Services, designation: str) -> Learned | None:
    doc = await services.store.get("learned", designation)
    return learned_from(doc) if doc else None


async def question_for(services: Services, designation: str, viewer: str) -> QuestionView | Refusal:
    """The question as the viewer may see it. An unknown one and a forbidden one are answered alike."""
    record = await load_question(services, designation)
    if record is None or not may_see(record.question, viewer, services.organisation):
        return Refusal(reason=Reason.UNKNOWN_QUESTION)
    return await question_view(services, record, viewer)


async def question_view(services: Services, record: QuestionRecord, viewer: str | None) -> QuestionView:
    """``viewer`` None sees it as all do who read the unit's Teams channel."""
    question, organisation = record.question, services.organisation
    told = None if question.forgotten else await opened(services.store, question.texts_ref, QuestionTexts)
    learned = await load_learned(services, question.designation)
    guideline = await services.guidelines.version(question.guideline)
    return QuestionView(
        question=question,
        text=told.text if told else None,
        cut=told.cut if told else False,
        asker=(told.asker if told else "") or await name_of_person(services, question.asker),
        unit=organisation.communications.name,
        guideline=guideline.name if guideline else "",
        nearest=await _nearest(services, question),
        reply=await _reply(services, question),
        may_answer=viewer is None or may_answer(viewer, organisation),
        asker_unreachable=record.asker_is_out_of_reach,
        unit_unreachable=record.unit_is_out_of_reach,
        learned=learned,
        phrasing=await phrasing_of(services, learned),
    )


async def phrasing_of(services: Services, learned: Learned | None) -> str:
    texts = await opened(services.store, learned.texts_ref, PhrasingTexts) if learned else None
    return texts.text if texts else ""


async def _nearest(services: Services, question: Question) -> tuple[ClauseView, ...]:
    """As many as were found, in their order: a card names them by number."""
    empty = ClauseView(passage="", section="", text="")
    return tuple([await clause_view(services, question.guideline, one) or empty for one in question.nearest])


async def _reply(services: Services, question: Question) -> ReplyView | None:
    reply = question.reply
    if reply is None:
        return None
    told = None if question.forgotten else await opened(services.store, reply.texts_ref, ReplyTexts)
    return ReplyView(
        by=(told.by if told else "") or await name_of_person(services, reply.by),
        at=reply.at,
        text=told.text if told else "",
        clause=await clause_view(services, question.guideline, reply.quoted) if reply.quoted else None,
    )


async def named_refusal(services: Services, refusal: Refusal) -> Refusal:
    """Who was first by name, for people to read."""
    by = await name_of_person(services, refusal.by) if refusal.by else ""
    return replace(refusal, by=by or None)


async def name_of_person(services: Services, person: str) -> str:
    """Empty where nobody has told it."""
    return services.organisation.person(person).name or await services.names.of(person)
