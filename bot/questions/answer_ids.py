"""What an answer is known by: on its card, in the list of what the guideline lacks, and among what was said of answers.

Each is keyed with the store's own secret and different from the others, since the journal is kept for good: an activity's id
is little more than its time, so that anybody could try who asked, and one id in two places would tell that whoever sent a
question on had said that its answer didn't help.
"""

import secrets

from bot.activity_keys import activity_key
from bot.questions.desk import digest
from bot.turns import TextMessage


def answer_id(pepper: bytes, turn: TextMessage) -> str:
    """The same for a delivery that is repeated; its card's buttons carry it."""
    return digest(pepper, "answer", activity_key(turn) or secrets.token_hex(32))


def listed_id(pepper: bytes, answer: str) -> str:
    """Of the question among those that were not answered; one that is sent on names it, and takes it off the list when
    it is answered."""
    return digest(pepper, "unanswered", answer)


def rated_id(pepper: bytes, answer: str) -> str:
    return digest(pepper, "rated", answer)
