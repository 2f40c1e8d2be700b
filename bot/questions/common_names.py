"""Names that many in Sweden have, from Faker's lists, which are kept for other ends and are the only ones at hand.

Kept apart because importing ``faker`` takes a tenth of a second and 17 MB, which only those pay who name a model.
"""

from collections.abc import Iterable

from faker.providers.person import Provider, en_GB, fi_FI, sv_SE

from bot.domain.questions.names import NameLists, folded

_GIVEN: tuple[type[Provider], ...] = (sv_SE.Provider, fi_FI.Provider, en_GB.Provider)
_FAMILY: tuple[type[Provider], ...] = (sv_SE.Provider, fi_FI.Provider)
"""English family names are too often English words."""


def load_common_names() -> NameLists:
    return NameLists(
        given=_folded(name for one in _GIVEN for name in one.first_names),
        family=_folded(name for one in _FAMILY for name in one.last_names),
    )


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(name) for name in names)
