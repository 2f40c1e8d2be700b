"""Communications' lists: what the guideline didn't answer, and what has been learned."""

from bot.domain.question_views import AlikePage, ClusterView, LearnedPage, LearnedView, UnansweredPage
from bot.domain.questions import LearnedStatus
from bot.turns import CardReply, Json
from cards.actions import actions, button, paging
from cards.copies import list_copy
from cards.elements import badge, badges, block, card, container, heading, note, plain, run
from cards.names import name_of, place_name
from cards.quoted import clause_place
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts
from cards.untrusted import first_line

_QUESTION_BUDGET = 450
_WORDS_BUDGET = 500


def unanswered_card(page: UnansweredPage, scene: Scene) -> CardReply:
    t = texts(scene.language)
    title = t("unanswered.title")
    told = t.count("unanswered.count", page.total) if page.total else t("unanswered.none")
    left = [block(t.count("unanswered.left_out", page.left_out))] if page.left_out else []
    rows = [_cluster(one, scene, t) for one in page.rows]
    body = [
        heading(title), block(told), note(t("unanswered.kept"), spacing="None"), *left, *rows,
        *paging(page.number, page.of, t, _to_unanswered),
    ]  # fmt: skip
    made = card(body, t, fallback=t("question.fallback"), full=True)
    return CardReply(card=made, summary=f"{title}. {told}", copy_of=list_copy("unanswered"))


def _cluster(row: ClusterView, scene: Scene, t: Texts) -> Json:
    place = _near(row, t)
    left = row.wordings - len(row.texts)
    return container(
        [
            plain(
                run(t.count("unanswered.times", row.count), bold=True),
                run(f" · {t.age(row.newest, scene.now)}"),
            ),
            *(plain(run(f"– {first_line(one, _QUESTION_BUDGET)}"), spacing="Small") for one in row.texts),
            *([note(t.count("unanswered.more", left), spacing="None")] if left > 0 else []),
            note(place, spacing="Small"),
            *(
                [actions(button(t("button.unanswered.alike"), "unanswered", alike=row.id))]
                if left > 0
                else []
            ),
            *([badges(badge(t("question.status.noted"), style="Informative"))] if row.gap else []),
        ],
        separator=True,
        spacing="Medium",
    )


def alike_card(page: AlikePage, scene: Scene) -> CardReply:
    """Questions that ask for the same, each for itself; kept as the list is, which takes its place when it changes."""
    t = texts(scene.language)
    row = page.cluster
    title, told = t("unanswered.alike"), t.count("unanswered.times", row.count)
    rows = [plain(run(f"– {first_line(one, _QUESTION_BUDGET)}"), spacing="Small") for one in row.texts]
    back = button(t("button.unanswered.back"), "unanswered", page=1)

    def to(title: Fixed, number: int) -> Json:
        return button(title, "unanswered", page=number, alike=row.id)

    body = [
        heading(title), block(told), note(_near(row, t), spacing="None"), *rows,
        *paging(page.number, page.of, t, to), actions(back, spacing="Medium"),
    ]  # fmt: skip
    made = card(body, t, fallback=t("question.fallback"), full=True)
    return CardReply(card=made, summary=f"{title}. {told}", copy_of=list_copy("unanswered"))


def _near(row: ClusterView, t: Texts) -> str:
    if not row.passage:
        return t("unanswered.far")
    return t("unanswered.near", place=place_name(row.section, row.passage, t))


def learned_card(page: LearnedPage, scene: Scene) -> CardReply:
    t = texts(scene.language)
    title = t("learned.title")
    told = t.count("learned.count", page.total) if page.total else t("learned.none")
    rows = [_learned(one, t) for one in page.rows]
    body = [heading(title), block(told), *rows, *paging(page.number, page.of, t, _to_learned)]
    made = card(body, t, fallback=t("question.fallback"), full=True)
    return CardReply(card=made, summary=f"{title}. {told}", copy_of=list_copy("learned"))


def _learned(row: LearnedView, t: Texts) -> Json:
    learned = row.learned
    accepted = learned.status is LearnedStatus.ACCEPTED
    show = button(t("button.show"), "question", question=learned.question)
    revoke = button(
        t("button.learn.revoke"), "learned_revoke", question=learned.question, version=learned.revision
    )
    by = name_of(row.by) or t("name.unknown")
    status = t(f"learned.status.{learned.status}")
    return container(
        [
            plain(run(first_line(row.phrasing, _QUESTION_BUDGET), bold=True)),
            badges(badge(status, style="Good" if accepted else "Warning")),
            *_clause(row, t),
            *([] if row.applies else [block(t("learned.rests"), weight="Bolder")]),
            note(t("learned.by", by=by, time=t.time(learned.at), version=learned.revision), spacing="Small"),
            actions(show, revoke if accepted else None),
        ],
        separator=True,
        spacing="Medium",
    )


def _clause(row: LearnedView, t: Texts) -> list[Json]:
    if row.clause is None:
        return []
    place = plain(run(clause_place(row.clause, t), subtle=True), spacing="Small")
    return [place, plain(run(first_line(row.clause.text, _WORDS_BUDGET)), spacing="None")]


def _to_unanswered(title: Fixed, page: int) -> Json:
    return button(title, "unanswered", page=page)


def _to_learned(title: Fixed, page: int) -> Json:
    return button(title, "learned", page=page)
