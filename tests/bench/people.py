"""The municipality that the bench clicks in: so many channels, each with two admins of its own.

Teams lets a bot write 7 times a second into one conversation and 50 times a second into a tenant. With everybody's
cards in one conversation the outbox would mostly wait; spread like this it sends as much as a tenant may get.
"""

import json
from dataclasses import dataclass
from pathlib import Path

TENANT = "00000000-0000-0000-0000-0000000000aa"
APP_ID = "11111111-2222-3333-4444-555555555555"
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


def admins(channels: int = CHANNELS) -> tuple[Admin, ...]:
    return tuple(Admin(number=number) for number in range(1, 2 * channels + 1))


ADMINS = admins()


def channel_of(case: int, channels: int = CHANNELS) -> str:
    """The cases go round the channels."""
    return f"kanal-{case % channels}"


def clicker_of(case: int) -> Admin:
    """The one of the channel's two admins who decides."""
    return ADMINS[2 * (case % CHANNELS)]


def admins_of(case: int) -> tuple[Admin, ...]:
    return ADMINS[2 * (case % CHANNELS) : 2 * (case % CHANNELS) + 2]


def environment(data: Path, channels: int = CHANNELS) -> dict[str, str]:
    """The settings of a bot for Teams with its record in the folder, which is made if need be."""
    data.mkdir(parents=True, exist_ok=True)
    return {
        "MicrosoftAppId": APP_ID,
        "MicrosoftAppPassword": "unused",
        "MicrosoftAppTenantId": TENANT,
        "STORAGE_URL": f"tinydb:{data / 'store'}",
        "ORGANISATION_FILE": str(_organisation_file(data / "organisation.yaml", channels)),
    }


def _organisation_file(path: Path, channels: int) -> Path:
    """Written as JSON, which is YAML too."""
    people, chief = admins(channels), ADMINS[0].object_id
    organisation = {
        "name": "Kommunen",
        "tenant": TENANT,
        "website": "https://www.example.org",
        "language": "sv",
        "people": [{"id": one.object_id, "name": f"Administratör {one.number}"} for one in people],
        "administrations": [
            {"id": _UNIT, "name": "Förvaltningen", "head": chief, "registrars": [chief]},
        ],
        "communications": {"name": "Kommunikation", "members": [chief]},
        "channels": [_channel(number, people) for number in range(channels)],
    }
    path.write_text(json.dumps(organisation, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _channel(number: int, people: tuple[Admin, ...]) -> dict[str, object]:
    return {
        "id": f"kanal-{number}",
        "name": f"Kanal {number}",
        "platform": "facebook",
        "url": f"https://www.facebook.com/kanal{number}",
        "administration": _UNIT,
        "admins": [one.object_id for one in people[2 * number : 2 * number + 2]],
    }
