"""What is done with the documents of an applicant."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.files.papers import Paper
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_document
from sijinak.permits.commands import PermitCommand
from sijinak.permits.enclosures.models import PermitDocument
from sijinak.permits.enclosures.queries import document_of, documents_of
from sijinak.permits.models import DocumentKind, Permit, PermitState
from sijinak.permits.queries import permit_for_update
from sijinak.permits.taking import SamePerson, is_barred

EDITABLE = (PermitState.DRAFT, PermitState.RETURNED)
MOST_DOCUMENTS = 30


class TooManyDocuments(Conflict):
    """Facts: ``most``."""

    code = "too-many-documents"


class NoteMissing(Invalid):
    """A document that is not in order needs a sentence that says why."""

    code = "note-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDocument(PermitCommand):
    """``id`` becomes the document's."""

    kind: DocumentKind
    number: str = ""
    issued_on: date | None = None
    file: Paper | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDocument(PermitCommand):
    document_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDocument(PermitCommand):
    document_id: UUID
    in_order: bool
    note: str = ""


def add_document(command: AddDocument, *, by: Actor) -> PermitDocument:
    """It takes the place of those of its kind that the desk found fault with.

    Raises WrongState, TooManyDocuments.
    """
    permit = _theirs(command, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(PermitDocument, command.id)
    _refuse_unless_editable(permit)
    there = documents_of(permit.id)
    if len(there) >= MOST_DOCUMENTS:
        raise TooManyDocuments(most=MOST_DOCUMENTS)
    for document in there:
        if document.kind is command.kind and document.in_order is False:
            document.removed_at = now()
    document = PermitDocument(
        id=command.id,
        permit_id=permit.id,
        kind=command.kind,
        number=command.number,
        issued_on=command.issued_on,
        file_id=keep_document(command.file, by=by).id,
        added_at=now(),
        added_by=by.id,
    )
    db.session.add(document)
    _note("permit.enclose", permit, document, by=by)
    return document


def remove_document(command: RemoveDocument, *, by: Actor) -> PermitDocument:
    """It is kept to be read; it counts no more. Raises NotFound, WrongState."""
    permit = _theirs(command, by=by)
    document = document_of(permit.id, command.document_id)
    if first_time(command, by=by) and document.removed_at is None:
        _refuse_unless_editable(permit)
        document.removed_at = now()
        _note("permit.withdraw-document", permit, document, by=by)
    return document


def check_document(command: CheckDocument, *, by: Actor) -> PermitDocument:
    """In order, or not, with a note for the applicant. Raises NotFound, NoteMissing, SamePerson."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_CHECK, region=permit.region)
    document = document_of(permit.id, command.document_id)
    if not first_time(command, by=by):
        return document
    if permit.state is not PermitState.SUBMITTED or document.removed_at:
        raise WrongState(state=permit.state, action="check-document")
    if is_barred(permit, "accept", by=by):
        raise SamePerson
    if not command.in_order and not command.note:
        raise NoteMissing
    document.in_order, document.note = command.in_order, command.note
    document.checked_by, document.checked_by_name, document.checked_at = by.id, by.name, now()
    _note("permit.check-document", permit, document, by=by)
    return document


def _theirs(command: PermitCommand, *, by: Actor) -> Permit:
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_APPLY, region=permit.region, keeper_id=permit.keeper_id)
    return permit


def _refuse_unless_editable(permit: Permit) -> None:
    if permit.state not in EDITABLE:
        raise WrongState(state=permit.state, action="enclose")


def _note(name: str, permit: Permit, document: PermitDocument, *, by: Actor) -> None:
    facts = {"document": document.kind, "in_order": document.in_order, "note": document.note}
    events.record(name, permit, by=by, region=permit.region, **facts)
