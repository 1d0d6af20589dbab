"""Departure slots: never more than a port takes, one for a permit, and needed where they count."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Forbidden, NotFound
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import PERMIT_FLOW, Permit, PermitState
from sijinak.permits.slots.booking import SlotFull, take
from sijinak.permits.slots.commands import BookSlot, CancelSlot, ChangeSlot, SetCapacity
from sijinak.permits.slots.models import SlotBooking, SlotDay, SlotUnit
from sijinak.permits.slots.queries import SlotMissing, refuse_without_slot, slot_day, slot_of
from sijinak.permits.slots.services import (
    MoreBooked,
    NoSlotNeeded,
    SlotBookedAlready,
    SlotDayWrong,
    TooEarlyForSlot,
    book_slot,
    cancel_slot,
    change_slot,
    set_capacity,
)
from sijinak.permits.taking import end
from tests.animals.factories import firm, make_keeper
from tests.browsing import form_post
from tests.databases import SERVER
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.permits.quota.books import bare_permit

D1, D2 = today() + timedelta(days=1), today() + timedelta(days=2)


def places(capacity: int | None, first: date = D1, last: date = D2, **fields: Any) -> None:
    defaults: dict[str, Any] = {"port": "badas", "unit": SlotUnit.TRUCKS}
    command = SetCapacity(
        first_day=first,
        last_day=last,
        capacity=capacity,
        **{**defaults, **fields},
    )
    with transaction():
        set_capacity(command, by=OPERATOR)


def approved(**fields: Any) -> Permit:
    state = fields.pop("state", PermitState.APPROVED)
    until = today() + timedelta(days=14)
    return bare_permit(make_keeper(firm(name="CV Kapal")), state=state, valid_until=until, **fields)


def book(permit: Permit, day: date = D1) -> SlotBooking:
    with transaction():
        return book_slot(BookSlot(permit_id=permit.id, day=day), by=OPERATOR)


def booked_on(day: date) -> int:
    db.session.rollback()
    asked = select(SlotDay.booked).where(SlotDay.port == "badas", SlotDay.day == day)
    return db.session.execute(asked).scalar_one()


def test_a_day_takes_what_it_takes(context: Flask):
    places(1)
    book(approved())
    with pytest.raises(SlotFull):
        book(approved())
    assert booked_on(D1) == 1


def test_a_permit_has_one_place_and_a_double_click_is_one(context: Flask):
    places(3)
    permit = approved()
    command = BookSlot(permit_id=permit.id, day=D1)
    for _ in range(2):
        with transaction():
            book_slot(command, by=OPERATOR)
    with pytest.raises(SlotBookedAlready):
        book(permit, D2)
    assert (booked_on(D1), booked_on(D2)) == (1, 0)


def test_who_moves_or_gives_back_leaves_the_place_free(context: Flask):
    places(1)
    permit, other = approved(), approved()
    book(permit)
    with transaction():
        change_slot(ChangeSlot(permit_id=permit.id, day=D2, why="Truk rusak"), by=OPERATOR)
    assert (booked_on(D1), booked_on(D2)) == (0, 1)
    book(other, D1)
    with transaction(), pytest.raises(SlotFull):
        change_slot(ChangeSlot(permit_id=other.id, day=D2, why="Mau"), by=OPERATOR)
    db.session.rollback()
    with transaction():
        cancel_slot(CancelSlot(permit_id=permit.id, why="Batal"), by=OPERATOR)
    assert slot_of(permit.id) is None
    assert booked_on(D2) == 0


def test_a_permit_that_ends_gives_its_place_back(context: Flask):
    places(1)
    permit = approved()
    book(permit)
    with transaction():
        db.session.add(permit)
        end(permit, PERMIT_FLOW.step(PermitState.APPROVED, "revoke"), by=OPERATOR)
    assert slot_of(permit.id) is None
    assert booked_on(D1) == 0


def test_where_a_port_counts_nobody_leaves_without_a_place_for_the_day(context: Flask):
    permit = approved()
    refuse_without_slot(permit, "badas", D1)
    places(2)
    with pytest.raises(SlotMissing):
        refuse_without_slot(permit, "badas", D1)
    book(permit, D1)
    refuse_without_slot(permit, "badas", D1)
    refuse_without_slot(permit, "poto-tano", D2)
    with pytest.raises(SlotMissing):
        refuse_without_slot(permit, "badas", D2)
    places(None, D2, D2)
    refuse_without_slot(permit, "badas", D2)


def test_in_heads_a_permit_takes_as_many_as_pass(context: Flask):
    places(5, unit=SlotUnit.HEADS)
    assert book(approved(tags=["A", "B", "C"])).amount == 3
    with pytest.raises(SlotFull):
        book(approved(tags=["A", "B", "C"]))


def test_places_are_not_cut_below_what_is_booked_on_any_day(context: Flask):
    places(2)
    book(approved(), D2)
    book(approved(), D2)
    for change in ({"capacity": 1}, {"capacity": 9, "unit": SlotUnit.HEADS}):
        with pytest.raises(MoreBooked) as refused:
            places(**change)
        assert refused.value.facts == {"days": D2.isoformat(), "count": 1}
    book(approved(), D1)
    assert booked_on(D1) == 1


@pytest.mark.parametrize(
    ("fields", "day", "error"),
    [
        ({"state": PermitState.PAID}, D1, TooEarlyForSlot),
        ({"state": PermitState.CANCELLED}, D1, TooEarlyForSlot),
        ({}, today() - timedelta(days=1), SlotDayWrong),
        ({}, today() + timedelta(days=15), SlotDayWrong),
        ({}, today() + timedelta(days=5), NoSlotNeeded),
        ({"port": "poto-tano"}, D1, NoSlotNeeded),
    ],
)
def test_a_place_is_for_a_permit_that_counts_on_a_day_that_is_counted(
    context: Flask, fields: dict[str, Any], day: date, error: type[Conflict]
):
    places(2)
    with pytest.raises(error):
        book(approved(**fields), day)


def test_others_do_not_book_for_a_firm(context: Flask):
    places(2)
    permit = approved(state=PermitState.APPROVED)
    vet, far = actor_for(Role.VET), actor_for(Role.PERMIT_DESK, LUNYUK)
    stranger = actor_for(Role.TRADER, keeper_id=make_keeper(firm(name="CV Lain")).id)
    with transaction(), pytest.raises(NotFound):
        book_slot(BookSlot(permit_id=permit.id, day=D1), by=stranger)
    db.session.rollback()
    with transaction(), pytest.raises(Forbidden):
        book_slot(BookSlot(permit_id=permit.id, day=D1), by=vet)
    db.session.rollback()
    command = SetCapacity(port="badas", first_day=D1, last_day=D1, unit=SlotUnit.TRUCKS, capacity=1)
    with transaction(), pytest.raises(NotFound):
        set_capacity(command, by=far)


@pytest.mark.skipif(not SERVER, reason="SQLite has one writer")
def test_a_place_is_counted_in_the_unit_of_the_moment(app: Flask):
    with app.app_context():
        places(3)
        permit = approved(tags=["A", "B", "C"])
        with transaction():
            day = slot_day("badas", D1)
            assert day
            assert day.unit is SlotUnit.TRUCKS
            with app.app_context():
                places(3, unit=SlotUnit.HEADS)
            assert take(permit, day, uuid7(), by=OPERATOR).amount == 3
        assert booked_on(D1) == 3


def test_twenty_at_once_for_five_places(app: Flask):
    with app.app_context():
        places(5)
        permits = [approved().id for _ in range(20)]
    start = Barrier(len(permits))
    got: list[UUID] = []

    def run(permit_id: UUID) -> None:
        start.wait()
        with app.app_context():
            try:
                with transaction():
                    book_slot(BookSlot(permit_id=permit_id, day=D1), by=OPERATOR)
                got.append(permit_id)
            except SlotFull:
                pass

    threads = [Thread(target=run, args=(permit_id,)) for permit_id in permits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert len(got) == booked_on(D1) == 5


@pytest.fixture
def applicant(app: Flask) -> tuple[FlaskClient, UUID]:
    """A browser of a firm whose permit is approved; one place on each day, the first is taken."""
    with app.app_context():
        places(1)
        book(approved(), D1)
        permit = approved()
        client = signed_in(app, make_user(Role.TRADER, keeper_id=permit.keeper_id))
    client.set_cookie("bahasa", "en")
    return client, permit.id


def test_the_applicant_picks_a_free_day(applicant: tuple[FlaskClient, UUID]):
    client, permit_id = applicant
    url = f"/izin/{permit_id}/slot"
    page = client.get(url).text
    assert f'value="{D2}"' in page
    assert f'value="{D1}"' not in page
    refused = form_post(client, url, id=str(uuid7()), day=D1.isoformat())
    assert refused.status_code == 422
    assert "0 places are left, and 1 are needed" in refused.text
    assert form_post(client, url, id=str(uuid7()), day=D2.isoformat()).status_code == 302


def test_the_applicant_moves_and_gives_back_with_a_reason(
    app: Flask, applicant: tuple[FlaskClient, UUID]
):
    client, permit_id = applicant
    url = f"/izin/{permit_id}/slot"
    with app.app_context():
        places(2, D1, D1)
    form_post(client, url, id=str(uuid7()), day=D2.isoformat())
    again = {"id": str(uuid7()), "day": D1.isoformat()}
    assert form_post(client, url, **again, why="").status_code == 422
    assert form_post(client, url, **again, why="Truk rusak").status_code == 302
    assert "Truk rusak" in client.get(url).text
    gone = form_post(client, f"{url}/batal", id=str(uuid7()), why="Batal")
    assert gone.status_code == 302
    with app.app_context():
        assert slot_of(permit_id) is None


def test_the_office_sets_places_and_sees_who_has_booked(app: Flask):
    with app.app_context():
        client = signed_in(app, make_user(Role.PERMIT_DESK))
    client.set_cookie("bahasa", "en")
    form = {
        "id": str(uuid7()), "port": "badas", "first_day": D1.isoformat(),
        "last_day": D2.isoformat(), "unit": "trucks", "capacity": "2", "note": "KM Camara",
    }  # fmt: skip
    assert client.get("/izin/slot/atur").status_code == 200
    assert (
        form_post(client, "/izin/slot/atur", **{**form, "last_day": "2020-01-01"}).status_code
        == 422
    )
    assert form_post(client, "/izin/slot/atur", **form).status_code == 302
    with app.app_context():
        book(approved(), D1)
    page = client.get("/izin/slot/?pelabuhan=badas").text
    for text in ("KM Camara", "CV Kapal", "Some free", "All free"):
        assert text in page
