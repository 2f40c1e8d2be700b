"""A case's card: what an administrator meets while it is open, and what stands there once it is decided."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain import cases
from bot.domain.cases import DecisionKind, PoliceReport, Reason, Refusal
from bot.domain.grounds import Ground
from bot.domain.views import CaseForm, CaseView, FlagText
from cards.case_card import Banner, case_card
from cards.payload import Deciding, Forwarding, ReportingToPolice, unpack
from tests.unit.card_checks import MAX_BYTES, Json, buttons, elements, inputs, size, visible_buttons, words
from tests.unit.card_samples import (
    ADMIN,
    FLAGGED_AT,
    LAW,
    REGISTRAR,
    after,
    decide,
    opened,
    removed,
    reverse,
    scene,
    stages,
    view,
)

STAGES = stages()


def shown(
    stage: str = "open", form: CaseForm | None = None, refusal: Refusal | None = None, **typed: str
) -> Json:
    return case_card(view(STAGES[stage]), scene(), form=form, typed=typed, refusal=refusal).card


def text_of(seen: CaseView) -> str:
    return words(case_card(seen, scene()).card)


# Open -------------------------------------------------------------------------------------------------------


def test_an_open_card_tells_where_when_who_and_why() -> None:
    told = words(shown())
    for expected in (
        "Flaggad kommentar SM-2026-0042",
        "Kontot Exempel på Facebook",
        "för 3 timmar sedan (24 nov. 2026 kl. 09.05)",
        "Din klåpare, vi vet var du bor!",
        "https://www.facebook.com/haningekommun/",
        "Personangrepp, enligt mig.",
    ):
        assert expected in told.replace("\u200b", "")


def test_the_suggested_ground_stands_with_what_guideline_and_law_demand() -> None:
    told = words(shown())
    ground = LAW.ground(Ground.PERSONANGREPP)
    assert ground.name("sv") in told
    assert "Orden i riktlinjen" not in told, "they are the ground's name"
    assert ground.guideline_says("sv") in told
    assert ground.law_in_full("sv") in told


def test_all_grounds_are_a_click_away() -> None:
    card = shown("open without a suggestion")
    folded = next(one for one in elements(card) if one.get("id") == "grounds")
    assert folded["isVisible"] is False
    assert [
        LAW.ground(one).name("sv") for one in Ground if LAW.ground(one).name("sv") not in words(folded)
    ] == []
    toggle = next(one for one in elements(card) if one["type"] == "Action.ToggleVisibility")
    assert toggle["targetElements"] == ["grounds"]


def test_a_public_post_opens_with_the_removal_form() -> None:
    card = shown()
    assert set(inputs(card)) == {
        "ground",
        "obvious",
        "law",
        "reason",
        "police",
        "police_reference",
        "police_date",
    }
    assert inputs(card)["ground"]["value"] == Ground.PERSONANGREPP
    assert inputs(card)["ground"]["isRequired"]
    assert inputs(card)["reason"]["isRequired"]
    assert inputs(card)["reason"]["isMultiline"]


def test_without_a_suggestion_no_ground_is_chosen_beforehand() -> None:
    assert "value" not in inputs(shown("open without a suggestion"))["ground"]


def test_removing_sends_the_inputs_and_the_other_ways_do_not() -> None:
    made = buttons(shown())
    assert {title for title, one in made.items() if one["associatedInputs"] == "auto"} == {
        "Radera",
        "Avpublicera",
    }
    assert made["Radera"]["style"] == "destructive"


def test_the_obvious_offence_is_explained_ground_by_ground() -> None:
    told = words(shown())
    assert "Har betydelse för: Hets mot folkgrupp" in told
    assert "Personangrepp: bara vid brottsbalken 4 kap. 5 §" in told


def test_what_does_not_fit_beside_each_other_goes_in_the_menu() -> None:
    card = shown()
    assert len(visible_buttons(card)) == 6
    assert "Misstänkt övergrepp mot barn…" in buttons(card)
    assert "Misstänkt övergrepp mot barn…" not in visible_buttons(card)
    assert "Misstänkt övergrepp mot barn" in words(card)


def test_a_direct_message_is_handed_over_answered_or_forwarded() -> None:
    card = shown("open direct message")
    assert inputs(card) == {}
    assert list(buttons(card))[:3] == ["Överlämna för diarieföring…", "Besvara…", "Vidarebefordra…"]
    assert "Alla grunder" not in words(card)


@pytest.mark.parametrize("form", [CaseForm.REMOVAL, CaseForm.PARTIES, CaseForm.REVERSAL, CaseForm.POLICE])
def test_a_direct_message_never_shows_a_form_it_cannot_take(form: CaseForm) -> None:
    assert inputs(shown("open direct message", form)) == {}


def test_one_without_the_right_sees_the_case_but_no_inputs_and_who_decides() -> None:
    card = case_card(view(right=None), scene(), form=CaseForm.FORWARD).card
    assert inputs(card) == {}
    assert buttons(card) == {}
    assert "Beslutar i ärendet" in words(card)
    assert "Kontot Exempel" in words(card)


def test_the_answer_starts_from_the_ready_reply_and_offers_the_others() -> None:
    card = shown("open", CaseForm.ANSWER)
    assert inputs(card)["reply"]["value"] == "Hej! Läs mer på https://haninge.se."
    assert inputs(card)["reply"]["isRequired"]
    assert "Hej igen!" in words(card)
    assert list(buttons(card)) == ["Besvara", "Tillbaka"]


def test_referring_to_the_parties_starts_from_the_reply_made_for_it() -> None:
    assert inputs(shown("open", CaseForm.PARTIES))["reply"]["value"] == "Fråga partierna. https://haninge.se"


def test_a_forward_offers_units_and_people_by_id_with_plain_purposes() -> None:
    card = shown("open", CaseForm.FORWARD)
    offered = [one["value"] for one in inputs(card)["to"]["choices"]]
    assert offered[0] == "kultur"
    assert {ADMIN, REGISTRAR} < set(offered)
    assert [one["value"] for one in inputs(card)["purpose"]["choices"]] == ["answer", "registration", "views"]


def test_going_back_shows_the_first_form_again() -> None:
    back = buttons(shown("open", CaseForm.FORWARD))["Tillbaka"]
    assert back["data"] == {"verb": "form", "case": "SM-2026-0042", "form": "removal"}


def test_suspected_abuse_is_confirmed_first_with_what_to_do_and_without_the_text() -> None:
    card = shown("open", CaseForm.ABUSE)
    told = words(card)
    assert "114 14" in told
    assert "112" in told
    assert "förstörs" in told
    assert "klåpare" not in told
    assert not [one for one in elements(card) if one["type"] == "Action.OpenUrl"]
    assert list(buttons(card)) == ["Bekräfta: förstör kopian och radera", "Tillbaka"]


def test_an_edited_text_is_shown_with_the_one_before_it() -> None:
    card = case_card(view(earlier=("Så här stod det först",)), scene(), banner=Banner.NEW_SNAPSHOT).card
    assert "Så här stod det först" in words(card)
    assert "Texten har ändrats" in words(card)


def test_a_cut_text_says_so_and_how_long_the_whole_one_is() -> None:
    told = text_of(view(text="Hej! " * 40_000))
    assert "Texten är avkortad" in told
    assert "200000 tecken" in told.replace("\xa0", "")


def test_many_flags_are_counted() -> None:
    flags = tuple(FlagText(by=f"Flaggare {number}", note="") for number in range(9))
    case = replace(opened(), flags=tuple(f"f{number}" for number in range(9)))
    told = text_of(replace(view(case), flags=flags[-3:]))
    assert "Flaggare 8" in told
    assert "och 6 flaggningar till" in told


@pytest.mark.parametrize("banner", list(Banner))
def test_a_banner_stands_on_top_and_in_the_notification(banner: Banner) -> None:
    reply = case_card(view(), scene(), banner=banner)
    first = reply.card["body"][0]["items"][0]["text"]
    assert reply.summary.startswith(first)


def test_a_notification_never_holds_a_word_of_the_post() -> None:
    assert "klåpare" not in case_card(view(), scene()).summary


# Refused ----------------------------------------------------------------------------------------------------


def test_a_refusal_stands_on_top_and_at_the_input_it_is_about() -> None:
    refusal = Refusal(reason=Reason.REASON_MISSING, field="reason")
    card = shown("open", CaseForm.REMOVAL, refusal, ground="svordomar", obvious="true", law="BrB")
    assert card["body"][0]["style"] == "attention"
    assert "skriv en motivering" in words(card["body"][0])
    place = next(n for n, one in enumerate(card["body"]) if one.get("id") == "reason")
    assert card["body"][place - 1]["text"] == "Skriv en motivering"
    assert inputs(card)["ground"]["value"] == "svordomar"
    assert inputs(card)["obvious"]["value"] == "true"
    assert inputs(card)["law"]["value"] == "BrB"


def test_a_refused_police_report_is_folded_out() -> None:
    refusal = Refusal(reason=Reason.POLICE_REFERENCE_MISSING, field="police_reference")
    card = shown("open", CaseForm.REMOVAL, refusal, police="reported", police_date="2026-11-23")
    box = next(one for one in elements(card) if one.get("id") == "police_details")
    assert box.get("isVisible", True)
    assert inputs(card)["police_date"]["value"] == "2026-11-23"
    assert inputs(card)["police_date"]["max"] == "2026-11-24"


def test_a_made_up_choice_is_not_shown_as_chosen() -> None:
    assert (
        "value"
        not in inputs(shown("open without a suggestion", CaseForm.REMOVAL, ground="hittepå"))["ground"]
    )


def test_one_who_comes_second_is_told_courteously_by_whom_and_when() -> None:
    refusal = Refusal(reason=Reason.ALREADY_DECIDED, by="Administratör två", at=FLAGGED_AT)
    card = shown("delete", None, refusal)
    assert card["body"][0]["style"] == "accent"
    assert "Redan beslutat av Administratör två 24 nov. 2026 kl. 09.05." in words(card["body"][0])
    assert "Ska raderas: SM-2026-0042" in words(card)


def test_what_is_typed_takes_its_room_from_the_post() -> None:
    refusal = Refusal(reason=Reason.LAW_MISSING, field="law")
    typed = "Ord " * 700
    card = case_card(view(text="Hej! " * 2000), scene(), typed={"reason": typed}, refusal=refusal).card
    assert inputs(card)["reason"]["value"] == typed
    assert size(card) <= MAX_BYTES


# Decided ----------------------------------------------------------------------------------------------------


def test_a_removal_tells_who_when_which_ground_and_the_guidelines_words() -> None:
    told = words(shown("delete"))
    for expected in (
        "Administratör ett, administratör",
        "24 nov. 2026 kl. 09.20",
        "Hets mot folkgrupp",
        "Inlägg och kommentarer som är synliga för allmänheten",
        "Personangrepp, enligt mig.",
        "plikt enligt lag",
    ):
        assert expected in told
    assert "administratorens-ansvar" not in told, "an id of ours is no word for people"


def test_a_duty_by_law_shows_its_times_openly_and_other_removals_fold_them_away() -> None:
    duty = [one for one in elements(shown("delete")) if one["type"] == "FactSet"]
    assert [one["title"] for one in duty[0]["facts"]] == [
        "Flaggades",
        "Kortet levererades",
        "Öppnades första gången",
        "Beslutades",
        "Togs bort",
        "Kontrollerades borta",
    ]
    assert duty[0]["facts"][4]["value"] == "inte än"
    folded = next(one for one in elements(shown("unpublish")) if one.get("id") == "clock")
    assert folded["isVisible"] is False


@pytest.mark.parametrize(
    ("stage", "button", "told"),
    [
        ("delete", "Borttaget på plattformen", "väntar på att tas bort på plattformen"),
        (
            "applied",
            "Kontrollerat: borta",
            "borttaget 24 nov. 2026 kl. 09.35, men inte kontrollerat än",
        ),
        ("verified", None, "kontrollerat borta 24 nov. 2026 kl. 09.20"),
        ("keep", None, "Behålls"),
    ],
)
def test_a_removal_is_followed_until_it_is_seen_to_be_gone(stage: str, button: str | None, told: str) -> None:
    card = shown(stage)
    both = {"Borttaget på plattformen", "Kontrollerat: borta"}
    assert set(buttons(card)) & both == ({button} if button else set())
    assert told in words(card)


def test_a_removal_that_is_not_reported_can_be_reported() -> None:
    assert "Registrera polisanmälan…" in buttons(shown("delete"))
    assert "Registrera polisanmälan…" not in buttons(shown("reported to the police"))
    assert "Registrera polisanmälan…" not in buttons(shown("keep"))
    assert "gjord 24 nov. 2026" in words(shown("reported to the police"))


def test_the_police_form_asks_for_number_and_day() -> None:
    card = shown("delete", CaseForm.POLICE)
    assert set(inputs(card)) == {"police_reference", "police_date"}
    assert inputs(card)["police_date"]["value"] == "2026-11-24"


def test_registration_shows_what_is_owed_and_the_number_once_it_is_there() -> None:
    assert "SM-2026-0042-1 ska diarieföras hos Kontot Exempel" in words(shown("delete"))
    assert "diariefört med nummer KS 2026/123" in words(shown("registered"))


def test_a_destroyed_copy_is_said_to_be_so_and_only_link_and_times_are_left() -> None:
    card = shown("abuse")
    told = words(card)
    assert "Kopian av innehållet är förstörd" in told
    assert "klåpare" not in told
    assert "https://www.facebook.com/haningekommun/" in told
    assert "Registrera polisanmälan…" in buttons(card)
    assert "Misstänkt övergrepp mot barn…" not in buttons(card)


def test_a_reconsidered_case_shows_the_decisions_before_with_their_reasons() -> None:
    card = shown("reversed")
    told = words(card)
    assert "Omprövat" in told
    assert told.count("Personangrepp, enligt mig.") >= 3
    assert "Tidigare beslut" in told
    assert not [one for one in elements(card) if one.get("isVisible") is False and "Tidigare" in words(one)]


def test_reconsidering_asks_for_the_new_decision_and_its_reason() -> None:
    card = shown("keep", CaseForm.REVERSAL)
    assert [one["value"] for one in inputs(card)["kind"]["choices"]] == [
        "keep",
        "delete",
        "unpublish",
        "answer",
        "refer_to_parties",
    ]
    assert inputs(card)["reason"]["isRequired"]
    assert "ground" in inputs(card)


def test_a_direct_message_is_reconsidered_among_its_own_decisions() -> None:
    card = shown("handed over", CaseForm.REVERSAL)
    assert [one["value"] for one in inputs(card)["kind"]["choices"]] == ["hand_over", "answer"]
    assert "ground" not in inputs(card)


def test_a_forward_tells_to_whom_and_why() -> None:
    told = words(shown("forwarded to a unit"))
    assert "Vidarebefordrat: SM-2026-0042" in told
    assert "Diarieförs och handläggs av rätt förvaltning" in told


def test_an_open_case_passed_on_for_an_answer_keeps_its_form() -> None:
    assert "reason" in inputs(shown("forwarded for an answer"))


def test_one_without_the_right_sees_the_decision_but_no_buttons() -> None:
    card = case_card(view(removed(), right=None), scene(), form=CaseForm.REVERSAL).card
    assert inputs(card) == {}
    assert buttons(card) == {}


def test_a_case_reconsidered_very_often_still_fits_its_card() -> None:
    turns = [reverse(DecisionKind.KEEP, seen=2 + number) for number in range(40)]
    case = after(removed(), *turns)
    card = case_card(view(case, word="😀" * 8000, text="😀" * 200_000), scene()).card
    assert size(card) <= MAX_BYTES
    assert "och 28 beslut till" in words(card)


# What comes back --------------------------------------------------------------------------------------------


def test_a_filled_removal_form_comes_back_as_the_wish_it_was() -> None:
    button = buttons(shown())["Radera"]
    typed = {
        "ground": "hets_mot_folkgrupp",
        "obvious": "true",
        "law": "",
        "reason": " Hets. ",
        "police": "recommended",
    }
    wish = unpack(button["verb"], {**typed, "police_reference": "", "police_date": "", **button["data"]})
    assert wish == Deciding(
        verb="decide",
        case="SM-2026-0042",
        version=1,
        kind=DecisionKind.DELETE,
        ground=Ground.HETS_MOT_FOLKGRUPP,
        obvious=True,
        reason="Hets.",
        police=PoliceReport.RECOMMENDED,
    )


def test_a_filled_forward_form_comes_back_as_the_wish_it_was() -> None:
    button = buttons(shown("open", CaseForm.FORWARD))["Vidarebefordra"]
    wish = unpack(button["verb"], {"to": "kultur", "purpose": "views", "note": "Hej", **button["data"]})
    assert isinstance(wish, Forwarding)
    assert (wish.to, wish.purpose, wish.note) == ("kultur", cases.ForwardPurpose.VIEWS, "Hej")


def test_a_reconsideration_takes_its_kind_from_the_input() -> None:
    button = buttons(shown("keep", CaseForm.REVERSAL))["Fatta nytt beslut"]
    wish = unpack(button["verb"], {"kind": "delete", "ground": "svordomar", "reason": "Ny", **button["data"]})
    assert isinstance(wish, Deciding)
    assert (wish.verb, wish.kind, wish.ground) == ("reverse", DecisionKind.DELETE, Ground.SVORDOMAR)


def test_a_police_report_comes_back_with_its_day() -> None:
    button = buttons(shown("delete", CaseForm.POLICE))["Spara polisanmälan"]
    wish = unpack(button["verb"], {"police_reference": "K1", "police_date": "2026-11-23", **button["data"]})
    assert isinstance(wish, ReportingToPolice)
    assert wish.police_date == date(2026, 11, 23)


def test_the_card_carries_the_version_that_was_seen() -> None:
    card = case_card(view(after(opened(), decide(DecisionKind.KEEP))), scene()).card
    assert buttons(card)["Ompröva beslutet…"]["data"]["case"] == "SM-2026-0042"
    changed = shown("changed text")
    assert buttons(changed)["Radera"]["data"]["version"] == 2
