"""What happened to a question that was sent to communications."""

from dataclasses import dataclass

from bot.domain.questions.terms import Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``outcome`` is what the bot itself had answered, ``answer`` the id under which the list of unanswered questions has
    it, if it does, ``nearest`` the clauses that were found in the guideline's version ``guideline``. ``same`` is a keyed
    digest of who asked what."""

    asker: str
    texts_ref: str
    language: str
    outcome: str
    guideline: str
    same: str
    answer: str = ""
    nearest: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """With words of one's own, with a clause of the guideline, or with both."""

    by: str
    texts_ref: str
    quoted: Quoted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapMarked:
    """The guideline lacks what was asked for."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionForgotten:
    """Its words, and those of the reply, are destroyed."""

    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReminded:
    """Communications were reminded of what still waits for them; on the trail, since it changes nothing."""

    cards: int


QuestionEvent = Asked | Replied | GapMarked | QuestionForgotten
