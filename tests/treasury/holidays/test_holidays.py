"""The office's own table of days off."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.treasury.holidays.models import Holiday, HolidayKind
from sijinak.treasury.holidays.queries import (
    holiday_on,
    working_days_after,
    working_days_between,
    year_without_holidays,
)
from sijinak.treasury.holidays.reading import RowFault, read_list
from sijinak.treasury.holidays.services import (
    AnswerHoliday,
    DayIsOff,
    DayOff,
    EnterHoliday,
    EnterHolidays,
    HolidayGone,
    HolidayWaits,
    RemoveHoliday,
    SamePersonAgrees,
    answer_holiday,
    enter_holiday,
    enter_holidays,
    load_holidays,
    remove_holiday,
)
from tests.browsing import form_post
from tests.factories import actor_for, make_user, signed_in
from tests.treasury.cash.factories import collector, do, kabid, noon, treasurer

pytestmark = pytest.mark.usefixtures("context")
A_DAY = date(2026, 11, 11)


def off(day: date = A_DAY, name: str = "Hari jadi kabupaten") -> EnterHoliday:
    source = "Keputusan Bupati 1/2026"
    return EnterHoliday(off=DayOff(day=day, name=name, kind=HolidayKind.REGIONAL, source=source))


def test_the_national_days_come_along_and_are_loaded_once():
    with transaction():
        assert load_holidays(by=OPERATOR) == 0
        independence = holiday_on(date(2026, 8, 17))
        assert independence is not None
        assert not independence.is_example
        assert holiday_on(date(2027, 3, 10)).is_example  # type: ignore[union-attr]


def test_deadlines_count_by_the_table():
    """16 February 2026 is collective leave, 17 February a holiday: from Friday to Wednesday."""
    with transaction():
        assert working_days_after(date(2026, 2, 13), 1) == date(2026, 2, 18)
        assert working_days_between(date(2026, 2, 13), date(2026, 2, 18)) == 1


def test_a_day_of_the_office_moves_its_deadlines():
    with transaction():
        before = working_days_after(date(2026, 11, 10), 1)
    with clock.reading(noon(date(2026, 11, 10))):
        do(enter_holiday, off(), by=treasurer())
    with transaction():
        assert (before, working_days_after(date(2026, 11, 10), 1)) == (A_DAY, date(2026, 11, 12))


def test_a_day_is_off_once():
    keeper = treasurer()
    first = do(enter_holiday, off(), by=keeper)
    with pytest.raises(DayIsOff):
        do(enter_holiday, off(name="Lain"), by=keeper)
    with pytest.raises(Clash), transaction():
        db.session.add(Holiday(
            day=A_DAY, name="x", kind=HolidayKind.REGIONAL, source="x", is_example=False,
            entered_at=first.entered_at, entered_by=keeper.id, entered_by_name="x",
        ))  # fmt: skip


def test_a_day_that_has_begun_counts_when_a_second_person_agrees():
    keeper, head = treasurer(), kabid()
    with clock.reading(noon(A_DAY)):
        late = do(enter_holiday, off(), by=keeper)
        assert tomorrow() == A_DAY, "nothing is late any less yet"
        with pytest.raises(SamePersonAgrees):
            answer(late, keeper)
        with pytest.raises(Forbidden):
            answer(late, collector())
        answer(late, head)
        assert tomorrow() == date(2026, 11, 12)
        do(remove_holiday, RemoveHoliday(holiday_id=late.id, why="keliru"), by=keeper)
        assert tomorrow() == date(2026, 11, 12), "nor is it late any more"
        for again in (keeper, treasurer()):
            with pytest.raises(HolidayWaits):
                do(remove_holiday, RemoveHoliday(holiday_id=late.id, why="lagi"), by=again)
        answer(late, head, "refuse")
        assert tomorrow() == date(2026, 11, 12)
        do(remove_holiday, RemoveHoliday(holiday_id=late.id, why="keliru"), by=keeper)
        answer(late, head)
        assert tomorrow() == A_DAY


def test_a_late_entry_is_refused_and_never_counts():
    with clock.reading(noon(A_DAY)):
        late = do(enter_holiday, off(), by=treasurer())
        answer(late, kabid(), "refuse")
        assert tomorrow() == A_DAY
        with pytest.raises(HolidayGone):
            answer(late, treasurer())
        do(enter_holiday, off(), by=treasurer())


def test_a_list_with_days_that_have_begun_waits_too():
    days = (off(A_DAY).off, off(date(2026, 11, 12)).off)
    with clock.reading(noon(A_DAY)):
        do(enter_holidays, EnterHolidays(days=days), by=treasurer())
        with transaction():
            assert working_days_after(date(2026, 11, 11), 1) == date(2026, 11, 13)
        assert tomorrow() == A_DAY


def answer(holiday: Holiday, by: SignedIn, action: str = "agree") -> Holiday:
    return do(answer_holiday, AnswerHoliday(holiday_id=holiday.id, action=action), by=by)


def tomorrow() -> date:
    """The working day after the tenth."""
    with transaction():
        return working_days_after(date(2026, 11, 10), 1)


def test_what_was_wrong_is_taken_out_and_stays_to_be_seen():
    keeper = treasurer()
    wrong = do(enter_holiday, off(), by=keeper)
    do(remove_holiday, RemoveHoliday(holiday_id=wrong.id, why="diundur"), by=keeper)
    with pytest.raises(HolidayGone):
        do(remove_holiday, RemoveHoliday(holiday_id=wrong.id, why="lagi"), by=keeper)
    do(enter_holiday, off(name="Yang benar"), by=keeper)
    with transaction():
        found = holiday_on(A_DAY)
        assert found is not None
        assert found.name == "Yang benar"
        assert db.session.get_one(Holiday, wrong.id).removed_why == "diundur"


def test_only_who_keeps_the_treasury_changes_the_table():
    for role in (Role.COLLECTOR, Role.KABID, Role.AUDITOR):
        with pytest.raises(Forbidden):
            do(enter_holiday, off(), by=actor_for(role))


def test_an_empty_year_is_told_in_time():
    with transaction():
        assert year_without_holidays(date(2027, 9, 30)) is None
        assert year_without_holidays(date(2027, 10, 1)) == 2028
        assert year_without_holidays(date(2029, 1, 1)) == 2029


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2027-03-10;Idulfitri;nasional", None),
        ("10/03/2027\tIdulfitri\tcuti bersama", None),
        ("1/3/2027,Idulfitri", None),
        ("2027-02-30;Tidak ada;nasional", RowFault.DAY),
        ("besok;Idulfitri;nasional", RowFault.DAY),
        ("2027-03-10;;nasional", RowFault.NAME),
        ("2027-03-10;Idulfitri;pesta", RowFault.KIND),
        ("2027-03-10;Idulfitri;nasional;lagi", RowFault.COLUMNS),
    ],
)
def test_a_list_is_read_line_by_line(line: str, fault: RowFault | None):
    row = read_list(f"tanggal;nama;jenis\n\n{line}\n", "SKB")[0]
    assert row.fault is fault
    assert (row.off is None) is (fault is not None)


def test_the_same_day_twice_is_a_fault_of_the_second():
    rows = read_list("2027-03-10;A\n2027-03-10;B", "SKB")
    assert [row.fault for row in rows] == [None, RowFault.TWICE]


def test_a_list_is_looked_at_before_it_is_entered(context: Flask):
    client = signed_in(context, make_user(Role.TREASURER))
    sent: dict[str, Any] = {
        "id": uuid7(), "source": "SKB 2028", "rows": "2028-01-01;Tahun baru\n2028-08-17;Merdeka",
    }  # fmt: skip
    shown = form_post(client, "/hari-libur/daftar", **sent, step="look")
    assert shown.status_code == 200
    assert "Merdeka" in shown.text
    assert "2028" not in client.get("/hari-libur/").text
    wrong: dict[str, Any] = {**sent, "rows": "kapan-kapan;x"}
    assert form_post(client, "/hari-libur/daftar", **wrong, step="enter").status_code == 422
    done = form_post(client, "/hari-libur/daftar", **sent, step="enter")
    assert done.status_code == 302
    assert "Merdeka" in client.get(done.location).text


def test_the_pages_enter_confirm_and_take_out(context: Flask):
    client = signed_in(context, make_user(Role.TREASURER))
    sent: dict[str, Any] = {
        "id": uuid7(),
        "day": "2026-11-11",
        "name": "Hari jadi",
        "kind": "regional",
    }
    assert form_post(client, "/hari-libur/baru", **sent).status_code == 422, "no decision"
    done = form_post(client, "/hari-libur/baru", **sent, source="Keputusan Bupati")
    assert done.status_code == 302
    again: dict[str, Any] = {**sent, "id": uuid7(), "source": "y"}
    assert form_post(client, "/hari-libur/baru", **again).status_code == 422
    with transaction():
        example, mine = holiday_on(date(2027, 3, 10)), holiday_on(A_DAY)
        assert example
        assert mine
    assert client.get(f"/hari-libur/{example.id}").status_code == 200
    form_post(client, f"/hari-libur/{example.id}/cocok", id=uuid7())
    page = f"/hari-libur/{mine.id}/keluarkan"
    assert form_post(client, page, id=uuid7()).status_code == 422
    assert form_post(client, page, id=uuid7(), why="salah").status_code == 302
    with transaction():
        checked = db.session.get_one(Holiday, example.id, populate_existing=True)
        assert not checked.is_example
    with clock.reading(noon(A_DAY)):
        assert "salah" in client.get("/hari-libur/?tahun=2026").text
