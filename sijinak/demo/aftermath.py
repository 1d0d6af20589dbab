"""What the office looks into: findings, a finished draw of second visits, owners' answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import select

from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, AnimalState, Identifier, IdentifierKind, Species
from sijinak.core.clock import clock, local
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.demo.accounts import LUNYUK
from sijinak.demo.journeys import deliver_all
from sijinak.vaccinations.confirming.models import Confirmation
from sijinak.vaccinations.confirming.services import (
    Answer,
    WriteDown,
    answer_question,
    write_answer_down,
)
from sijinak.vaccinations.findings.models import Finding, FindingKind, Outcome
from sijinak.vaccinations.findings.services import SettleFinding, settle_finding
from sijinak.vaccinations.models import Disease, Product, ReadBy, Vaccination, VaccinationAct
from sijinak.vaccinations.receiving import Dose, receive_doses
from sijinak.vaccinations.revisits.models import Revisit, RevisitResult, SeedSource
from sijinak.vaccinations.revisits.services import (
    AnnounceDraw,
    DrawDoses,
    RecordRevisit,
    announce_draw,
    draw_doses,
    record_revisit,
)
from sijinak.vaccinations.services import RecordVaccinations, record_vaccinations
from sijinak.vaccinations.stock.models import Holding, Lot

FIRST, LAST = 13, 8  # days ago: the drive against LSD
FAST_ROUND, PACE = 36, timedelta(seconds=12)
PERMILLE = 200
MOST_ANSWERS = 8
EXPIRED_HEADS = 4
BAD_VISITS = {
    2: (RevisitResult.NOT_VACCINATED, "Pemilik: hanya sapi di kandang depan yang disuntik."),
    4: (RevisitResult.NOT_FOUND, "Ternak sudah dibawa ke lar, tidak bertemu."),
}
DENIED = 2  # the third owner who is asked says no
YES, NO = "Ditelepon: benar, disuntik.", "Ditelepon: petugas tidak datang ke kandang kami."


@dataclass(frozen=True, slots=True)
class Aftermath:
    people: Mapping[str, SignedIn]
    until: datetime

    def tell(self) -> None:
        self._double()
        self._expired()
        self._too_fast()
        draw_id = self._announce()
        with clock.reading(self.until - timedelta(days=6)):
            deliver_all()
        if draw_id:
            self._visit_again(draw_id)
        self._answer()
        self._settle()

    def at(self, days: float, deed: Callable[[], object]) -> None:
        """A deed of that many days ago."""
        with clock.reading(self.until - timedelta(days=days)), transaction():
            deed()

    def _double(self) -> None:
        """Two animals of the first village had their dose from somebody else that morning."""
        day = local(self.until - timedelta(days=FIRST)).date()
        asked = (
            select(Vaccination.animal_id, VaccinationAct.product_id, VaccinationAct.lot)
            .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
            .where(Vaccination.given_on == day, Vaccination.disease == Disease.LSD)
            .order_by(Vaccination.id)
        )
        rows = db.session.execute(asked.limit(2)).all()
        if rows:
            self._give(rows[0].product_id, rows[0].lot, FIRST - 0.4, [row[0] for row in rows])

    def _expired(self) -> None:
        """A bottle that was at the bottom of the box."""
        held = self._in_bag("dokter", Lot.expires_on < local(self.until).date() - timedelta(days=9))
        if held:
            ids = [animal_id for animal_id, _, _ in self._herd(EXPIRED_HEADS)]
            self._give(held.product_id, held.number, FIRST - 3.6, ids)

    def _give(self, product_id: UUID, lot: str, days: float, ids: list[UUID]) -> None:
        given = RecordVaccinations(
            product_id=product_id, lot=lot, animal_ids=tuple(ids),
            given_at=self.until - timedelta(days=days),
        )  # fmt: skip
        if ids:
            self.at(days, partial(record_vaccinations, given, by=self.people["dokter"]))

    def _too_fast(self) -> None:
        """A round by phone: more animals in ten minutes than hands can do."""
        by = self.people["paramedik"]
        fresh = Lot.expires_on >= local(self.until).date()
        held = self._in_bag("paramedik", Product.disease == Disease.PMK, fresh)
        begins = self.until - timedelta(days=7, hours=-8)
        device_id, round_id = uuid5(by.id, "demo phone"), uuid7()
        if held is None:
            return
        herd = self._herd(EXPIRED_HEADS + FAST_ROUND)
        doses = [
            Dose(
                id=uuid7(), round_id=round_id, code=code, product_id=held.product_id,
                lot=held.number, campaign_id=None, village=village, given_at=begins + n * PACE,
                read_by=ReadBy.SCAN,
            )
            for n, (_, code, village) in enumerate(herd[EXPIRED_HEADS:])
        ]  # fmt: skip
        self.at(6.5, partial(receive_doses, doses, device_id=device_id, by=by))

    def _in_bag(self, username: str, *which: object) -> Lot | None:
        """The lot of which most lies in the officer's bag."""
        asked = (
            select(Lot)
            .join(Holding, Holding.lot_id == Lot.id)
            .join(Product, Product.id == Lot.product_id)
            .where(Holding.officer_id == self.people[username].id, *which)  # type: ignore[arg-type]
        )
        return db.session.scalar(asked.order_by(Holding.doses.desc(), Lot.id).limit(1))

    def _herd(self, most: int) -> list[tuple[UUID, str, str]]:
        """Cattle of Lunyuk, village by village: animal, code, village."""
        asked = (
            select(Animal.id, Identifier.value, Animal.village)
            .join(Identifier, Identifier.animal_id == Animal.id)
            .where(
                Animal.village.startswith(LUNYUK),
                Animal.species == Species.CATTLE,
                Animal.state == AnimalState.PRESENT,
                Identifier.kind == IdentifierKind.TAG,
                Identifier.ended_at.is_(None),
            )
            .order_by(Animal.village, Animal.id)
        )
        return [(row[0], row[1], row[2]) for row in db.session.execute(asked.limit(most))]

    def _announce(self) -> UUID | None:
        """Before its days; drawn when they are over. Nothing was given: nothing is drawn."""
        first, last = (local(self.until - timedelta(days=n)).date() for n in (FIRST, LAST))
        given = select(Vaccination.id).where(
            Vaccination.given_on.between(first, last), Vaccination.village.startswith(LUNYUK)
        )
        if db.session.scalar(given.limit(1)) is None:
            return None
        draw = AnnounceDraw(
            region=LUNYUK, first_day=first, last_day=last, permille=PERMILLE,
            source=SeedSource.PUBLIC, source_words="Undian negara sesudah hari terakhir, contoh",
        )  # fmt: skip
        self.at(FIRST + 1, partial(announce_draw, draw, by=self.people["kabid"]))
        drawn = DrawDoses(draw_id=draw.id, seed="Undian contoh 482913")
        self.at(LAST - 2, partial(draw_doses, drawn, by=self.people["kabid"]))
        return draw.id

    def _visit_again(self, draw_id: UUID) -> None:
        """By the head of the field office, who gave none of the doses."""
        asked = select(Revisit.id).where(Revisit.draw_id == draw_id).order_by(Revisit.id)
        day = local(self.until - timedelta(days=4)).date()
        for n, revisit_id in enumerate(db.session.scalars(asked).all()):
            result, note = BAD_VISITS.get(n, (RevisitResult.CONFIRMED, ""))
            seen = RecordRevisit(revisit_id=revisit_id, result=result, note=note, visited_on=day)
            self.at(3.5, partial(record_revisit, seen, by=self.people["kepala-upt"]))

    def _answer(self) -> None:
        """Some by telephone, the farmer with an account for himself; the others say nothing."""
        farmer, head = self.people["peternak"], self.people["kepala-upt"]
        asked = (
            select(Confirmation.id, Confirmation.keeper_id)
            .join(VaccinationAct, VaccinationAct.id == Confirmation.act_id)
            .where(VaccinationAct.region.startswith(LUNYUK))
            .order_by(Confirmation.id)
        )
        for n, (asked_id, keeper_id) in enumerate(db.session.execute(asked).all()):
            if keeper_id == farmer.keeper_id:
                own = Answer(confirmation_id=asked_id, says_yes=True)
                self.at(5, partial(answer_question, own, by=farmer))
            elif n < MOST_ANSWERS:
                words = NO if n == DENIED else YES
                heard = WriteDown(confirmation_id=asked_id, says_yes=n != DENIED, words=words)
                self.at(5, partial(write_answer_down, heard, by=head))

    def _settle(self) -> None:
        """One is closed with words; the others wait for somebody."""
        asked = select(Finding.id).where(Finding.kind == FindingKind.OWNER_DENIES)
        finding_id = db.session.scalar(asked.order_by(Finding.id).limit(1))
        if finding_id is not None:
            closed = SettleFinding(
                finding_id=finding_id, outcome=Outcome.EXPLAINED,
                words="Yang menerima petugas adalah anaknya; bekas suntikan ada pada tiga sapi.",
            )  # fmt: skip
            self.at(2, partial(settle_finding, closed, by=self.people["kepala-upt"]))
