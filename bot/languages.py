"""Which language a person is spoken to in: their own choice, else their Teams locale, else the organisation's."""

from bot.services import Services

LANGUAGES = ("sv", "en")
_CHOICES = "languages"


async def choose_language(services: Services, person: str, language: str) -> None:
    await services.store.put_document(_CHOICES, person, {"language": language})


async def language_of(services: Services, person: str | None, locale: str | None) -> str:
    chosen = await services.store.document(_CHOICES, person) if person else None
    return str(chosen["language"]) if chosen else language_by_locale(services, locale)


def language_by_locale(services: Services, locale: str | None) -> str:
    """In local mode the locale is left out: the Playground says en-US whoever sits there."""
    if services.local or not locale:
        return services.organisation.language
    return "sv" if locale.lower().startswith("sv") else "en"
