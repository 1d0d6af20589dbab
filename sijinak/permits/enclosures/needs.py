"""What the rules want to lie with an application: to send it, to accept it, and to let it leave."""

from collections.abc import Iterable
from datetime import date

from sijinak.core.errors import Conflict
from sijinak.permits.enclosures.queries import documents_of, external_papers_of
from sijinak.permits.findings import Terms
from sijinak.permits.models import DocumentKind, ExternalKind, Permit


class DocumentsMissing(Conflict):
    """Facts: ``kinds``, the documents that the rule wants and nobody enclosed."""

    code = "documents-missing"


class DocumentsNotChecked(Conflict):
    """Facts: ``kinds``, those that nobody found in order."""

    code = "documents-not-checked"


class PapersMissing(Conflict):
    """Facts: ``kinds``, other offices' papers that are not there, or not valid that day."""

    code = "papers-missing"


class TooFewDays(Conflict):
    """The animals left the holding ground too early. Facts: ``days``, ``needed``."""

    code = "too-few-days"


def papers_wanted(terms: Terms) -> list[ExternalKind]:
    """By the rule and by the destination, in the order of the kinds."""
    named = set((terms.rule.external_papers if terms.rule else None) or ())
    named.update(name for there in terms.at_destination for name in there.external_papers)
    return [kind for kind in ExternalKind if kind in named]


def documents_missing(permit: Permit, wanted: Iterable[DocumentKind]) -> list[DocumentKind]:
    """Those that are wanted and not there; what the desk found fault with is not there."""
    there = {d.kind for d in documents_of(permit.id) if d.in_order is not False}
    return [kind for kind in wanted if kind not in there]


def refuse_without(permit: Permit, wanted: Iterable[DocumentKind]) -> None:
    if missing := documents_missing(permit, wanted):
        raise DocumentsMissing(kinds=missing)


def refuse_unchecked(permit: Permit, wanted: Iterable[DocumentKind]) -> None:
    """Each that is wanted was found in order, and none that lies there was found wanting."""
    documents = documents_of(permit.id)
    fine = {d.kind for d in documents if d.in_order}
    bad = [d.kind for d in documents if d.in_order is False]
    unseen = [kind for kind in wanted if kind not in fine]
    if kinds := list(dict.fromkeys([*unseen, *bad])):
        raise DocumentsNotChecked(kinds=kinds)


def papers_missing(permit: Permit, terms: Terms, on: date) -> list[ExternalKind]:
    """Other offices' papers that are not there, or not valid on that day."""
    papers = external_papers_of(permit.id)
    valid = {p.kind for p in papers if p.valid_until is None or p.valid_until >= on}
    return [kind for kind in papers_wanted(terms) if kind not in valid]


def refuse_without_papers(permit: Permit, terms: Terms, on: date) -> None:
    if missing := papers_missing(permit, terms, on):
        raise PapersMissing(kinds=missing)
    needed = terms.rule.isolation_days if terms.rule else None
    if not needed or ExternalKind.KH11 not in papers_wanted(terms):
        return
    papers = external_papers_of(permit.id)
    days = max((p.days or 0 for p in papers if p.kind is ExternalKind.KH11), default=0)
    if days < needed:
        raise TooFewDays(days=days, needed=needed)
