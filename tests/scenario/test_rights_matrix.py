"""Every command by everybody in every state of a case, from the card's payload inwards.

What is expected stands in three tables and is computed from nothing: WHO may see, decide and register, WHAT a
command leads to for one who may, and the EXCEPTIONS. ``expected`` reads them together.
"""

import itertools
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from app import running
from bot.cases.escalating import escalate
from bot.cases.flags import BroughtIn, FlagProblems, parse_flag
from bot.cases.viewing import load_case
from bot.conversation import Conversation
from bot.domain.cases import Reason
from bot.duties.talk import DutyTalk
from bot.questions.desk import QuestionDesk
from bot.questions.follow_ups import FollowUps
from bot.questions.grounding import Ungrounded
from bot.questions.learned_policy import LearnedPolicy
from bot.questions.talk import QuestionTalk
from bot.requests.decision_files import DecisionFiles
from bot.requests.desk import RequestDesk
from bot.requests.effects import RequestEffects
from bot.requests.following import RequestFollowing
from bot.requests.talk import RequestTalk
from bot.running import Running
from bot.settings import read_settings
from bot.turns import Address, CardAction, CardReply, Reply, Sender
from cards.duty_payload import DUTY_WISHES
from cards.payload import _BY_VERB, pack
from cards.question_payload import QUESTION_WISHES
from cards.request_payload import REQUEST_WISHES
from cards.texts import texts
from tests.scenario.world import MONDAY, Clock, a_flag, elements, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

# The tables -----------------------------------------------------------------------------------------------

WHO = """
                       sees  decides  registers
admin                  yes   yes      no         administers the channel
admin_elsewhere        no    no       no         administers a channel of another administration
communications         yes   no       no         before escalation
communications_called  yes   yes      no         after escalation
communications_alone   yes   yes      no         the channel has no administrator
head                   yes   no       no         of the channel's administration
deputy                 yes   no       no         of that head
head_elsewhere         no    no       no         of another administration
registrar              yes   no       yes        of the channel's administration
registrar_elsewhere    no    no       no         of another administration
assignee               yes   yes      no         the case was forwarded to them for an answer
staff                  no    no       no         flagged the post
stranger               no    no       no         is not in the organisation file
"""

EXCEPTIONS: Mapping[tuple[str, str], str] = {
    # state, person: sees decides registers
    ("to_unit", "registrar"): "yes no no",  # the item is owed where the case went
    ("to_unit", "registrar_elsewhere"): "yes no yes",  # and it went to them
}

WHAT = """
                  open    kept     pending  applied  verified  registered  reversed  destroyed  to_unit  dm       dm_handed
decide_delete     done    late     late     late     late      late        late      late       late     kind     late
decide_unpublish  done    late     late     late     late      late        late      late       late     kind     late
decide_keep       done    late     late     late     late      late        late      late       late     kind     late
decide_answer     done    late     late     late     late      late        late      late       late     done     late
decide_parties    done    late     late     late     late      late        late      late       late     kind     late
decide_forward    whom    late     late     late     late      late        late      late       late     whom     late
decide_hand_over  kind    late     late     late     late      late        late      late       late     done     late
decide_stale      stale   late     late     late     late      late        late      late       late     stale    late
reverse_keep      early   done     done     done     done      done        done      done       done     early    kind
reverse_delete    early   done     done     done     done      done        done      done       done     early    kind
reverse_hand_over early   kind     kind     kind     kind      kind        kind      kind       kind     early    done
reverse_silently  early   why      why      why      why       why         why       why        why      early    why
forward_answer    done    late     late     late     late      late        late      late       late     done     late
forward_unit      done    late     late     late     late      late        late      late       late     done     late
forward_nobody    whom    late     late     late     late      late        late      late       late     whom     late
applied           stays   stays    done     again    again     done        stays     done       stays    stays    stays
verified          stays   stays    unseen   done     again     unseen      stays     unseen     stays    stays    stays
abuse             done    done     done     done     done      done        done      gone       done     done     done
police            stays   stays    done     done     done      done        stays     done       stays    stays    stays
register          no_item no_item  done     done     done      filed       done      done       done     no_item  done
correct           no_item no_item  done     done     done      done        done      done       done     no_item  done
secure            no_file no_file  no_file  no_file  no_file   no_file     no_file   gone       no_file  no_file  no_file
registration      no_item no_item  done     done     done      done        done      done       done     no_item  done
show              done    done     done     done     done      done        done      done       done     done     done
form              done    done     done     done     done      done        done      done       done     done     done
"""

READS = {"show", "form", "registration"}
"""Commands that change nothing: for all who see the case."""
EVERYBODY = (
    "list_queue",
    "list_mine",
    "list_unregistered",
    "channels",
    "flag_form",
    "flag",
    "help",
    "language",
)
"""What hangs on no case: done for each of them, stranger or not (the tenant is checked at the door)."""

QUEUED = {"open", "dm", "pending", "registered", "destroyed"}
"""States in which a case waits for a decision or a removal: in the queue of those who may decide, and in nobody
else's."""
UNREGISTERED = {"pending", "applied", "verified", "reversed", "destroyed", "to_unit", "dm_handed"}
"""States in which a case is in the list of those who may register it, and of communications."""

REASONS = {
    "late": Reason.ALREADY_DECIDED,
    "early": Reason.NOT_DECIDED,
    "kind": Reason.WRONG_FOR_KIND,
    "whom": Reason.RECIPIENT_MISSING,
    "stale": Reason.STALE,
    "why": Reason.REASON_MISSING,
    "stays": Reason.NOT_A_REMOVAL,
    "again": Reason.ALREADY_APPLIED,
    "unseen": Reason.NOT_APPLIED,
    "gone": Reason.NOTHING_KEPT,
    "filed": Reason.ALREADY_REGISTERED,
    "no_item": Reason.UNKNOWN_ITEM,
    "no_file": Reason.FILES_NOT_REACHED,
    "no_case": Reason.UNKNOWN_CASE,
    "no_right": Reason.NOT_ALLOWED,
}
"""What a word of the tables means."""


class Rights(NamedTuple):
    sees: bool
    decides: bool
    registers: bool


def _rights(row: str) -> Rights:
    return Rights(*(word == "yes" for word in row.split()[:3]))


def _table(text: str) -> tuple[list[str], dict[str, list[str]]]:
    head, *rows = (line.split() for line in text.strip().splitlines())
    return head, {row[0]: row[1:] for row in rows}


RIGHTS = {person: _rights(" ".join(row)) for person, row in _table(WHO)[1].items()}
STATES, _ROWS = _table(WHAT)
OUTCOMES = {verb: dict(zip(STATES, row, strict=True)) for verb, row in _ROWS.items()}


def rights_of(person: str, state: str) -> Rights:
    exception = EXCEPTIONS.get((state, person))
    return _rights(exception) if exception else RIGHTS[person]


def expected(command: str, person: str, state: str) -> str:
    may = rights_of(person, state)
    outcome = OUTCOMES[command][state]
    if not may.sees:
        return "no_case"
    if command in READS or outcome == "no_item":
        return outcome
    allowed = may.registers if command in {"register", "correct"} else may.decides
    return outcome if allowed else "no_right"


# What each command's button carries ---------------------------------------------------------------------------

REMOVAL = {"ground": "personangrepp", "reason": "Skäl."}
PAYLOADS: Mapping[str, dict[str, Any]] = {
    "decide_delete": {"verb": "decide", "kind": "delete", **REMOVAL},
    "decide_unpublish": {"verb": "decide", "kind": "unpublish", **REMOVAL},
    "decide_keep": {"verb": "decide", "kind": "keep"},
    "decide_answer": {"verb": "decide", "kind": "answer", "reply": "Hej!"},
    "decide_parties": {"verb": "decide", "kind": "refer_to_parties", "reply": "Hej!"},
    "decide_forward": {"verb": "decide", "kind": "forward"},
    "decide_hand_over": {"verb": "decide", "kind": "hand_over"},
    "decide_stale": {"verb": "decide", "kind": "keep", "version": 99},
    "reverse_keep": {"verb": "reverse", "kind": "keep", "reason": "Skäl."},
    "reverse_delete": {"verb": "reverse", "kind": "delete", **REMOVAL},
    "reverse_hand_over": {"verb": "reverse", "kind": "hand_over", "reason": "Skäl."},
    "reverse_silently": {"verb": "reverse", "kind": "keep"},
    "forward_answer": {"verb": "forward", "to": "00000000-0000-0000-0000-000000000012", "purpose": "answer"},
    "forward_unit": {"verb": "forward", "to": "kultur", "purpose": "registration"},
    "forward_nobody": {"verb": "forward", "to": "ingen", "purpose": "answer"},
    "applied": {"verb": "applied"},
    "verified": {"verb": "verified"},
    "abuse": {"verb": "abuse"},
    "police": {"verb": "police", "police_reference": "5000-K1", "police_date": "2026-11-23"},
    "register": {"verb": "register", "number": "KS 2026/1"},
    "correct": {"verb": "correct", "number": "KS 2026/2", "seen": 1},
    "secure": {"verb": "secure"},
    "registration": {"verb": "registration"},
    "show": {"verb": "show"},
    "form": {"verb": "form", "form": "removal"},
    "list_queue": {"verb": "list", "what": "queue"},
    "list_mine": {"verb": "list", "what": "my_decisions"},
    "list_unregistered": {"verb": "list", "what": "unregistered"},
    "channels": {"verb": "channels", "scope": "all"},
    "flag_form": {"verb": "flag_form"},
    "flag": {"verb": "flag", "channel": "facebook", "text": "Dumt", "url": "https://example.com/1"},
    "help": {"verb": "help"},
    "language": {"verb": "language", "language": "sv"},
}

# The stage ------------------------------------------------------------------------------------------------

ORGANISATION = """
name: Kommunen
website: https://example.se
people:
  - {id: 00000000-0000-0000-0000-000000000001, name: Admin}
  - {id: 00000000-0000-0000-0000-000000000002, name: Admin på annat håll}
  - {id: 00000000-0000-0000-0000-000000000003, name: Kommunikatör}
  - {id: 00000000-0000-0000-0000-000000000004, name: Chef}
  - {id: 00000000-0000-0000-0000-000000000005, name: Ställföreträdare}
  - {id: 00000000-0000-0000-0000-000000000006, name: Chef på annat håll}
  - {id: 00000000-0000-0000-0000-000000000007, name: Registrator}
  - {id: 00000000-0000-0000-0000-000000000008, name: Registrator på annat håll}
  - {id: 00000000-0000-0000-0000-000000000009, name: Sakkunnig}
  - {id: 00000000-0000-0000-0000-000000000010, name: Medarbetare}
  - {id: 00000000-0000-0000-0000-000000000012, name: En annan sakkunnig}
  - {id: 00000000-0000-0000-0000-000000000013, name: Annan admin}
  - {id: 00000000-0000-0000-0000-000000000014, name: Annan kommunikatör}
  - {id: 00000000-0000-0000-0000-000000000015, name: Annan registrator}
administrations:
  - id: kommunstyrelsen
    name: Kommunstyrelseförvaltningen
    head: 00000000-0000-0000-0000-000000000004
    deputies: [00000000-0000-0000-0000-000000000005]
    registrars: [00000000-0000-0000-0000-000000000007, 00000000-0000-0000-0000-000000000015]
  - id: kultur
    name: Kulturförvaltningen
    head: 00000000-0000-0000-0000-000000000006
    registrars: [00000000-0000-0000-0000-000000000008]
communications:
  name: Kommunikation
  members: [00000000-0000-0000-0000-000000000003, 00000000-0000-0000-0000-000000000014]
channels:
  - id: facebook
    name: Facebook
    platform: facebook
    url: https://example.com/f
    administration: kommunstyrelsen
    admins: [00000000-0000-0000-0000-000000000001, 00000000-0000-0000-0000-000000000013]
  - id: biblioteket
    name: Biblioteket
    platform: facebook
    url: https://example.com/b
    administration: kultur
    admins: [00000000-0000-0000-0000-000000000002]
  - id: bloggen
    name: Bloggen
    platform: blog
    url: https://example.com/g
    administration: kommunstyrelsen
"""
NUMBERS = {
    "admin": 1,
    "admin_elsewhere": 2,
    "communications": 3,
    "communications_called": 3,
    "communications_alone": 3,
    "head": 4,
    "deputy": 5,
    "head_elsewhere": 6,
    "registrar": 7,
    "registrar_elsewhere": 8,
    "assignee": 9,
    "staff": 10,
    "stranger": 11,
}
COLLEAGUES = {"admin": 13, "communications": 14, "registrar": 15}
"""They bring the cases where they are: a click of one's own, repeated, is answered as it was the first time."""
WAYS: Mapping[str, list[str]] = {
    "open": [],
    "kept": ["decide_keep"],
    "pending": ["decide_delete"],
    "applied": ["decide_delete", "applied"],
    "verified": ["decide_delete", "applied", "verified"],
    "registered": ["decide_delete", "register"],
    "reversed": ["decide_delete", "reverse_keep"],
    "destroyed": ["abuse"],
    "to_unit": ["forward_unit"],
    "dm": [],
    "dm_handed": ["decide_hand_over"],
}
"""The clicks that bring a case there."""


def object_id(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def variant(person: str) -> str:
    """What must have happened around the case for the person to be who they are."""
    return person if person in {"communications_called", "communications_alone", "assignee"} else "plain"


class NoFiles:
    """None can be fetched here."""

    async def fetch(self, url: object) -> None:
        raise AssertionError(f"{url}: neither posts nor messages here have files")

    async def put(self, url: str, data: bytes) -> bool:
        raise AssertionError(f"{url}: nobody here consents to a file")


@dataclass(kw_only=True)
class Stage:
    """The bot without its network: payloads go straight into the conversation, the record is real."""

    bot: Running
    conversation: Conversation
    shared: dict[tuple[str, str], str] = field(default_factory=dict)
    """Cases by state and variant, for commands that are refused and so leave them as they were."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def click(self, person: str, command: str, case: str = "", **changes: str | int) -> Reply:
        return await self._click(NUMBERS[person], command, case, **changes)

    async def _click(self, number: int, command: str, case: str, **changes: str | int) -> Reply:
        data: dict[str, Any] = (
            {"case": case, "item": f"{case}-1", "version": await self.version(case)} if case else {}
        )
        data |= {"form": f"{next(self._numbers):032x}"} | PAYLOADS[command] | changes
        return await self.conversation.handle(
            CardAction(
                activity=f"act-{next(self._numbers)}",
                sender=Sender(
                    object_id=object_id(number), user=f"29:{number}", name=f"{number}", locale="sv-SE"
                ),
                address=Address(conversation=f"a:{number}", service_url="https://x", tenant="t", bot="28:b"),
                verb=data["verb"],
                data=pack(data.pop("verb"), **data),
            )
        )

    async def version(self, case: str) -> int:
        found = await load_case(self.bot.services, case)
        return found.version if found else 1

    async def revision(self, case: str) -> int:
        found = await load_case(self.bot.services, case)
        assert found is not None
        return found.revision

    async def case_in(self, state: str, variant: str) -> str:
        alone = variant == "communications_alone"
        channel, decider = ("bloggen", "communications") if alone else ("facebook", "admin")
        case = await self._flagged(channel, "direct_message" if state.startswith("dm") else "comment")
        if variant == "communications_called":
            await escalate(self.bot.services, case, why="overdue", now=MONDAY)
        if variant == "assignee":
            await self._step(decider, "forward_answer", case, to=object_id(NUMBERS["assignee"]))
        for command in WAYS[state]:
            await self._step("registrar" if command == "register" else decider, command, case)
        return case

    async def _step(self, person: str, command: str, case: str, **changes: str) -> None:
        before = await self.revision(case)
        assert outcome_of(await self._click(COLLEAGUES[person], command, case, **changes)) == "done", (
            command,
            case,
        )
        assert await self.revision(case) > before

    async def _flagged(self, channel: str, kind: str) -> str:
        flagged = parse_flag(a_flag({"kind": kind}, channel=channel))
        assert not isinstance(flagged, FlagProblems)
        key = f"k{next(self._numbers)}"
        done = await self.bot.intake.bring_in(flagged, keys=(key,), by="webhook", at=MONDAY)
        assert isinstance(done, BroughtIn)
        return done.case

    async def shared_case(self, state: str, variant: str) -> str:
        if (state, variant) not in self.shared:
            self.shared[state, variant] = await self.case_in(state, variant)
        return self.shared[state, variant]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("matrix")
    file = folder / "organisation.yaml"
    file.write_text(ORGANISATION, encoding="utf-8")
    settings = read_settings({"STORAGE_URL": f"tinydb:{folder / 'data'}", "ORGANISATION_FILE": str(file)})
    async with running(settings, clock=Clock(MONDAY)) as bot:
        desk = RequestDesk(bot.services)
        following = RequestFollowing(bot.services, desk, RequestEffects(bot.services))
        requests = RequestTalk(bot.services, desk, following, DecisionFiles(bot.services, NoFiles()))
        at = bot.services
        learned = LearnedPolicy(at.store, at.in_force, at.guidelines)
        follow_ups = FollowUps(at.store, learned.ask, at.clock, at.pepper)
        questions = QuestionTalk(at, QuestionDesk(at), learned, follow_ups, Ungrounded())
        yield Stage(
            bot=bot,
            conversation=Conversation(
                bot.services,
                bot.intake,
                NoFiles(),
                DutyTalk(bot.services, NoFiles()),
                requests,
                questions,
            ),
        )


def _sentences() -> list[tuple[str, re.Pattern[str]]]:
    t = texts("sv")
    words_of = {reason: word for word, reason in REASONS.items()}
    found = []
    for reason in Reason:
        for key in (f"refusal.{reason}", f"refusal.{reason}.by"):
            if key in set(t):
                (sentence,) = t.forms(key)
                pattern = re.sub(r"\\{\w+\\}", ".*", re.escape(sentence))
                found.append((words_of.get(reason, str(reason)), re.compile(pattern, re.DOTALL)))
    return found


SENTENCES = _sentences()


def outcome_of(reply: Reply) -> str:
    """``done``, or the word for the refusal that a reader of the card is told."""
    assert isinstance(reply, CardReply), reply
    refusals = [one for one in elements(reply.card) if one.get("id") == "refusal"]
    if not refusals:
        return "done"
    told = words(refusals[0])
    (word,) = {word for word, sentence in SENTENCES if sentence.fullmatch(told)} or {told}
    return word


# The tests ------------------------------------------------------------------------------------------------


async def test_the_tables_are_whole() -> None:
    assert list(WAYS) == STATES
    assert RIGHTS.keys() == NUMBERS.keys()
    assert OUTCOMES.keys() | set(EVERYBODY) == PAYLOADS.keys()
    others = DUTY_WISHES.keys() | REQUEST_WISHES.keys() | QUESTION_WISHES.keys()
    assert {one["verb"] for one in PAYLOADS.values()} == _BY_VERB.keys() - others
    used = {word for row in OUTCOMES.values() for word in row.values()} - {"done"}
    assert used | {"no_case", "no_right"} == REASONS.keys()


@pytest.mark.parametrize("command", OUTCOMES)
async def test_who_may_do_what_in_which_state(stage: Stage, command: str) -> None:
    wrong = []
    for state, person in itertools.product(STATES, RIGHTS):
        want = expected(command, person, state)
        changes = want == "done" and command not in READS
        make = stage.case_in if changes else stage.shared_case
        case = await make(state, variant(person))
        before = await stage.revision(case)
        got = outcome_of(await stage.click(person, command, case))
        changed = await stage.revision(case) > before
        if (got, changed) != (want, changes):
            wrong.append(f"{command} by {person} on {state}: {got}, not {want}; changed: {changed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("command", EVERYBODY)
async def test_what_hangs_on_no_case_is_open_to_everybody(stage: Stage, command: str) -> None:
    assert {person: outcome_of(await stage.click(person, command)) for person in RIGHTS} == dict.fromkeys(
        RIGHTS, "done"
    )


async def test_lists_show_a_case_to_those_whom_it_waits_for(stage: Stage) -> None:
    cases = {
        (state, person): await stage.shared_case(state, variant(person))
        for state, person in itertools.product(STATES, RIGHTS)
    }
    wrong = []
    queues = {person: await listed(stage, person, "list_queue") for person in RIGHTS}
    unregistered = {person: await listed(stage, person, "list_unregistered") for person in RIGHTS}
    for (state, person), case in cases.items():
        may = rights_of(person, state)
        registers = may.registers or person.startswith("communications")
        if (case in queues[person]) != (state in QUEUED and may.decides):
            wrong.append(f"the queue of {person}, a case {state}: {case in queues[person]}")
        if (case in unregistered[person]) != (state in UNREGISTERED and registers):
            wrong.append(f"unregistered of {person}, a case {state}: {case in unregistered[person]}")
    assert not wrong, "\n".join(wrong)


async def listed(stage: Stage, person: str, command: str) -> str:
    """All pages of the person's list, as one text."""
    pages: list[str] = []
    for page in itertools.count(1):
        reply = await stage.click(person, command, page=page)
        assert isinstance(reply, CardReply)
        if (told := words(reply.card)) in pages:
            return "\n".join(pages)
        pages.append(told)
    raise AssertionError("there is a last page")
