"""A clause of the guideline on a card about a question: where it stands, and its own words."""

from bot.domain.question_views import ClauseView, ReplyView
from bot.turns import Json
from cards.elements import column_names, container, emphasised, fact, long_text, note, plain, run
from cards.glossed import gloss_part
from cards.names import name_of, place_name
from cards.texts import Texts
from cards.untrusted import cut, first_line

CLAUSE_BUDGET = 1200
REPLY_BUDGET = 5000


def clause_part(clause: ClauseView, title: str, t: Texts, *, source: str = "") -> Json:
    """``title`` says what it is here; ``source`` names the guideline."""
    text, _ = cut(clause.text, CLAUSE_BUDGET)
    title_line = plain(run(title, bold=True))
    lines = [title_line, *column_names(clause.columns), plain(*emphasised(text), spacing="Small")]
    told = [note(source, spacing="Small")] if source else []
    return container([*lines, *told], style="emphasis", spacing="Medium")


def clause_place(clause: ClauseView, t: Texts) -> str:
    return place_name(clause.section, clause.passage, t)


def reply_part(
    reply: ReplyView, guideline: str, version: str, t: Texts, *, english: bool = False
) -> list[Json]:
    """The guideline's words first, then what was written; who and when last. ``english``: with what they come to."""
    made: list[Json] = []
    if reply.clause is not None:
        title = t("question.says", place=clause_place(reply.clause, t))
        source = t("section.source", guideline=first_line(guideline, 300), version=version[:12])
        made.append(clause_part(reply.clause, title, t, source=source))
        made += gloss_part(reply.clause.gloss, t) if english else []
    if reply.text:
        made += long_text(reply.text, t, REPLY_BUDGET, lines=60, spacing="Medium")
    by = name_of(reply.by) or t("name.unknown")
    return [
        *made,
        fact(t("question.replied"), t("question.by", by=by, time=t.time(reply.at)), spacing="Medium"),
    ]
