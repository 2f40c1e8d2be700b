"""What people, units and channels are called on cards: names from the organisation file, so not our own words."""

from bot.domain.organisation import Organisation
from bot.domain.views import CaseView
from cards.texts import Texts
from cards.untrusted import first_line

LONGEST_NAME = 120


def name_of(text: str) -> str:
    """A name on one line, within what a card has room for."""
    return first_line(text, LONGEST_NAME)


def channel_name(view: CaseView) -> str:
    return name_of(view.channel.name if view.channel else view.case.channel)


def place_name(section: str, passage: str, t: Texts) -> str:
    """Where a passage stands, as one says it: "Administratörens ansvar, punkt 5 b"."""
    place = passage.partition("/")[2].replace("/", " ")
    return f"{name_of(section)}, {_place_named(place, t)}" if place else name_of(section)


def _place_named(place: str, t: Texts) -> str:
    kind, number = place[0], place[1:]
    if kind == "p" and number:
        return t("place.paragraph", number=number)
    if kind == "r" and number[:1].isdecimal():
        return t("place.row", number=number)
    return t("place.item", number=place)


def person_name(organisation: Organisation, person: str, t: Texts) -> str:
    return name_of(organisation.person(person).name) or t("name.unknown")


def recipient_name(organisation: Organisation, to: str, t: Texts) -> str:
    """A unit's name or a person's."""
    unit = organisation.administrations.get(to)
    return name_of(unit.name) if unit else person_name(organisation, to, t)


def administration_name(organisation: Organisation, administration: str) -> str:
    unit = organisation.administrations.get(administration)
    return name_of(unit.name if unit else administration)
