"""What a case's card says about the post: where, who, when, the text itself, and why it was brought in."""

from collections.abc import Iterator

from bot.domain.views import CaseView, FileText, PostText
from bot.turns import Json
from cards.actions import actions, open_post
from cards.elements import (
    BadgeStyle,
    badge,
    badges,
    container,
    fact,
    facts,
    folded,
    long_text,
    note,
    plain,
    run,
    subheading,
)
from cards.names import channel_name, name_of, person_name
from cards.scene import Scene
from cards.texts import Fixed, Texts
from cards.untrusted import first_line

POST_BUDGET = 5000
"""Bytes of JSON for the post's text on a card where nothing else is long."""
_NOTE_BUDGET = 400
_MOST_FLAGS = 3
_MOST_FILES = 5
_MOST_UNREACHED = 5


def head(view: CaseView, t: Texts, *states: tuple[Fixed, BadgeStyle]) -> list[Json]:
    """Platform and state as badges, then where the post stands and who wrote it."""
    platform = badge(t(f"platform.{view.case.platform}"), style="Accent")
    made = [badges(platform, *(badge(text, style=style) for text, style in states))]
    made.append(fact(t("case.channel"), channel_name(view), spacing="Medium"))
    if view.post:
        made.append(fact(t("case.author"), name_of(view.post.author) or t("name.unknown")))
    return made


def times(view: CaseView, scene: Scene, t: Texts) -> list[Json]:
    case = view.case
    age = t.age(case.flagged_at, scene.now)
    made = [fact(t("case.flagged_at"), f"{age} ({t.time(case.flagged_at)})")]
    if case.published_at:
        made.append(fact(t("case.published_at"), t.time(case.published_at)))
    return made


def post_part(view: CaseView, t: Texts, budget: int, *, lines: int = 60) -> list[Json]:
    """The post as it was taken in, or that its copy is gone; then the way to it."""
    if view.post is None:
        told = t("post.destroyed")
        body = [container([plain(run(told))], style="emphasis", spacing="Medium")]
    else:
        body = [_text_part(view.post, t, budget, lines)]
        body += [*_earlier_text(view, t, budget // 4), *_later_text(view, t, budget // 4)]
    return [*body, *link_part(view, t)]


def _text_part(post: PostText, t: Texts, budget: int, lines: int) -> Json:
    text = long_text(post.text, t, budget, lines=lines) if post.text else [note(t("post.no_text"))]
    return container([*text, *_files(post, t)], style="emphasis", spacing="Medium")


def _files(post: PostText, t: Texts) -> Iterator[Json]:
    """By name, with the hash of those that an admin has secured: others are not fetched."""
    if not post.attachments:
        return
    names = ", ".join(_file(one, t) for one in post.attachments[:_MOST_FILES])
    left = len(post.attachments) - _MOST_FILES
    more = f" {t.count('post.more_files', left)}" if left > 0 else ""
    yield fact(t("post.files"), f"{names}{more}")


def _file(file: FileText, t: Texts) -> str:
    name = name_of(file.name)
    return t("post.file.secured", name=name, hash=file.sha256[:16]) if file.sha256 else name


def _earlier_text(view: CaseView, t: Texts, budget: int) -> list[Json]:
    if not view.earlier:
        return []
    newest = long_text(view.earlier[-1].text, t, budget, lines=20)
    return folded(t.count("post.earlier", len(view.case.snapshots) - 1), newest, id="earlier")


def _later_text(view: CaseView, t: Texts, budget: int) -> list[Json]:
    if view.later is None:
        return []
    return folded(t("post.later"), long_text(view.later.text, t, budget, lines=20), id="later")


def link_part(view: CaseView, t: Texts, *, may_open: bool = True) -> list[Json]:
    """The real address as text, whatever the post says its links are, and a button named after its host; no button
    to what may be the abuse of a child."""
    url = view.locator.url
    if not url:
        return [note(t("link.none"))]
    made = [fact(t("link.label"), first_line(url, 300))]
    if not may_open or view.case.suspected_abuse:
        return made
    opening = list(open_post(url, t))
    return [*made, actions(*opening) if opening else note(t("link.unsafe"))]


def flags_part(view: CaseView, t: Texts) -> list[Json]:
    """Who flagged it and why; the newest last, as they came."""
    made = [subheading(t("flags.title"))]
    for flag in view.flags[-_MOST_FLAGS:]:
        who = name_of(flag.by) or t("name.unknown")
        source = t(f"flag.source.{view.case.source}")
        made.append(plain(run(who, bold=True), run(f" ({source})"), spacing="Small"))
        if flag.note:
            made += long_text(flag.note, t, _NOTE_BUDGET, lines=8, spacing="None")
    left = len(view.case.flags) - _MOST_FLAGS
    if left > 0:
        made.append(note(t.count("flags.more", left)))
    return made if view.flags else []


def unreached_part(view: CaseView, t: Texts) -> list[Json]:
    """Whom the card could not be brought to: somebody else has to know."""
    if not view.case.unreachable:
        return []
    people = [one.partition(":") for one in view.case.unreachable[:_MOST_UNREACHED]]
    names = [
        person_name(view.organisation, one, t) if kind == "person" else t("case.teams_channel")
        for kind, _, one in people
    ]
    return [fact(t("case.unreached"), ", ".join(names))]


def clock(view: CaseView, t: Texts) -> Json:
    """When the municipality came to know, and what it did: the times that the law's duty is measured by."""
    case = view.case
    stops = (
        (t("clock.flagged"), case.opened_at),
        (t("clock.delivered"), case.delivered_at),
        (t("clock.touched"), case.touched_at),
        (t("clock.decided"), case.removal_began),
        (t("clock.applied"), case.applied_at),
        (t("clock.verified"), case.verified_at),
    )
    missing = t("clock.not_yet")
    return facts([(label, t.time(at) if at else missing) for label, at in stops])
