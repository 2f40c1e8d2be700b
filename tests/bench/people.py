"""The municipality that the bench clicks in: so many channels, each with two admins of its own.

Teams lets a bot write 7 times a second into one conversation and 50 times a second into a tenant. With everybody's
cards in one conversation the outbox would mostly wait; spread like this it sends as much as a tenant may get.
"""

import json
from dataclasses import dataclass
from pathlib import Path

TENANT = "00000000-0000-0000-0000-0000000000aa"
CHANNELS = 40
_UNIT = "forvaltningen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """One of the people, by number; the ids are those that Teams would send."""

    number: int

    @property
    def object_id(self) -> str:
        return f"00000000-0000-0000-0000-{self.number:012d}"

    @property
    def user(self) -> str:
        return f"29:{self.number}-abc"

    @property
    def conversation(self) -> str:
        return f"a:{self.number}"


ADMINS = tuple(Admin(number=number) for number in range(1, 2 * CHANNELS + 1))


def channel_of(case: int) -> str:
    """The cases go round the channels."""
    return f"kanal-{case % CHANNELS}"


def clicker_of(case: int) -> Admin:
    """The one of the channel's two admins who decides."""
    return ADMINS[2 * (case % CHANNELS)]


def admins_of(case: int) -> tuple[Admin, ...]:
    return ADMINS[2 * (case % CHANNELS) : 2 * (case % CHANNELS) + 2]


def organisation_file(path: Path) -> Path:
    """Written as JSON, which is YAML too."""
    chief = ADMINS[0].object_id
    organisation = {
        "name": "Kommunen",
        "tenant": TENANT,
        "website": "https://www.example.org",
        "language": "sv",
        "people": [{"id": one.object_id, "name": f"Administratör {one.number}"} for one in ADMINS],
        "administrations": [
            {"id": _UNIT, "name": "Förvaltningen", "head": chief, "registrars": [chief]},
        ],
        "communications": {"name": "Kommunikation", "members": [chief]},
        "channels": [_channel(number) for number in range(CHANNELS)],
    }
    path.write_text(json.dumps(organisation, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _channel(number: int) -> dict[str, object]:
    return {
        "id": f"kanal-{number}",
        "name": f"Kanal {number}",
        "platform": "facebook",
        "url": f"https://www.facebook.com/kanal{number}",
        "administration": _UNIT,
        "admins": [one.object_id for one in ADMINS[2 * number : 2 * number + 2]],
    }
