"""A town of several channels, each with two administrators and a registrar of its own: Teams lets the bot write only
so often to one person, and a town of one channel would spend its time waiting."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.scenario.world import TENANT, Somebody, World

CHANNELS = 6
HEAD = 999


@dataclass(kw_only=True)
class Resident(Somebody):
    number: int

    @property
    def object_id(self) -> str:
        return id_of(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who works with one channel."""

    channel: str
    admins: tuple[Resident, Resident]
    registrar: Resident

    @property
    def everybody(self) -> tuple[Resident, ...]:
        return (*self.admins, self.registrar)


def id_of(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def desks(world: World) -> list[Desk]:
    def resident(number: int) -> Resident:
        return Resident(world=world, who=f"r{number}", number=number)

    return [
        Desk(
            channel=f"kanal-{n}",
            admins=(resident(10 * n + 1), resident(10 * n + 2)),
            registrar=resident(10 * n + 3),
        )
        for n in range(CHANNELS)
    ]


def organisation_file(path: Path, *, unit: Sequence[int] = (HEAD,)) -> Path:
    """JSON, which is YAML too. ``unit`` are the numbers of those in communications."""
    numbers = [10 * n + m for n in range(CHANNELS) for m in (1, 2, 3)]
    organisation = {
        "name": "Kommunen",
        "tenant": TENANT,
        "website": "https://www.example.org",
        "language": "sv",
        "people": [{"id": id_of(number), "name": f"Person {number}"} for number in {*numbers, HEAD, *unit}],
        "administrations": [
            {"id": f"forvaltning-{n}", "name": f"Förvaltning {n}", "head": id_of(HEAD), "registrars": [id_of(10 * n + 3)]}
            for n in range(CHANNELS)
        ],
        "communications": {"name": "Kommunikation", "members": [id_of(number) for number in unit]},
        "channels": [_channel(n) for n in range(CHANNELS)],
    }  # fmt: skip
    path.write_text(json.dumps(organisation, ensure_ascii=False), encoding="utf-8")
    return path


def _channel(n: int) -> dict[str, object]:
    return {
        "id": f"kanal-{n}",
        "name": f"Kanal {n}",
        "platform": "instagram",
        "url": f"https://www.instagram.com/kanal{n}",
        "administration": f"forvaltning-{n}",
        "admins": [id_of(10 * n + 1), id_of(10 * n + 2)],
    }
