"""What an answer goes on to: pages to read on, whether it helped, and communications where it didn't."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.organisation import Topic
from bot.turns import Json
from cards.actions import actions, button
from cards.elements import block, container, plain, run, subheading
from cards.names import name_of
from cards.question_payload import LONGEST_CARRIED
from cards.texts import Fixed, Texts
from cards.untrusted import kept, opened_host

MOST_TOPICS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """``answer`` is the answer's id; ``helped`` what this reader has said of it."""

    answer: str
    topics: Sequence[Topic] = ()
    helped: Literal["yes", "no"] | None = None


def carried(question: str) -> str:
    """The question as buttons carry it: as it was written, since the record keeps what comes back, and no longer than is
    read of one. Nobody reads a button's data, so nothing in it can act."""
    whole = kept(question, LONGEST_CARRIED - len("…".encode()))
    return whole if len(whole) == len(question) else f"{whole}…"


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
    return button(
        t("button.section"), "section", passage=passage, answer=offer.answer, question=carried(question)
    )


def back_to_answer(question: str, offer: Offer, t: Texts) -> Json:
    return button(t("button.answer.back"), "answer", answer=offer.answer, question=carried(question))


def ask_unit(question: str, offer: Offer, t: Texts) -> Json:
    return button(t("button.ask_unit"), "ask_unit", answer=offer.answer, question=carried(question))


def helped(question: str, offer: Offer, t: Texts) -> list[Json]:
    """Asked until it is told; a no offers the next thing."""
    if offer.helped == "yes":
        return [container([block(t("answer.helped.yes"))], style="good", spacing="Medium")]
    if offer.helped == "no":
        told = container([block(t("answer.helped.no"))], style="accent", spacing="Medium")
        return [told, actions(ask_unit(question, offer, t))]
    said = [
        button(t(f"button.helped.{one}"), "rate", answer=offer.answer, helped=one, question=carried(question))
        for one in ("yes", "no")
    ]
    return [block(t("answer.helped"), weight="Bolder", spacing="Medium"), actions(*said)]
