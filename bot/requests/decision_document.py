"""The decision document of a request (förvaltningslagen 31 §), in Swedish whoever reads it.

Made anew each time it is asked for, and not kept: journal and content store hold all that it says, the same record
gives the same bytes (names too are those that were kept with the decision), and a kept copy would be one more place that disposal had to find. The registrar's system
keeps the one that is registered.
"""

from bot.contents import opened
from bot.documents.paper import Fact, Paper, Part
from bot.documents.quoting import quoted
from bot.domain.requests import (
    KINDS,
    DecisionDocument,
    FieldType,
    Form,
    FormTexts,
    LapseCause,
    NamesTexts,
    Request,
    RequestTexts,
    document_of,
)
from bot.requests.naming import names_of
from bot.services import Services
from cards.texts import Texts, texts

_LANGUAGE = "sv"


async def decision_paper(services: Services, request: Request) -> Paper | None:
    """None until it is decided."""
    document = document_of(request)
    if document is None or request.decision is None:
        return None
    t, names = texts(_LANGUAGE), await names_of(services, request)
    kind = KINDS.get(document.kind)
    verdict = t(kind.text(document.verdict)) if kind else t("request.kind.unknown")
    return Paper(
        title=t("document.title", verdict=verdict),
        issuer=names.administration,
        designation=document.designation,
        language=_LANGUAGE,
        at=request.decision.at,
        facts=_facts(document, names.organisation, t),
        parts=(
            await _decided(services, document, verdict, t),
            await _content(services, document.form, document.kind, names, t),
            *await _consultation(services, document, t),
            _participants(document, t),
            *await _clause(services, document, t),
        ),
        marks=t("document.marks", designation=document.designation, guideline=document.guideline[:12]),
    )


def _facts(document: DecisionDocument, organisation: str, t: Texts) -> tuple[Fact, ...]:
    decider = f"{document.decided_by_name or t('name.unknown')}, {t(f'request.part.{document.decided_as}')}"
    return (
        Fact(label=t("document.organisation"), value=organisation),
        Fact(label=t("document.day"), value=t.day(document.day)),
        Fact(label=t("document.decided_by"), value=decider),
        Fact(label=t("document.rapporteur"), value=t("document.no_rapporteur")),
    )


async def _decided(services: Services, document: DecisionDocument, verdict: str, t: Texts) -> Part:
    said = await _said(services, document.texts_ref)
    facts = [Fact(label=t(f"request.status.{document.verdict}"), value=verdict)]
    paragraphs = [said.reason] if said.reason else [t("document.no_reasons")]
    if said.consultation:
        facts.append(Fact(label=t("request.how_consulted"), value=said.consultation))
    return Part(heading=t("document.decision"), facts=tuple(facts), paragraphs=tuple(paragraphs))


async def _content(services: Services, form: Form, kind: str, names: NamesTexts, t: Texts) -> Part:
    """The form, but for the contact details: they are no part of what was decided."""
    said = await opened(services.store, form.texts_ref, FormTexts)
    values = said.values if said else {}
    fields = KINDS[kind].fields if kind in KINDS else ()
    facts = []
    for field in fields:
        text = values.get(field.name, "") if not field.is_fact else _fact(names, form, field.name, t)
        if text and field.type not in {FieldType.CONTACT, FieldType.TICK}:
            facts.append(Fact(label=t(f"request.field.{field.name}"), value=text))
        if text and field.type is FieldType.CHANNEL and names.platform:
            facts.append(Fact(label=t("request.field.platform"), value=t(f"platform.{names.platform}")))
    return Part(heading=t("document.content"), facts=tuple(facts))


def _fact(names: NamesTexts, form: Form, name: str, t: Texts) -> str:
    """Ids as people know them; one that nobody knows stays an id, which can be looked up in Entra."""
    values = form.facts.get(name, ())
    match name:
        case "channel":
            return names.channel
        case "admins":
            return ", ".join(names.people.get(one, one) for one in values)
        case "platform":
            return ", ".join(t(f"platform.{one}") for one in values)
        case "starts" | "ends":
            day = form.day(name)
            return t.day(day) if day else ""
        case _:
            return ", ".join(values)


async def _consultation(services: Services, document: DecisionDocument, t: Texts) -> tuple[Part, ...]:
    if document.opinion_was_due is None:
        return ()
    heading = t("document.consultation")
    if document.opinion is None:
        nobody = document.lapsed is LapseCause.NOBODY
        day = t.day(document.opinion_was_due)
        missed = t("document.no_opinion.nobody") if nobody else t("document.no_opinion", day=day)
        return (Part(heading=heading, paragraphs=(missed,)),)
    facts, paragraphs = [], []
    for one, flaw in zip(document.opinions, document.flaws, strict=True):
        label = f"{one.given.by_name or t('name.unknown')}, {t.time(one.at)}"
        late = f" {t('request.opinion.late')}" if one.given.late else ""
        told = f" {t(f'request.opinion_flaw.{flaw}')}" if flaw else ""
        facts.append(Fact(label=label, value=f"{t(f'request.opinion.{one.given.kind}')}{late}.{told}"))
        said = await _said(services, one.given.texts_ref)
        paragraphs += [said.reason] if said.reason else []
    return (Part(heading=heading, facts=tuple(facts), paragraphs=tuple(paragraphs)),)


def _participants(document: DecisionDocument, t: Texts) -> Part:
    facts = tuple(
        Fact(
            label=t("document.former_requester" if one.formerly else f"request.part.{one.part}"),
            value=one.name or t("name.unknown"),
        )
        for one in document.participants
    )
    return Part(heading=t("document.participants"), facts=facts)


async def _clause(services: Services, document: DecisionDocument, t: Texts) -> tuple[Part, ...]:
    clause = await services.guidelines.clause(document.guideline, document.passage)
    if clause is None:
        return ()
    where = Fact(label=t("document.clause"), value=f"{clause.section} ({clause.passage})")
    return (Part(heading=t("document.guideline"), facts=(where,), quote=quoted(clause.text)),)


async def _said(services: Services, ref: str) -> RequestTexts:
    return await opened(services.store, ref, RequestTexts) or RequestTexts()
