"""The files that a start needs: organisation, guideline and law."""

from collections.abc import Iterator, Mapping, Sequence

from bot.checking.findings import Finding, failure, ok, warning
from bot.organisation.file import OrganisationFile
from bot.policy.answering import Policy
from bot.policy.grounds import Law
from bot.settings import SHIPPED_ORGANISATION, Settings, SettingsError, read_settings
from bot.start_files import StartFiles, problems_of_files, read_files

ORGANISATION, GUIDELINE, SETTINGS = "organisation", "guideline", "settings"
_MEND = "Mend it and check again: the bot does not start with it."


def read_all(environ: Mapping[str, str]) -> tuple[Settings, StartFiles] | Sequence[Finding]:
    """The settings and the files that they name, or everything that is wrong with either."""
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        return [*_failures(SETTINGS, error.problems), *_failures("files", problems_of_files(environ))]
    try:
        files = read_files(settings.organisation_file, settings.guideline_file, local=settings.local)
    except SettingsError as error:
        return [ok(SETTINGS, _mode(settings)), *_failures("files", error.problems)]
    return settings, files


def _failures(about: str, problems: Sequence[str]) -> list[Finding]:
    return [failure(about, problem, _MEND) for problem in problems]


def findings_of(settings: Settings, files: StartFiles) -> Iterator[Finding]:
    yield ok(SETTINGS, _mode(settings))
    yield ok(ORGANISATION, _organisation(files.organisation))
    yield from _doubts(settings, files.organisation)
    yield from _topics(files)
    yield ok(GUIDELINE, _guideline(files.policy, files.law))
    yield from _unnamed(files)


def _mode(settings: Settings) -> str:
    if settings.local:
        return "local mode, on loopback only: no MicrosoftAppId is set"
    return f"app {settings.app_id} of tenant {settings.app_tenant}, {settings.app_type}"


def _organisation(file: OrganisationFile) -> str:
    form = file.form
    groups = f", roles from {len(file.groups)} Entra groups" if file.groups else ""
    return (
        f"{form.name}: {len(form.administrations)} administrations, {len(form.channels)} channels, "
        f"{len(form.people)} people{groups}"
    )


def _doubts(settings: Settings, file: OrganisationFile) -> Iterator[Finding]:
    if not settings.local and settings.organisation_file == SHIPPED_ORGANISATION:
        told = "it is the demonstration's, with people who are nobody in your tenant"
        yield warning(ORGANISATION, told, "Name your own in ORGANISATION_FILE.")
    tenant = file.form.tenant
    if not settings.local and tenant and tenant.lower() != settings.app_tenant:
        told = f"it names tenant {tenant}, and the settings name another"
        yield warning(ORGANISATION, told, "Make tenant the same as MicrosoftAppTenantId.")


def _topics(files: StartFiles) -> Iterator[Finding]:
    """Pages that no answer will ever lead to: the guideline may be another one than the file was written for."""
    guideline = files.policy.guideline
    known = {one.id for one in guideline.sections} | {one.id for one in guideline.passages()}
    for place, topic in enumerate(files.organisation.form.topics):
        if topic.about not in known:
            told = f"topics.{place}.about: the guideline has no section or passage {topic.about}"
            yield warning(ORGANISATION, told, "Correct the id, or take the topic out.")


def _unnamed(files: StartFiles) -> Iterator[Finding]:
    """The guideline may well be about something else, or say it in other words."""
    unnamed = ", ".join(f"{one.code} ({one.name('sv')})" for one in files.law.unfound)
    if unnamed:
        told = f"{files.policy.guideline.source}: no clause on removal names {unnamed}"
        yield warning(GUIDELINE, told, "What is removed on these grounds is decided under no clause.")


def _guideline(policy: Policy, law: Law) -> str:
    guideline = policy.guideline
    passages = sum(1 for _ in guideline.passages())
    named = len(law.grounds) - len(law.unfound)
    found = f"all {named}" if not law.unfound else f"{named} of {len(law.grounds)}"
    return (
        f"{guideline.name}, version {guideline.version[:12]}: {len(guideline.sections)} sections, "
        f"{passages} passages; {found} grounds are found in it"
    )
