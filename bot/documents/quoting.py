"""The guideline's words for a document: with its emphasis set, and the marks of it left out."""

from bot.documents.paper import Words
from cards.elements import spans


def quoted(text: str) -> tuple[Words, ...]:
    return tuple(Words(text=words, stressed=stressed) for words, stressed in spans(text))
