"""Where and in which language a recipient reads what is brought to them."""

from bot.languages import language_of
from bot.services import Services
from cards.scene import Scene


async def scene_for(services: Services, to: str) -> Scene:
    """In the person's language; a conversation's is the organisation's."""
    kind, _, person = to.partition(":")
    alone = kind == "person"
    address = await services.store.document("addresses", to) if alone else None
    locale = str(address.get("locale") or "") if address else None
    language = await language_of(services, person if alone else None, locale)
    return Scene(language=language, now=services.clock(), law=services.law)
