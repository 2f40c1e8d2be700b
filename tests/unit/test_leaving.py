"""What of a question leaves the machine."""

import pytest

from bot.domain.questions.leaving import fit_to_leave

COMMON = frozenset(
    [
        "far",
        "vi",
        "ta",
        "bort",
        "en",
        "kommentar",
        "av",
        "pa",
        "facebook",
        "instagram",
        "haninge",
        "kommun",
        "chef",
        "till",
        "och",
    ]
)
NAMES = ("Åsa Lind", "Björn Ek", "Chef", "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Får vi ta bort en kommentar?", "Får vi ta bort en kommentar?"),
        ("kommentar av åsa lind", "kommentar av [namn]"),
        ("kommentar av ASA LINDS chef", "kommentar av [namn] chef"),
        ("kommentar av lind och Björns", "kommentar av [namn] och [namn]"),
        ("kommentar av Kalle Anka", "kommentar av [namn]"),
        ("Kalle Ankas kommentar", "[namn] kommentar"),
        ("på Facebook Instagram i Haninge Kommun", "på Facebook Instagram i Haninge Kommun"),
        ("mejla a.b@c.se eller 08-123 456 78", "mejla [e-postadress] eller [telefonnummer]"),
        ("850101-1234", "[personnummer]"),
        ("se https://x.se/a?b=c och www.y.org.", "se [länk] och [länk]"),
        ("se facebook.com/kalle", "se [länk]"),
        ("@kalle.anka skrev", "[konto] skrev"),
        ("på Storgatan 12 B, 136 81 Haninge", "på [adress], [adress]"),
        ("bor Norra vägen 3", "bor [adress]"),
        ("konto 1234 5678 90", "konto [nummer]"),
        ("om 3 kommentarer av 12", "om 3 kommentarer av 12"),
        ("", ""),
    ],
)
def test_what_points_at_somebody_stays(text: str, left: str) -> None:
    assert fit_to_leave(text, names=NAMES, common=COMMON) == left


def test_masking_twice_is_masking_once() -> None:
    text = "Åsa Lind, Kalle Anka, 070-123 45 67, a@b.se, www.x.se, Storgatan 1, 850101-1234"
    once = fit_to_leave(text, names=NAMES, common=COMMON)
    assert fit_to_leave(once, names=NAMES, common=COMMON) == once
