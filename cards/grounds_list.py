"""What guideline and law say about the grounds: openly for one, folded away for all."""

from dataclasses import dataclass

from bot.domain.grounds import Ground
from bot.policy.grounds import GroundText, Law
from bot.turns import Json
from cards.elements import container, folded, note, plain, run, subheading
from cards.inputs import Choice
from cards.texts import Texts, texts

LIST_ID = "grounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundsParts:
    """The parts of a card that depend on law and language alone. Shared between cards: never changed."""

    law: Law
    listed: list[Json]
    choices: list[Choice]
    obvious_note: Json


_made: dict[tuple[int, str], GroundsParts] = {}


def grounds_parts(law: Law, language: str) -> GroundsParts:
    """Made once per law file and language: a card's largest part, and the same on every card."""
    found = _made.get((id(law), language))
    if found is None or found.law is not law:
        found = _made[(id(law), language)] = _make(law, texts(language))
    return found


def _make(law: Law, t: Texts) -> GroundsParts:
    all_of_them = tuple(law.grounds.values())
    listed = [_in_list(one, t) for one in all_of_them]
    return GroundsParts(
        law=law,
        listed=folded(t("grounds.all"), [*listed, note(law.act_says(t.language))], id=LIST_ID),
        choices=[(one.name(t.language), one.code) for one in all_of_them],
        obvious_note=_obvious_note(all_of_them, t),
    )


def _in_list(ground: GroundText, t: Texts) -> Json:
    guideline, law = ground.guideline_says(t.language), ground.law_says(t.language)
    return plain(
        run(ground.name(t.language), bold=True),
        run(f"\n{ground.explanation(t.language)}"),
        run(f"\n{guideline}. {law}. {ground.law_in_full(t.language)}", subtle=True),
        spacing="Small",
    )


def _obvious_note(grounds: tuple[GroundText, ...], t: Texts) -> Json:
    """For which grounds the tick matters, and for which only under a condition of its own."""
    plainly = [one.name(t.language) for one in grounds if one.can_be_duty and not one.duty_needs_statement]
    lines = [t("obvious.matters", grounds=", ".join(plainly))]
    lines += [
        t("obvious.only_if", ground=one.name(t.language), law=one.law_reference)
        for one in grounds
        if one.duty_needs_statement
    ]
    return note(" ".join([*lines, t("obvious.consequence")]), spacing="Small")


def suggested_ground(law: Law, code: Ground, t: Texts) -> Json:
    """The suggested ground with the guideline's own words and the law's demand, shown openly."""
    ground = law.ground(code)
    name = ground.name(t.language)
    guideline = [run(f"{ground.guideline_says(t.language)}.", bold=True)]
    if ground.is_found and name.casefold() != ground.words.casefold():
        guideline.append(run(f" {t('ground.words', words=ground.words)}"))
    return container(
        [
            subheading(t("ground.suggested"), spacing="Small"),
            plain(run(name, bold=True), spacing="Small"),
            plain(*guideline, spacing="Small"),
            plain(
                run(f"{ground.law_says(t.language)}. ", bold=True),
                run(ground.law_in_full(t.language)),
                spacing="Small",
            ),
        ],
        spacing="Medium",
        separator=True,
    )
