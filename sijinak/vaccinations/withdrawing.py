"""A dose that was never given, or was written at the wrong animal, is taken back."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal
from sijinak.animals.queries import same_animals
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.vaccinations.models import Standing, Vaccination, VaccinationAct
from sijinak.vaccinations.stock.commands import Use
from sijinak.vaccinations.stock.services import take_back_use


class DoseAlreadyWithdrawn(Conflict):
    code = "dose-already-withdrawn"


class WithdrawalWithoutReason(Invalid):
    code = "withdrawal-without-reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawVaccination:
    id: UUID = field(default_factory=uuid7)
    vaccination_id: UUID
    reason: str


def withdraw_vaccination(command: WithdrawVaccination, *, by: Actor) -> Vaccination:
    """By whoever gave it, or by who settles findings there. Of two doses the other counts again.

    Raises NotFound, DoseAlreadyWithdrawn, WithdrawalWithoutReason.
    """
    dose, act = _held(command.vaccination_id, by=by)
    if not first_time(command, by=by):
        return dose
    if not command.reason.strip():
        raise WithdrawalWithoutReason
    if dose.standing is Standing.WITHDRAWN:
        raise DoseAlreadyWithdrawn
    was = dose.standing
    dose.standing = Standing.WITHDRAWN
    db.session.flush()  # one dose a day counts, at no moment two
    if was is Standing.COUNTS:
        _let_another_count(dose)
    _put_back(dose, act)
    events.record(
        "vaccination.withdrawn", dose, by=by, region=act.region, act=str(act.id), was=was,
        reason=command.reason.strip(),
    )  # fmt: skip
    return dose


def _held(dose_id: UUID, *, by: Actor) -> tuple[Vaccination, VaccinationAct]:
    """The animal is held first, as whoever records a dose does."""
    if not may(by, Permission.FINDING_SETTLE):
        require(by, Permission.VACCINATION_RECORD)
    animal_id = db.session.scalar(select(Vaccination.animal_id).where(Vaccination.id == dose_id))
    if animal_id is None:
        raise NotFound(vaccination_id=str(dose_id))
    db.session.execute(
        select(Animal.id).where(Animal.id == animal_id).with_for_update(key_share=True)
    )
    fresh = {"populate_existing": True}
    dose = db.session.get_one(Vaccination, dose_id, with_for_update=True, execution_options=fresh)
    act = db.session.get_one(VaccinationAct, dose.act_id)
    own = act.vaccinator_id == by.id and may(by, Permission.VACCINATION_RECORD)
    if not own and not may(by, Permission.FINDING_SETTLE, region=act.region):
        raise NotFound(vaccination_id=str(dose_id))
    return dose, act


def _let_another_count(dose: Vaccination) -> None:
    asked = (
        select(Vaccination)
        .where(
            Vaccination.animal_id.in_(same_animals(dose.animal_id)),
            Vaccination.disease == dose.disease,
            Vaccination.given_on == dose.given_on,
            Vaccination.standing == Standing.DOUBLE,
        )
        .order_by(Vaccination.given_at, Vaccination.id)
        .limit(1)
        .with_for_update()
    )
    other = db.session.scalar(asked)
    if other is not None:
        other.standing = Standing.COUNTS
        db.session.flush()


def _put_back(dose: Vaccination, act: VaccinationAct) -> None:
    if act.lot_id is None:
        return
    use = Use(
        act.lot_id, act.vaccinator_id, act.vaccinator_name, act.region, 1, act.id, act.given_on
    )
    take_back_use([use], note=f"dose {dose.id}")
