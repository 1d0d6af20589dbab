"""By which decree somebody signs: their own appointment, or the delegation of another's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.grants import GRANTS
from sijinak.accounts.in_force import appointed_on, delegated_on
from sijinak.accounts.models import Appointment, Delegation, Manner, Role, User
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Permission, region_lies_in

# As the office signs; what stands on papers is in the language of the law.
TITLES = {
    Role.TRADER: "Pemilik ternak",
    Role.VET: "Dokter Hewan",
    Role.PARAMEDIC: "Paramedik Veteriner",
    Role.CLERK: "Petugas UPT Prokeswan",
    Role.UPT_HEAD: "Kepala UPT Prokeswan",
    Role.VILLAGE_HEAD: "Kepala Desa",
    Role.PERMIT_DESK: "Petugas Perizinan",
    Role.KABID: "Kepala Bidang",
    Role.KADIS: "Kepala Dinas",
    Role.TREASURER: "Bendahara Penerimaan",
    Role.COLLECTOR: "Bendahara Penerimaan Pembantu",
    Role.AUDITOR: "Pemeriksa",
    Role.CHECKPOINT: "Petugas Pos Lalu Lintas Ternak",
    Role.LABORATORY: "Petugas Laboratorium",
    Role.ADMINISTRATOR: "Administrator",
}
PREFIXES = {Manner.PLH: "Plh.", Manner.PLT: "Plt.", Manner.ON_BEHALF: "a.n."}


class NoMandate(Conflict):
    """No appointment and no delegation lets this person sign there today."""

    code = "no-mandate"


class AdministratorSigns(NoMandate):
    """Who gives rights signs nothing, whatever else they are."""

    code = "administrator-signs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What stands under a signature. ``role_title``: "Kepala Dinas", or "Plh. Kepala Dinas".

    ``on_behalf_of`` is the name of whoever delegated, else empty; ``people`` are those in whose
    name the signature is: four eyes compare all of them.
    """

    decree: str
    role: Role
    region: str
    role_title: str
    on_behalf_of: str = ""
    manner: Manner | None = None
    delegation_id: UUID | None = None
    people: frozenset[UUID]

    @property
    def prefix(self) -> str:
        """What stands before the title of who signs in the place of another."""
        return f"{PREFIXES[self.manner]} " if self.manner else ""


def mandate_of(user_id: UUID, permission: Permission, region: str, on: date) -> Mandate:
    """The appointment that gives the permission there on that day, else the delegation.

    Raises NoMandate.
    """
    held = list(_appointments(user_id, on))
    if any(appointment.role is Role.ADMINISTRATOR for appointment in held):
        raise AdministratorSigns
    for appointment in held:
        if permission in GRANTS[appointment.role] and region_lies_in(region, appointment.region):
            return _own(appointment)
    for mandate in _delegated(user_id, permission, region, on):
        return mandate
    raise NoMandate


def _appointments(user_id: UUID, on: date) -> Iterator[Appointment]:
    held = select(Appointment).where(Appointment.user_id == user_id, appointed_on(on))
    yield from db.session.scalars(held.order_by(Appointment.valid_from.desc()))


def _own(appointment: Appointment) -> Mandate:
    return Mandate(
        decree=appointment.decree,
        role=appointment.role,
        region=appointment.region,
        role_title=TITLES[appointment.role],
        people=frozenset({appointment.user_id}),
    )


def _delegated(user_id: UUID, permission: Permission, region: str, on: date) -> Iterator[Mandate]:
    asked = (
        select(Delegation, Appointment.role, User.name)
        .join(Appointment, Appointment.id == Delegation.appointment_id)
        .join(User, User.id == Delegation.giver_id)
        .where(Delegation.taker_id == user_id, delegated_on(on))
        .order_by(Delegation.valid_from.desc())
    )
    for delegation, role, name in db.session.execute(asked):
        if permission in delegation.permissions and region_lies_in(region, delegation.region):
            yield Mandate(
                decree=delegation.decree,
                role=role,
                region=delegation.region,
                role_title=f"{PREFIXES[delegation.manner]} {TITLES[role]}",
                on_behalf_of=name,
                manner=delegation.manner,
                delegation_id=delegation.id,
                people=frozenset({delegation.taker_id, delegation.giver_id}),
            )
