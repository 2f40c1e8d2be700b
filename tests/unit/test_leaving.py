"""What of a question leaves the machine."""

import pytest

from bot.domain.questions.leaving import fit_to_leave
from bot.domain.questions.names import NameLists

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


LISTS = NameLists(given=frozenset({"alfa", "far"}), family=frozenset({"beta", "chef"}))
"""Letters of the Greek alphabet for names, and two words of the matter that are names as well."""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("kommentar av alfa", "kommentar av [namn]"),
        ("kommentar av alfas beta", "kommentar av [namn]"),
        ("ALFA BETA och Beta", "[namn] och [namn]"),
        ("beta till alfa", "beta till [namn]"),
        ("Beta, Alfa: kommentar", "[namn]: kommentar"),
        ("Alfa\nBeta, Alfa von Beta, Alfa G. Beta", "[namn]"),
        ("alfabeta72, alfa_beta, betaalfa", "[konto], [konto], [namn]"),
        ("alfa.beta och alfa-beta", "[namn] och [namn]"),
        ("alfa chef och Alfa Kommentar", "[namn] och [namn]"),
        ("far chef, Far vi, far till chef", "far chef, Far vi, far till chef"),
        ("gammasson till alfabetet", "[namn] till alfabetet"),
        ("kommentar i maj 2026 på A4 och mp3", "kommentar i maj 2026 på A4 och mp3"),
    ],
)
def test_names_that_many_have_stay_however_they_are_written(text: str, left: str) -> None:
    assert fit_to_leave(text, names=(), common=COMMON, lists=LISTS) == left


def test_masking_twice_is_masking_once() -> None:
    text = "Åsa Lind, Kalle Anka, 070-123 45 67, a@b.se, www.x.se, Storgatan 1, 850101-1234"
    once = fit_to_leave(text, names=NAMES, common=COMMON)
    assert fit_to_leave(once, names=NAMES, common=COMMON) == once
