"""What the buttons of answers and questions carry, each read into a typed wish as ``cards.payload`` tells it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from cards.payload_fields import FormId, PageNumber, Text, Version, Wished, blank_is_none

LONGEST_CARRIED = 1400
"""Bytes of a question that a button carries: more of it than is ever read, and five of them fit on a card."""
Carried = Annotated[Text, Field(max_length=LONGEST_CARRIED)]
Stamp = Annotated[Text, Field(max_length=400)]
"""What was shown as the answer, under the bot's seal; empty on cards from before there was one."""
MaybeForm = Annotated[FormId | None, BeforeValidator(blank_is_none)]
QuestionId = Annotated[str, Field(pattern=r"^FR-\d{4}-\d{4,7}$")]
Ticked = Annotated[bool, BeforeValidator(lambda value: value in (True, "true"))]


class ShowingPassage(Wished):
    """A passage chosen from "did you mean", or a clause that another card names; with ``answer`` one can go back."""

    verb: Literal["passage"]
    passage: Annotated[str, Field(max_length=200)]
    answer: MaybeForm = None
    question: Carried = ""
    given: Stamp = ""


class ShowingSection(Wished):
    """The whole section that a passage stands in."""

    verb: Literal["section"]
    passage: Annotated[str, Field(max_length=200)]
    answer: MaybeForm = None
    question: Carried = ""
    given: Stamp = ""


class ShowingAnswer(Wished):
    """The bot's own answer again, as it was given."""

    verb: Literal["answer"]
    answer: FormId
    question: Carried
    given: Stamp = ""


class Rating(Wished):
    """``answer`` is the answer's id, ``question`` what it answers: the card is made anew from it. ``passage`` is what was
    chosen from suggestions, if it is that which helped or not."""

    verb: Literal["rate"]
    answer: FormId
    helped: Literal["yes", "no"]
    question: Carried
    passage: Annotated[str, Field(max_length=200)] = ""
    given: Stamp = ""


class AskingUnit(Wished):
    verb: Literal["ask_unit"]
    answer: FormId
    question: Carried
    given: Stamp = ""


class ShowingQuestion(Wished):
    """``show`` opens the form in which a phrasing is proposed."""

    verb: Literal["question", "learn_form"]
    question: QuestionId


class Replying(Wished):
    """``clause`` is the number of one of the nearest clauses, from 1; empty for a reply in own words alone."""

    verb: Literal["question_reply"]
    question: QuestionId
    reply: Text = ""
    clause: Annotated[str, Field(pattern=r"^[1-3]?$")] = ""
    gap: Ticked = False


class MarkingGap(Wished):
    verb: Literal["question_gap"]
    question: QuestionId


class Proposing(Wished):
    verb: Literal["learn_propose"]
    question: QuestionId
    phrasing: Carried = ""


class Accepting(Wished):
    verb: Literal["learn_accept"]
    question: QuestionId
    version: Version
    phrasing: Carried = ""


class Revoking(Wished):
    """With ``verb`` "learned_revoke" on the list of what is learned, which is then shown anew."""

    verb: Literal["learn_revoke", "learned_revoke"]
    question: QuestionId
    version: Version


class ListingLearned(Wished):
    verb: Literal["learned"]
    page: PageNumber = 1


class ListingUnanswered(Wished):
    """``alike``: one of them, with which all that are like it are shown."""

    verb: Literal["unanswered"]
    page: PageNumber = 1
    alike: Annotated[str, Field(pattern=r"^([0-9a-f]{32}|FR-\d{4}-\d{4,7})?$")] = ""


QuestionWish = (
    ShowingPassage
    | ShowingSection
    | ShowingAnswer
    | Rating
    | AskingUnit
    | ShowingQuestion
    | Replying
    | MarkingGap
    | Proposing
    | Accepting
    | Revoking
    | ListingLearned
    | ListingUnanswered
)

QUESTION_WISHES: Mapping[str, type[QuestionWish]] = {
    "passage": ShowingPassage,
    "section": ShowingSection,
    "answer": ShowingAnswer,
    "rate": Rating,
    "ask_unit": AskingUnit,
    "question": ShowingQuestion,
    "learn_form": ShowingQuestion,
    "question_reply": Replying,
    "question_gap": MarkingGap,
    "learn_propose": Proposing,
    "learn_accept": Accepting,
    "learn_revoke": Revoking,
    "learned_revoke": Revoking,
    "learned": ListingLearned,
    "unanswered": ListingUnanswered,
}
