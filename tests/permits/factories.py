"""Applications on every stage of their way, and the people who take them there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
from sijinak.core.permissions import OPERATOR, WORKER, Actor
from sijinak.files.papers import Paper
from sijinak.files.services import keep_document
from sijinak.keepers.models import Keeper
from sijinak.permits import appealing, billing, deciding, ending, extending, travelling
from sijinak.permits import commands as c
from sijinak.permits import services as s
from sijinak.permits.enclosures.models import ExternalPaper, PermitDocument, PermitExtension
from sijinak.permits.enclosures.needs import documents_missing, papers_missing
from sijinak.permits.enclosures.queries import asked_extension, documents_of
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.laboratory import NoteResults, note_results
from sijinak.permits.models import ExternalKind, Permit, PermitState, RbtResult
from sijinak.permits.queries import passed
from sijinak.permits.quota.commands import GrantQuota
from sijinak.permits.quota.models import QuotaAccount
from sijinak.permits.quota.services import grant_quota
from sijinak.permits.rulebook import report_on, terms_for
from sijinak.permits.rules.models import Purpose, Scope
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from sijinak.vaccinations.models import Disease, Product, Vaccination, VaccinationAct
from tests.animals.factories import firm, make_animal, make_keeper
from tests.factories import LUNYUK_REA, REGENCY, actor_for, proof_of
from tests.permits.quota.books import paper, share

BEKASI, BATAM, SAMARINDA = "32.75", "21.71", "64.72"
LOMBOK_TENGAH, LOMBOK_TIMUR = "52.02", "52.03"
PDF = b"%PDF-1.4\n%%EOF\n"
_serials = count(1)


@dataclass
class Office:
    """A trader's firm and one person for each step; ``vet`` inspects, ``doctor`` certifies."""

    firm: Keeper
    trader: SignedIn
    desk: SignedIn
    vet: SignedIn
    doctor: SignedIn
    kadis: SignedIn
    kabid: SignedIn
    treasurer: SignedIn
    post: SignedIn
    people: list[SignedIn] = field(default_factory=list)


def make_office(region: str = REGENCY, keeper: Keeper | None = None) -> Office:
    """Committed accounts. Inside the app's context."""
    keeper = keeper or make_keeper(firm(name=f"CV Samawa {next(_serials)}"))
    with transaction():
        office = Office(
            firm=keeper,
            trader=actor_for(Role.TRADER, region, keeper_id=keeper.id),
            desk=actor_for(Role.PERMIT_DESK, region),
            vet=actor_for(Role.VET, region),
            doctor=actor_for(Role.VET, region),
            kadis=actor_for(Role.KADIS, region),
            kabid=actor_for(Role.KABID, region),
            treasurer=actor_for(Role.TREASURER, region),
            post=actor_for(Role.CHECKPOINT, region),
        )
    office.people = [
        office.trader, office.desk, office.vet, office.doctor, office.kadis, office.kabid,
        office.treasurer, office.post,
    ]  # fmt: skip
    grant_plenty()
    return office


def grant_plenty() -> None:
    """Quota that no test uses up, unless there is some."""
    if db.session.query(QuotaAccount).first():
        return
    shares = tuple(
        share(10_000, scope=scope, purpose=purpose) for scope in Scope for purpose in Purpose
    )
    with transaction():
        for year in sorted({today().year, (today() + timedelta(days=60)).year}):
            command = GrantQuota(year=year, origin=REGENCY, paper=paper(), shares=shares)
            grant_quota(command, by=OPERATOR)


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
        permit = s.draft_application(command, by=office.trader)
    enclose(permit)
    return permit


def stored_pdf() -> UUID:
    """Inside a transaction."""
    return keep_document(Paper(PDF), by=OPERATOR).id


def enclose(permit: Permit) -> None:
    """Every document that the rule wants and that is not there, not looked at yet."""
    missing = documents_missing(permit, report_on(permit).documents_needed)
    if not missing:
        return
    with transaction():
        file_id = stored_pdf()
        db.session.add_all(
            PermitDocument(
                permit_id=permit.id, kind=kind, file_id=file_id, added_at=now(),
                added_by=permit.applied_by,
            )
            for kind in missing
        )  # fmt: skip


def look_at_documents(permit: Permit) -> None:
    """All are in order. Inside a transaction."""
    for document in documents_of(permit.id):
        document.in_order = True


def file_papers(permit: Permit) -> None:
    """Every paper of another office that the rule wants. Inside a transaction."""
    missing = papers_missing(permit, terms_for(permit), today())
    file_id = stored_pdf() if missing else None
    db.session.add_all(
        ExternalPaper(
            permit_id=permit.id, kind=kind, number="1/2026", issued_on=today(), file_id=file_id,
            days=30 if kind is ExternalKind.KH11 else None, recorded_at=now(),
            recorded_by=OPERATOR.id, recorded_by_name="Meja",
        )
        for kind in missing
    )  # fmt: skip


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


def proof(by: Actor) -> Any:
    """A person's; machines have none."""
    return proof_of(by) if isinstance(by, SignedIn) else None


def accept(permit: Permit, by: Actor) -> Permit:
    look_at_documents(permit)
    return s.accept_papers(c.AcceptPapers(permit_id=permit.id), by=by)


def extend(permit: Permit, by: Actor) -> Permit:
    until = (permit.valid_until or today()) + timedelta(days=7)
    if asked_extension(permit.id) is None:
        db.session.add(
            PermitExtension(
                permit_id=permit.id, wanted_until=until, reason="Kapal terlambat", asked_at=now(),
                asked_by=permit.applied_by,
            )
        )  # fmt: skip
    command = c.ExtendPermit(permit_id=permit.id, valid_until=until, proof=proof(by))
    return extending.extend_permit(command, by=by)


def depart(permit: Permit, by: Actor) -> Permit:
    file_papers(permit)
    command = c.DepartPermit(
        permit_id=permit.id, happened_at=now(), port=permit.port, heads=len(passed(permit)) or 1
    )
    return travelling.depart_permit(command, by=by)


def arrive(permit: Permit, by: Actor) -> Permit:
    gone = tuple(line.animal_id for line in permit.animals if line.departed)
    command = c.ArrivePermit(permit_id=permit.id, happened_at=now(), received=gone)
    return travelling.arrive_permit(command, by=by)


def decide(permit: Permit, by: Actor, *, approve: bool) -> Permit:
    note = "" if approve else "Kuota habis"
    command = c.DecidePermit(permit_id=permit.id, approve=approve, note=note, proof=proof(by))
    return deciding.decide_permit(command, by=by)


def hear(permit: Permit, by: Actor, *, grant: bool) -> Permit:
    command = c.HearAppeal(permit_id=permit.id, grant=grant, note="Sudah diperiksa")
    return appealing.hear_appeal(command, by=by)


STEPS: dict[str, Callable[[Permit, Actor], Permit]] = {
    "submit": lambda p, by: s.submit_application(c.SubmitApplication(permit_id=p.id), by=by),
    "return": lambda p, by: s.return_application(
        c.ReturnApplication(permit_id=p.id, note="KTP"), by=by
    ),
    "accept": accept,
    "inspect": lambda p, by: record_inspection(inspection(p), by=by),
    "sample": lambda p, by: record_inspection(replace(inspection(p), awaits_lab=True), by=by),
    "clear": lambda p, by: note_results(
        NoteResults(permit_id=p.id, reason="Positif", nobody_left="Semua positif"), by=by
    ),
    "bill": lambda p, by: billing.bill_permit(c.BillPermit(permit_id=p.id), by=by),
    "settle": lambda p, by: billing.settle_permit(c.SettlePermit(permit_id=p.id), by=by),
    "withdraw": lambda p, by: billing.withdraw_permit(c.WithdrawPermit(permit_id=p.id), by=by),
    "reopen": lambda p, by: billing.reopen_permit(c.ReopenPermit(permit_id=p.id), by=by),
    "miss-money": lambda p, by: billing.miss_money(c.ReopenPermit(permit_id=p.id), by=by),
    "find-money": lambda p, by: billing.find_money(c.SettlePermit(permit_id=p.id), by=by),
    "certify": lambda p, by: deciding.certify_permit(
        c.CertifyPermit(permit_id=p.id, proof=proof(by)), by=by
    ),
    "approve": lambda p, by: decide(p, by, approve=True),
    "reject": lambda p, by: decide(p, by, approve=False),
    "issue": lambda p, by: deciding.issue_permit(
        c.IssuePermit(permit_id=p.id, valid_days=14), by=by
    ),
    "extend": extend,
    "depart": depart,
    "arrive": arrive,
    "close": lambda p, by: travelling.close_permit(c.ClosePermit(permit_id=p.id), by=by),
    "appeal": lambda p, by: appealing.appeal_permit(
        c.AppealPermit(permit_id=p.id, text="Kuota sudah ditambah"), by=by
    ),
    "uphold": lambda p, by: hear(p, by, grant=False),
    "grant": lambda p, by: hear(p, by, grant=True),
    "cancel": lambda p, by: s.cancel_permit(c.CancelPermit(permit_id=p.id, note="Batal"), by=by),
    "expire": lambda p, by: ending.expire_permit(c.ExpirePermit(permit_id=p.id), by=by),
    "revoke": lambda p, by: ending.revoke_permit(
        c.RevokePermit(permit_id=p.id, note="Surat palsu"), by=by
    ),
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


WAY = (
    *("submit", "accept", "inspect", "bill", "settle", "approve", "issue"),
    *("depart", "arrive", "close"),
)
AFTER = {
    "submit": PermitState.SUBMITTED,
    "accept": PermitState.ACCEPTED,
    "inspect": PermitState.INSPECTED,
    "bill": PermitState.BILLED,
    "settle": PermitState.PAID,
    "approve": PermitState.APPROVED,
    "issue": PermitState.ISSUED,
    "depart": PermitState.DEPARTED,
    "arrive": PermitState.ARRIVED,
    "close": PermitState.CLOSED,
}
# Who takes a step.
BY = {
    "submit": "trader",
    "accept": "desk",
    "inspect": "vet",
    "sample": "vet",
    "bill": "desk",
    "certify": "doctor",
    "approve": "kadis",
    "reject": "kadis",
    "issue": "desk",
    "extend": "kadis",
    "depart": "post",
    "arrive": "desk",
    "close": "desk",
    "appeal": "trader",
    "uphold": "kabid",
    "grant": "kabid",
    "revoke": "kabid",
    "return": "desk",
    "cancel": "trader",
}
# States beside the way: from where, by what.
ASIDE = {
    PermitState.RETURNED: (PermitState.SUBMITTED, "return"),
    PermitState.IN_LAB: (PermitState.ACCEPTED, "sample"),
    PermitState.REJECTED: (PermitState.PAID, "reject"),
    PermitState.APPEALED: (PermitState.REJECTED, "appeal"),
    PermitState.CANCELLED: (PermitState.SUBMITTED, "cancel"),
    PermitState.EXPIRED: (PermitState.ISSUED, "expire"),
    PermitState.REVOKED: (PermitState.ISSUED, "revoke"),
}


def walk(permit: Permit, office: Office, state: PermitState) -> Permit:
    """Take it to a state, each step by whom it belongs to."""
    if state in ASIDE:
        source, action = ASIDE[state]
        by = WORKER if action == "expire" else getattr(office, BY[action])
        return take(action, walk(permit, office, source), by)
    if state is PermitState.DRAFT:
        return permit
    reached = list(AFTER.values())
    start = reached.index(permit.state) + 1 if permit.state in reached else 0
    for action in WAY[start : reached.index(state) + 1]:
        step(action, permit, office)
    return permit


def step(action: str, permit: Permit, office: Office) -> None:
    """One step of the way; the health letter comes before the decision."""
    if action == "settle":
        pay(permit, office)
        db.session.refresh(permit)
        return
    if action == "approve" and permit.certified_at is None:
        take("certify", permit, office.doctor)
    take(action, permit, getattr(office, BY[action]))


def make_permit(office: Office, state: PermitState, **fields: Any) -> Permit:
    return walk(make_draft(office, **fields), office, state)
