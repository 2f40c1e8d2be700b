"""People from the organisation file or from Entra, channels from the register."""

from dataclasses import replace
from datetime import datetime

from bot.channel_register import ChannelRegister, Loaded
from bot.domain.channels import Difference, channels_in_force, differences
from bot.domain.organisation import Organisation
from bot.services import PeopleDirectory


class RegisterDirectory:
    """``refresh`` before it is first asked; from then on it reads again only what has changed."""

    def __init__(self, people: PeopleDirectory, register: ChannelRegister) -> None:
        self._people = people
        self._register = register
        self._loaded: Loaded | None = None
        self._listed: Organisation | None = None
        self._organisation: Organisation | None = None

    async def refresh(self) -> None:
        """Takes in what was decided since, by this instance or another."""
        if self._loaded is None or await self._register.changes() != self._loaded.changes:
            self._loaded, self._organisation = await self._register.load(), None

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
        return replace(listed, channels=channels_in_force(known.register, known.texts, listed.channels))

    def channels(self) -> Loaded:
        if self._loaded is None:
            raise RuntimeError("the directory is asked before it has read the register")
        return self._loaded
