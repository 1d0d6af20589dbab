"""One thing of each kind in Lunyuk Rea, and where its id stands in an address."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.animals.duplicates.models import Merge
from sijinak.animals.duplicates.services import MergeAnimals, merge_animals
from sijinak.animals.models import Sex
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import ProposeTransfer, propose_transfer
from sijinak.animals.photos.models import PhotoView
from sijinak.animals.photos.services import AddPhoto, add_photo
from sijinak.animals.queries import identifiers_of, live_tags
from sijinak.animals.stocktake.models import StockTakeLine
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_picture
from sijinak.health.bans.commands import EnterBan
from sijinak.health.bans.models import Direction
from sijinak.health.bans.services import enter_ban
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Finding, Method, Result, Sample
from sijinak.keepers.branding import RegisterBrand, register_brand
from sijinak.keepers.grouping import AddMember, add_member
from sijinak.keepers.models import BrandPlace, KeeperKind
from sijinak.keepers.suspending import SuspendFirm, suspend_firm
from sijinak.ledger.queries import journal_called
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import DiscrepancyKind
from sijinak.payments.refunds.services import RequestRefund, request_refund
from sijinak.payments.services import record_observations
from sijinak.payments.wallet.models import Wallet, WalletState
from sijinak.permits.chasing.models import BlockAppeal
from sijinak.permits.checkpoint.models import CheckDecision
from sijinak.permits.checkpoint.services import record_check
from sijinak.permits.enclosures.queries import documents_of, external_papers_of
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.photos.models import InspectionPhoto, InspectionView
from sijinak.permits.quota.models import QuotaDecree
from sijinak.permits.quota.queries import claim_of
from sijinak.privacy.models import RequestKind
from sijinak.privacy.services import AskRequest, ask_request
from sijinak.retribution.models import Skrd
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.retribution.receipts.services import AskVoid, ask_void
from sijinak.retribution.services import StartPayment, start_payment
from sijinak.tags.models import AlarmKind, TagAlarm
from sijinak.tags.services import PrintLabels, print_labels
from sijinak.tagstock.commands import MoveTags
from sijinak.tagstock.services import move_tags
from sijinak.vaccinations.campaigns.commands import AddMember as AddOfficer
from sijinak.vaccinations.campaigns.models import TeamRole
from sijinak.vaccinations.campaigns.services import add_member as add_officer
from sijinak.vaccinations.models import VaccinationAct
from sijinak.vaccinations.services import RecordVaccinations, record_vaccinations
from sijinak.vaccinations.stock.commands import DestroyDoses
from sijinak.vaccinations.stock.keeping import destroy_doses
from sijinak.vaccinations.stock.models import WasteReason
from sijinak.vaccinations.visits.services import count_heads, record_result
from tests.accounts.test_delegations import give
from tests.animals.factories import firm, make_animal, make_keeper, person
from tests.animals.skkt.factories import make_signed, make_upt
from tests.animals.stocktake.takes import begin, scan
from tests.audit.desk.standing import of_desk
from tests.audit.findings.standing import of_findings
from tests.factories import LUNYUK, LUNYUK_REA, actor_for, make_user
from tests.field.doors import make_review
from tests.field.phones import make_device
from tests.notices.standing import of_notices
from tests.permits.arrivals.factories import departed
from tests.permits.checkpoint.saying import check
from tests.permits.factories import file_papers, make_office, make_permit
from tests.tagstock.factories import make_run
from tests.treasury.cash.standing import of_treasury
from tests.treasury.matching.standing import of_bank
from tests.vaccinations.campaigns.factories import do, make_campaign
from tests.vaccinations.factories import product
from tests.vaccinations.second_looks import look_again
from tests.vaccinations.stock.factories import issue, make_store, receive
from tests.vaccinations.visits.factories import heads, missed

SECRETS = (
    "CV Samawa", "EA 8123", "Nama vet", "Nama kadis", "Abdul Hamid", "CV Beku", "Kelompok Rahasia",
    "AK-47", "Alasan rahasia", "Kampanye rahasia", "Kulkas Rahasia", "Ponsel dinas 3",
    "Catatan rahasia", "TRANSFER RAHASIA",
)  # fmt: skip


BAG = {"/stok/tas/": {"step": "kembali"}}


@dataclass
class World:
    """``apart``: the ids in addresses that hold a word, where they differ from the rest."""

    ids: dict[str, Any]
    animal_tag: str
    apart: dict[str, dict[str, Any]]

    def ids_for(self, rule: str) -> dict[str, Any]:
        others = [ids for word, ids in self.apart.items() if word in rule]
        return {name: known for ids in (self.ids, *others) for name, known in ids.items()}


def make_world() -> World:
    office = make_office()
    paid = make_permit(office, PermitState.PAID)
    billed = make_permit(office, PermitState.BILLED)
    skrd, open_skrd = skrd_of_permit(paid.id), skrd_of_permit(billed.id)
    assert skrd
    assert open_skrd
    receipt = receipt_of(skrd.id)
    assert receipt
    with transaction():
        file_papers(paid)
    animal_id = paid.animals[0].animal_id
    tag = live_tags([animal_id])[animal_id].value
    with transaction():
        command = StartPayment(skrd_id=open_skrd.id, adapter="sandbox")
        attempt = start_payment(command, by=office.trader)
        sheet, _ = print_labels(PrintLabels(keeper_id=office.firm.id), by=OPERATOR)
        act = record_vaccinations(
            RecordVaccinations(
                product_id=product().id, lot="L1", given_at=now(), animal_ids=(animal_id,)
            ),
            by=OPERATOR,
        )
    ids = {
        "permit_id": paid.id,
        "document_id": documents_of(paid.id)[0].id,
        "paper_id": external_papers_of(paid.id)[0].id,
        "skrd_id": open_skrd.id,
        "receipt_id": receipt.id,
        "tariff_id": skrd.lines[0].tariff_id,
        "attempt_id": attempt.id,
        "journal_id": _journal_of(skrd.id),
        "wallet_id": _wallet_of(office.firm.id),
        "keeper_id": office.firm.id,
        "sheet_id": sheet.id,
        "act_id": act.id,
        "user_id": office.vet.id,
        "appointment_id": uuid7(),
        "delegation_id": give(actor_for(Role.KADIS), actor_for(Role.KABID)).id,
        "passkey_id": uuid7(),
        "session_id": uuid7(),
        "refund_id": uuid7(),
        "batch_id": uuid7(),
        "slug": "kematian",
        "side": "giver",
        "kind": "skkh",
    }
    ids |= {
        **_of_animals(),
        **_of_tags(),
        **_of_stock(),
        **_of_visits(),
        **_of_quota(paid.id),
        **_of_bans(office.firm.id),
        **_of_posts(office.post, billed),
        **_of_laboratory(paid),
        **look_again(act),
        **_of_money(receipt, open_skrd),
        **of_treasury(),
        **of_notices(),
        "device_id": make_device().id,
        "review_id": make_review().id,
    }
    gone = departed(office, 1)
    letters = make_signed(make_upt(), make_keeper(person(name="Abdul Hamid")))
    return World(
        ids,
        tag,
        {
            "/skkt/": {"sheet_id": letters[0].id},
            **_of_keepers(),
            **BAG,
            **of_desk(receipt),
            **of_findings(),
            "/buku/akun/": {"code": "receivable"},
            "/privasi/": _of_privacy(),
            "/rekonsiliasi/": {"kind": "csv", **of_bank()},
            "/bendahara/": {"kind": "csv"},
            **_officer(act),
            "/kedatangan": {"permit_id": gone.id},
            "/izin/pemeriksaan/foto": {"photo_id": _inspection_photo(paid)},
        },
    )


def _of_money(receipt: Receipt, skrd: Skrd) -> dict[str, Any]:
    """A void that waits for a second person, and money that does not match."""
    request = AskVoid(receipt_id=receipt.id, reason="Alasan rahasia")
    found = Found(
        kind=DiscrepancyKind.DOUBLE, about=skrd, region=skrd.region, amount=skrd.total,
        bill_id=skrd.id,
    )  # fmt: skip
    with transaction():
        ask_void(request, by=OPERATOR)
        case = open_discrepancy(found, by=OPERATOR)
    return {"request_id": request.id, "case_id": case.id, **_refund()}


def _of_privacy() -> dict[str, Any]:
    """A person who asked to be erased."""
    keeper = make_keeper(person(name="Abdul Hamid"))
    command = AskRequest(
        keeper_id=keeper.id, kind=RequestKind.ERASURE, words="Alasan rahasia", identity="KTP"
    )
    with transaction():
        ask_request(command, by=OPERATOR)
    return {"request_id": command.id, "keeper_id": keeper.id}


def _refund() -> dict[str, UUID]:
    """Of money that nobody knows what it is for."""
    said = Observation(
        ref="tidak dikenal", kind=Kind.PAID, money_id="RAHASIA-1", amount=Rupiah(75_000),
        happened_at=now(), trust=Trust.SIGNED_PUSH,
    )  # fmt: skip
    with transaction():
        (money,) = record_observations("sandbox", [said], by=OPERATOR)
        asked = RequestRefund(
            collection_id=money.id, amount=money.amount, reason="Alasan rahasia", by_hand=True
        )
        refund = request_refund(asked, by=OPERATOR)
        return {"refund_id": refund.id, "collection_id": money.id}


def _wallet_of(keeper_id: UUID) -> UUID:
    """Where the office keeps none: what was there before stays readable."""
    wallet = Wallet(
        keeper_id=keeper_id, region=LUNYUK, state=WalletState.OPEN, is_registered=True, account="",
        balance=Rupiah(0), moves=0, opened_at=now(), opened_by=uuid7(), opened_by_name="Nama vet",
    )  # fmt: skip
    with transaction():
        db.session.add(wallet)
    return wallet.id


def _journal_of(skrd_id: UUID) -> UUID:
    journal = journal_called(f"skrd.issued:{skrd_id}")
    assert journal
    return journal.id


def _of_laboratory(permit: Permit) -> dict[str, Any]:
    """A sample with a result and the photo of its report."""
    sample = Sample(
        number="C-1", disease=Disease.PMK, method=Method.PCR, is_pooled=False,
        permit_id=permit.id, village=permit.region, taken_at=now(), taken_by=uuid7(),
        taken_by_name="Nama vet",
    )  # fmt: skip
    with transaction():
        db.session.add(sample)
        db.session.flush()
        report = keep_picture(Picture(b"large", b"small", 1280, 960), by=OPERATOR)
        result = Result(
            sample_id=sample.id, finding=Finding.NEGATIVE, tested_on=today(), lab="BBVet",
            report_number="LHU-1", report_id=report.id, recorded_at=now(), recorded_by=uuid7(),
            recorded_by_name="Nama lab",
        )  # fmt: skip
        db.session.add(result)
    return {"sample_id": sample.id, "result_id": result.id}


def _inspection_photo(permit: Permit) -> UUID:
    with transaction():
        kept = keep_picture(Picture(b"large", b"small", 1280, 960), by=OPERATOR)
        photo = InspectionPhoto(
            permit_id=permit.id, view=InspectionView.VEHICLE, sha256=kept.sha256, file_id=kept.id,
            taken_at=now(), by_id=uuid7(), by_name="Nama vet",
        )  # fmt: skip
        db.session.add(photo)
    return photo.id


def _of_bans(keeper_id: UUID) -> dict[str, Any]:
    ban = EnterBan(
        region=LUNYUK, disease=Disease.PMK, directions=(Direction.OUT,), legal_basis="SE 7/2026",
        valid_from=today() + timedelta(days=900),
    )  # fmt: skip
    appeal = BlockAppeal(
        keeper_id=keeper_id, words="Alasan rahasia", asked_at=now(), asked_by=uuid7(),
        asked_by_name="Nama vet",
    )  # fmt: skip
    with transaction():
        enter_ban(ban, by=OPERATOR)
        db.session.add(appeal)
    return {"ban_id": ban.id, "appeal_id": appeal.id}


def _of_posts(officer: SignedIn, permit: Permit) -> dict[str, Any]:
    command = check(permit, "", decision=CheckDecision.REFUSE)
    with transaction():
        return {"check_id": record_check(command, by=officer).id}


def _of_quota(permit_id: UUID) -> dict[str, Any]:
    claim = claim_of(permit_id)
    assert claim
    with transaction():
        kept = keep_picture(Picture(b"large", b"small", 1280, 960), by=OPERATOR)
        decree = db.session.query(QuotaDecree).first()
        assert decree
        decree.file_id = kept.id
    return {"account_id": claim.account_id, "claim_id": claim.id, "decree_id": decree.id}


def _of_stock() -> dict[str, Any]:
    store, officer = make_store("Kulkas Rahasia"), make_user(Role.VET, LUNYUK)
    lot_id = receive(store).lot_id
    issue(store, lot_id, officer.id)
    burnt = DestroyDoses(
        store_id=store.id, number="BA 1", destroyed_on=today(), place="UPT", method="dibakar",
        witnesses="Nama vet", reason=WasteReason.EXPIRED, lots=((lot_id, 1),),
    )  # fmt: skip
    with transaction():
        destroy_doses(burnt, by=OPERATOR)
    found = {"store_id": store.id, "lot_id": lot_id, "officer_id": officer.id}
    return {**found, "minutes_id": burnt.id, "product_id": product().id, "step": "suhu"}


def _of_keepers() -> dict[str, dict[str, Any]]:
    frozen, member = make_keeper(firm(name="CV Beku")), make_keeper(person(name="Abdul Hamid"))
    group = make_keeper(person(kind=KeeperKind.GROUP, name="Kelompok Rahasia", nik="", group_no=""))
    with transaction():
        suspension = suspend_firm(
            SuspendFirm(
                keeper_id=frozen.id, since=today(), decree="SK 9/2026", reason="Alasan rahasia"
            ),
            by=OPERATOR,
        )
        brand = register_brand(
            RegisterBrand(
                keeper_id=member.id, letters="AK-47", place=BrandPlace.NECK,
                picture=Picture(b"large", b"small", 1280, 960),
            ),
            by=OPERATOR,
        )  # fmt: skip
        joined = add_member(
            AddMember(group_id=group.id, keeper_id=member.id, since=today()), by=OPERATOR
        )
    return {
        "/pembekuan": {"keeper_id": frozen.id, "suspension_id": suspension.id},
        "/cap": {"keeper_id": member.id, "brand_id": brand.id},
        "/anggota": {"keeper_id": group.id, "membership_id": joined.id},
    }


def _of_visits() -> dict[str, Any]:
    """A campaign with a village and a team, and what was said of it."""
    campaign = make_campaign(LUNYUK_REA, name="Kampanye rahasia")
    vet = make_user(Role.VET, LUNYUK)
    member = AddOfficer(campaign_id=campaign.id, user_id=vet.id, role=TeamRole.MARKER)
    return {
        "campaign_id": campaign.id,
        "village": LUNYUK_REA,
        "member_id": do(add_officer, member).id,
        "result_id": do(record_result, missed(reason="Alasan rahasia")).id,
        "heads_id": do(count_heads, heads()).id,
    }


def _of_animals() -> dict[str, Any]:
    owner, buyer = make_keeper(person(name="Abdul Hamid")), make_keeper()
    one, other, third, gone = (
        make_animal(owner, sex=Sex.FEMALE, eartag=f"EA 8123 {n}")[0] for n in "1234"
    )
    sale = ProposeTransfer(
        kind=MutationKind.SALE, animal_ids=(third.id,), to_keeper_id=buyer.id, happened_on=today()
    )
    merge = MergeAnimals(kept_id=other.id, gone_id=gone.id, reason="Alasan rahasia")
    with transaction():
        picture = Picture(b"large", b"small", 1280, 960)
        photo = add_photo(
            AddPhoto(animal_id=one.id, view=PhotoView.MUZZLE, picture=picture), by=OPERATOR
        )
        propose_transfer(sale, by=OPERATOR)
        merge_animals(merge, by=OPERATOR)
    taken = begin(LUNYUK_REA)
    scan(taken, "TIDAK DIKENAL 1")
    line = select(StockTakeLine.id).where(StockTakeLine.stock_take_id == taken.id)
    return {
        "animal_id": one.id,
        "identifier_id": identifiers_of(one.id)[0].id,
        "photo_id": photo.id,
        "mutation_id": sale.id,
        "merge_id": db.session.get_one(Merge, merge.id).id,
        "first_id": min(one.id, other.id),
        "second_id": max(one.id, other.id),
        "stock_take_id": taken.id,
        "line_id": db.session.scalars(line).one(),
    }


def _of_tags() -> dict[str, Any]:
    run = make_run(4)
    received = MoveTags(action="receive", run_id=run.id, region=LUNYUK)
    alarm = TagAlarm(
        kind=AlarmKind.NOT_ISSUED, code="7K3M9QX45J", region=LUNYUK_REA,
        facts={"was": "received"}, readings=1,
        raised_at=now(), last_read_at=now(),
    )  # fmt: skip
    with transaction():
        move_tags(received, by=OPERATOR)
        db.session.add(alarm)
    return {"run_id": run.id, "move_id": received.id, "alarm_id": alarm.id}


def _officer(act: VaccinationAct) -> dict[str, dict[str, Any]]:
    return {"/temuan/petugas/": {"officer_id": act.vaccinator_id}}
