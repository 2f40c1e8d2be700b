"""Contact details that nothing needs any longer: they are to be erased, though all else of a request is kept."""

from bot.domain.requests.state import Request
from bot.domain.requests.terms import RequestStatus

_WITHOUT_ADMINS = frozenset({RequestStatus.REJECTED, RequestStatus.WITHDRAWN})


def freed_contacts(before: Request | None, after: Request) -> tuple[str, ...]:
    """References of what the form said before it was written anew, and of what leads to no administrator."""
    kept = "" if after.status in _WITHOUT_ADMINS else after.form.contact_ref
    said = (before.form.contact_ref if before else "", after.form.contact_ref)
    return tuple(dict.fromkeys(ref for ref in said if ref and ref != kept))
