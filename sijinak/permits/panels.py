"""What the page of a permit tells beside its animals: papers, quota, time, and whose turn it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sijinak.core.clock import today
from sijinak.core.permissions import Permission as P  # noqa: N817
from sijinak.permits.enclosures.models import ExternalPaper, PermitDocument
from sijinak.permits.enclosures.needs import papers_wanted
from sijinak.permits.enclosures.queries import documents_of, external_papers_of
from sijinak.permits.findings import Report
from sijinak.permits.models import OVER, TURN, DocumentKind, ExternalKind, Permit, PermitState
from sijinak.permits.pace import due_at, is_late
from sijinak.permits.policy import policy
from sijinak.permits.quota.models import ClaimState
from sijinak.permits.quota.queries import claim_of, queue_place
from sijinak.permits.rulebook import terms_for
from sijinak.web.formats import day, moment
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

S = PermitState
WHO: Mapping[P, str] = {
    P.PERMIT_APPLY: N_("The applicant"),
    P.PERMIT_CHECK: N_("The permit desk"),
    P.PERMIT_INSPECT: N_("The inspector"),
    P.PERMIT_CERTIFY: N_("The veterinarian"),
    P.LAB_RECORD: N_("The laboratory"),
    P.SKRD_ISSUE: N_("The permit desk"),
    P.PAYMENT_START: N_("The applicant"),
    P.PERMIT_DECIDE: N_("The Kadis"),
    P.PERMIT_ISSUE: N_("The permit desk"),
    P.PERMIT_HEAR: N_("The Kabid"),
}
ON_THE_ROAD = {S.ISSUED: N_("The checkpoint"), S.DEPARTED: N_("The receiver")}
# From here on the money is there, and nobody may ask for more.
PAID_UP = (S.PAID, S.APPROVED, S.ISSUED, S.DEPARTED, S.ARRIVED, S.CLOSED)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A kind that is wanted or there; ``document`` is None when it is missing."""

    kind: DocumentKind
    document: PermitDocument | None
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    kind: ExternalKind
    paper: ExternalPaper | None
    status: str
    tone: str


def whose_turn(permit: Permit) -> str:
    """Who must act now; nobody when it is over."""
    if permit.state in OVER:
        return ""
    if permit.state in ON_THE_ROAD:
        return _(ON_THE_ROAD[permit.state])
    if awaits_certificate(permit):
        return _(WHO[P.PERMIT_CERTIFY])
    return _(WHO[TURN[permit.state]])


def awaits_certificate(permit: Permit) -> bool:
    """The health letter comes next."""
    when = S.INSPECTED if policy.skkh_before_payment else S.PAID
    return permit.state is when and permit.certified_at is None


def promised(permit: Permit) -> tuple[str, str] | None:
    """Until when this step should be done, with its tone; None where nothing was promised."""
    due = due_at(permit)
    if due is None:
        return None
    if is_late(permit):
        return _("Late: it should have been done by %(when)s", when=moment(due)), "warning"
    return _("By %(when)s at the latest", when=moment(due)), "neutral"


def quota_line(permit: Permit) -> tuple[str, str] | None:
    """Where it stands in the quota; None when it holds none."""
    claim = claim_of(permit.id)
    if claim is None or claim.state is ClaimState.RELEASED:
        return None
    if claim.state is ClaimState.WAITING:
        facts = {"heads": claim.heads, "place": queue_place(permit.id)}
        return _("Waits for quota for %(heads)s head, place %(place)s", **facts), "warning"
    if claim.state is ClaimState.RESERVED:
        return _("Quota for %(heads)s head is reserved", heads=claim.heads), "success"
    return _("Quota for %(heads)s head is used", heads=claim.heads), "neutral"


def document_lines(permit: Permit, report: Report | None) -> list[DocumentLine]:
    """What is there, then what is wanted and missing."""
    there = documents_of(permit.id)
    kinds = {document.kind for document in there if document.in_order is not False}
    wanted: Sequence[DocumentKind] = report.documents_needed if report else ()
    missing = [kind for kind in wanted if kind not in kinds]
    lines = [_line_of(document) for document in there]
    return [*lines, *(DocumentLine(kind, None, _("Missing"), "danger") for kind in missing)]


def paper_lines(permit: Permit) -> list[PaperLine]:
    """Of other offices: what is there, then what the rule wants before departure."""
    if permit.submitted_at is None:
        return []
    there = external_papers_of(permit.id)
    kinds = {paper.kind for paper in there}
    missing = [kind for kind in papers_wanted(terms_for(permit)) if kind not in kinds]
    lines = [_line_of_paper(paper) for paper in there]
    if permit.state in OVER:
        return lines
    return [*lines, *(PaperLine(kind, None, _("Still to come"), "neutral") for kind in missing)]


def _line_of(document: PermitDocument) -> DocumentLine:
    match document.in_order:
        case None:
            return DocumentLine(document.kind, document, _("Not looked at yet"), "info")
        case True:
            return DocumentLine(document.kind, document, _("In order"), "success")
    return DocumentLine(document.kind, document, _("Not in order"), "danger")


def _line_of_paper(paper: ExternalPaper) -> PaperLine:
    if paper.valid_until and paper.valid_until < today():
        return PaperLine(
            paper.kind, paper, _("Over since %(day)s", day=day(paper.valid_until)), "danger"
        )
    if paper.valid_until:
        until = _("Valid until %(day)s", day=day(paper.valid_until))
        return PaperLine(paper.kind, paper, until, "success")
    return PaperLine(paper.kind, paper, _("Recorded"), "success")


def paper_words(paper: ExternalPaper) -> str:
    """Number, day, and what is special about it, in one line."""
    parts = [paper.number, day(paper.issued_on), paper.place]
    if paper.days is not None:
        parts.append(_("%(days)s days", days=paper.days))
    return " · ".join(part for part in (*parts, paper.note) if part)


def document_words(document: PermitDocument) -> str:
    parts = [document.number, day(document.issued_on) if document.issued_on else "", document.note]
    return " · ".join(part for part in parts if part)


def arrival_line(permit: Permit) -> str:
    """How many of those that left arrived how."""
    if permit.arrived_at is None:
        return ""
    said = [line.arrival for line in permit.animals if line.departed]
    counts = {arrival: said.count(arrival) for arrival in dict.fromkeys(said)}
    return ", ".join(
        f"{label(arrival) if arrival else _('Missing')}: {count}"
        for arrival, count in counts.items()
    )
