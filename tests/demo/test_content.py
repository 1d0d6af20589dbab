"""Demo data are what officers would have written: the numbers add up, the codes are right."""

from datetime import date
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Appointment, Role, User
from sijinak.animals.models import Animal, Identifier, IdentifierKind, Verification
from sijinak.audit.verifying.verification import Wish, verification
from sijinak.core.clock import today
from sijinak.core.codes import parse_tag_code
from sijinak.core.crypto import keyring
from sijinak.core.db import db, transaction
from sijinak.core.events import Delivery, Event
from sijinak.core.permissions import OPERATOR
from sijinak.core.tlog import merge
from sijinak.demo.accounts import ACCOUNTS
from sijinak.demo.chance import largest_remainders
from sijinak.demo.plan import SPECIES, visits
from sijinak.health.lab.models import Sample
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.nik import parse_nik
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.quota.checking import quota_faults
from sijinak.proofs.logkey import logkey
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Receipt
from sijinak.tags.models import Label
from sijinak.vaccinations.campaigns.models import Campaign, CampaignState, CampaignVillage
from sijinak.vaccinations.confirming.models import Confirmation
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.models import Disease, Vaccination
from sijinak.vaccinations.revisits.models import Draw, Revisit, RevisitResult
from tests.demo.regencies import ANIMALS


def _count(column: object, *conditions: object) -> int:
    asked = select(func.count()).select_from(column).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(asked) or 0


def test_the_counts_add_up(demo: Flask):
    assert _count(Animal) == ANIMALS
    assert _count(Identifier, Identifier.kind == IdentifierKind.TAG) == ANIMALS
    events = db.session.scalars(select(Event.facts).where(Event.name == "animal.demo-loaded"))
    assert sum(facts["animals"] for facts in events) == ANIMALS


def test_there_is_an_owner_in_every_kecamatan(demo: Flask):
    villages = db.session.scalars(select(Keeper.village).where(Keeper.kind == KeeperKind.PERSON))
    assert len({village[:8] for village in villages}) == 24


def test_every_nik_fits_its_owner(demo: Flask):
    persons = list(db.session.scalars(select(Keeper).where(Keeper.kind == KeeperKind.PERSON)))
    for person in persons:
        nik = parse_nik(person.nik, on=today())
        assert nik.birth_date == person.birth_date
        assert nik.text[:6] == person.village[:8].replace(".", "")
        assert person.nik_lookup == keyring.lookup("nik", nik.text)
        assert person.nik_tail == nik.text[-4:]
        assert person.phone is None or person.phone.startswith("08120000")


def test_every_tag_code_is_valid(demo: Flask):
    codes = db.session.scalars(
        select(Identifier.value).where(Identifier.kind == IdentifierKind.TAG)
    ).all()
    assert [parse_tag_code(code) for code in codes] == codes
    assert len(set(codes)) == ANIMALS


def test_animals_fit_their_registration(demo: Flask):
    for animal in db.session.scalars(select(Animal)):
        assert animal.birth_date is not None
        assert animal.birth_date < animal.registered_at.date() <= today()
        assert (animal.seen_at is not None) == (animal.verification is Verification.SEEN)
        assert (animal.seen_by is not None) == (animal.verification is Verification.SEEN)


def test_vaccinations_lie_in_the_past(demo: Flask):
    days = db.session.execute(select(Vaccination.given_on, Vaccination.disease)).all()
    assert {disease for _, disease in days} >= {Disease.PMK, Disease.SE, Disease.ANTHRAX}
    assert all(date(2000, 1, 1) < day < today() for day, _ in days)


def test_a_second_dose_is_due_after_the_first(demo: Flask):
    doses = db.session.execute(
        select(Vaccination.animal_id, Vaccination.given_on, Vaccination.next_due)
        .where(Vaccination.disease == Disease.PMK)
        .order_by(Vaccination.animal_id, Vaccination.given_on)
    ).all()
    pauses: dict[UUID, list[int]] = {}
    for animal_id, given, due in doses:
        pauses.setdefault(animal_id, []).append((due - given).days if due else 0)
    assert {found[0] for found in pauses.values()} == {28}
    assert {pause for found in pauses.values() for pause in found[1:]} <= {180}


def test_there_is_a_permit_in_every_state(demo: Flask):
    states = set(db.session.scalars(select(Permit.state)))
    assert states == set(PermitState)


def test_the_quota_agrees_with_its_books(demo: Flask):
    assert list(quota_faults()) == []


def test_the_laboratory_finds_samples_of_what_waits_for_it(demo: Flask):
    asked = select(Permit.id).where(Permit.state == PermitState.IN_LAB)
    assert set(db.session.scalars(select(Sample.permit_id))) == set(db.session.scalars(asked))


def test_receipts_have_no_gap(demo: Flask):
    numbers = db.session.scalars(select(Receipt.no).order_by(Receipt.issued_at, Receipt.no)).all()
    assert numbers
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == _count(Skrd, Skrd.state == SkrdState.PAID)
    assert set(db.session.scalars(select(Receipt.channel))) == {"cash", "sandbox"}


def test_log_and_rows_agree(demo: Flask):
    """Its months are written in a second, and each line still fits the checkpoints before it."""
    with transaction():
        merge()
    wish = Wish(origin=logkey.origin, vkeys=logkey.vkeys)
    assert verification(wish, by=OPERATOR).faults == []


def test_nothing_is_owed_to_anybody(demo: Flask):
    assert _count(Delivery) > 0
    assert _count(Delivery, Delivery.done_at.is_(None)) == 0


def test_labels_were_printed(demo: Flask):
    assert _count(Label) > 0


def test_there_is_an_account_for_every_role(demo: Flask):
    assert {account.role for account in ACCOUNTS} == set(Role)
    assert _count(User, User.is_demo) == len(ACCOUNTS)
    decrees = db.session.scalars(select(Appointment.decree).where(Appointment.role != Role.TRADER))
    assert all(decree.startswith("DEMO ") for decree in decrees)


def test_a_million_animals_stand_where_they_should(context: Flask):
    from random import Random

    found = visits(1_000_000, date(2026, 11, 21), Random(1))  # noqa: S311
    assert sum(visit.animals for visit in found) == 1_000_000
    assert len(found) == 165
    assert set(SPECIES) == {species for visit in found for species in visit.heads}
    assert max(len(set(visit.moments(visit.animals))) for visit in found) > 300


def test_parts_add_up():
    assert largest_remainders(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(largest_remainders(7, [0.2, 5, 0, 3])) == 7


def test_findings_a_draw_and_answers_tell_a_story(demo: Flask):
    kinds = set(db.session.scalars(select(Finding.kind)))
    assert kinds >= {FindingKind.DOUBLE, FindingKind.LOT_EXPIRED, FindingKind.NOT_FOUND_AGAIN}
    assert _count(Finding, Finding.settled_at.is_(None)) > 0
    assert _count(Draw, Draw.drawn_at.is_not(None)) == 1
    assert _count(Revisit, Revisit.result == RevisitResult.CONFIRMED) > 0
    assert _count(Revisit, Revisit.result.is_(None)) == 0
    assert _count(Confirmation, Confirmation.says_yes) > 0
    closed = select(Campaign.id).where(Campaign.state == CampaignState.CLOSED)
    targets = select(func.sum(CampaignVillage.target_heads)).where(
        CampaignVillage.campaign_id.in_(closed)
    )
    assert db.session.scalar(targets)
