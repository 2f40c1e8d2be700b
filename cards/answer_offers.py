"""What an answer goes on to: pages to read on, whether it helped, and communications where it didn't."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.organisation import Topic
from bot.turns import Json
from cards.actions import actions, button
from cards.elements import block, container, note, plain, run, subheading
from cards.names import name_of
from cards.question_payload import LONGEST_CARRIED
from cards.texts import Fixed, Texts
from cards.untrusted import kept, opened_host, size

MOST_TOPICS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """``answer`` is the answer's id, ``given`` what it was, under seal; ``helped`` what this reader has said of it.
    ``long``: not all of the question was read."""

    answer: str
    given: str = ""
    long: bool = False
    topics: Sequence[Topic] = ()
    helped: Literal["yes", "no"] | None = None


def carried(question: str) -> str:
    """The question as buttons carry it: as it was written, since the record keeps what comes back, and cut if it must be; the
    same if it is carried on. Nobody reads a button's data, so nothing in it can act."""
    if is_carried_whole(question):
        return kept(question, LONGEST_CARRIED)
    return f"{kept(question, LONGEST_CARRIED - size('…'))}…"


def is_carried_whole(question: str) -> bool:
    return size(question) <= LONGEST_CARRIED


def reading_on(topics: Sequence[Topic], t: Texts) -> list[Json]:
    made: list[Json] = []
    for topic in topics[:MOST_TOPICS]:
        host = opened_host(topic.url)
        if host:
            title = t("answer.open", host=Fixed(host))
            made.append(plain(run(name_of(topic.title)), spacing="Small"))
            made.append(actions({"type": "Action.OpenUrl", "title": title, "url": topic.url}))
    return [subheading(t("answer.topics")), *made] if made else []


def whole_section(passage: str, question: str, offer: Offer, t: Texts) -> Json:
    return onward(t("button.section"), "section", question, offer, passage=passage)


def back_to_answer(question: str, offer: Offer, t: Texts) -> Json:
    return onward(t("button.answer.back"), "answer", question, offer)


def ask_unit(question: str, offer: Offer, t: Texts) -> Json:
    return onward(t("button.ask_unit"), "ask_unit", question, offer)


def who_sees(t: Texts) -> Json:
    """Told before the question is sent, beside the button that sends it."""
    return note(t("answer.ask_unit.told"), spacing="Medium")


def onward(
    title: Fixed, verb: str, question: str, offer: Offer, *, passage: str = "", helped: str = ""
) -> Json:
    """A button under an answer, which tells what that was."""
    asked, given = carried(question), offer.given
    return button(
        title, verb, answer=offer.answer, question=asked, given=given, passage=passage, helped=helped
    )


def helped(question: str, offer: Offer, t: Texts, *, passage: str = "") -> list[Json]:
    """Asked until it is told; a no offers the next thing. ``passage``: what was chosen from suggestions."""
    if offer.helped == "yes":
        return [container([block(t("answer.helped.yes"))], style="good", spacing="Medium")]
    if offer.helped == "no":
        told = container([block(t("answer.helped.no"))], style="accent", spacing="Medium")
        return [told, who_sees(t), actions(ask_unit(question, offer, t))]
    said = [
        onward(t(f"button.helped.{one}"), "rate", question, offer, passage=passage, helped=one)
        for one in ("yes", "no")
    ]
    return [block(t("answer.helped"), weight="Bolder", spacing="Medium"), actions(*said)]
