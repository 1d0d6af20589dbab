"""Applications on every stage of their way, and the people who take them there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Species
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.keepers.models import Keeper
from sijinak.permits import commands as c
from sijinak.permits import services as s
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import Permit, PermitState, Purpose, RbtResult
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.services import ReceiveCash, receive_cash
from sijinak.vaccinations.models import Disease, Product, Vaccination, VaccinationAct
from tests.animals.factories import firm, make_animal, make_keeper
from tests.factories import LUNYUK_REA, REGENCY, actor_for

BEKASI, BATAM, SAMARINDA = "32.75", "21.71", "64.72"
LOMBOK_TENGAH, LOMBOK_TIMUR = "52.02", "52.03"
_serials = count(1)


@dataclass
class Office:
    """A trader's firm and one person for every step."""

    firm: Keeper
    trader: SignedIn
    desk: SignedIn
    vet: SignedIn
    kadis: SignedIn
    kabid: SignedIn
    treasurer: SignedIn
    people: list[SignedIn] = field(default_factory=list)


def make_office(region: str = REGENCY, keeper: Keeper | None = None) -> Office:
    """Committed accounts. Inside the app's context."""
    keeper = keeper or make_keeper(firm(name=f"CV Samawa {next(_serials)}"))
    office = Office(
        firm=keeper,
        trader=actor_for(Role.TRADER, region, keeper_id=keeper.id),
        desk=actor_for(Role.PERMIT_DESK, region),
        vet=actor_for(Role.VET, region),
        kadis=actor_for(Role.KADIS, region),
        kabid=actor_for(Role.KABID, region),
        treasurer=actor_for(Role.TREASURER, region),
    )
    office.people = [
        office.trader, office.desk, office.vet, office.kadis, office.kabid, office.treasurer,
    ]  # fmt: skip
    return office


def vaccinate(animal_ids: list[UUID], doses: int = 1, disease: Disease = Disease.PMK) -> None:
    """So many doses, a month apart, committed."""
    product = db.session.query(Product).filter_by(disease=disease).first()
    assert product
    with transaction():
        for dose in range(doses):
            day = today() - timedelta(days=30 * (dose + 1))
            act = VaccinationAct(
                product_id=product.id, lot="L1", given_at=now() - timedelta(days=30 * (dose + 1)),
                given_on=day, region=LUNYUK_REA, vaccinator_id=OPERATOR.id, vaccinator_name="drh.",
                recorded_at=now(),
            )  # fmt: skip
            db.session.add(act)
            db.session.flush()
            db.session.add_all(
                Vaccination(
                    act_id=act.id,
                    animal_id=animal_id,
                    disease=disease,
                    given_on=day,
                    given_at=act.given_at,
                    village=LUNYUK_REA,
                )
                for animal_id in animal_ids
            )


def make_herd(keeper: Keeper, heads: int = 2, doses: int = 1, **fields: Any) -> list[str]:
    """Tags of animals that may leave for slaughter."""
    made = [make_animal(keeper, **fields) for _ in range(heads)]
    if doses:
        vaccinate([animal.id for animal, _ in made], doses)
    return [tag for _, tag in made]


def journey(tags: list[str], **fields: Any) -> c.Journey:
    defaults: dict[str, Any] = {
        "species": Species.CATTLE,
        "purpose": Purpose.SLAUGHTER,
        "destination": BEKASI,
        "port": "badas",
        "planned_on": today() + timedelta(days=7),
        "vehicle_plate": "EA 8123 B",
        "region": LUNYUK_REA,
        "tags": tuple(tags),
    }
    return c.Journey(**{**defaults, **fields})


def make_draft(office: Office, tags: list[str] | None = None, **fields: Any) -> Permit:
    tags = make_herd(office.firm) if tags is None else tags
    command = c.DraftApplication(keeper_id=office.firm.id, journey=journey(tags, **fields))
    with transaction():
        return s.draft_application(command, by=office.trader)


def inspection(permit: Permit, *refused: UUID, weight: int = 320) -> c.RecordInspection:
    """All pass but those named."""
    return c.RecordInspection(
        permit_id=permit.id,
        animals=tuple(
            inspected(permit, line.animal_id, passed=False, reason="Pincang")
            if line.animal_id in refused
            else inspected(permit, line.animal_id, passed=True, weight_kg=weight)
            for line in permit.animals
        ),
    )


def inspected(permit: Permit, animal_id: UUID, **fields: Any) -> c.Inspected:
    """What the inspector says of one animal; its brucellosis test, if asked for, is negative."""
    tested = {"rbt": RbtResult.NEGATIVE, "rbt_number": "RBT-1"} if permit.needs_rbt else {}
    return c.Inspected(animal_id=animal_id, **{**tested, **fields})


def take(action: str, permit: Permit, by: Actor) -> Permit:
    """One step of the flow in its own transaction, with the words it needs."""
    with transaction():
        return STEPS[action](permit, by)


STEPS: dict[str, Callable[[Permit, Actor], Permit]] = {
    "submit": lambda p, by: s.submit_application(c.SubmitApplication(permit_id=p.id), by=by),
    "return": lambda p, by: s.return_application(
        c.ReturnApplication(permit_id=p.id, note="KTP"), by=by
    ),
    "accept": lambda p, by: s.accept_papers(c.AcceptPapers(permit_id=p.id), by=by),
    "inspect": lambda p, by: record_inspection(inspection(p), by=by),
    "bill": lambda p, by: s.bill_permit(c.BillPermit(permit_id=p.id), by=by),
    "settle": lambda p, by: s.settle_permit(c.SettlePermit(permit_id=p.id), by=by),
    "withdraw": lambda p, by: s.withdraw_permit(c.WithdrawPermit(permit_id=p.id), by=by),
    "approve": lambda p, by: s.decide(c.Decide(permit_id=p.id, approve=True), by=by),
    "reject": lambda p, by: s.decide(
        c.Decide(permit_id=p.id, approve=False, note="Kuota habis"), by=by
    ),
    "issue": lambda p, by: s.issue_permit(c.IssuePermit(permit_id=p.id, valid_days=14), by=by),
    "cancel": lambda p, by: s.cancel_permit(c.CancelPermit(permit_id=p.id, note="Batal"), by=by),
}


def pay(permit: Permit, office: Office) -> None:
    """Cash at the counter, and the worker tells the permit."""
    skrd = skrd_of_permit(permit.id)
    assert skrd
    with transaction():
        receive_cash(ReceiveCash(skrd_id=skrd.id, amount=skrd.total), by=office.treasurer)
    deliver()


def deliver() -> None:
    while events.deliver_next():
        pass


WAY = ("submit", "accept", "inspect", "bill", "settle", "approve", "issue")
AFTER = {
    "submit": PermitState.SUBMITTED,
    "accept": PermitState.ACCEPTED,
    "inspect": PermitState.INSPECTED,
    "bill": PermitState.BILLED,
    "settle": PermitState.PAID,
    "approve": PermitState.APPROVED,
    "issue": PermitState.ISSUED,
}


# States beside the way: from where, by what, by whom.
ASIDE = {
    PermitState.RETURNED: (PermitState.SUBMITTED, "return", "desk"),
    PermitState.REJECTED: (PermitState.PAID, "reject", "kadis"),
    PermitState.CANCELLED: (PermitState.SUBMITTED, "cancel", "trader"),
}


def walk(permit: Permit, office: Office, state: PermitState) -> Permit:
    """Take it to a state, each step by whom it belongs to."""
    if state in ASIDE:
        source, action, who = ASIDE[state]
        return take(action, walk(permit, office, source), getattr(office, who))
    if state is PermitState.DRAFT:
        return permit
    reached = list(AFTER.values())
    start = reached.index(permit.state) + 1 if permit.state in reached else 0
    for action in WAY[start : reached.index(state) + 1]:
        step(action, permit, office)
    return permit


def step(action: str, permit: Permit, office: Office) -> None:
    who = {
        "submit": office.trader,
        "accept": office.desk,
        "inspect": office.vet,
        "bill": office.desk,
        "approve": office.kadis,
        "issue": office.desk,
    }
    if action == "settle":
        pay(permit, office)
        db.session.refresh(permit)
    else:
        take(action, permit, who[action])


def make_permit(office: Office, state: PermitState, **fields: Any) -> Permit:
    return walk(make_draft(office, **fields), office, state)
