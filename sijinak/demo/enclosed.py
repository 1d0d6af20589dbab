"""What lies with the applications of the demo: small papers that say what they stand for."""

from datetime import timedelta
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.db import transaction
from sijinak.core.permissions import Actor
from sijinak.files.papers import Paper
from sijinak.permits.enclosures.documents import (
    AddDocument,
    CheckDocument,
    add_document,
    check_document,
)
from sijinak.permits.enclosures.external import RecordPaper, record_paper
from sijinak.permits.enclosures.needs import documents_missing, papers_missing
from sijinak.permits.enclosures.queries import documents_of
from sijinak.permits.models import ExternalKind
from sijinak.permits.queries import permit_by_id
from sijinak.permits.rulebook import report_on, terms_for

DAYS_HELD = 14
OBJECTS = (
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources 6 0 R>>",
    "<</Length {length}>>stream\n{text}\nendstream",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    "<</Font<</F 5 0 R>>>>",
)


def enclose(permit_id: UUID, *, by: Actor) -> None:
    """Every document that the rule wants."""
    with transaction():
        permit = permit_by_id(permit_id, by=by)
        for nth, kind in enumerate(documents_missing(permit, report_on(permit).documents_needed)):
            issued = today() - timedelta(days=20 + nth)
            add_document(
                AddDocument(
                    permit_id=permit_id,
                    kind=kind,
                    number=f"{110 + nth}/{issued.year}",
                    issued_on=issued,
                    file=Paper(_page(f"CONTOH: {kind}")),
                ),
                by=by,
            )


def check_documents(permit_id: UUID, *, by: Actor) -> None:
    with transaction():
        for document in documents_of(permit_id):
            command = CheckDocument(permit_id=permit_id, document_id=document.id, in_order=True)
            check_document(command, by=by)


def file_papers(permit_id: UUID, *, by: Actor) -> None:
    """What other offices wrote before the animals leave."""
    with transaction():
        permit = permit_by_id(permit_id, by=by)
        for nth, kind in enumerate(papers_missing(permit, terms_for(permit), today())):
            is_held = kind is ExternalKind.KH11
            record_paper(
                RecordPaper(
                    permit_id=permit_id,
                    kind=kind,
                    number=f"CONTOH/{40 + nth}/{today().year}",
                    issued_on=today(),
                    valid_until=today() + timedelta(days=7),
                    place="Instalasi Karantina Hewan Badas" if is_held else "",
                    days=DAYS_HELD if is_held else None,
                    file=Paper(_page(f"CONTOH: {kind}, {now():%d-%m-%Y}")),
                ),
                by=by,
            )


def _page(words: str) -> bytes:
    """A PDF of one page with one line."""
    text = f"BT /F 14 Tf 40 500 Td ({words}) Tj ET"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(OBJECTS, start=1):
        places.append(len(out))
        filled = body.replace("{length}", str(len(text))).replace("{text}", text)
        out += f"{number} 0 obj{filled}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size, start = len(OBJECTS) + 1, len(out)
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\n"
    return out + f"{tail}startxref\n{start}\n%%EOF\n".encode()
