"""Who hears of what, what is done when, and what each feature tells the others."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sijinak.animals import moments as animals_moments
from sijinak.animals.duplicates import jobs as duplicate_jobs
from sijinak.animals.duplicates import moments as duplicate_moments
from sijinak.animals.hanging import Asked, Tie
from sijinak.animals.holding import Holder
from sijinak.animals.imports import jobs as import_jobs
from sijinak.animals.mutations import jobs as mutation_jobs
from sijinak.animals.mutations import moments as mutation_moments
from sijinak.animals.mutations.queries import in_open_mutation_since
from sijinak.animals.photos import moments as photo_moments
from sijinak.animals.photos.queries import photographed_since
from sijinak.animals.population import jobs as population_jobs
from sijinak.animals.since import calved_since, numbered_since, observed_since
from sijinak.animals.skkt import moments as sheet_moments
from sijinak.animals.skkt.queries import listed_since
from sijinak.animals.stocktake import moments as stocktake_moments
from sijinak.animals.timeline import MomentMaker
from sijinak.audit.findings import jobs as audit_finding_jobs
from sijinak.audit.findings.queries import open_about_keeper
from sijinak.audit.verifying import jobs as verifying_jobs
from sijinak.core.events import Subscriptions
from sijinak.core.schedule import Schedule
from sijinak.field import jobs as field_jobs
from sijinak.ledger import jobs as ledger_jobs
from sijinak.notices import jobs as notice_jobs
from sijinak.payments import jobs as payment_jobs
from sijinak.payments.billing import Bills
from sijinak.payments.discrepancies.beside import Tell
from sijinak.payments.discrepancies.effects import Effect, Table, nothing
from sijinak.payments.models import DiscrepancyKind, Resolution
from sijinak.payments.refunds import jobs as refund_jobs
from sijinak.payments.refunds.services import give_back
from sijinak.payments.wallet import jobs as wallet_jobs
from sijinak.payments.wallet.bills import TopUps
from sijinak.permits import jobs as permit_jobs
from sijinak.permits import moments as permit_moments
from sijinak.permits.arrivals import jobs as arrival_jobs
from sijinak.permits.beside import Teller
from sijinak.permits.chasing.telling import tell_blocked
from sijinak.permits.queries import applied_since, permits_numbered
from sijinak.permits.quota.telling import tell_quota
from sijinak.permits.rulebook import held_by_permit
from sijinak.permits.signing import jobs as signing_jobs
from sijinak.proofs import jobs as proof_jobs
from sijinak.retribution.claims import jobs as claim_jobs
from sijinak.retribution.receipts.allocating import GIVEN_UP, KEPT, allocation, refund
from sijinak.retribution.receipts.choosing import tell as tell_bills
from sijinak.retribution.receipts.road import Tell as ToldRoad
from sijinak.retribution.receipts.settling import settling
from sijinak.retribution.searching import Permits
from sijinak.tags import jobs as tags_jobs
from sijinak.tags.queries import relabelled_since
from sijinak.treasury.cash import resolving as missing_cash
from sijinak.treasury.desk.road import tell_road
from sijinak.treasury.matching import jobs as matching_jobs
from sijinak.treasury.tickets import jobs as ticket_jobs
from sijinak.treasury.tickets import resolving as missing_tickets
from sijinak.vaccinations import jobs as vaccination_jobs
from sijinak.vaccinations import moments as vaccination_moments
from sijinak.vaccinations.confirming import jobs as confirming_jobs
from sijinak.vaccinations.findings import jobs as finding_jobs
from sijinak.vaccinations.queries import vaccinated_since
from sijinak.vaccinations.visits import moments as visit_moments

SUBSCRIPTIONS: Subscriptions = {
    "payment.started": [payment_jobs.start],
    "refund.approve": [refund_jobs.send],
    "refund.refuse": [wallet_jobs.put_back_refused],
    "skrd.paid": [payment_jobs.stop_for, permit_jobs.note_paid, claim_jobs.claim_interest],
    "skrd.reopened": [permit_jobs.note_reopened],
    "skrd.cancelled": [permit_jobs.note_cancelled],
    "skrd.written-off": [permit_jobs.note_cancelled],
    "books.closed": [ticket_jobs.look_for_spoilt, proof_jobs.close_day],
    "deposit.prepared": [proof_jobs.cover_deposit],
    "audit.look-asked": [audit_finding_jobs.look_for],
    "notice.queued": [notice_jobs.send],
    "strd.paid": [payment_jobs.stop_for, claim_jobs.claim_rest],
    "statement.taken": [matching_jobs.match_new],
    "statement.confirmed": [matching_jobs.take_confirmed],
    "statement.rejected": [matching_jobs.release],
    "lab.result": [permit_jobs.note_result],
    "permit.certify": [signing_jobs.make_paper],
    "permit.issue": [signing_jobs.make_paper],
    "permit.extend": [signing_jobs.make_paper],
    "permit.revoke": [signing_jobs.sign_lists],
    "permit.depart": [arrival_jobs.make_link, signing_jobs.sign_lists],
    **{name: [duplicate_jobs.look_for_doubles] for name in duplicate_jobs.WHEN},
    # These tell two features of the same thing: of the animal, and of where its code was read.
    "animal.registered": [duplicate_jobs.look_for_doubles, tags_jobs.note_animal],
    "animal.seen": [duplicate_jobs.look_for_doubles, tags_jobs.note_animal],
    "mutation.recorded": [duplicate_jobs.look_for_doubles, tags_jobs.note_retagged],
    "tag.applied": [tags_jobs.note_applied],
    "stocktake.scanned": [tags_jobs.note_stock_take],
    "field.received": [field_jobs.note_where_codes_were_read],
    "vaccination.recorded": [
        vaccination_jobs.note_where_animals_were,
        finding_jobs.look_at_doses,
        confirming_jobs.ask_after_doses,
    ],
    "vaccination.received": [finding_jobs.look_at_doses, confirming_jobs.ask_after_doses],
}

SCHEDULE: Schedule = (
    (timedelta(seconds=1), proof_jobs.merge),
    (timedelta(hours=1), proof_jobs.make_daily),
    (timedelta(seconds=30), notice_jobs.sweep),
    (timedelta(seconds=3), payment_jobs.sweep),
    (timedelta(seconds=30), refund_jobs.sweep),
    (timedelta(hours=1), payment_jobs.fetch_settlements),
    (timedelta(minutes=5), wallet_jobs.read_balances),
    (timedelta(hours=1), matching_jobs.reconcile),
    (timedelta(days=1), ledger_jobs.check),
    (timedelta(days=1), verifying_jobs.verify),
    (timedelta(days=1), audit_finding_jobs.look),
    (timedelta(days=1), claim_jobs.sweep),
    (timedelta(seconds=1), import_jobs.take_waiting),
    (timedelta(hours=1), import_jobs.sweep_uploads),
    (timedelta(minutes=5), population_jobs.recount),
    (timedelta(minutes=10), mutation_jobs.expire),
    (timedelta(hours=1), permit_jobs.expire),
    (timedelta(minutes=5), signing_jobs.sign_status_lists),
    (timedelta(hours=1), signing_jobs.make_missing),
)

# What each feature tells of the life of an animal.
TIMELINE: dict[str, MomentMaker] = {
    "observations": animals_moments.observed,
    "numbers": animals_moments.named,
    "weights": animals_moments.weighed,
    "mutations": mutation_moments.mutated,
    "photos": photo_moments.photographed,
    "sheets": sheet_moments.told,
    "vaccinations": vaccination_moments.vaccinated,
    "missed": visit_moments.missed,
    "reactions": visit_moments.suffered,
    "permits": permit_moments.applied,
    "merges": duplicate_moments.told,
    "stock-takes": stocktake_moments.told,
}

# Whom an undoing asks whether something came after: an answer of each feature above animals.
HANGING: dict[Tie, Asked] = {
    Tie.CHANGE: observed_since,
    Tie.CALF: calved_since,
    Tie.NUMBER: numbered_since,
    Tie.PHOTO: photographed_since,
    Tie.VACCINATION: vaccinated_since,
    Tie.PERMIT: applied_since,
    Tie.MUTATION: in_open_mutation_since,
    Tie.SHEET: listed_since,
    Tie.LABEL: relabelled_since,
}

# What else is said of a journey as a whole: an answer of each register above the checks.
BESIDE: tuple[Teller, ...] = (tell_blocked, tell_quota)

# What keeps an animal from being sold, lent or moved: an answer of each feature above animals.
HOLDING: dict[str, Holder] = {
    "permit": held_by_permit,
}

# What is told beside a case of what does not match, by features above the payments.
CASE_TELLERS: tuple[Tell, ...] = (tell_bills,)

# Who follows money from its bill to the bank, and who knows the numbers of permits.
ROAD: ToldRoad = tell_road
PERMITS_NUMBERED: Permits = permits_numbered

# Whoever is still looked into is not erased.
AUDITED: Callable[[UUID], int] = open_about_keeper

# Who answers for the bills, when money comes below.
BILLS: Bills = TopUps(settling)

# What a resolution of two people does: of one kind of discrepancy, or whatever the kind.
EFFECTS: Table = {
    Resolution.ALLOCATE: allocation(give_back),
    Resolution.REFUND: refund(give_back),
    Resolution.BANK_CORRECTION: Effect(nothing),
    Resolution.EXPLAINED: Effect(nothing),
    (DiscrepancyKind.UNKNOWN_BILL, Resolution.WRITE_OFF): KEPT,
    (DiscrepancyKind.REVERSED, Resolution.WRITE_OFF): GIVEN_UP,
    (DiscrepancyKind.CASH_SHORT, Resolution.MADE_GOOD): Effect(
        missing_cash.make_good, missing_cash.check_made_good
    ),
    (DiscrepancyKind.CASH_SHORT, Resolution.WRITE_OFF): Effect(
        missing_cash.write_off, missing_cash.check_write_off
    ),
    (DiscrepancyKind.TICKETS, Resolution.MADE_GOOD): Effect(
        missing_tickets.pay_for, missing_tickets.check_paid_for
    ),
    (DiscrepancyKind.TICKETS, Resolution.WRITE_OFF): Effect(
        nothing, missing_tickets.check_given_up
    ),
    (DiscrepancyKind.TICKETS, Resolution.EXPLAINED): Effect(
        nothing, missing_tickets.check_given_up
    ),
}
