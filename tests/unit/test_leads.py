"""The sentence above a quote: what it may say, held against the guideline that ships."""

import pytest

from bot.policy.answering import Policy, load_policy
from bot.policy.leads import LEADS_FILE, Flaw, Leads, Source, load_leads

PLACES = {
    "registered": ("administratorens-ansvar/5/a", 0),
    "both": ("administratorens-ansvar/5", 0),
    "removed": ("administratorens-ansvar/2", 0),
    "decided": ("overgripande-riktlinjer/p5", 0),
    "politics": ("overgripande-riktlinjer/p3", 0),
    "quickly": ("administratorens-ansvar/4", 0),
    "secret": ("administratorens-ansvar/7", 0),
    "others": ("administratorens-ansvar/5/b", 0),
    "message": ("administratorens-ansvar/5/c", 0),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="module")
def leads(policy: Policy) -> Leads:
    return load_leads(policy.guideline.text, policy.glossed)


def source_of(policy: Policy, passage: str) -> Source:
    quote = policy.quote(PLACES[passage][0])
    assert quote is not None
    return Source(section=quote.section, quote=quote.text, gloss=quote.gloss or "")


@pytest.mark.parametrize(
    ("passage", "language", "lead"),
    [
        ("registered", "sv", "Raderade inlägg ska diarieföras med motivering."),
        ("registered", "sv", "Avpublicerat och raderat material ska diarieföras."),
        ("registered", "sv", "Enligt riktlinjen ska raderat material diarieföras med motivering."),
        ("registered", "en", "Unpublished and deleted material is to be registered with the reason."),
        ("removed", "sv", "Inlägg och kommentarer måste raderas om de innehåller svordomar."),
        ("removed", "en", "Posts and comments must be deleted or unpublished if they contain swearing."),
        (
            "decided",
            "sv",
            "Om en verksamhet vill närvara i ett socialt medium beslutas det av förvaltningschef.",
        ),
        ("politics", "sv", "Politiska frågor hänvisas till partiernas egna kanaler."),
        ("secret", "sv", "Sekretessbelagda uppgifter publiceras inte på sociala medier."),
        ("registered", "sv", "Du ska diarieföra raderat material med motivering."),
        ("others", "sv", "Övriga inlägg behöver inte diarieföras."),
        ("others", "sv", "Enligt riktlinjen säger avsnittet att övriga inlägg inte behöver diarieföras."),
        ("others", "en", "Other posts do not have to be registered."),
        ("quickly", "sv", "Svar på inlägg och kommentarer bör ske snabbt."),
    ],
)
def test_what_the_passage_says_may_be_said_shorter(
    policy: Policy, leads: Leads, passage: str, language: str, lead: str
) -> None:
    assert leads.flaw(lead, source_of(policy, passage), language) is None


@pytest.mark.parametrize(
    ("passage", "lead", "flaw"),
    [
        ("registered", "", Flaw.MISSING),
        ("registered", "Raderat material ska diarieföras, " * 9 + "raderat.", Flaw.LONG),
        ("registered", "Raderat material ska diarieföras", Flaw.NOT_PLAIN),
        ("registered", "Raderat material ska diarieföras!", Flaw.NOT_PLAIN),
        ("registered", "Raderat material: se haninge.se.", Flaw.NOT_PLAIN),
        ("registered", "Deleted material is to be registered with the reason.", Flaw.LANGUAGE),
        ("registered", "Nej, raderat material ska diarieföras.", Flaw.VERDICT),
        ("registered", "Anna ska diarieföra raderat material.", Flaw.UNKNOWN_WORD),
        ("registered", "anna ska diarieföra raderat material.", Flaw.UNKNOWN_WORD),
        ("registered", "Raderat material ska inte diarieföras.", Flaw.TURNED),
        ("registered", "Raderat material får diarieföras.", Flaw.PERMISSION),
        ("registered", "Alla raderade inlägg ska diarieföras.", Flaw.CLAIM),
        ("registered", "Raderat material ska diarieföras av förvaltningschef.", Flaw.UNFOUNDED),
        ("registered", "Bilder ska diarieföras med motivering.", Flaw.UNFOUNDED),
        ("registered", "Det ska enligt riktlinjen.", Flaw.UNFOUNDED),
        ("removed", "Inlägg och kommentarer måste raderas.", Flaw.CONDITION),
        ("decided", "Förvaltningschef beslutar.", Flaw.CONDITION),
        ("secret", "Sekretessbelagda uppgifter publiceras på sociala medier.", Flaw.TURNED),
        ("quickly", "Svar på inlägg bör ske samma dag.", Flaw.CLAIM),
        ("quickly", "Svar på inlägg ska ske snabbt.", Flaw.OBLIGATION),
        ("quickly", "Svar på inlägg sker snabbt.", Flaw.OBLIGATION),
        ("registered", "Raderat material bör diarieföras.", Flaw.OBLIGATION),
        ("registered", "Raderat material behöver inte diarieföras.", Flaw.TURNED),
        ("registered", "Raderat material ska diarieföras om det behövs.", Flaw.CONDITION),
        ("registered", "Material med motivering ska raderas.", Flaw.UNFOUNDED),
        ("registered", "Raderat material ska ibland diarieföras.", Flaw.TURNED),
        ("removed", "Inlägg måste raderas om du vill om de innehåller reklam.", Flaw.CONDITION),
        ("message", "Meddelanden utgör upprättad handling.", Flaw.TURNED),
    ],
)
def test_what_it_does_not_say_may_not_be_said(
    policy: Policy, leads: Leads, passage: str, lead: str, flaw: Flaw
) -> None:
    assert leads.flaw(lead, source_of(policy, passage), "sv") is flaw


@pytest.mark.parametrize(
    ("passage", "lead"),
    [
        ("registered", "Unpublished and deleted material should be registered with the reason."),
        ("registered", "Registered material must be deleted with the reason."),
        ("registered", "Published and deleted material must be registered with the reason."),
        ("registered", "Deleted material must perhaps be registered."),
        ("others", "Other posts and comments must not be registered."),
        ("others", "Other posts and comments may not be registered."),
    ],
)
def test_an_english_lead_binds_as_the_unofficial_english_does(
    policy: Policy, leads: Leads, passage: str, lead: str
) -> None:
    assert leads.flaw(lead, source_of(policy, passage), "en") is not None


@pytest.mark.parametrize(
    "lead",
    [
        "Raderade inlägg behöver inte diarieföras.",
        "Övriga inlägg ska diarieföras med motivering.",
        "Inlägg och kommentarer behöver inte diarieföras.",
    ],
)
def test_two_sentences_of_a_quote_cannot_be_mixed(policy: Policy, leads: Leads, lead: str) -> None:
    quotes = [policy.quote(f"administratorens-ansvar/5/{one}") for one in "ab"]
    texts = [one.text for one in quotes if one]
    assert len(texts) == 2
    source = Source(section="Administratörens ansvar", quote="\n- ".join(texts))
    assert leads.flaw(lead, source, "sv") is not None
    assert leads.flaw("Övriga inlägg behöver inte diarieföras.", source, "sv") is None


def test_without_an_unofficial_english_an_english_lead_speaks_of_what_the_swedish_means(
    policy: Policy, leads: Leads
) -> None:
    quote = policy.quote("administratorens-ansvar/5/a")
    assert quote is not None
    source = Source(section=quote.section, quote=quote.text)
    assert leads.flaw("Deleted posts must be registered with reasons.", source, "en") in {
        None,
        Flaw.UNFOUNDED,
    }
    assert leads.flaw("Deleted posts must not be registered.", source, "en") is Flaw.TURNED
    assert leads.flaw("The head of administration decides on channels.", source, "en") is Flaw.UNFOUNDED


def test_numbers_names_and_days_may_be_said_where_the_passage_has_them() -> None:
    text = "Kalle Anka svarar inom 3 dagar, senast på fredag den 5 maj."
    leads = load_leads(text, ())
    source = Source(section="Svar", quote=text)
    assert leads.flaw("Kalle Anka svarar inom 3 dagar.", source, "sv") is None
    assert leads.flaw("Kalle Anka svarar inom 5 dagar på fredag.", source, "sv") is None
    assert leads.flaw("Kalle Anka svarar inom 53 dagar.", source, "sv") is not None


def test_no_word_stands_in_two_rules_that_contradict(leads: Leads) -> None:
    lists = leads._words
    assert not lists.silent & {one for phrase in lists.strength for one in phrase if len(phrase) == 1}
    assert not lists.verdicts & lists.silent
    assert LEADS_FILE.exists()
