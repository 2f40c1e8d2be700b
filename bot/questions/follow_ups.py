"""Follow-ups: a question that leans on the one before it ("och på Instagram?", "hur länge då?").

Each person's last question is kept for five minutes, among the store's small documents, since another instance may be asked
next; masked, and in no log. In files, what is forgotten is gone from the disk when the log of those documents is next
written anew.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.questions import masked
from bot.policy.answering import Answer
from bot.policy.deciding import Outcome
from bot.policy.normalise import clean, load_words, plain, words_of
from bot.services import Ask
from storage.store import Store, StoreUnwritable

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=5)
LONGEST = 600
"""Characters of what is kept: with the follow-up it is still within what is read of a question."""
_LAST = "last_questions"
_BEGINS = frozenset({"och", "men", "eller", "and", "but", "or"})
_LEANING = frozenset(
    [
        "vem",
        "vems",
        "vilka",
        "vilken",
        "vilket",
        "vad",
        "var",
        "vart",
        "varifrån",
        "när",
        "hur",
        "varför",
        "länge",
        "lång",
        "ofta",
        "många",
        "mycket",
        "snabbt",
        "fort",
        "då",
        "det",
        "den",
        "detta",
        "dessa",
        "där",
        "här",
        "isåfall",
        "så",
        "gäller",
        "också",
        "även",
        "samma",
        "annars",
        "who",
        "whose",
        "what",
        "which",
        "when",
        "where",
        "why",
        "how",
        "long",
        "often",
        "many",
        "much",
        "fast",
        "soon",
        "then",
        "that",
        "this",
        "those",
        "there",
        "here",
        "so",
        "same",
        "too",
        "also",
        "otherwise",
    ]
)
"""Words that ask, or point back, and name nothing; beside those without a topic that the word lists tell."""
_RANKS = {Outcome.NOT_IN_GUIDELINE: 0, Outcome.DID_YOU_MEAN: 1, Outcome.ANSWER: 2}


class FollowUps:
    def __init__(self, store: Store, ask: Ask, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._ask = ask
        self._clock = clock
        lists = load_words()
        self._silent = frozenset(plain(word) for word in _LEANING).union(*lists.silent.values())

    async def answered(self, question: str, language: str, person: str) -> tuple[str, Answer]:
        """The question as it was understood, with the one before where it leans on that, and its answer."""
        answer = self._ask(question, language)
        before = await self._before(person) if self.leans(question) else ""
        if before:
            joined = f"{before} {question}"
            together = self._ask(joined, language)
            # What names nothing itself answers nothing alone, whatever is found near it.
            if self.names_nothing(question) or _goodness(together) > _goodness(answer):
                question, answer = joined, together
        await self._keep(question, person)
        return question, answer

    def leans(self, question: str) -> bool:
        """By its form: it goes on where another one ended, or names nothing itself."""
        words = words_of(clean(question))
        return bool(words) and (words[0] in _BEGINS or self.names_nothing(question))

    def names_nothing(self, question: str) -> bool:
        return all(word in self._silent for word in words_of(clean(question)))

    async def _before(self, person: str) -> str:
        kept = await self._store.document(_LAST, person)
        if kept is None or self._is_old(kept["at"]):
            return ""
        return str(kept["question"])

    def _is_old(self, at: str) -> bool:
        """One that lies ahead comes from a clock that was wrong."""
        return not timedelta() <= self._clock() - datetime.fromisoformat(at) <= KEPT

    async def _keep(self, question: str, person: str) -> None:
        """A disk that refuses keeps nobody from an answer."""
        kept = {"question": masked(question[:LONGEST]), "at": self._clock().isoformat()}
        try:
            await self._store.put_document(_LAST, person, kept)
        except StoreUnwritable:
            log.warning("A question could not be kept for what may follow it")

    async def forget(self) -> None:
        """Those whose time is up, whoever asked them."""
        for person, kept in (await self._store.documents(_LAST)).items():
            if self._is_old(kept["at"]):
                await self._store.drop_document(_LAST, person)


def _goodness(answer: Answer) -> tuple[int, float]:
    return _RANKS[answer.outcome], answer.confidence
