"""Any road of moves: the books are the sum of their moves, and no dose vanishes."""

from itertools import count
from typing import Any, ClassVar

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import OPERATOR
from sijinak.vaccinations.stock.commands import (
    CountDoses,
    DestroyDoses,
    IssueDoses,
    NoteWaste,
    ReturnDoses,
    TransferDoses,
    Use,
)
from sijinak.vaccinations.stock.keeping import count_doses, destroy_doses
from sijinak.vaccinations.stock.ledger import account_of_lot, accounts_of_bag
from sijinak.vaccinations.stock.models import Holding, WasteReason
from sijinak.vaccinations.stock.moving import issue_doses, return_doses, transfer_doses
from sijinak.vaccinations.stock.services import note_use, note_waste, take_back_use
from tests.animals.factories import make_animal
from tests.factories import LUNYUK, LUNYUK_REA, actor_for
from tests.machines import run
from tests.vaccinations.factories import doses as act_of
from tests.vaccinations.factories import vaccinate
from tests.vaccinations.stock.factories import make_store, receive, wrong_books

DOSES, PLACE = st.integers(1, 40), st.integers(0, 1)


NUMBERS = count(1)


class Stock(RuleBasedStateMachine):
    """Two stores and two bags with one lot; its own in every run."""

    done: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.number = f"LOT{next(NUMBERS)}"
        self.boss = actor_for(Role.UPT_HEAD, LUNYUK)
        self.vets = [actor_for(Role.VET, LUNYUK) for _ in "12"]
        self.act = vaccinate(act_of([make_animal()[0].id]))
        self.stores = [make_store(f"{self.number} {n}") for n in "AB"]
        self.lot = receive(self.stores[0], 60, number=self.number).lot_id
        self.came, self.gone, self.minutes = 60, 0, 0

    def held(self, **place: Any) -> int:
        asked = select(Holding.doses).filter_by(lot_id=self.lot, **place)
        return db.session.scalar(asked) or 0

    def deed(self, service: Any, command: Any, by: Any = None) -> bool:
        try:
            with transaction():
                service(command, by=by or self.boss)
        except (Conflict, Invalid):
            return False
        self.done.add(service.__name__)
        return True

    def use(self, n: int, doses: int) -> list[Use]:
        vet = self.vets[n]
        return [Use(self.lot, vet.id, vet.name, LUNYUK_REA, doses, self.act.id, today())]

    @rule(doses=DOSES)
    def get(self, doses: int) -> None:
        receive(self.stores[0], doses, number=self.number, by=OPERATOR)
        self.came += doses

    @rule(doses=DOSES, n=PLACE)
    def send(self, doses: int, n: int) -> None:
        ids = [store.id for store in self.stores]
        self.deed(transfer_doses, TransferDoses(
            store_id=ids[n], to_store_id=ids[1 - n], lot_id=self.lot, doses=doses))  # fmt: skip

    @rule(doses=DOSES, n=PLACE, store=PLACE)
    def hand_out(self, doses: int, n: int, store: int) -> None:
        self.deed(issue_doses, IssueDoses(
            store_id=self.stores[store].id, officer_id=self.vets[n].id, lot_id=self.lot,
            doses=doses))  # fmt: skip

    @rule(doses=st.integers(1, 5), n=PLACE, store=PLACE)
    def hand_back(self, doses: int, n: int, store: int) -> None:
        self.deed(return_doses, ReturnDoses(
            store_id=self.stores[store].id, officer_id=self.vets[n].id, lot_id=self.lot,
            doses=doses))  # fmt: skip

    @rule(doses=DOSES, n=PLACE)
    def give(self, doses: int, n: int) -> None:
        with transaction():
            note_use(self.use(n, doses))
        self.gone += doses

    @rule(doses=DOSES, n=PLACE)
    def take_back(self, doses: int, n: int) -> None:
        with transaction():
            take_back_use(self.use(n, doses))
        self.gone -= doses

    @rule(doses=DOSES, n=PLACE, in_store=st.booleans())
    def spoil(self, doses: int, n: int, in_store: bool) -> None:  # noqa: FBT001
        store = self.stores[n].id if in_store else None
        waste = NoteWaste(lot_id=self.lot, doses=doses, reason=WasteReason.OTHER, store_id=store)
        self.gone += doses * self.deed(note_waste, waste, None if in_store else self.vets[n])

    @rule(found=DOSES, n=PLACE, in_store=st.booleans())
    def count_again(self, found: int, n: int, in_store: bool) -> None:  # noqa: FBT001
        place: dict[str, Any] = (
            {"store_id": self.stores[n].id} if in_store else {"officer_id": self.vets[n].id}
        )
        there = self.held(**place)
        command = CountDoses(lot_id=self.lot, found=found, expected=there, note="x", **place)
        self.came += (found - there) * self.deed(count_doses, command)

    @rule(doses=DOSES, n=PLACE)
    def destroy(self, doses: int, n: int) -> None:
        self.minutes += 1
        command = DestroyDoses(
            store_id=self.stores[n].id, number=f"{self.number}/{self.minutes}", place="x",
            destroyed_on=today(), method="x", witnesses="x", reason=WasteReason.EXPIRED,
            lots=((self.lot, doses),),
        )  # fmt: skip
        self.gone += doses * self.deed(destroy_doses, command)

    @invariant()
    def nothing_vanishes(self) -> None:
        assert wrong_books() == []
        rows = list(db.session.scalars(select(Holding).filter_by(lot_id=self.lot)))
        assert all(row.doses >= 0 for row in rows if row.store_id)
        total = sum(row.doses for row in rows)
        assert total == self.came - self.gone == account_of_lot(self.lot).balance
        for vet in self.vets:
            for line in accounts_of_bag(vet.id):
                if line.lot_id == self.lot:
                    assert line.account.balance == self.held(officer_id=vet.id)


def test_the_books_are_always_right(context: Flask):
    run(Stock, examples=30, steps=25)
    assert Stock.done >= {"issue_doses", "return_doses", "transfer_doses", "note_waste",
                          "count_doses", "destroy_doses"}  # fmt: skip
