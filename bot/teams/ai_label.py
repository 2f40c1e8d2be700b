"""Teams' AI label and citations on a message, as its documentation has them.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bot-messages-ai-generated-content: one root entity a message, or
Teams answers 400; a name has at most 80 characters and an abstract 160.
"""

from collections.abc import Sequence
from typing import Any

from bot.turns import Cited


def ai_label(cites: Sequence[Cited]) -> dict[str, Any]:
    return {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
        "additionalType": ["AIGeneratedContent"],
        "citation": [
            {
                "@type": "Claim",
                "position": place,
                "appearance": {"@type": "DigitalDocument", "name": one.name, "abstract": one.abstract},
            }
            for place, one in enumerate(cites, start=1)
        ],
    }
