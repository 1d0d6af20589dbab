"""Who keeps tariffs: two people, dated rows, and nothing in force is ever changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, SijinakError
from sijinak.core.events import Event
from sijinak.core.money import Rupiah
from sijinak.retribution.tariffs.models import Service, Tariff, Unit
from sijinak.retribution.tariffs.queries import tariff_book, tariffs_on, wants_review
from sijinak.retribution.tariffs.services import (
    ApproveTariffs,
    OwnTariff,
    ProposeTariffs,
    RefuseTariff,
    TariffAnswered,
    TariffBackDated,
    TariffDaysTurned,
    TariffInPast,
    TariffKnown,
    TariffOverlaps,
    Wording,
    approve_tariffs,
    propose_tariffs,
    refuse_tariff,
)
from tests.factories import actor_for
from tests.retribution.factories import add_tariff, do, later

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)


def wording(**fields: Any) -> Wording:
    told: dict[str, Any] = {
        "code": "keluar-kerbau",
        "service": Service.SHIPPING,
        "component": "Pengeluaran kerbau",
        "species": "buffalo",
        "unit": Unit.HEAD,
        "amount": Rupiah(85_000),
        "perda": "Perda 1/2026",
        "article": "lampiran III",
        "law_code": "4.1.02.02.01",
        "source": "lampiran III halaman 12",
        "valid_from": today(),
    }
    return Wording(**{**told, **fields})


def keeper() -> Any:
    return actor_for(Role.KADIS)


def proposed(by: Any = None, **fields: Any) -> Tariff:
    row = wording(**fields)
    do(propose_tariffs, ProposeTariffs(rows=(row,)), by=by or keeper())
    with transaction():
        made = select(Tariff).where(Tariff.code == row.code, Tariff.valid_from == row.valid_from)
        found = db.session.scalars(made.order_by(Tariff.id.desc())).first()
        assert found
        return found


def approve(*tariffs: Tariff, by: Any = None) -> Any:
    command = ApproveTariffs(tariff_ids=tuple(one.id for one in tariffs))
    return do(approve_tariffs, command, by=by or keeper())


def amounts_on(day: date, code: str = "keluar-kerbau") -> list[int]:
    with transaction():
        return [row.amount for row in tariffs_on(day) if row.code == code]


def test_it_counts_when_a_second_person_approves_it():
    tariff = proposed()
    assert amounts_on(today()) == []
    approve(tariff)
    assert amounts_on(today()) == [85_000]


def test_who_proposes_does_not_approve():
    one = keeper()
    tariff = proposed(by=one)
    with pytest.raises(OwnTariff):
        approve(tariff, by=one)
    with pytest.raises((DBAPIError, Clash)), transaction():
        db.session.execute(text("UPDATE tariffs SET approved_by = proposed_by"))


@pytest.mark.parametrize("role", [Role.TRADER, Role.TREASURER, Role.AUDITOR, Role.PERMIT_DESK])
def test_others_neither_propose_nor_approve(role: Role):
    other = actor_for(role)
    with pytest.raises(Forbidden):
        proposed(by=other)
    with pytest.raises(Forbidden):
        approve(proposed(), by=other)


def test_a_new_version_ends_the_old_one_on_the_day_before():
    approve(proposed())
    approve(proposed(amount=Rupiah(90_000), valid_from=today() + 10 * DAY))
    assert amounts_on(today() + 9 * DAY) == [85_000]
    assert amounts_on(today() + 10 * DAY) == [90_000]


def test_a_version_before_a_later_one_is_refused():
    approve(proposed(valid_from=today() + 10 * DAY))
    early = proposed(amount=Rupiah(1))
    with pytest.raises(TariffOverlaps):
        approve(early)
    short = proposed(amount=Rupiah(2), valid_from=today() + DAY, valid_until=today() + 9 * DAY)
    approve(short)
    assert amounts_on(today() + 9 * DAY) == [2]


def test_what_is_in_force_is_not_replaced_for_days_that_are_over():
    late = "Perda diumumkan bulan lalu"
    approve(proposed(valid_from=today() - 30 * DAY, past_why=late))
    with pytest.raises(TariffBackDated):
        approve(proposed(amount=Rupiah(1), valid_from=today() - DAY, past_why=late))


def test_one_that_begins_in_the_past_is_asked_why_and_the_reason_stays():
    with pytest.raises(TariffInPast):
        proposed(valid_from=today() - DAY)
    with pytest.raises(TariffInPast):
        proposed(valid_from=today() - DAY, past_why="  ")
    why = "Perda berlaku sejak diundangkan"
    assert proposed(valid_from=today() - DAY, past_why=why).past_why == why


def test_whoever_heads_a_part_of_the_regency_keeps_no_tariffs_of_all_of_it():
    part = actor_for(Role.KABID, "52.04.05")
    with pytest.raises(Forbidden):
        proposed(by=part)
    with pytest.raises(Forbidden):
        approve(proposed(), by=part)


def test_days_that_are_turned_and_rows_that_are_there_are_refused():
    with pytest.raises(TariffDaysTurned):
        proposed(valid_until=today() - DAY)
    proposed()
    with pytest.raises(TariffKnown):
        proposed()


def test_a_refused_one_leaves_room_and_is_answered_once():
    tariff = proposed()
    refused = RefuseTariff(tariff_id=tariff.id, reason="salah halaman")
    do(refuse_tariff, refused, by=keeper())
    for answer in (
        lambda: approve(tariff),
        lambda: do(refuse_tariff, RefuseTariff(tariff_id=tariff.id, reason="x"), by=keeper()),
    ):
        with pytest.raises(TariffAnswered):
            answer()
    approve(proposed(amount=Rupiah(86_000)))
    assert amounts_on(today()) == [86_000]


def test_a_list_is_proposed_and_approved_as_a_whole_or_not_at_all():
    one, two = wording(), wording(code="keluar-kuda", species="horse")
    with pytest.raises(TariffKnown):
        do(propose_tariffs, ProposeTariffs(rows=(one, two, one)), by=keeper())
    do(propose_tariffs, ProposeTariffs(rows=(one, two)), by=keeper())
    with transaction():
        book = tariff_book(today(), by=keeper())
    approve(*book.proposed)
    assert amounts_on(today(), "keluar-kuda") == [85_000]


def test_the_book_knows_past_present_and_future():
    approve(proposed())
    approve(proposed(amount=Rupiah(90_000), valid_from=today() + 10 * DAY))
    waits = proposed(code="keluar-kuda", species="horse")
    with later(days=11), transaction():
        book = tariff_book(today(), by=keeper())
        assert [row.amount for row in book.past] == [85_000]
        assert 90_000 in [row.amount for row in book.in_force]
        assert [row.id for row in book.proposed] == [waits.id]
        assert book.to_come == []


def test_every_step_is_an_event():
    tariff = proposed()
    approve(tariff)
    with transaction():
        asked = select(Event.name).where(Event.subject_id == tariff.id).order_by(Event.id)
        assert db.session.scalars(asked).all() == ["tariff.proposed", "tariff.approved"]


def test_after_three_years_it_wants_a_review():
    add_tariff(1_000, code="tua", valid_from=today())
    with transaction():
        tariff = db.session.scalars(select(Tariff).where(Tariff.code == "tua")).one()
        assert not wants_review(tariff)
        with later(days=3 * 365 - 1):
            assert not wants_review(tariff)
        with later(days=3 * 366):
            assert wants_review(tariff)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tariffs SET amount = amount + 1",
        "UPDATE tariffs SET valid_from = '2020-01-01'",
        "UPDATE tariffs SET approved_by = NULL",
        "UPDATE tariffs SET law_code = 'x'",
        "DELETE FROM tariffs",
        "UPDATE skrd_lines SET amount = amount",
        "DELETE FROM skrd_lines",
        "UPDATE skrd SET total = total + 1",
        "UPDATE skrd SET due_on = '2099-01-01'",
        "DELETE FROM skrd",
    ],
)
def test_the_database_keeps_what_was_approved_and_billed(statement: str):
    from tests.retribution.factories import make_skrd

    make_skrd()
    with pytest.raises((DBAPIError, Clash)), transaction():
        db.session.execute(text(statement))


def test_two_rows_of_one_key_on_one_day_are_refused_by_the_database():
    species = add_tariff(1_000)
    with pytest.raises((DBAPIError, Clash)):
        add_tariff(2_000, code=species, species=species, valid_from=today() + DAY)
    add_tariff(2_000, code=species, species=species, sex="male", valid_from=today() + DAY)


def test_two_approvals_of_one_key_at_once_leave_one(app: Flask):
    first = proposed(amount=Rupiah(1), valid_from=today())
    second = proposed(amount=Rupiah(2), valid_from=today() + DAY, valid_until=today() + 5 * DAY)
    people, barrier = (keeper(), keeper()), Barrier(2)

    def call(tariff: Tariff, by: Any) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return approve(tariff, by=by)
            except (SijinakError, DBAPIError) as error:
                return error

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(call, (first, second), people))
    for ahead in range(8):
        assert len(amounts_on(today() + ahead * DAY)) <= 1
