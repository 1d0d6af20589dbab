"""What a vaccination tells others: the vaccinator had these animals in hand."""

from sqlalchemy import select

from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.tags.jobs import note_animals
from sijinak.vaccinations.models import Vaccination, VaccinationAct


def note_where_animals_were(event: Event) -> None:
    with transaction():
        act = db.session.get_one(VaccinationAct, event.subject_id)
        asked = select(Vaccination.animal_id).where(Vaccination.act_id == act.id)
        note_animals(db.session.scalars(asked).all(), event, seen_at=act.given_at)
