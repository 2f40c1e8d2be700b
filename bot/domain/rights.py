"""Who may do what with a case, from the organisation alone: never from what a card carries."""

from bot.domain.cases import Case, Registration
from bot.domain.organisation import Organisation, Role


def right_to_decide(case: Case, person: str, organisation: Organisation) -> Role | None:
    """The role that lets the person decide, or None. One to whom the case was forwarded decides as staff, also after
    it went on to somebody else and in whatever role, as long as the organisation knows the person at all."""
    channel = organisation.channels.get(case.channel)
    admins = channel.admins if channel else ()
    if person in admins:
        return Role.CHANNEL_ADMIN
    escalated = case.escalated_at is not None or not admins
    if escalated and person in organisation.communications.members:
        return Role.COMMUNICATIONS
    if person in case.assignees and person in organisation.people:
        return Role.STAFF
    return None


def right_to_register(item: Registration, person: str, organisation: Organisation) -> Role | None:
    return Role.REGISTRAR if person in organisation.registrars_of(item.administration) else None


def may_see(case: Case, person: str, organisation: Organisation) -> bool:
    """Deciders, those it was passed on to (while the organisation knows them), communications, head and deputies, and
    the registrars concerned."""
    if right_to_decide(case, person, organisation) or person in organisation.communications.members:
        return True
    if person in case.informed and person in organisation.people:
        return True
    unit = organisation.administrations.get(case.administration)
    if unit and (person == unit.head or person in unit.deputies):
        return True
    concerned = {case.administration, *(item.administration for item in case.registrations)}
    return any(person in organisation.registrars_of(administration) for administration in concerned)


def deciders(case: Case, organisation: Organisation) -> tuple[str, ...]:
    """Everybody who may decide the case now, as object ids."""
    channel = organisation.channels.get(case.channel)
    admins = channel.admins if channel else ()
    escalated = case.escalated_at is not None or not admins
    called = organisation.communications.members if escalated else ()
    assignees = (one for one in case.assignees if one in organisation.people)
    return tuple(dict.fromkeys((*admins, *assignees, *called)))
