"""Cases as cards meet them, made through the real transition function, with texts of the test's choosing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain import cases
from bot.domain.cases import Actor, Case, Command, Decide, DecisionKind, Flagged, PoliceReport, Refusal
from bot.domain.grounds import Ground
from bot.domain.organisation import (
    Administration,
    Channel,
    Communications,
    Organisation,
    Person,
    Platform,
    Reminders,
    ReplyTemplate,
    Role,
)
from bot.domain.posts import FlagSource, PostKind
from bot.domain.views import (
    CaseView,
    Clause,
    DecisionTexts,
    FileText,
    FlagText,
    Locator,
    PostText,
    RegistrationView,
)
from bot.policy.grounds import load_law
from cards.scene import Scene

FLAGGED_AT = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
NOW = FLAGGED_AT + timedelta(hours=3, minutes=10)
LAW = load_law()
ADMIN = "00000000-0000-0000-0000-000000000001"
COLLEAGUE = "00000000-0000-0000-0000-000000000010"
REGISTRAR = "00000000-0000-0000-0000-000000000005"
CLAUSE = Clause(
    passage="administratorens-ansvar/2",
    section="Administratörens ansvar",
    text="Inlägg och kommentarer som är synliga för allmänheten måste raderas eller avpubliceras",
)
URL = "https://www.facebook.com/haningekommun/posts/123?comment_id=456"


def scene(language: str = "sv") -> Scene:
    return Scene(language=language, now=NOW, law=LAW)


def organisation(
    name: str = "Haninge kommun", *, person: str = "Administratör ett", people: int = 6
) -> Organisation:
    known = {ADMIN: Person(id=ADMIN, name=person), REGISTRAR: Person(id=REGISTRAR, name="Registrator")}
    for number in range(10, 10 + people):
        one = f"00000000-0000-0000-0000-{number:012d}"
        known[one] = Person(id=one, name=f"{person} {number}")
    unit = Administration(id="kultur", name=name, head=ADMIN, registrars=(REGISTRAR,))
    channel = Channel(
        id="facebook-haninge",
        name=f"{name} på Facebook",
        platform=Platform.FACEBOOK,
        url="https://www.facebook.com/haningekommun",
        administration=unit.id,
        admins=(ADMIN,),
    )
    return Organisation(
        name=name,
        tenant=None,
        website="https://haninge.se",
        people=known,
        administrations={unit.id: unit},
        channels={channel.id: channel},
        communications=Communications(name=name, members=(ADMIN,)),
        reminders=Reminders(),
        templates=(
            ReplyTemplate(id="kort", name=name, text="Hej! Läs mer på https://haninge.se."),
            ReplyTemplate(id="mer", name=name, text="Hej igen! Läs mer på https://haninge.se."),
            ReplyTemplate(
                id="partier", name=name, text="Fråga partierna. https://haninge.se", for_parties=True
            ),
        ),
    )


def opened(
    *,
    kind: PostKind = PostKind.COMMENT,
    suggested: Ground | None = Ground.PERSONANGREPP,
    platform: Platform = Platform.FACEBOOK,
) -> Case:
    flagged = Flagged(
        channel="facebook-haninge",
        platform=platform,
        administration="kultur",
        post_kind=kind,
        source=FlagSource.PERSON,
        post_ref="post",
        locator_ref="where",
        flag_ref="flag",
        published_at=FLAGGED_AT - timedelta(minutes=30),
        suggested=suggested,
    )
    return cases.opened("SM-2026-0042", flagged, at=FLAGGED_AT)


def after(
    case: Case, *commands: Command, name: str = "Administratör ett", role: Role = Role.CHANNEL_ADMIN
) -> Case:
    """The case once the commands are carried out, a quarter of an hour apart."""
    for number, command in enumerate(commands, start=1):
        at = FLAGGED_AT + timedelta(minutes=15 * number)
        right = Role.REGISTRAR if isinstance(command, cases.Register) else role
        done = cases.decide(case, command, by=Actor(id=ADMIN, name=name, right=right), at=at)
        assert not isinstance(done, Refusal), done
        for event in done:
            case = cases.apply(case, event, at=at, by=ADMIN)
    return case


def decide(
    kind: DecisionKind, *, seen: int = 1, ground: Ground | None = None, obvious: bool = False
) -> Decide:
    return Decide(
        kind=kind,
        seen=seen,
        texts_ref="texts",
        has_reason=True,
        has_law=True,
        has_reply=True,
        ground=ground,
        obvious=obvious,
        police=PoliceReport.RECOMMENDED if obvious else PoliceReport.NOT_NEEDED,
        passage="administratorens-ansvar/2",
        guideline="f" * 64,
    )


def reverse(kind: DecisionKind, *, seen: int) -> cases.Reverse:
    return cases.Reverse(decision=decide(kind, seen=seen, ground=Ground.SVORDOMAR))


def removed() -> Case:
    return after(opened(), decide(DecisionKind.DELETE, ground=Ground.HETS_MOT_FOLKGRUPP, obvious=True))


def view(
    case: Case | None = None,
    *,
    text: str = "Din klåpare, vi vet var du bor!",
    word: str = "Personangrepp, enligt mig.",
    name: str = "Kontot Exempel",
    url: str = URL,
    right: Role | None = Role.CHANNEL_ADMIN,
    people: int = 6,
    files: int = 1,
    flags: int = 1,
    earlier: Sequence[str] = (),
) -> CaseView:
    """``text`` is the post's, ``word`` what staff wrote, ``name`` what people, units and files are called."""
    case = case or opened()
    return CaseView(
        case=case,
        channel=organisation(name, person=name).channels["facebook-haninge"],
        organisation=organisation(name, person=name, people=people),
        snapshot=case.snapshots[-1],
        later=None,
        post=None
        if case.disposal is cases.DisposalState.DISPOSED
        else PostText(
            text=text,
            author=name,
            sha256="0" * 64,
            attachments=tuple(FileText(name=name, content_type="image/png", url=url) for _ in range(files)),
        ),
        earlier=tuple(PostText(text=one, author=name, sha256="0" * 64) for one in earlier),
        locator=Locator(post_id="456", url=url),
        flags=tuple(FlagText(by=name, note=word) for _ in range(flags)),
        decisions=tuple(
            DecisionTexts(reason=word, law=word, reply=word, note=word, police_reference=word)
            for _ in case.decisions
        ),
        forwards=tuple(DecisionTexts(note=word) for _ in case.forwards),
        police_reference=word,
        right=right,
        clauses={one.made.number: CLAUSE for one in case.decisions},
    )


def registration(shown: CaseView, *, may_register: bool = True, late: bool = False) -> RegistrationView:
    item = shown.case.registrations[-1]
    return RegistrationView(
        item=item,
        case=shown,
        public="Raderad kommentar på Facebook",
        protected=shown.post.text if shown.post else "",
        from_whom=shown.post.author if shown.post else "",
        to_whom=shown.organisation.name,
        may_correct=may_register,
        may_register=may_register and item.number is None,
        late=late,
    )


def stages() -> dict[str, Case]:
    """A case at every stage that cards tell apart."""
    direct = opened(kind=PostKind.DIRECT_MESSAGE, suggested=None)
    gone = after(
        opened(),
        decide(DecisionKind.DELETE, ground=Ground.HETS_MOT_FOLKGRUPP, obvious=True),
        cases.ConfirmApplied(seen=2),
    )
    assigned = cases.Forward(
        seen=1, to=COLLEAGUE, purpose=cases.ForwardPurpose.ANSWER, administration="kultur",
        texts_ref="texts", people=(COLLEAGUE,),
    )  # fmt: skip
    unit = replace(assigned, to="kultur", purpose=cases.ForwardPurpose.REGISTRATION)
    reported = cases.ReportToPolice(reference_ref="police", reported=date(2026, 11, 24))
    return {
        "open": opened(),
        "open without a suggestion": opened(suggested=None),
        "open post": opened(kind=PostKind.POST),
        "open direct message": direct,
        "forwarded for an answer": after(opened(), assigned),
        "escalated": replace(opened(), escalated_at=NOW),
        "delete": removed(),
        "unpublish": after(opened(), decide(DecisionKind.UNPUBLISH, ground=Ground.SVORDOMAR)),
        "applied": gone,
        "verified": after(gone, cases.ConfirmVerified(seen=2)),
        "reported to the police": after(gone, reported),
        "registered": after(gone, cases.Register(item="SM-2026-0042-1", number="KS 2026/123")),
        "keep": after(opened(), decide(DecisionKind.KEEP)),
        "answer": after(opened(), decide(DecisionKind.ANSWER)),
        "parties": after(opened(), decide(DecisionKind.REFER_TO_PARTIES)),
        "forwarded to a unit": after(opened(), unit),
        "handed over": after(direct, decide(DecisionKind.HAND_OVER)),
        "reversed": after(
            removed(), reverse(DecisionKind.KEEP, seen=2), reverse(DecisionKind.DELETE, seen=3)
        ),
        "abuse": after(opened(), cases.SuspectAbuse(seen=1, texts_ref="texts")),
        "changed text": after(opened(), cases.AddSnapshot(post_ref="post2", flag_ref="flag2", changed=True)),
    }
