"""How much is measured in a run."""

from dataclasses import dataclass
from pathlib import Path

from tests.bench.clicking import Clicker
from tests.bench.servers import Server, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``folder`` is for the data of all programs; ``quick`` leaves out what takes more than a minute in all."""

    folder: Path
    wire: Wire
    quick: bool

    @property
    def rounds(self) -> int:
        return self.extent(whole=5, short=3)

    def extent(self, *, whole: int, short: int) -> int:
        return short if self.quick else whole

    def clicker(self, ours: Server, *, name: str = "ours", first: int = 1) -> Clicker:
        """Somebody who decides on our cases, with a token as Teams sends it."""
        return Clicker(
            name=name,
            port=ours.port,
            expects="Beslutat av: ",
            service_url=self.wire.service_url,
            token=self.wire.token,
            first=first,
        )
