"""People from the organisation file or from Entra, channels from the register."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.channels.register import ChannelRegister, Loaded
from bot.domain.channels import Difference, Register, channels_in_force, differences
from bot.domain.organisation import Organisation, Person
from bot.organisation.known_names import KnownNames
from bot.services import PeopleDirectory


class RegisterDirectory:
    """``refresh`` before it is first asked; from then on it reads again only what has changed."""

    def __init__(self, people: PeopleDirectory, register: ChannelRegister, names: KnownNames) -> None:
        self._people = people
        self._register = register
        self._names = names
        self._learned = -1
        self._named: Mapping[str, Person] = {}
        self._loaded: Loaded | None = None
        self._listed: Organisation | None = None
        self._organisation: Organisation | None = None

    async def refresh(self) -> None:
        """Takes in what was decided since, by this instance or another."""
        if self._loaded is None or await self._register.changes() != self._loaded.changes:
            self._loaded, self._organisation, self._learned = await self._register.load(), None, -1
        if self._learned != self._names.learned:
            self._learned = self._names.learned
            await self._name_administrators(self._loaded.register)

    async def _name_administrators(self, register: Register) -> None:
        """A decision may appoint whom neither file nor group names."""
        known = self._people.current()
        admins = {
            one for entry in register.channels.values() for one in (*entry.admins, *entry.former_admins)
        }
        unknown = sorted(one for one in admins if not known.person(one).name)
        await self._names.find(unknown, known)
        found = {one: Person(id=one, name=name) for one in unknown if (name := await self._names.of(one))}
        if found != self._named:
            self._named, self._organisation = found, None

    def current(self) -> Organisation:
        listed = self._people.current()
        if self._organisation is None or listed is not self._listed:
            self._listed, self._organisation = listed, self._with_channels(listed)
        return self._organisation

    def fresh(self, at: datetime) -> bool:
        return self._people.fresh(at)

    def differences(self) -> tuple[Difference, ...]:
        """Between the register, which rules, and the organisation file."""
        return differences(self.channels().register, self._people.current().channels)

    def _with_channels(self, listed: Organisation) -> Organisation:
        known = self.channels()
        channels = channels_in_force(known.register, known.texts, listed.channels)
        return replace(listed, channels=channels, people={**self._named, **listed.people})

    def channels(self) -> Loaded:
        if self._loaded is None:
            raise RuntimeError("the directory is asked before it has read the register")
        return self._loaded
