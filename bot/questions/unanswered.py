"""Keeps, without who asked, what the guideline didn't answer, and lists it for communications: what is asked most first."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime

from bot.contents import opened, sealed
from bot.domain.organisation import SYSTEM
from bot.domain.question_views import AlikePage, ClusterView, UnansweredPage
from bot.domain.questions import (
    Cluster,
    QuestionTexts,
    Unanswered,
    clusters,
    masked,
    page_of,
    without_marks,
)
from bot.policy.answering import Answer
from bot.policy.normalise import LONGEST_QUESTION, clean, load_words, stem, words_of
from bot.questions.answer_ids import listed_id
from bot.questions.unanswered_record import noted_event, unanswered_stream
from bot.services import Services
from storage.store import Json, StoreUnwritable

log = logging.getLogger(__name__)

PAGE = 6
MOST_SHOWN = 3
PAGE_OF_ALIKE = 15
MOST_READ = 1000
"""Of the newest: each is opened by itself, some 50 µs on a disk and ten times that in a database."""
_AT_ONCE = 50
NOTHING_UNANSWERED = UnansweredPage(rows=(), number=1, of=1, total=0)


async def note_unanswered(services: Services, given: str, question: str, answer: Answer) -> None:
    """``given`` is the answer's id. A disk that refuses keeps nobody from being told that it is not there."""
    noted = listed_id(services.pepper, given)
    text = sealed(QuestionTexts(text=masked(question)[:LONGEST_QUESTION]))
    passage = answer.quotes[0].passage if answer.quotes else ""
    try:
        await services.store.append(
            unanswered_stream(noted),
            [noted_event(text.ref, passage=passage, language=answer.language)],
            expected_version=0,
            actor=SYSTEM,
            at=services.clock(),
            keys=(f"unanswered:{noted}",),
            contents=(text,),
        )
    except StoreUnwritable:
        log.warning("What the guideline did not answer could not be kept")


async def unanswered_page(services: Services, *, page: int) -> UnansweredPage:
    """Without those that are answered by now, since communications have taught it."""
    found, left_out = await _found(services)
    shown, number, pages = page_of(clusters(found), page, PAGE)
    return UnansweredPage(
        rows=tuple(_cluster(services, one) for one in shown),
        number=number,
        of=pages,
        total=len(found),
        left_out=left_out,
    )


async def alike_page(services: Services, one: str, *, page: int) -> AlikePage | None:
    """All that are like that one; None where it is there no more."""
    found, _ = await _found(services)
    cluster = next((made for made in clusters(found) if one in {other.id for other in made.questions}), None)
    if cluster is None:
        return None
    shown, number, pages = page_of(cluster.wordings, page, PAGE_OF_ALIKE)
    view = replace(_cluster(services, cluster), texts=shown)
    return AlikePage(cluster=view, number=number, of=pages)


async def _found(services: Services) -> tuple[list[Unanswered], int]:
    """The newest ones, and how many more there are."""
    rows = sorted(
        await services.store.select("unanswered"), key=lambda row: (row["at"], row["id"]), reverse=True
    )
    found: list[Unanswered] = []
    for number, row in enumerate(rows[:MOST_READ]):
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        question = await _question(services, row)
        found += [question] if question else []
    return found, max(0, len(rows) - MOST_READ)


async def _question(services: Services, row: Json) -> Unanswered | None:
    texts = await opened(services.store, row["text_ref"], QuestionTexts)
    language = row["language"]
    if texts is None or (not row["gap"] and services.taught(without_marks(texts.text), language)):
        return None
    silent = _SILENT[language]
    words = words_of(clean(texts.text))
    return Unanswered(
        id=row["id"],
        text=texts.text,
        passage=row["passage"],
        at=datetime.fromisoformat(row["at"]),
        words=frozenset(stem(word, language) for word in words if word not in silent),
        gap=row["gap"],
    )


_SILENT = load_words().silent


def _cluster(services: Services, cluster: Cluster) -> ClusterView:
    guideline = services.policy.guideline
    passage = guideline.passage(cluster.passage)
    wordings = cluster.wordings
    return ClusterView(
        passage=passage.id if passage else "",
        section=guideline.section_title(passage) if passage else "",
        count=len(cluster.questions),
        wordings=len(wordings),
        newest=cluster.questions[0].at,
        texts=wordings[:MOST_SHOWN],
        gap=cluster.gap,
        id=cluster.questions[0].id,
    )
