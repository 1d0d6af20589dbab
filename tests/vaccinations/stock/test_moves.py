"""Doses from the delivery to the bag and back: who moves them, and that none is there twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound, SijinakError
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.once import SaidOtherwise
from sijinak.core.permissions import OPERATOR
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.stock.commands import (
    CorrectLotDay,
    CountDoses,
    CountedMeanwhile,
    DestroyDoses,
    IssueDoses,
    KeepStore,
    LotCameExpired,
    LotDayChangedMeanwhile,
    LotDayIsThat,
    LotDayReasonMissing,
    LotExpiresOtherwise,
    LotHasExpired,
    MinutesNumberTaken,
    NoReasonToDestroy,
    NotAVaccinator,
    NotEnoughDoses,
    NoteTemperature,
    NoteWaste,
    NotThatManyDoses,
    OlderLotFirst,
    ReceiveDoses,
    ReturnDoses,
    SameStore,
    StockDayAhead,
    StoreNameTaken,
    StoreNotEmpty,
    TransferDoses,
    Use,
)
from sijinak.vaccinations.stock.keeping import (
    correct_lot_day,
    count_doses,
    destroy_doses,
    keep_store,
)
from sijinak.vaccinations.stock.ledger import account_of_lot, accounts_of_bag
from sijinak.vaccinations.stock.models import DoseMove, WasteReason
from sijinak.vaccinations.stock.moving import (
    issue_doses,
    receive_doses,
    return_doses,
    transfer_doses,
)
from sijinak.vaccinations.stock.queries import Place, lots_named
from sijinak.vaccinations.stock.services import (
    note_temperature,
    note_use,
    note_waste,
    take_back_use,
)
from sijinak.vaccinations.stock.shelves import cold_alarms, ending, readings_of, why_destroyed
from tests.animals.factories import make_animal
from tests.conftest import close
from tests.factories import LUNYUK, LUNYUK_REA, REGENCY, actor_for
from tests.vaccinations.factories import doses as act_of
from tests.vaccinations.factories import product, vaccinate
from tests.vaccinations.stock.factories import (
    expire,
    in_bag,
    in_store,
    issue,
    make_store,
    receive,
    wrong_books,
)

ALAS = "52.04.05"


def head(region: str = LUNYUK) -> SignedIn:
    return actor_for(Role.UPT_HEAD, region)


def do(service: Callable[..., Any], command: Any, by: Any = OPERATOR) -> Any:
    with transaction():
        return service(command, by=by)


def use_of(lot_id: Any, officer: SignedIn, doses: int) -> Use:
    act = vaccinate(act_of([make_animal()[0].id]), by=OPERATOR)
    return Use(lot_id, officer.id, officer.name, LUNYUK_REA, doses, act.id, today())


def test_a_dose_walks_from_the_delivery_to_the_animal_and_every_move_is_kept(context: Flask):
    boss, vet = head(), actor_for(Role.VET, LUNYUK)
    store, other = make_store(), make_store("Kulkas 2")
    lot = receive(store, 100, by=boss).lot_id
    do(transfer_doses, TransferDoses(
        store_id=store.id, to_store_id=other.id, lot_id=lot, doses=30), boss)  # fmt: skip
    issue(store, lot, vet.id, 50)
    use = use_of(lot, vet, 20)
    with transaction():
        assert note_use([use]) == []
        take_back_use([replace(use, doses=2)])
    do(note_waste, NoteWaste(lot_id=lot, doses=3, reason=WasteReason.BROKEN), vet)
    do(return_doses, ReturnDoses(
        store_id=store.id, officer_id=vet.id, lot_id=lot, doses=10), boss)  # fmt: skip
    do(count_doses, CountDoses(
        lot_id=lot, store_id=other.id, found=28, expected=30, note="dua pecah"), boss)  # fmt: skip
    do(destroy_doses, DestroyDoses(
        store_id=other.id, number="BA 1", destroyed_on=today(), place="UPT", method="dibakar",
        witnesses="A", reason=WasteReason.EXPIRED, lots=((lot, 28),)), boss)  # fmt: skip
    assert (in_store(store, lot), in_store(other, lot), in_bag(vet.id, lot)) == (30, 0, 19)
    whole = account_of_lot(lot)
    assert (whole.received, whole.used, whole.wasted, whole.destroyed) == (100, 18, 3, 28)
    assert (whole.counted, whole.balance) == (-2, 49)
    (line,) = accounts_of_bag(vet.id)
    bag = line.account
    assert (bag.received, bag.used, bag.wasted, bag.returned, bag.balance) == (50, 18, 3, 10, 19)
    assert wrong_books() == []


def test_what_was_given_is_never_refused_and_a_short_bag_is_named(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    lot = receive(make_store()).lot_id
    uses = [use_of(lot, vet, 3), use_of(lot, vet, 2)]
    with transaction():
        (short,) = note_use(uses)
    assert (short.officer_id, short.lot_id, short.doses) == (vet.id, lot, -5)
    do(note_waste, NoteWaste(lot_id=lot, doses=1, reason=WasteReason.OTHER), vet)
    asked = select(Finding).where(Finding.kind == FindingKind.STOCK_SHORT)
    assert db.session.scalars(asked).one().facts["doses"] == -6
    assert in_bag(vet.id, lot) == -6
    assert wrong_books() == []


def test_a_lot_is_found_in_any_spelling(context: Flask):
    lot = receive(make_store(), number=" ab 12-x").lot_id
    asked = {(product().id, "AB12-x"), (product().id, "ab12 -X"), (product().id, "AB12")}
    found = lots_named(asked)
    assert {pair[1] for pair in found} == {"AB12-x", "ab12 -X"}
    assert {facts.id for facts in found.values()} == {lot}


def test_the_first_to_expire_goes_first_or_somebody_says_why(context: Flask):
    vet, store = actor_for(Role.VET, LUNYUK), make_store()
    late = receive(store, number="LATE").lot_id
    early = receive(store, number="EARLY", expires_on=today() + timedelta(days=9)).lot_id
    with pytest.raises(OlderLotFirst):
        issue(store, late, vet.id)
    reasoned = IssueDoses(store_id=store.id, lot_id=late, officer_id=vet.id, doses=5, note="rusak")
    do(issue_doses, reasoned)
    expire(early)
    with pytest.raises(LotHasExpired):
        issue(store, early, vet.id)
    issue(store, late, vet.id, 5)  # the expired one no longer stands before it
    assert [lying.number for _, lying in ending(by=head())] == ["EARLY"]


def test_who_may_not_and_where(context: Flask):
    store, vet = make_store(), actor_for(Role.VET, LUNYUK)
    move = receive(store)
    lot, far = move.lot_id, head(ALAS)
    mine = IssueDoses(store_id=store.id, lot_id=lot, officer_id=vet.id, doses=5)
    there: dict[str, Any] = {"store_id": store.id, "lot_id": lot, "doses": 1}
    waste = NoteWaste(**there, reason=WasteReason.OTHER)
    counted = CountDoses(lot_id=lot, store_id=store.id, found=1, expected=100, note="x")
    got = ReceiveDoses(store_id=store.id, product_id=product().id, number="X", doses=1, paper="1",
                       expires_on=today(), received_on=today())  # fmt: skip
    burnt = DestroyDoses(store_id=store.id, number="1", destroyed_on=today(), place="x",
                         method="x", witnesses="x", reason=WasteReason.EXPIRED,
                         lots=((lot, 1),))  # fmt: skip
    deeds = (
        (issue_doses, mine), (receive_doses, got), (note_waste, waste), (count_doses, counted),
        (destroy_doses, burnt), (note_temperature, NoteTemperature(tenths=40, store_id=store.id)),
        (transfer_doses, TransferDoses(**there, to_store_id=store.id)),
        (return_doses, ReturnDoses(**there, officer_id=vet.id)),
        (keep_store, KeepStore(name="y", store_id=store.id)),
    )  # fmt: skip
    for service, command in deeds:
        with pytest.raises(Forbidden):
            do(service, command, vet)
        with pytest.raises(NotFound):
            do(service, command, far)
    with pytest.raises(Forbidden):
        do(keep_store, KeepStore(name="y", region=LUNYUK), far)
    with pytest.raises(Forbidden):
        do(note_waste, replace(waste, store_id=None), actor_for(Role.AUDITOR))
    with pytest.raises(NotFound):
        do(count_doses, CountDoses(lot_id=lot, officer_id=vet.id, found=1, expected=0, note="x"),
           far)  # fmt: skip
    assert in_store(store, lot) == 100


def test_twice_the_same_is_once(context: Flask):
    store, boss = make_store(), head()
    vet = actor_for(Role.VET, LUNYUK)
    lot = receive(store).lot_id
    command = IssueDoses(store_id=store.id, lot_id=lot, officer_id=vet.id, doses=5)
    waste = NoteWaste(store_id=store.id, lot_id=lot, doses=1, reason=WasteReason.OTHER)
    for _ in "12":
        do(issue_doses, command, boss)
        do(note_waste, waste, boss)
    assert (in_store(store, lot), in_bag(vet.id, lot)) == (94, 5)
    with pytest.raises(SaidOtherwise):
        do(issue_doses, replace(command, doses=6), boss)


def test_what_is_wrong_is_refused_and_nothing_moves(context: Flask):
    store, vet = make_store(), actor_for(Role.VET, LUNYUK)
    lot = receive(store).lot_id
    with pytest.raises(NotEnoughDoses) as refused:
        issue(store, lot, vet.id, 101)
    assert refused.value.facts == {"there": 100}
    with pytest.raises(NotThatManyDoses):
        issue(store, lot, vet.id, -1)
    with pytest.raises(NotAVaccinator):
        issue(store, lot, actor_for(Role.VET, ALAS).id)
    with pytest.raises(LotExpiresOtherwise):
        receive(store, expires_on=today())
    with pytest.raises(LotCameExpired):
        receive(store, number="OLD", expires_on=today() - timedelta(days=1))
    with pytest.raises(StockDayAhead):
        receive(store, received_on=today() + timedelta(days=1))


def test_what_does_not_fit_the_books_is_refused(context: Flask):
    store, boss = make_store(), head()
    lot = receive(store).lot_id
    with pytest.raises(SameStore):
        do(transfer_doses, TransferDoses(
            store_id=store.id, to_store_id=store.id, lot_id=lot, doses=1), boss)  # fmt: skip
    with pytest.raises(CountedMeanwhile):
        do(count_doses, CountDoses(
            lot_id=lot, store_id=store.id, found=9, expected=99, note="x"), boss)  # fmt: skip
    with pytest.raises(StoreNotEmpty):
        do(keep_store, KeepStore(name="x", store_id=store.id, is_active=False), boss)
    with pytest.raises(StoreNameTaken):
        make_store("KULKAS 1")
    burnt = DestroyDoses(store_id=store.id, number="1", destroyed_on=today(), place="x",
                         method="x", witnesses="x", reason=WasteReason.EXPIRED,
                         lots=((lot, 1),))  # fmt: skip
    do(destroy_doses, burnt, boss)
    with pytest.raises(MinutesNumberTaken):
        do(destroy_doses, replace(burnt, id=uuid7()), boss)
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE vaccine_holdings SET doses = -1"))
    assert in_store(store, lot) == 99


def test_a_mistyped_expiry_day_is_corrected_by_who_looks_after_the_lot(context: Flask):
    store, boss, kabid = make_store(), head(), actor_for(Role.KABID)
    move = receive(store)
    lot, was, right = move.lot_id, today() + timedelta(days=200), today() + timedelta(days=20)
    command = CorrectLotDay(lot_id=lot, was=was, expires_on=right, reason="Dari botol")
    for by, error in ((actor_for(Role.VET, LUNYUK), Forbidden), (head(ALAS), NotFound)):
        with pytest.raises(error):
            do(correct_lot_day, command, by)
    for wrong, refusal in (
        ({"reason": " "}, LotDayReasonMissing),
        ({"expires_on": was}, LotDayIsThat),
        ({"was": right}, LotDayChangedMeanwhile),
    ):
        with pytest.raises(refusal):
            do(correct_lot_day, replace(command, id=uuid7(), **wrong), boss)
    for _ in "12":
        do(correct_lot_day, command, boss)
    event = db.session.scalars(select(Event).where(Event.name == "vaccine.lot-day-corrected")).one()
    assert event.facts == {"was": str(was), "expires_on": str(right), "reason": "Dari botol"}
    with pytest.raises(LotDayChangedMeanwhile):  # the other tab
        do(correct_lot_day, replace(command, id=uuid7()), kabid)
    assert receive(store, expires_on=right).lot_id == lot
    do(transfer_doses, TransferDoses(store_id=store.id, doses=200, lot_id=lot,
       to_store_id=make_store("Alas", ALAS).id), boss)  # fmt: skip
    back = replace(command, id=uuid7(), was=right, expires_on=was)
    do(correct_lot_day, back, boss)  # it lay there once


def test_a_destruction_says_why(context: Flask):
    store, boss = make_store(), head()
    lot = receive(store).lot_id
    burnt = DestroyDoses(store_id=store.id, number="1", destroyed_on=today(), place="x", method="x",
                         witnesses="x", reason=WasteReason.OTHER, lots=((lot, 1),))  # fmt: skip
    for wrong in (burnt, replace(burnt, reason=WasteReason.ANIMAL_FOUGHT, note="x")):
        with pytest.raises(NoReasonToDestroy):
            do(destroy_doses, wrong, boss)
    minutes = do(destroy_doses, replace(burnt, note=" Banjir "), boss)
    assert why_destroyed(minutes.id) == (WasteReason.OTHER, "Banjir")


def test_a_warm_box_is_told_to_those_who_look_after_it(context: Flask):
    boss, kabid, vet = head(), actor_for(Role.KABID), actor_for(Role.VET, LUNYUK)
    actor_for(Role.UPT_HEAD, ALAS)
    store = make_store()
    receive(store, tenths=50)
    do(note_temperature, NoteTemperature(tenths=81, store_id=store.id), boss)
    alarm = db.session.scalars(select(Event).where(Event.name == "cold.out-of-range")).one()
    assert set(alarm.facts["told"]) == {str(boss.id), str(kabid.id)}
    newest, older = readings_of(Place(store_id=store.id))
    assert (newest.is_outside, newest.told, older.is_outside) == (True, 2, False)
    assert len(cold_alarms(by=kabid)) == 1
    assert cold_alarms(by=head(ALAS)) == []
    do(note_temperature, NoteTemperature(tenths=300), vet)  # an empty box has no limits
    assert not readings_of(Place(officer_id=vet.id))[0].is_outside


def test_doses_never_exceed_the_stock_when_six_want_them_at_once(app: Flask):
    with app.app_context():
        store = make_store()
        lot = receive(store, 100).lot_id
        vets = [actor_for(Role.VET, REGENCY) for _ in range(6)]
        close()
    together, refused = Barrier(6), list[str]()

    def take(vet: SignedIn) -> None:
        with app.app_context():
            together.wait()
            try:
                issue(store, lot, vet.id, 30)
            except SijinakError as error:
                refused.append(error.code)
            db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(take, vets))
    with app.app_context():
        assert refused == ["not-enough-doses"] * 3
        assert in_store(store, lot) == 10
        assert sum(in_bag(vet.id, lot) for vet in vets) == 90
        assert wrong_books() == []


def test_moves_to_and_fro_at_once_do_not_wait_in_a_ring(app: Flask):
    with app.app_context():
        stores = make_store("A"), make_store("B")
        lots = {receive(store).lot_id for store in stores}
        (lot,) = lots
        close()
    together, failed = Barrier(8), list[object]()

    def carry(n: int) -> None:
        source, target = stores if n % 2 else stores[::-1]
        with app.app_context():
            together.wait()
            try:
                do(transfer_doses, TransferDoses(
                    store_id=source.id, to_store_id=target.id, lot_id=lot, doses=3))  # fmt: skip
            except Exception as error:  # noqa: BLE001 - shown by the test
                failed.append(error)
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(carry, range(8)))
    with app.app_context():
        assert failed == []
        assert [in_store(store, lot) for store in stores] == [100, 100]
        assert db.session.query(DoseMove).count() == 10
