"""The bot is killed while questions go to communications, while they reply, and while answers are learned and taken back.

After each start everything that it acknowledged is there, and nobody got a card twice but one whose answer was lost.
"""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.contents import opened
from bot.domain.questions import PhrasingTexts, QuestionTexts, ReplyTexts
from storage.reading import Reading, verify
from storage.store import Event
from tests.faults.deaths import SUBJECT, Brought, Deaths, subject_in
from tests.faults.extent import extent
from tests.faults.lives import Lives, lives
from tests.faults.town import Resident, desks, organisation_file
from tests.scenario.world import Json, words

KILLS = extent(whole=200, short=5)
SEED = 20261126
AT_ONCE = 4
UNIT = (997, 998)
REFUSED = "har redan svarat"
LEARNING = ("learn_propose", "learn_accept", "learn_revoke")
LEARNED = ["learning_proposed", "learning_accepted", "learning_revoked"]
PLANS = (
    ("ask_unit",),
    ("ask_unit", "question_gap"),
    ("ask_unit", "question_reply"),
    ("ask_unit", "question_reply", *LEARNING[:2]),
    ("ask_unit", "question_reply", *LEARNING),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    by: Resident
    activity: Json


@dataclass(kw_only=True, repr=False)
class Matter:
    """One question and what is to become of it. ``clicks`` are those made so far, by verb: Teams delivers the same ones
    again. ``done`` were answered for."""

    number: int
    by: Resident
    plan: tuple[str, ...]
    designation: str = ""
    replied: Resident | None = None
    refused: set[str] = field(default_factory=set)
    clicks: dict[str, list[Click]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return f"Får jag blockera troll {self.number}?"

    @property
    def phrasing(self) -> str:
        return f"Kan troll {self.number} blockeras?"

    def reply_of(self, one: Resident) -> str:
        return f"Ja, skriver {one.who}."

    def answered(self, verb: str, click: Click, told: str) -> None:
        """Every delivery gets the answer of the first."""
        match verb:
            case "ask_unit":
                found = SUBJECT.search(told)
                assert found, told
                assert self.designation in {"", found[0]}, "a question repeated is the same question"
                self.designation = found[0]
            case "question_reply" if REFUSED in told:
                assert self.replied is not click.by, f"{self.designation}: who replied is told of another"
                self.refused.add(click.by.object_id)
            case "question_reply":
                assert "Svaret är skickat." in told, told
                assert self.replied in (None, click.by), f"{self.designation} is answered by two"
                self.replied = click.by
            case "question_gap":
                assert "Saknas i riktlinjen" in told, told
            case _:
                refusals = ("redan", "inget förslag längre", "Något har ändrats")
                assert not [one for one in refusals if one in told], told


@dataclass(kw_only=True, repr=False)
class Story:
    """``matters`` are all that anybody began with."""

    world: Lives
    chance: random.Random
    deaths: Deaths
    askers: list[Resident]
    unit: list[Resident]
    matters: list[Matter] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def dies(self) -> None:
        left = [one for one in self.matters if len(one.done) < len(one.plan)]
        fresh = [self.another() for _ in range(AT_ONCE)]
        await self.deaths.after(self.goes_on(one) for one in (*left[:AT_ONCE], *fresh))

    def another(self) -> Matter:
        plan = self.chance.choice(PLANS)
        made = Matter(number=next(self.numbers), by=self.chance.choice(self.askers), plan=plan)
        self.matters.append(made)
        return made

    async def goes_on(self, matter: Matter) -> None:
        for verb in matter.plan[len(matter.done) :]:
            clicks = matter.clicks.setdefault(verb, self.clicks(matter, verb))
            times = self.chance.randint(1, 3)
            await asyncio.gather(*(self.deliver(matter, verb, one) for one in clicks for _ in range(times)))
            matter.done.append(verb)
            await asyncio.sleep(self.chance.uniform(0.0, 0.2))  # so that cards leave in between

    def clicks(self, matter: Matter, verb: str) -> list[Click]:
        """Both of the unit reply, in the same moment."""
        if verb == "ask_unit":
            wish = {"question": matter.text, "answer": f"{matter.number:032x}"}
            return [self.click(matter, verb, matter.by, wish)]
        clicking = self.unit if verb == "question_reply" else [self.chance.choice(self.unit)]
        return [self.click(matter, verb, one, self.wish(matter, verb, one)) for one in clicking]

    def click(self, matter: Matter, verb: str, by: Resident, wish: Json) -> Click:
        activity = by.invoke(verb, wish)
        activity["replyToId"] = self.deaths.place_of(by, matter.designation) if matter.designation else None
        return Click(by=by, activity=activity)

    def wish(self, matter: Matter, verb: str, by: Resident) -> Json:
        wish: Json = {"question": matter.designation}
        match verb:
            case "question_reply":
                wish |= {"clause": "1", "reply": matter.reply_of(by)}
            case "learn_propose":
                wish |= {"phrasing": matter.text}
            case "learn_accept":
                wish |= {"phrasing": matter.phrasing, "version": 1}
            case "learn_revoke":
                wish |= {"version": 2}
        return wish

    async def deliver(self, matter: Matter, verb: str, click: Click) -> None:
        matter.answered(verb, click, (await click.by.sends(click.activity)).words)

    async def starts(self) -> None:
        await self.deaths.next_life()
        await agree(self.matters, self.world.data)
        for matter in [one for one in self.matters if one.done][-3:]:  # as Teams does, also after an answer
            for verb in matter.done:
                for click in matter.clicks[verb]:
                    await self.deliver(matter, verb, click)


# The record ---------------------------------------------------------------------------------------------------


async def agree(matters: list[Matter], data: Path) -> dict[str, list[Event]]:
    """Nothing acknowledged is lost, nothing stands twice, and what is destroyed is gone. The events by stream."""
    verify(data)
    reading, streams = Reading(data), defaultdict[str, list[Event]](list)
    async for event in reading.events():
        if "FR-" in event.stream:
            streams[event.stream].append(event)
    asked = dict[tuple[str, str], str]()
    for designation, (first, *_) in streams.items():
        if first.kind == "question_asked":
            texts = await opened(reading, first.data["texts_ref"], QuestionTexts)
            assert texts, f"{designation} has lost its words"
            assert (first.actor, texts.text) not in asked, "a question is sent twice"
            asked[first.actor, texts.text] = designation
    assert len(asked) <= len([one for one in matters if one.clicks]), "a question that nobody asked"
    for matter in matters:
        designation = asked.get((matter.by.object_id, matter.text), "")
        assert matter.designation in {"", designation}, f"{matter.designation} is lost, or another's"
        if designation:
            await _agree_on_reply(matter, streams[designation], reading)
            await _agree_on_learned(matter, streams.get(f"learned/{designation}", []), reading)
    return streams


async def _agree_on_reply(matter: Matter, events: list[Event], reading: Reading) -> None:
    replies = [one for one in events if one.kind == "question_replied"]
    assert len(replies) <= 1, f"{matter.designation} is answered twice"
    for one in replies:
        texts = await opened(reading, one.data["texts_ref"], ReplyTexts)
        assert matter.replied is None or one.actor == matter.replied.object_id, "the reply is another's"
        assert texts, "the reply has lost its words"
        assert texts.text in {matter.reply_of(click.by) for click in matter.clicks["question_reply"]}
        assert one.actor not in matter.refused, "who was refused has replied"
    assert replies or (matter.replied is None and not matter.refused), "a reply is lost"
    gaps = [one for one in events if one.kind == "question_gap"]
    assert len(gaps) == 1 if "question_gap" in matter.done else len(gaps) <= 1


async def _agree_on_learned(matter: Matter, events: list[Event], reading: Reading) -> None:
    kinds = [one.kind for one in events]
    assert kinds == LEARNED[: len(kinds)], f"{matter.designation}: {kinds}"
    begun, done = [sum(verb in where for verb in LEARNING) for where in (matter.clicks, matter.done)]
    assert done <= len(kinds) <= begun, f"{matter.designation}: of what is learned {kinds} stands"
    for number, one in enumerate(events[:2], start=1):
        texts = await opened(reading, one.data["texts_ref"], PhrasingTexts)
        assert (texts is not None) is (number == len(events)), "the newest phrasing is kept, and no other"


# The story ----------------------------------------------------------------------------------------------------


async def test_no_question_reply_or_learned_answer_is_lost_by_kills(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown with a failure
    async with lives(tmp_path / "data") as world:
        organisation_file(world.data.with_suffix(".yaml"), unit=UNIT)
        chance = random.Random(SEED)
        deaths = Deaths(world=world, chance=chance)
        unit = [Resident(world=world, who=f"r{number}", number=number) for number in UNIT]
        askers = [one for desk in desks(world) for one in desk.everybody]
        story = Story(world=world, chance=chance, deaths=deaths, askers=askers, unit=unit)
        world.connector.behaviour = deaths.fault
        await world.born()
        await world.awake()
        for one in (*askers, *unit):
            await one.installs()
        for _ in range(KILLS):
            await story.dies()
            await story.starts()
        world.connector.behaviour = lambda call: None
        await asyncio.gather(*(story.goes_on(one) for one in story.matters))
        await world.settle()
        accepted = [one for one in story.matters if one.done[-1] == "learn_accept"]
        for matter in accepted[-3:]:
            assert "Så står det i riktlinjen" in words(await matter.by.asks_for(matter.phrasing))
        await world.dies()
        streams = await agree(story.matters, world.data)
    brought = check_cards(story)
    kinds = [event.kind for events in streams.values() for event in events]
    assert {"question_gap", *LEARNED} <= set(kinds), "the kills left time for everything"
    print(  # noqa: T201  the figures of ``make faults``
        f"\n{KILLS} kills: {len(story.matters)} questions, {kinds.count('question_replied')} replies and "
        f"{sum(kinds.count(one) for one in LEARNED)} steps of learning, 0 lost; {brought}"
    )


def check_cards(story: Story) -> Brought:
    """The unit has what it did not answer, whoever asked has what came of the rest; nobody has a card twice."""
    brought = story.deaths.brought((*story.askers, *story.unit), subject_in)
    for matter in story.matters:
        for one in story.unit if len(matter.plan) == 1 else (matter.by,):
            brought.must_hold(one, matter.designation)
    return brought
