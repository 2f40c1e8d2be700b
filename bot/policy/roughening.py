"""Questions as they come from a phone: without å, ä and ö, or with one slip of the finger."""

import random

from bot.policy.normalise import plain

_SHORTEST = 4
_LETTERS = "abcdefghijklmnoprstuvyåäö"


def without_diacritics(question: str) -> str:
    return plain(question)


def with_a_typo(question: str, *, which: int = 0) -> str:
    """In one word of at least four letters, never in its first; always the same one of each number."""
    rng = random.Random(f"{which}{question}")  # noqa: S311  repeatable, not secret
    words = question.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= _SHORTEST]
    if not long:
        return question
    place = rng.choice(long)
    words[place] = _slipped(words[place], rng)
    return " ".join(words)


def _slipped(word: str, rng: random.Random) -> str:
    """A letter left out, doubled, taken for another, or swapped with the next."""
    at = rng.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return rng.choice(
        [
            before + after,
            before + letter + letter + after,
            before + rng.choice(_LETTERS) + after,
            before + after[0] + letter + after[1:],
        ]
    )
