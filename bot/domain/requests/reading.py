"""From what was typed and picked to a form: each field checked, every problem told at once."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from bot.domain.organisation import Organisation
from bot.domain.requests.fields import Fault, Field, FieldType, Problem
from bot.domain.requests.forms import FormTexts, Reading
from bot.domain.requests.naming import perhaps_meant
from bot.domain.requests.saying import Raw, Said, said_in
from bot.domain.web_addresses import is_web_address, normal_address

Rule = Callable[[Reading], Problem | None]
"""What must hold between fields."""

_PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_YEARS = range(2000, 2101)


def read(
    fields: Sequence[Field], rules: Sequence[Rule], raw: Raw, *, today: date, organisation: Organisation
) -> Reading:
    """Whatever could be read stands in the answer, beside all that is wrong; of each field one problem."""
    said = said_in(fields, raw, organisation)
    checked = (_check(one, said[one.name], today) for one in fields)
    problems = {one.field: one for one in checked if one is not None}
    reading = _reading(fields, said, problems, organisation)
    broken = (rule(reading) for rule in rules)
    problems = {one.field: one for one in broken if one is not None} | problems
    return replace(reading, problems=_in_order(fields, problems.values()))


def _in_order(fields: Sequence[Field], problems: Iterable[Problem]) -> tuple[Problem, ...]:
    places = {one.name: place for place, one in enumerate(fields)}
    return tuple(sorted(problems, key=lambda one: places.get(one.field, len(places))))


def _check(field: Field, said: tuple[str, ...], today: date) -> Problem | None:
    if not said:
        missing = Fault.NOT_TICKED if field.type is FieldType.TICK else Fault.MISSING
        return Problem(field=field.name, fault=missing) if field.required else None
    if len(said) > _most(field):
        return Problem(field=field.name, fault=Fault.TOO_MANY, limit=_most(field))
    if any(len(one) > field.longest for one in said):
        return Problem(field=field.name, fault=Fault.TOO_LONG, limit=field.longest)
    fault = _wrong(field, said, today)
    return Problem(field=field.name, fault=fault) if fault else None


def _most(field: Field) -> int:
    return field.most if field.type in {FieldType.PEOPLE, FieldType.TYPED_PEOPLE} else 1


def _wrong(field: Field, said: tuple[str, ...], today: date) -> Fault | None:
    """What is wrong with an answer for its type."""
    match field.type:
        case FieldType.ADDRESS if not is_web_address(said[0]):
            return Fault.NOT_AN_ADDRESS
        case FieldType.CHOICE if said[0] not in field.choices:
            return Fault.NOT_A_CHOICE
        case FieldType.CHANNEL if not _CHANNEL.fullmatch(said[0]):
            return Fault.UNKNOWN_CHANNEL
        case FieldType.PEOPLE if not all(_PERSON.fullmatch(one) for one in said):
            return Fault.NOT_A_PERSON
        case FieldType.TICK if field.required and said[0] != "true":
            return Fault.NOT_TICKED
        case FieldType.DAY:
            return _wrong_day(field, said[0], today)
        case _:
            return None


def _wrong_day(field: Field, said: str, today: date) -> Fault | None:
    day = _day(said)
    if day is None:
        return Fault.NOT_A_DAY
    return Fault.NOT_IN_FUTURE if field.future and day <= today else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _reading(
    fields: Sequence[Field], said: Said, wrong: Container[str], organisation: Organisation
) -> Reading:
    """A wrong fact is left out, since it would stand in the journal for good; a wrong text stays to be mended."""
    facts = {one.name: _fact(one, said[one.name]) for one in fields if one.is_fact and one.name not in wrong}
    picked = chain.from_iterable(facts.get(one.name, ()) for one in fields if one.type is FieldType.PEOPLE)
    typed = tuple(chain.from_iterable(_of_type(FieldType.TYPED_PEOPLE, fields, said)))
    return Reading(
        facts={name: values for name, values in facts.items() if values},
        people=tuple(dict.fromkeys((*picked, *perhaps_meant(typed, organisation.people.values())))),
        unknown_people=len(typed),
        texts=FormTexts(values=_texts(fields, said)),
        contact="".join(chain.from_iterable(_of_type(FieldType.CONTACT, fields, said))),
        address=_address(fields, said, wrong),
    )


def _fact(field: Field, said: tuple[str, ...]) -> tuple[str, ...]:
    match field.type:
        case FieldType.DAY:
            return tuple(day.isoformat() for one in said if (day := _day(one)))
        case FieldType.TICK:
            return tuple(one for one in said if one == "true")
        case _:
            return said


def _texts(fields: Sequence[Field], said: Said) -> dict[str, str]:
    apart = FieldType.CONTACT
    kept = (one.name for one in fields if not one.is_fact and one.type is not apart)
    return {name: "\n".join(said[name]) for name in kept if said[name]}


def _of_type(kind: FieldType, fields: Sequence[Field], said: Said) -> Iterator[tuple[str, ...]]:
    return (said[one.name] for one in fields if one.type is kind)


def _address(fields: Sequence[Field], said: Said, wrong: Container[str]) -> str:
    right = [one for one in fields if one.name not in wrong]
    address = "".join(chain.from_iterable(_of_type(FieldType.ADDRESS, right, said)))
    return normal_address(address) if address else ""


def at_least_one(*names: str) -> Rule:
    """One of these fields must be answered; the first is the one that is told of."""

    def rule(reading: Reading) -> Problem | None:
        answered = any(reading.facts.get(name) or reading.texts.values.get(name) for name in names)
        return None if answered else Problem(field=names[0], fault=Fault.MISSING)

    return rule


def after(later: str, earlier: str) -> Rule:
    """The day in one field comes after that in the other, where both are there."""

    def rule(reading: Reading) -> Problem | None:
        first, last = (reading.facts.get(name) for name in (earlier, later))
        wrong = bool(first and last and last <= first)
        return Problem(field=later, fault=Fault.BEFORE_START) if wrong else None

    return rule
