"""Who is what to a request, from the organisation, the absences and the request alone: never from a card.

The bar (own request, named in it) is the request's own and is applied by ``decide`` on top of this, so that no caller
can forget it. Who gets the card is another matter: see ``calling``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.administrations import AdministrationRecord
from bot.domain.channels import Register
from bot.domain.organisation import SYSTEM, Administration, Organisation
from bot.domain.requests.declaring import Kind
from bot.domain.requests.fields import Fault, Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.kinds import KINDS
from bot.domain.requests.state import Request
from bot.domain.requests.terms import DECIDED, Bar, Part, RequestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a request is judged against, all as it is now; ``administrations`` may lack those nothing happened in."""

    organisation: Organisation
    register: Register = field(default_factory=Register)
    administrations: Mapping[str, AdministrationRecord] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)

    def unit_of(self, request: Request) -> Administration | None:
        return self.organisation.administrations.get(request.administration)

    def administration_of(self, kind: Kind, form: Form, asked: str) -> str:
        """Whose head decides; empty where there is no such administration, so that no typed word gets into events."""
        unit = kind.administration(form, asked, self.register)
        return unit if unit in self.organisation.administrations else ""

    def known_form(self, kind: Kind, form: Form) -> Form:
        """Without a channel that the register doesn't hold: events keep facts for good, and that is none."""
        name = kind.channel_field
        if not form.fact(name) or form.fact(name) in self.register.channels:
            return form
        return replace(form, facts={one: said for one, said in form.facts.items() if one != name})

    def conflicts(self, kind: Kind, form: Form, day: date) -> tuple[Problem, ...]:
        """What the register says against the form; of who administers by a group it knows nothing."""
        told = kind.conflicts(form, self.register, day)
        return tuple(
            replace(one, fault=Fault.ADMIN_BY_GROUP) if self._by_group(form, one) else one for one in told
        )

    def _by_group(self, form: Form, problem: Problem) -> bool:
        channel = self.organisation.channels.get(form.fact("channel"))
        by_group = channel is not None and channel.admins_from_group and problem.subject in channel.admins
        return by_group and problem.fault is Fault.NOT_AN_ADMIN

    def away_until(self, request: Request, person: str, day: date) -> date | None:
        record = self.administrations.get(request.administration)
        return record.away_until(person, day) if record else None


def bar_to_decide(request: Request, person: str, within: Surroundings, day: date) -> Bar | None:
    """Why the person may not decide. A consultation is advice to somebody else: who is both head and of communications
    and gave the opinion leaves the decision to another of head and deputies. But it is advice and no veto, so it
    stops no request: where every other one is barred or away, they decide all the same."""
    bar, unit = request.bar(person), within.unit_of(request)
    if bar or unit is None or not request.advised_by(person):
        return bar
    others = [one for one in (unit.head, *unit.deputies) if one and one != person]
    free = [one for one in others if not request.bar(one) and not request.advised_by(one)]
    there = any(within.away_until(request, one, day) is None for one in free)
    return Bar.ADVISED if there else None


def parts_of(request: Request, person: str, within: Surroundings, day: date) -> frozenset[Part]:
    """All that the person is to the request on that day; barred or not."""
    unit = within.unit_of(request)
    held = {
        Part.SYSTEM: person == SYSTEM,
        Part.REQUESTER: person == request.requester,
        Part.CONSULTED: person in within.organisation.communications.members,
        Part.HEAD: unit is not None and person == unit.head,
        Part.DEPUTY: unit is not None and _is_called(request, person, unit, within, day),
        Part.REGISTRAR: unit is not None and person in unit.registrars,
    }
    return frozenset(part for part, so in held.items() if so)


def _is_called(request: Request, person: str, unit: Administration, within: Surroundings, day: date) -> bool:
    if person not in unit.deputies:
        return False
    return (
        person in request.reassigned
        or request.deputies_called_at is not None
        or not unit.head
        or bar_to_decide(request, unit.head, within, day) is not None
        or within.away_until(request, unit.head, day) is not None
    )


def may_see(request: Request, person: str, within: Surroundings) -> bool:
    """A draft is the requester's alone; then all who have to do with it, deputies before they are called too.

    Whom it is about sees it once it is decided: before that others must be free to say what they think. One who may
    only be meant by a typed name is not told what concerns a namesake.
    """
    if person == request.requester:
        return True
    unit = within.unit_of(request)
    if request.status is RequestStatus.DRAFT or unit is None:
        return False
    office = (unit.head, *unit.deputies, *unit.registrars, *within.organisation.communications.members)
    concerned = request.status in DECIDED and person in request.form.admins
    return concerned or person in office or person in request.requesters
