"""The vaccine of the demo: delivered, sent to the UPTs, issued, used up but for a rest, kept cold.

Only those who have accounts hold doses in the books: the acts of Lunyuk know their lot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, local
from sijinak.core.db import db, transaction
from sijinak.demo.accounts import LUNYUK, REGENCY
from sijinak.vaccinations.models import Product, Vaccination, VaccinationAct
from sijinak.vaccinations.stock.commands import (
    IssueDoses,
    KeepStore,
    NoteTemperature,
    NoteWaste,
    ReceiveDoses,
    TransferDoses,
    Use,
)
from sijinak.vaccinations.stock.keeping import keep_store
from sijinak.vaccinations.stock.models import Store, WasteReason
from sijinak.vaccinations.stock.moving import issue_doses, receive_doses, transfer_doses
from sijinak.vaccinations.stock.services import note_temperature, note_use, note_waste

ALAS = "52.04.05"
BOTTLE = 25
GOOD_FOR = timedelta(days=540)  # after it was delivered
DELIVERED, SENT, HANDED = timedelta(days=21), timedelta(days=9), timedelta(days=2)
IN_THE_BAG = 50
WARM = 80  # tenths of a degree


@dataclass(frozen=True, slots=True)
class Round:
    """What one officer used of one lot."""

    product_id: UUID
    lot: str
    officer: SignedIn
    acts: list[Any]  # id, given_at, region, heads; the first given first

    @property
    def used(self) -> int:
        return sum(act.heads for act in self.acts)

    @property
    def begins(self) -> datetime:
        moment: datetime = self.acts[0].given_at
        return moment


@dataclass(frozen=True, slots=True)
class Delivery:
    """Without a last day it is good for as long as such vaccine mostly is."""

    product_id: UUID
    number: str
    doses: int
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Coldroom:
    people: Mapping[str, SignedIn]
    until: datetime

    def fill(self) -> None:
        rounds = _rounds(self.people)
        begins = min([one.begins for one in rounds] or [self.until]) - timedelta(days=60)
        office, upt, alas = self.at(begins, self._stores)
        for one in rounds:
            self._round(one, office, upt)
        self._present(office, upt, alas)
        self._keep_cold(office, upt)

    def at(self, moment: datetime, deed: Callable[[], Any]) -> Any:
        with clock.reading(moment), transaction():
            return deed()

    def _stores(self) -> tuple[Store, Store, Store]:
        kabid = self.people["kabid"]
        names = (("Kulkas vaksin Dinas", REGENCY), ("Kulkas UPT Lunyuk", LUNYUK),
                 ("Kulkas UPT Alas", ALAS))  # fmt: skip
        office, upt, alas = (
            keep_store(KeepStore(name=name, region=region), by=kabid) for name, region in names
        )
        return office, upt, alas

    def _round(self, one: Round, office: Store, upt: Store) -> None:
        """What was used, and two bottles more, a rest of which stays in the bag."""
        doses = -(-one.used // BOTTLE) * BOTTLE + IN_THE_BAG
        lot_id = self._receive(
            office, Delivery(one.product_id, one.lot, doses), one.begins - DELIVERED
        )
        self._send(office, upt, lot_id, doses, one.begins - SENT)
        self._issue(upt, one.officer, lot_id, doses, one.begins - HANDED)
        with transaction():
            ids = [act.id for act in one.acts]
            db.session.execute(
                update(VaccinationAct).where(VaccinationAct.id.in_(ids)).values(lot_id=lot_id)
            )
        for act in one.acts:
            use = Use(lot_id, one.officer.id, one.officer.name, act.region, act.heads, act.id,
                      local(act.given_at).date())  # fmt: skip
            self.at(act.given_at, partial(note_use, [use]))

    def _present(self, office: Store, upt: Store, alas: Store) -> None:
        """The stock of today: one lot is near its end, a bottle broke."""
        vet, day = self.people["dokter"], timedelta(days=1)
        product_id = db.session.scalars(
            select(Product.id).where(Product.code == "aftogen-oleo")
        ).one()
        soon = local(self.until).date() + timedelta(days=24)
        lots = [
            self._receive(office, Delivery(product_id, *what), self.until - 40 * day)
            for what in (("AO-2411", 250, soon), ("AO-2608", 2000, None))
        ]
        self._old_bottle(office, upt)
        self._send(office, upt, lots[1], 400, self.until - 20 * day)
        self._send(office, alas, lots[1], 200, self.until - 19 * day)
        self._issue(upt, vet, lots[1], 100, self.until - 6 * day)
        broken = NoteWaste(lot_id=lots[1], doses=4, reason=WasteReason.ANIMAL_FOUGHT)
        self.at(self.until - 3 * day, lambda: note_waste(broken, by=vet))

    def _old_bottle(self, office: Store, upt: Store) -> None:
        """It stayed in a bag past its last day."""
        day = timedelta(days=1)
        product_id = db.session.scalars(
            select(Product.id).where(Product.code == "aftogen-oleo")
        ).one()
        old = Delivery(product_id, "AO-2402", BOTTLE, local(self.until).date() - 20 * day)
        lot_id = self._receive(office, old, self.until - 80 * day)
        self._send(office, upt, lot_id, BOTTLE, self.until - 70 * day)
        self._issue(upt, self.people["dokter"], lot_id, BOTTLE, self.until - 60 * day)

    def _keep_cold(self, office: Store, upt: Store) -> None:
        """Read every day; on one of them the power had failed."""
        rows = ((office, "kabid", (42, 45, 41, 47, 44)), (upt, "kepala-upt", (39, 46, 94, 51, 43)))
        for store, who, readings in rows:
            for n, tenths in enumerate(readings):
                note = "Listrik padam semalam, vaksin dipindah ke kotak es" if tenths > WARM else ""
                reading = NoteTemperature(store_id=store.id, tenths=tenths, note=note)
                self.at(
                    self.until - timedelta(days=5 - n, hours=-8),
                    partial(note_temperature, reading, by=self.people[who]),
                )

    def _receive(self, store: Store, what: Delivery, at: datetime) -> UUID:
        day = local(at).date()
        command = ReceiveDoses(
            store_id=store.id, product_id=what.product_id, number=what.number, doses=what.doses,
            expires_on=what.last or day + GOOD_FOR, paper=f"DEMO SJ {what.number}", tenths=45,
            received_on=day,
        )  # fmt: skip
        found: UUID = self.at(at, lambda: receive_doses(command, by=self.people["kabid"]).lot_id)
        return found

    def _send(self, store: Store, to: Store, lot_id: UUID, doses: int, at: datetime) -> None:
        command = TransferDoses(store_id=store.id, to_store_id=to.id, lot_id=lot_id, doses=doses)
        self.at(at, lambda: transfer_doses(command, by=self.people["kabid"]))

    def _issue(self, store: Store, to: SignedIn, lot_id: UUID, doses: int, at: datetime) -> None:
        command = IssueDoses(
            store_id=store.id, officer_id=to.id, lot_id=lot_id, doses=doses, note="Putaran desa"
        )
        self.at(at, lambda: issue_doses(command, by=self.people["kepala-upt"]))


def _rounds(people: Mapping[str, SignedIn]) -> list[Round]:
    """Of those who have accounts, the first first."""
    officers = {person.id: person for person in people.values()}
    act = VaccinationAct
    asked = (
        select(act.id, act.product_id, act.lot, act.vaccinator_id, act.given_at, act.region,
               func.count().label("heads"))
        .join(Vaccination, Vaccination.act_id == act.id)
        .where(act.vaccinator_id.in_(officers), act.region.startswith(LUNYUK))
        .group_by(act.id)
        .order_by(act.given_at, act.id)
    )  # fmt: skip
    found: dict[tuple[UUID, str, UUID], list[Any]] = {}
    for row in db.session.execute(asked):
        found.setdefault((row.product_id, row.lot, row.vaccinator_id), []).append(row)
    return [Round(key[0], key[1], officers[key[2]], acts) for key, acts in found.items()]
