"""The words that the speller mends by and those that it leaves alone."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.policy.bank import Phrasing
from bot.policy.concepts import load_concepts
from bot.policy.normalise import LANGUAGES, clean, load_words, words_of
from bot.policy.speller import mendable, packed

_FEWEST = 2  # a word that stands in the bank but once may itself be a typo


def spelling(phrasings: Sequence[Phrasing]) -> bytes:
    """The speller's file."""
    counts = Counter(_words(phrasings))
    mending = [word for word, count in counts.items() if count >= _FEWEST and mendable(word)]
    lists = load_words()
    told = [
        word
        for language in LANGUAGES
        for words in (
            lists.silent[language],
            lists.marks[language],
            load_concepts().words(language),
        )
        for word in words
    ]
    return packed([*counts, *told], sorted(mending, key=lambda word: (-counts[word], word)))


def _words(phrasings: Sequence[Phrasing]) -> Iterable[str]:
    lists = load_words()
    for one in {(one.question, one.language): one for one in phrasings}.values():
        yield from lists.spelled_out(words_of(clean(one.question)), one.language)
