"""What phones bring tells where codes were read."""

from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.field.models import FieldRecord, Verdict
from sijinak.field.reading import HOT, read_kept
from sijinak.tags.jobs import limits
from sijinak.tags.watching import Seen, note_sightings
from sijinak.vaccinations.models import ReadBy, Vaccination


def note_where_codes_were_read(event: Event) -> None:
    """Codes that were scanned, not those that somebody typed."""
    asked = (
        select(FieldRecord, Vaccination)
        .join(Vaccination, Vaccination.id == FieldRecord.id)
        .where(
            FieldRecord.batch_id == UUID(event.facts["batch"]),
            FieldRecord.kind == HOT[0],
            FieldRecord.verdict == Verdict.ACCEPTED,
            Vaccination.read_by == ReadBy.SCAN,
        )
        .order_by(FieldRecord.seq)
    )
    with transaction():
        found = db.session.execute(asked).all()
        note_sightings([_seen(record, dose, event) for record, dose in found], limits())


def _seen(record: FieldRecord, dose: Vaccination, event: Event) -> Seen:
    return Seen(
        animal_id=dose.animal_id,
        code=read_kept(record).data.code,
        seen_at=dose.given_at,
        village=dose.village,
        latitude=dose.latitude,
        longitude=dose.longitude,
        by_id=event.actor_id,
        by_name=event.actor_name,
        event_id=record.id,
    )
