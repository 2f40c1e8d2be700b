"""What comes back after it was decided: a changed text, a post that is still there, a removal that nobody made."""

import hashlib
import json
from pathlib import Path

from bot.contents import opened
from bot.domain.views import Locator
from bot.settings import SHIPPED_ORGANISATION
from tests.scenario.world import Answer, Json, World, a_flag, a_world, buttons, words

REMOVAL = {"ground": "svordomar", "reason": "Könsord."}


async def flagged(world: World, text: str, **post: str) -> tuple[Json, str]:
    flag = a_flag({"text": text, **post})
    status, body = await world.post_flag(flag)
    assert status == 202
    return flag, body["case"]


async def again(world: World, flag: Json, *, text: str | None = None, note: str = "") -> None:
    flag = json.loads(json.dumps(flag))
    flag["post"] |= {"text": text} if text is not None else {}
    flag["flag"] |= {"note": note} if note else {}
    assert (await world.post_flag(flag))[0] == 202
    await world.settle()


async def decide(world: World, case: str, button: str) -> Answer:
    typed = REMOVAL if button != "Behåll" else {}
    return await world["admin"].clicks(await world["admin"].waits_for(case), button, **typed)


def sent(world: World, who: str, text: str) -> int:
    there = [one for one in world.connector.sent if one.conversation == world[who].conversation]
    return sum(text in words(one.activity) for one in there)


async def test_a_kept_post_that_turns_into_a_threat_comes_back_as_a_new_card(world: World) -> None:
    await world.arrive("admin", "kommunikation")
    flag, case = await flagged(world, "Snällt")
    await decide(world, case, "Behåll")
    world.clock.forward(hours=20)
    await again(world, flag, text="Jag vet var du bor")
    assert sent(world, "admin", "Texten har ändrats sedan den flaggades") == 1
    card = await world["admin"].waits_for("Jag vet var du bor")
    assert "Radera" in buttons(card)
    assert "Behåll" in words(card), "what was decided before is told"
    assert case in words(await world["admin"].asks_for("kö"))
    await world.later(hours=28)  # to Wednesday: reminded of and escalated anew
    assert sent(world, "admin", "Påminnelse: det här väntar fortfarande på beslut.") == 1
    assert case in words(await world["kommunikation"].waits_for(case))
    decided = await world["admin"].clicks(await world["admin"].waits_for(case), "Radera", **REMOVAL)
    assert f"Ska raderas: {case}" in decided.words


async def test_a_mere_repeat_of_a_decided_post_disturbs_nobody(world: World) -> None:
    await world.arrive("admin")
    flag, case = await flagged(world, "Snällt")
    await decide(world, case, "Behåll")
    await world.settle()
    before = len(world.connector.sent)
    await again(world, flag)
    assert len(world.connector.sent) == before
    assert case not in words(await world["admin"].asks_for("kö"))


async def test_a_new_address_for_the_same_file_is_no_change(world: World) -> None:
    """Platforms sign the addresses of files anew at each look."""
    flag = a_flag(
        {"attachments": [{"name": "a.png", "content_type": "image/png", "url": "https://cdn.example/a?1"}]}
    )
    _, body = await world.post_flag(flag)
    flag["post"]["attachments"][0]["url"] = "https://cdn.example/a?2"
    await world.post_flag(flag)
    assert len(await world.bot.services.store.load(body["case"])) == 1


async def test_a_removed_post_that_is_flagged_again_is_to_be_removed_again(world: World) -> None:
    await world.arrive("admin")
    flag, case = await flagged(world, "Fult")
    applied = await world["admin"].clicks(
        (await decide(world, case, "Radera")).card, "Borttaget på plattformen"
    )
    await world["admin"].clicks(applied.card, "Kontrollerat: borta")
    await again(world, flag, note="Det ligger uppe igen!")
    assert sent(world, "admin", "Inlägget har flaggats igen.") == 1
    card = await world["admin"].waits_for(case)
    assert "väntar på att tas bort på plattformen" in words(card)
    assert "Togs bort\ninte än" in words(card)
    assert "Det ligger uppe igen!" in words(card)
    assert "Borttaget på plattformen" in buttons(card)


async def test_a_removed_post_that_is_back_is_no_repeat_though_the_same_one_flags_it_again(
    world: World,
) -> None:
    """As a screening service does: the same sender, the same words, a new webhook-id."""
    await world.arrive("admin")
    flag, case = await flagged(world, "Fult")
    card = (await decide(world, case, "Radera")).card
    for times in (1, 2):
        await world["admin"].clicks(card, "Borttaget på plattformen")
        await world.later(hours=24)
        for _ in range(2):  # the second finds it already to be removed
            await again(world, flag)
        assert sent(world, "admin", "Inlägget har flaggats igen.") == times
        card = await world["admin"].waits_for("väntar på att tas bort på plattformen")
    kinds = [event.kind for event in await world.bot.services.store.load(case)]
    assert kinds == ["flagged", "decided"] + ["applied", "snapshot_added", "seen_again"] * 2


async def test_a_webhook_repeated_after_the_removal_is_still_a_repeat(world: World) -> None:
    await world.arrive("admin")
    flag = a_flag({"text": "Fult"})
    _, body = await world.post_flag(flag, message="msg_same")
    decided = await decide(world, body["case"], "Radera")
    await world["admin"].clicks(decided.card, "Borttaget på plattformen")
    assert (await world.post_flag(flag, message="msg_same"))[1] == body
    assert len(await world.bot.services.store.load(body["case"])) == 3


async def test_suspected_abuse_that_is_back_is_told_though_the_same_one_flags_it_again(world: World) -> None:
    await world.arrive("admin")
    flag, case = await flagged(world, "Hemskt")
    await world["admin"].sends(world["admin"].invoke("abuse", {"case": case, "version": 1}))
    await world["admin"].sends(world["admin"].invoke("applied", {"case": case, "version": 2}))
    await again(world, flag)
    assert sent(world, "admin", "Inlägget har flaggats igen.") == 1
    assert "väntar på att tas bort på plattformen" in words(await world["admin"].waits_for(case))


async def test_what_is_destroyed_and_flagged_again_is_told_and_leaves_no_copy(
    world: World, tmp_path: Path
) -> None:
    await world.arrive("admin")
    flag, case = await flagged(world, "Unik text")
    await world["admin"].sends(world["admin"].invoke("abuse", {"case": case, "version": 1}))
    await again(world, flag, text="Unik text två", note="Unik anteckning")
    assert sent(world, "admin", "Inlägget har flaggats igen.") == 1
    kinds = [event.kind for event in await world.bot.services.store.load(case)]
    assert kinds == ["flagged", "copy_destroyed", "decided", "seen_again"]
    assert b"Unik" not in (tmp_path / "data" / "contents.jsonl").read_bytes()


async def test_a_list_that_quoted_it_is_replaced_when_it_is_destroyed(world: World) -> None:
    await world.arrive("admin")
    _, case = await flagged(world, "Unik text")
    await world["admin"].asks_for("kö")
    assert "Unik text" in json.dumps(world["admin"].cards(), ensure_ascii=False)
    await world["admin"].sends(world["admin"].invoke("abuse", {"case": case, "version": 1}))
    await world.settle()
    assert "Unik text" not in json.dumps(world["admin"].cards(), ensure_ascii=False)


async def test_every_list_that_quoted_it_is_replaced_whoever_has_it(world: World) -> None:
    """Lists of people who were never sent the case, one of whom decided it, and one who has them all."""
    await world.arrive("admin", "admin2", "kommunikation", "registrator")
    _, case = await flagged(world, "Unik text")
    await world.settle()
    await world["admin2"].asks_for("kö")
    await decide(world, case, "Radera")
    for who, text in (
        ("admin", "mina beslut"),
        ("kommunikation", "oregistrerat"),
        ("registrator", "oregistrerat"),
    ):
        assert "Unik text" in words(await world[who].asks_for(text))
    await world["admin"].sends(world["admin"].invoke("abuse", {"case": case, "version": 2}))
    await world.settle()
    for who in ("admin", "admin2", "kommunikation", "registrator"):
        assert "Unik text" not in json.dumps(world[who].cards(), ensure_ascii=False), who


async def test_lists_of_a_channel_whose_cards_go_to_a_conversation_are_replaced_too(
    tmp_path: Path,
) -> None:
    """Its administrators are sent no card of their own."""
    shipped = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
    admins = next(line for line in shipped.splitlines(keepends=True) if "    admins: [" in line)
    path = tmp_path / "organisation.yaml"
    path.write_text(
        shipped.replace(admins, f"{admins}    cards_to: 19:kanal@thread.tacv2\n", 1), encoding="utf-8"
    )
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(path)) as world:
        await world.arrive("admin", "admin2")
        case = await world.flag({"text": "Unik text"})
        assert "Unik text" in words(await world["admin2"].asks_for("kö"))
        await world["admin"].sends(world["admin"].invoke("abuse", {"case": case, "version": 1}))
        await world.settle()
        assert "Unik text" not in json.dumps(world["admin2"].cards(), ensure_ascii=False)


async def test_a_removal_that_nobody_made_is_reminded_of_and_escalated(world: World) -> None:
    await world.arrive("admin", "kommunikation")
    _, case = await flagged(world, "Fult")
    decided = await decide(world, case, "Radera")
    assert "Ska tas bort på plattformen" in words(await world["admin"].asks_for("kö"))
    await world.later(hours=5)
    assert sent(world, "admin", "ingen har bekräftat att det är borttaget") == 1
    await world.later(hours=20)
    await world.later(hours=1)
    card = await world["kommunikation"].waits_for(case)
    assert sent(world, "kommunikation", "Nu kan även kommunikationsenheten göra det.") == 1
    await world["kommunikation"].clicks(card, "Borttaget på plattformen")
    assert case not in words(await world["admin"].asks_for("kö"))
    await world.later(hours=48)
    assert sent(world, "admin", "ingen har bekräftat att det är borttaget") == 1
    assert decided.status == 200


async def test_the_register_holds_what_was_decided_on_whatever_the_post_became(world: World) -> None:
    await world.arrive("admin", "registrator")
    flag, case = await flagged(world, "Du är en idiot", author="Invånare 1")
    await decide(world, case, "Radera")
    await again(world, flag, text="Tack för fin service!")
    card = words(await world["registrator"].waits_for(f"{case}-1"))
    assert "Du är en idiot" in card
    shown = words(await world["admin"].waits_for(case))
    assert shown.index("Du är en idiot") < shown.index("Texten har ändrats efter beslutet.")


async def test_the_register_is_told_of_a_reversal_with_its_reason(world: World) -> None:
    await world.arrive("admin", "registrator")
    _, case = await flagged(world, "Fult")
    form = await world["admin"].clicks((await decide(world, case, "Radera")).card, "Ompröva beslutet…")
    await world["admin"].clicks(form.card, "Fatta nytt beslut", kind="keep", reason="Det var satir.")
    card = words(await world["registrator"].waits_for(f"{case}-1"))
    assert "Beslutet har ändrats" in card
    assert "Det var satir." in card


async def test_what_is_left_of_a_post_flagged_in_chat_does_not_tell_what_it_said(world: World) -> None:
    """Link and times stay when the copy is destroyed; a plain digest in the post's id would confirm any guess."""
    await world.arrive("admin", "personal")
    said = {"author": "Invånare 1", "text": "Köp lån!"}
    url = "https://www.facebook.com/haningekommun/posts/9"
    card = await world["personal"].asks_for("flagga")
    await world["personal"].clicks(
        card, "Flagga", channel="facebook-haninge", kind="comment", url=url, **said
    )
    case = "SM-2026-0001"
    await world["admin"].sends(world["admin"].invoke("abuse", {"case": case, "version": 1}))
    doc = await world.bot.services.store.get("cases", case)
    assert doc
    where = await opened(world.bot.services.store, doc["locator_ref"], Locator)
    assert where
    assert where.post_id.startswith(f"{url}#")
    guess = hashlib.sha256(f"{said['author']}\0{said['text']}".encode()).hexdigest()
    assert guess[:16] not in where.post_id


async def test_a_hand_made_form_brings_no_text_into_the_journal(world: World, tmp_path: Path) -> None:
    """The form's id stays in the journal as a key, and the journal never forgets."""
    made_up = {"form": "Unik person är dum", "channel": "facebook-haninge", "text": "Hej", "author": "X"}
    answer = await world["personal"].sends(world["personal"].invoke("flag", made_up))
    assert "Det gick inte" in answer.words
    assert await world.bot.services.store.get("cases", "SM-2026-0001") is None
    for file in (tmp_path / "data").iterdir():
        assert b"Unik person" not in file.read_bytes(), file.name


async def test_two_comments_under_one_link_are_two_cases(world: World) -> None:
    """People paste the address of the post."""
    form = {
        "channel": "facebook-haninge",
        "kind": "comment",
        "url": "https://www.facebook.com/haningekommun/posts/9",
    }
    for author, text, case in (
        ("Invånare 1", "Köp lån!", "SM-2026-0001"),
        ("Invånare 2", "Du ska dö", "SM-2026-0002"),
        ("Invånare 1", "Köp lån!", "SM-2026-0001"),
    ):
        card = await world["personal"].asks_for("flagga")
        receipt = await world["personal"].clicks(card, "Flagga", **form, author=author, text=text)
        assert case in receipt.words
