"""Who hears of what, what is done when, and what each feature tells the others."""

from datetime import timedelta

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
from sijinak.core.events import Subscriptions
from sijinak.core.schedule import Schedule
from sijinak.field import jobs as field_jobs
from sijinak.payments import jobs as payment_jobs
from sijinak.permits import jobs as permit_jobs
from sijinak.permits import moments as permit_moments
from sijinak.permits.arrivals import jobs as arrival_jobs
from sijinak.permits.beside import Teller
from sijinak.permits.chasing.telling import tell_blocked
from sijinak.permits.queries import applied_since
from sijinak.permits.quota.telling import tell_quota
from sijinak.permits.rulebook import held_by_permit
from sijinak.permits.signing import jobs as signing_jobs
from sijinak.retribution import jobs as retribution_jobs
from sijinak.tags import jobs as tags_jobs
from sijinak.tags.queries import relabelled_since
from sijinak.vaccinations import jobs as vaccination_jobs
from sijinak.vaccinations import moments as vaccination_moments
from sijinak.vaccinations.confirming import jobs as confirming_jobs
from sijinak.vaccinations.findings import jobs as finding_jobs
from sijinak.vaccinations.queries import vaccinated_since
from sijinak.vaccinations.visits import moments as visit_moments

SUBSCRIPTIONS: Subscriptions = {
    "payment.started": [payment_jobs.start],
    "money.received": [retribution_jobs.allocate],
    "skrd.paid": [payment_jobs.stop_for, permit_jobs.note_paid],
    "skrd.cancelled": [permit_jobs.note_cancelled],
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
    (timedelta(seconds=3), payment_jobs.sweep),
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
