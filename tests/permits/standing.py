"""Many applications that stand on their way without having walked it: rows, and no PDFs."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.animals.queries import live_tags
from sijinak.animals.services import register_animal
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.permits.enclosures.models import PermitDocument
from sijinak.permits.models import DocumentKind, Permit, PermitAnimal, PermitState
from sijinak.permits.quota.claiming import claim_quota
from sijinak.permits.rules.models import Purpose
from sijinak.permits.signing.content import content_of, sign_facts, signed_facts
from sijinak.permits.signing.keys import SigningKey, signing_key
from sijinak.permits.signing.models import KeyUse, PaperOrder, PaperType
from sijinak.permits.signing.qr import text_of
from sijinak.permits.signing.services import MadePaper, keep_paper
from tests.animals.factories import bull
from tests.factories import LUNYUK_REA
from tests.permits.factories import BEKASI, PDF, Office, file_papers, stored_pdf, vaccinate

ADDRESS = "http://127.0.0.1:8000"
_numbers, _places = count(1), count()


def applications(
    office: Office, state: PermitState, many: int, *, heads: int = 1, planned_on: date | None = None
) -> list[Permit]:
    """Committed. A draft has all documents; a later one its animals, its quota and its papers."""
    herd = _herd(office, many * heads)
    with transaction():
        file_id = stored_pdf()
        made = [
            _permit(office, state, planned_on or today(), herd[place : place + heads])
            for place in range(0, many * heads, heads)
        ]
        db.session.flush()
        for permit in made:
            if state is PermitState.DRAFT:
                db.session.add_all(_documents(permit, file_id))
            else:
                claim_quota(permit, heads, by=OPERATOR)
                file_papers(permit)
    return made


def _herd(office: Office, many: int) -> list[tuple[UUID, str]]:
    """Ids and tags."""
    with transaction():
        ids = [register_animal(bull(office.firm.id), by=OPERATOR).id for _ in range(many)]
    vaccinate(ids)
    tags = live_tags(ids)
    return [(animal_id, tags[animal_id].value) for animal_id in ids]


def _permit(
    office: Office, state: PermitState, planned_on: date, herd: Sequence[tuple[UUID, str]]
) -> Permit:
    columns: dict[str, Any] = {
        "keeper_id": office.firm.id,
        "applied_by": office.trader.id,
        "region": LUNYUK_REA,
        "species": Species.CATTLE,
        "purpose": Purpose.SLAUGHTER,
        "destination": BEKASI,
        "port": "badas",
        "vehicle_plate": "EA 8123 B",
        "planned_on": planned_on,
        "tags": [tag for _, tag in herd],
        "state": state,
        "created_at": now(),
        "state_at": now(),
    }
    permit = Permit(**columns)
    if state is not PermitState.DRAFT:
        permit.submitted_at = permit.complete_at = now()
        permit.animals = [
            PermitAnimal(
                animal_id=animal_id,
                position=place,
                passed=True,
                weight_kg=320,
                is_open=state is PermitState.APPROVED,
            )
            for place, (animal_id, _) in enumerate(herd, start=1)
        ]
    if state is PermitState.ISSUED:
        permit.number, permit.version = f"524/{next(_numbers):06d}/REK", 1
        permit.issued_at, permit.valid_until = now(), today() + timedelta(days=14)
    db.session.add(permit)
    return permit


def _documents(permit: Permit, file_id: UUID) -> list[PermitDocument]:
    return [
        PermitDocument(
            permit_id=permit.id,
            kind=kind,
            file_id=file_id,
            added_at=now(),
            added_by=permit.applied_by,
        )
        for kind in DocumentKind
    ]


def signed(permits: Sequence[Permit]) -> list[str]:
    """What the code on each one's recommendation says. The office keeps the paper, not its PDF."""
    key = signing_key(KeyUse.QR)
    with transaction():
        return [text_of(_kept(permit, key), ADDRESS) for permit in permits]


def _kept(permit: Permit, key: SigningKey) -> bytes:
    place = next(_places)
    order = PaperOrder(
        id=uuid7(), permit_id=permit.id, kind=PaperType.RECOMMENDATION, version=1,
        status_list=1, status_index=place, ordered_at=now(),
    )  # fmt: skip
    db.session.add(order)
    content = content_of(order, permit, now(), skkh_days=0, is_demo=True)
    qr = sign_facts(signed_facts(content), key)
    made = MadePaper(
        order=order, number=content.number, content=PDF, qr=qr, made_at=now(), signed_with="nobody"
    )
    keep_paper(made, key, by=WORKER)
    return qr
