"""Lists about permits, animals and vaccinations. No owner is named in them."""

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import join, outerjoin

from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.audit.exports.kinds import Kind, place_of, placed, port_of
from sijinak.permits.models import Permit, PermitAnimal
from sijinak.permits.quota.models import QuotaAccount, QuotaClaim, QuotaDecree, QuotaEntry
from sijinak.vaccinations.models import Product, Vaccination, VaccinationAct
from sijinak.web.i18n import N_
from sijinak.web.wording import Who

_ON_IT = PermitAnimal.permit_id == Permit.id


def _heads(*such: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(_ON_IT, *such).scalar_subquery()


PERMITS = Kind(
    code="permits",
    title=N_("Permits with their heads"),
    columns={
        N_("Number"): Permit.number,
        N_("State"): Permit.state,
        N_("Since"): Permit.state_at,
        N_("Species"): Permit.species,
        N_("Purpose"): Permit.purpose,
        N_("Code of the destination"): Permit.destination,
        N_("Destination"): place_of(Permit.destination),
        N_("Port"): port_of(Permit.port),
        N_("Vehicle"): Permit.vehicle_plate,
        N_("Applied for"): Permit.submitted_at,
        N_("Heads applied for"): _heads(),
        N_("Heads seen"): _heads(PermitAnimal.looked_at.is_not(None)),
        N_("Heads passed"): _heads(PermitAnimal.passed.is_(True)),
        N_("Heads departed"): Permit.departed_heads,
        N_("Heads arrived"): _heads(PermitAnimal.arrival.is_not(None)),
        N_("Inspected by"): Who(Permit.inspected_by_name),
        N_("Certified by"): Who(Permit.certified_by_name),
        N_("SKKH"): Permit.skkh_number,
        N_("Signed by"): Who(Permit.decided_by_name),
        N_("Signed"): Permit.decided_at,
        N_("Issued"): Permit.issued_at,
        N_("Last day"): Permit.valid_until,
        N_("Departed"): Permit.departed_at,
        N_("Arrived"): Permit.arrived_at,
        **placed(Permit.region),
        N_("Last note"): Permit.last_note,
        N_("Id"): Permit.id,
    },
    origin=Permit,
    key=Permit.id,
    region=Permit.region,
    at=Permit.created_at,
    officer=(Permit.inspected_by, Permit.certified_by, Permit.decided_by, Permit.billed_by),
    state=Permit.state,
    keeper=Permit.keeper_id,
)
ANIMALS = Kind(
    code="animals",
    title=N_("Animals"),
    columns={
        N_("Tag"): Identifier.value,
        N_("Species"): Animal.species,
        N_("Breed"): Animal.breed,
        N_("Sex"): Animal.sex,
        N_("Born"): Animal.birth_date,
        N_("Colour"): Animal.colour,
        N_("Brand"): Animal.brand,
        N_("Special marks"): Animal.special_marks,
        N_("State"): Animal.state,
        N_("Since"): Animal.state_at,
        N_("How it is known"): Animal.verification,
        N_("Seen"): Animal.seen_at,
        N_("Registered"): Animal.registered_at,
        **placed(Animal.village),
        N_("Id"): Animal.id,
    },
    origin=outerjoin(
        Animal,
        Identifier,
        and_(
            Identifier.animal_id == Animal.id,
            Identifier.kind == IdentifierKind.TAG,
            Identifier.ended_at.is_(None),
        ),
    ),
    key=Animal.id,
    region=Animal.village,
    at=Animal.registered_at,
    officer=(Animal.registered_by, Animal.seen_by),
    state=Animal.state,
)
VACCINATIONS = Kind(
    code="vaccinations",
    title=N_("Vaccinations"),
    columns={
        N_("Given"): Vaccination.given_at,
        N_("Disease"): Vaccination.disease,
        N_("Vaccine"): Product.name,
        N_("Lot"): VaccinationAct.lot,
        N_("Given by"): VaccinationAct.vaccinator_name,
        N_("Next due"): Vaccination.next_due,
        N_("Standing"): Vaccination.standing,
        N_("Read by"): Vaccination.read_by,
        N_("Recorded"): VaccinationAct.recorded_at,
        N_("Note"): VaccinationAct.note,
        **placed(Vaccination.village),
        N_("Id of the animal"): Vaccination.animal_id,
        N_("Id of the act"): Vaccination.act_id,
        N_("Id"): Vaccination.id,
    },
    origin=join(Vaccination, VaccinationAct, VaccinationAct.id == Vaccination.act_id).join(
        Product, Product.id == VaccinationAct.product_id
    ),
    key=Vaccination.id,
    region=Vaccination.village,
    at=Vaccination.given_on,
    officer=(VaccinationAct.vaccinator_id,),
    state=Vaccination.standing,
)
QUOTA = Kind(
    code="quota",
    title=N_("Entries of the quota"),
    columns={
        N_("Year"): QuotaAccount.year,
        N_("Species"): QuotaAccount.species,
        N_("Purpose"): QuotaAccount.purpose,
        N_("Scope"): QuotaAccount.scope,
        N_("No."): QuotaEntry.no,
        N_("What"): QuotaEntry.kind,
        N_("Change of the quota"): QuotaEntry.cap_change,
        N_("Change of what is reserved"): QuotaEntry.reserved_change,
        N_("Change of what is used"): QuotaEntry.used_change,
        N_("Decree"): QuotaDecree.number,
        N_("Code of the other regency"): QuotaEntry.other_origin,
        N_("Other regency"): place_of(QuotaEntry.other_origin),
        N_("Note"): QuotaEntry.note,
        N_("By"): Who(QuotaEntry.by_name),
        N_("Written"): QuotaEntry.recorded_at,
        **placed(QuotaAccount.origin),
        N_("Id of the permit"): QuotaClaim.permit_id,
        N_("Id"): QuotaEntry.id,
    },
    origin=join(QuotaEntry, QuotaAccount, QuotaAccount.id == QuotaEntry.account_id)
    .outerjoin(QuotaDecree, QuotaDecree.id == QuotaEntry.decree_id)
    .outerjoin(QuotaClaim, QuotaClaim.id == QuotaEntry.claim_id),
    key=QuotaEntry.id,
    region=QuotaAccount.origin,
    at=QuotaEntry.recorded_at,
    officer=(QuotaEntry.by_id,),
)
HERD = (PERMITS, ANIMALS, VACCINATIONS, QUOTA)
