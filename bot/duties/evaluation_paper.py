"""An administration's yearly evaluation as a document that can be read by all and archived."""

import hashlib
from datetime import datetime

from bot.contents import sealed
from bot.documents.paper import Fact, Paper, Part
from bot.documents.quoting import quoted
from bot.documents.typesetting import typeset
from bot.domain.duties import Document, Duty, EvaluationTexts
from bot.domain.views import FileText
from bot.duties.viewing import name_of_duty
from bot.policy.answering import Quote
from bot.services import Services
from cards.duty_card import CLAUSES
from cards.texts import Texts, texts
from storage.contents import seal
from storage.store import Content


async def evaluation_document(
    services: Services, duty: Duty, told: EvaluationTexts, *, by: str, at: datetime
) -> tuple[Document, tuple[Content, ...]]:
    """The PDF sealed, with its name and hash; ``by`` is a name. In the organisation's language, whoever wrote it."""
    data = await typeset(evaluation_paper(services, duty, told, by=by, at=at))
    content = seal(data)
    text = sealed(
        FileText(
            name="utvardering.pdf",
            content_type="application/pdf",
            url="",
            sha256=hashlib.sha256(data).hexdigest(),
        )
    )
    return Document(text_ref=text.ref, data_ref=content.ref), (content, text)


def evaluation_paper(
    services: Services, duty: Duty, told: EvaluationTexts, *, by: str, at: datetime
) -> Paper:
    t, organisation = texts(services.organisation.language), services.organisation
    name, designation = name_of_duty(services, duty), f"{duty.id} {duty.due.isoformat()}"
    channels = [one.name for one in organisation.channels.values() if one.administration == duty.subject]
    answers = (("reach", told.reach), ("staffing", told.staffing), ("changes", told.changes))
    return Paper(
        title=t("duty.title.evaluation"),
        issuer=organisation.name,
        designation=designation,
        language=t.language,
        at=at,
        facts=(
            Fact(label=t("duty.administration"), value=name),
            Fact(label=t("evaluation.by"), value=by),
            Fact(label=t("evaluation.day"), value=t.time(at)),
            Fact(label=t("evaluation.channels"), value=", ".join(channels) or t("evaluation.none")),
        ),
        parts=(
            *_clause(services.policy.quote(CLAUSES[duty.kind]), t),
            *(Part(heading=t(f"duty.input.{one}"), paragraphs=(text,)) for one, text in answers if text),
        ),
        marks=f"{organisation.name} · {designation}",
    )


def _clause(quote: Quote | None, t: Texts) -> tuple[Part, ...]:
    """The guideline's words that it is made under."""
    return (Part(heading=t("evaluation.clause"), quote=quoted(quote.text)),) if quote else ()
