"""What single values of a button's data may look like."""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MAX_INPUT = 8000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def blank_is_none(value: object) -> object:
    return None if value == "" else value


def clean(value: object) -> object:
    """NUL and lone surrogates cannot be stored as UTF-8: shown as U+FFFD instead of losing the click. What nobody
    can see is nothing said."""
    if not isinstance(value, str):
        return value
    text = _UNSTORABLE.sub("\ufffd", value).strip()
    return text if any(unicodedata.category(char)[0] not in "CZ" for char in text) else ""


Text = Annotated[str, BeforeValidator(clean), Field(max_length=MAX_INPUT)]
Version = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
PageNumber = Annotated[int, Field(ge=1, le=100_000)]
FormId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""Names a form itself: one form is one thing. It stays in the journal as a key, so it can't be any text."""
OptionalDate = Annotated[date | None, BeforeValidator(blank_is_none)]


class Wished(BaseModel):
    """What a person wants done, read from a button's data."""

    model_config = ConfigDict(frozen=True, extra="ignore")
