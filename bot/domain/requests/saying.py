"""From what a card sends to what was said in each field: tidied, split, and names turned into people."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain

from bot.domain.organisation import Organisation
from bot.domain.requests.fields import Field, FieldType
from bot.domain.requests.naming import meant_for_sure

Raw = Mapping[str, str | Sequence[str]]
"""By field, as a card sends it: several people as a list or with commas between, days as ISO 8601, ticks as "true"."""
Said = Mapping[str, tuple[str, ...]]
"""What was said by field; nothing said is an empty tuple."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no UTF-8 text can hold these, and no card shows them
_BETWEEN_NAMES = re.compile(r"[,;\n]")


def said_in(fields: Sequence[Field], raw: Raw, organisation: Organisation) -> Said:
    """Typed names of people whom the organisation knows for sure become picked people."""
    said = {one.name: _values(one, raw.get(one.name, "")) for one in fields}
    for field in fields:
        if field.stands_for:
            known = {name: meant_for_sure(name, organisation.people.values()) for name in said[field.name]}
            picked = (*said[field.stands_for], *(one for one in known.values() if one))
            said[field.stands_for] = tuple(dict.fromkeys(picked))
            said[field.name] = tuple(name for name, one in known.items() if not one)
    return said


def _values(field: Field, raw: str | Sequence[str]) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else raw
    texts = [_UNSTORABLE.sub("\ufffd", one).strip() for one in given]
    match field.type:
        case FieldType.TEXT | FieldType.CONTACT:
            pass
        case FieldType.PEOPLE:
            texts = [one.strip().lower() for one in chain.from_iterable(text.split(",") for text in texts)]
        case FieldType.TYPED_PEOPLE:
            names = chain.from_iterable(_BETWEEN_NAMES.split(one) for one in texts)
            texts = [" ".join(name.split()) for name in names]
        case _:
            texts = [" ".join(one.split()) for one in texts]
    return tuple(dict.fromkeys(one for one in texts if one))
