"""Which language a question is in, told by the small words that only one of them has."""

from collections.abc import Container, Mapping, Sequence
from functools import cache

from bot.policy.normalise import LANGUAGES, WordLists, clean, load_words, words_of

_SWEDISH_LETTERS = frozenset("åäöÅÄÖ")
_MARK = 2


def language_of(
    question: str,
    words: Sequence[str],
    lists: WordLists,
    default: str,
    known: Mapping[str, Container[str]] | None = None,
) -> str:
    """``known``: words that may tell where the small ones don't; ``default`` when nothing does."""
    lead = _MARK * (not _SWEDISH_LETTERS.isdisjoint(question))
    swedish, english = lists.marks["sv"], lists.marks["en"]
    for word in words:
        lead += _MARK * ((word in swedish) - (word in english))
        if known:
            lead += (word in known["sv"]) - (word in known["en"])
    if lead == 0:
        return default if default in LANGUAGES else "sv"
    return "sv" if lead > 0 else "en"


def asked_in(question: str, default: str) -> str:
    """For one who has nothing but the question."""
    return language_of(question, words_of(clean(question)), _lists(), default)


@cache
def _lists() -> WordLists:
    return load_words()
