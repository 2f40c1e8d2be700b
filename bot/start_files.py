"""The files that a start needs: all are read before any is complained about, so that one look mends them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.guidelines.in_force import Edition
from bot.organisation.file import OrganisationError, OrganisationFile, read_file
from bot.policy.answering import Policy, load_policy
from bot.policy.grounds import LAW_FILE, Law, LawError, load_law, problems_of_law
from bot.policy.guideline import GuidelineError
from bot.settings import SettingsError, files_named

_Read = TypeVar("_Read")
_GROUPS = "ORGANISATION_FILE: names Entra groups, and only a bot with MicrosoftAppId can ask for them"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFiles:
    organisation: OrganisationFile
    policy: Policy
    law: Law


def read_files(
    organisation_file: Path | None, guideline_file: Path | None, *, local: bool, law_file: Path = LAW_FILE
) -> StartFiles:
    """Raises SettingsError with everything that is wrong with any of them; None is a file known to be missing."""
    problems: list[str] = []
    organisation = _read(organisation_file, read_file, problems)
    if organisation is not None and organisation.groups and local:
        problems.append(_GROUPS)
    policy = _read(guideline_file, load_policy, problems)
    law = None
    if policy is None:
        problems += problems_of_law(law_file)
    else:
        law = _read(law_file, lambda path: load_law(path, guideline=policy.guideline), problems)
    if problems or organisation is None or policy is None or law is None:
        raise SettingsError(tuple(problems))
    return StartFiles(organisation=organisation, policy=policy, law=law)


def read_edition(guideline_file: Path) -> Edition:
    """The guideline as its file is now, with the law bound to it. Raises ``GuidelineError``, ``LawError``, ``OSError``."""
    policy = load_policy(guideline_file)
    return Edition(policy=policy, law=load_law(LAW_FILE, guideline=policy.guideline))


def problems_of_files(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with the files named by settings that are themselves wrong somewhere."""
    try:
        read_files(*files_named(environ), local=not environ.get("MicrosoftAppId", "").strip())
    except SettingsError as error:
        return error.problems
    return ()


def _read(path: Path | None, read: Callable[[Path], _Read], problems: list[str]) -> _Read | None:
    if path is None:
        return None
    try:
        return read(path)
    except (OrganisationError, GuidelineError, LawError) as error:
        problems += str(error).splitlines()
    except OSError as error:
        problems.append(f"{path.name}: cannot be read: {error.strerror}")
    return None
