"""Readings that cannot all be true raise an alarm, once; those that can do not."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, EndReason
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import (
    RecordMutation,
    RetagAnimal,
    record_mutation,
    retag_animal,
)
from sijinak.animals.naming import end
from sijinak.animals.queries import live_tags
from sijinak.animals.services import SeeAnimal, register_animal, see_animal
from sijinak.animals.stocktake.services import (
    BeginStockTake,
    ScanCodes,
    begin_stock_take,
    scan_codes,
)
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.tags import jobs
from sijinak.tags.alarms import alarms, count_open_alarms
from sijinak.tags.jobs import note_animal, note_applied
from sijinak.tags.models import AlarmKind, Sighting, TagAlarm
from sijinak.tags.services import AlarmClosed, CloseAlarm, ResolutionMissing, close_alarm
from sijinak.tags.watching import Limits, Seen, note_sightings
from sijinak.vaccinations.models import Product
from sijinak.vaccinations.services import RecordVaccinations, record_vaccinations
from tests.animals.factories import bull, make_animal, make_keeper
from tests.browsing import form_post, id_on
from tests.conftest import close
from tests.factories import LUNYUK, LUNYUK_REA, REGENCY, actor_for, make_user, signed_in
from tests.tags.factories import ALAS, SUMBAWA, all_alarms, at, deliver, note, seen
from tests.tagstock.factories import fill_bag, make_stock, move

K = AlarmKind
ELSEWHERE = "52.04.05.2001"  # in another kecamatan
HOUR = timedelta(hours=1)


def kinds() -> list[AlarmKind]:
    return [alarm.kind for alarm in all_alarms()]


def read_twice(
    animal: Animal, code: str, apart: timedelta, first: dict[str, Any], then: dict[str, Any]
) -> None:
    start = now() - timedelta(days=10)
    note(seen(animal.id, code, seen_at=start, **first))
    note(seen(animal.id, code, seen_at=start + apart, **then))


@pytest.mark.parametrize(
    ("apart", "raised"), [(HOUR / 2, [K.TWO_PLACES]), (HOUR, []), (24 * HOUR, [])]
)
def test_faster_than_a_lorry_is_an_alarm(context: Flask, apart: timedelta, raised: list[K]):
    animal, code = make_animal()
    read_twice(animal, code, apart, at(SUMBAWA), at(ALAS))  # 57 km
    assert kinds() == raised
    assert [alarm.facts["km"] for alarm in all_alarms()] == [57 for _ in raised]


def test_less_than_twenty_kilometres_is_a_wide_pasture(context: Flask):
    animal, code = make_animal()
    near = (SUMBAWA[0] + 0.17, SUMBAWA[1])  # 19 km
    read_twice(animal, code, timedelta(0), at(SUMBAWA), at(near))
    far = (SUMBAWA[0] - 0.19, SUMBAWA[1])  # 21 km
    other, tag = make_animal()
    read_twice(other, tag, timedelta(0), at(SUMBAWA), at(far))
    assert [alarm.code for alarm in all_alarms()] == [tag]


@pytest.mark.parametrize(
    ("apart", "village", "raised"),
    [
        (HOUR, ELSEWHERE, [K.TWO_PLACES]),
        (2 * HOUR, ELSEWHERE, []),
        (HOUR, "52.04.02.2002", []),
    ],
)
def test_without_coordinates_the_kecamatan_decides(
    context: Flask, apart: timedelta, village: str, raised: list[K]
):
    animal, code = make_animal()
    read_twice(animal, code, apart, at(SUMBAWA), {"village": village})
    assert kinds() == raised


def test_news_that_comes_late_is_compared_with_what_came_after_it(context: Flask):
    animal, code = make_animal()
    noon = now() - timedelta(days=3)
    note(seen(animal.id, code, seen_at=noon, **at(SUMBAWA)))
    note(seen(animal.id, code, seen_at=noon - HOUR / 4, **at(ALAS)))
    (alarm,) = all_alarms()
    assert alarm.facts["moments"] == [(noon - HOUR / 4).isoformat(), noon.isoformat()]


def test_no_alarm_after_a_recorded_move(context: Flask):
    moved, code = make_animal()
    stayed, other = make_animal()
    day = now()
    note(seen(moved.id, code, seen_at=day - HOUR), seen(stayed.id, other, seen_at=day - HOUR))
    with transaction():
        command = RecordMutation(
            kind=MutationKind.MOVE, animal_ids=(moved.id,), happened_on=today(),
            to_village=ELSEWHERE, reason="Pindah kandang",
        )  # fmt: skip
        record_mutation(command, by=OPERATOR)
    note(
        seen(moved.id, code, seen_at=day, village=ELSEWHERE),
        seen(stayed.id, other, seen_at=day, village=ELSEWHERE),
    )
    assert [alarm.code for alarm in all_alarms()] == [other]


def test_a_stock_tag_put_on_by_its_holder_is_silent_and_by_another_is_not(context: Flask):
    vet, other = actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK)
    mine, yours = fill_bag(vet, 2)
    (never_issued,) = make_stock(1)
    keeper = make_keeper()
    with transaction():
        register_animal(bull(keeper.id, tag=mine), by=vet)
        register_animal(bull(keeper.id, tag=yours), by=other)
        register_animal(bull(keeper.id, tag=never_issued), by=vet)
        register_animal(bull(keeper.id), by=vet)  # a new code never lay in stock
    deliver()
    assert {(alarm.kind, alarm.code) for alarm in all_alarms()} == {
        (K.NOT_ISSUED, yours), (K.NOT_ISSUED, never_issued),
    }  # fmt: skip
    assert count_open_alarms(by=actor_for(Role.UPT_HEAD, LUNYUK)) == 2


def test_every_act_of_an_officer_is_a_sighting(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    animal, _code = make_animal()
    declared, _ = make_animal(verification="declared")
    product = db.session.scalars(select(Product)).first()
    assert product
    with transaction():
        see_animal(
            SeeAnimal(animal_id=animal.id, seen_before=animal.seen_at, colour="hitam", **at(ALAS)),
            by=vet,
        )
        record_vaccinations(
            RecordVaccinations(
                product_id=product.id, lot="L1", given_at=now(),
                animal_ids=(animal.id, declared.id),
            ),
            by=vet,
        )  # fmt: skip
        retag_animal(RetagAnimal(animal_id=animal.id, why=EndReason.BROKEN), by=vet)
    deliver()
    found = db.session.scalars(select(Sighting).where(Sighting.animal_id == animal.id)).all()
    assert len(found) == 4  # registered, seen, vaccinated, retagged
    assert [one.latitude for one in found if one.latitude] == [ALAS[0]]
    asked = select(func.count()).where(Sighting.animal_id == declared.id)
    assert db.session.scalar(asked) == 1, "only the vaccination: it was registered unseen"


def test_a_handler_that_runs_twice_writes_once(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    (code,) = fill_bag(actor_for(Role.VET, LUNYUK), 1)
    keeper = make_keeper()
    with transaction():
        register_animal(bull(keeper.id, tag=code), by=vet)
    deliver()
    for name, handle in (("animal.registered", note_animal), ("tag.applied", note_applied)):
        handle(db.session.scalars(select(Event).where(Event.name == name)).one())
    assert db.session.scalar(select(func.count(Sighting.id))) == 1
    assert [(alarm.kind, alarm.readings) for alarm in all_alarms()] == [(K.NOT_ISSUED, 1)]


def test_a_stock_take_in_another_kecamatan_is_a_sighting_there(context: Flask):
    animal, code = make_animal()
    (lost,) = make_stock(1)
    move("lose", codes=(lost,), note="Hilang di gudang")
    clerk = actor_for(Role.CLERK, REGENCY)
    with transaction():
        take = begin_stock_take(BeginStockTake(village=ELSEWHERE), by=clerk)
        scan_codes(ScanCodes(stock_take_id=take.id, codes=(code, lost)), by=clerk)
    deliver()
    found = db.session.scalars(select(Sighting).where(Sighting.animal_id == animal.id)).all()
    assert {one.village for one in found} == {LUNYUK_REA, ELSEWHERE}
    assert {(alarm.kind, alarm.code, alarm.region) for alarm in all_alarms()} == {
        (K.TWO_PLACES, code, LUNYUK_REA), (K.DEAD_TAG, lost, LUNYUK),
    }  # fmt: skip


def test_each_scan_tells_of_its_own_lines_in_small_parts(
    context: Flask, monkeypatch: pytest.MonkeyPatch
):
    herd = [make_animal()[1] for _ in range(5)]
    clerk = actor_for(Role.CLERK, REGENCY)
    deliver()
    told = list[list[str]]()
    write = note_sightings

    def note_part(seen: Sequence[Seen], limits: Limits) -> None:
        told.append([one.code for one in seen])
        write(seen, limits)

    monkeypatch.setattr(jobs, "note_sightings", note_part)
    monkeypatch.setattr(jobs, "LINES_AT_ONCE", 2)
    with transaction():
        take = begin_stock_take(BeginStockTake(village=LUNYUK_REA), by=clerk)
    for codes in (herd[:3], herd[3:]):
        with transaction():
            scan_codes(ScanCodes(stock_take_id=take.id, codes=tuple(codes)), by=clerk)
    deliver()
    assert [len(part) for part in told] == [2, 1, 2]
    assert sorted(code for part in told for code in part) == sorted(herd)
    scans = db.session.scalars(select(Event).where(Event.name == "stocktake.scanned"))
    for event in scans.all():
        jobs.note_stock_take(event)
    assert db.session.scalar(select(func.count(Sighting.id))) == 2 * len(herd)


def test_a_long_list_is_not_asked_line_by_line(context: Flask):
    herd = [make_animal() for _ in range(30)]
    asked = list[str]()

    def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    moment = now()
    sqlalchemy_event.listen(db.engine, "before_cursor_execute", count)
    try:
        note(*(seen(animal.id, code, seen_at=moment) for animal, code in herd))
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", count)
    assert len([one for one in asked if one.startswith("SELECT")]) < len(herd)


def test_whoever_an_alarm_is_about_does_not_close_it(app: Flask):
    with app.app_context():
        (code,) = make_stock(1)
        move("lose", codes=(code,), note="Hilang di gudang")
        head, other = make_user(Role.UPT_HEAD, LUNYUK), actor_for(Role.UPT_HEAD, LUNYUK)
        client = signed_in(app, head)
    client.get(f"/t/{code}")
    with app.app_context():
        (alarm,) = all_alarms()
    url = f"/label/peringatan/{alarm.id}"
    assert "<textarea" not in client.get(url).text
    sent = {"id": str(uuid7()), "alarm_id": str(alarm.id), "resolution": "Saya sendiri"}
    client.set_cookie("bahasa", "en")
    refused = form_post(client, url, **sent)
    assert refused.status_code == 422
    assert "Another officer has to close it" in refused.text
    with app.app_context(), transaction():
        assert close_alarm(CloseAlarm(alarm_id=alarm.id, resolution="Sudah dicek"), by=other)


def test_a_lost_tag_that_is_read_raises_an_alarm(context: Flask):
    animal, code = make_animal()
    with transaction():
        end(live_tags([animal.id])[animal.id], EndReason.LOST, by=OPERATOR, region=LUNYUK_REA)
    note(seen(animal.id, code))
    assert [(alarm.kind, alarm.facts["why"]) for alarm in all_alarms()] == [(K.DEAD_TAG, "lost")]


def stolen(animal: Animal) -> None:
    with transaction():
        command = RecordMutation(
            kind=MutationKind.THEFT, animal_ids=(animal.id,), happened_on=today(),
            details={"police_no": "LP/1"},
        )  # fmt: skip
        record_mutation(command, by=OPERATOR)


def test_anybody_who_scans_a_stolen_animal_is_counted_and_not_named(app: Flask):
    with app.app_context():
        animal, code = make_animal()
        stolen(animal)
    start = now()
    for minutes in (0, 1, 11):
        with clock.reading(start + timedelta(minutes=minutes)):
            assert app.test_client().get(f"/t/{code}").status_code == 200
    with app.app_context():
        (alarm,) = all_alarms()
        assert (alarm.kind, alarm.readings) == (K.STOLEN_ANIMAL, 2), "a reload counts once"
        assert alarm.facts == {"by": ""}
        assert alarm.region == LUNYUK_REA


def test_an_officer_who_scans_a_lost_stock_tag_is_named(app: Flask):
    with app.app_context():
        (code,) = make_stock(1)
        move("lose", codes=(code,), note="Hilang di gudang")
        vet = make_user(Role.VET, LUNYUK)
        client = signed_in(app, vet)
    client.set_cookie("bahasa", "en")
    page = client.get(f"/t/{code}")
    assert (page.status_code, "tone-danger" in page.text) == (200, True)
    assert "This tag was reported lost on" in page.text
    assert "animals/baru" not in page.text
    assert client.get("/").status_code == 200
    with app.app_context():
        assert [(a.kind, a.facts["by"]) for a in all_alarms()] == [(K.DEAD_TAG, vet.name)]


@pytest.mark.parametrize(("step", "word"), [("lose", "lost"), ("break", "broken")])
def test_anybody_is_told_that_a_tag_was_reported(app: Flask, step: str, word: str):
    with app.app_context():
        (code,) = make_stock(1)
        move(step, codes=(code,), note="Dari gudang")
    client = app.test_client()
    client.set_cookie("bahasa", "en")
    page = client.get(f"/t/{code}")
    assert page.status_code == 200
    assert f"not in use and was reported {word}" in page.text
    assert "letter by letter" not in page.text


def test_two_scans_at_once_raise_one_alarm(app: Flask):
    with app.app_context():
        animal, code = make_animal()
        stolen(animal)
        close()
    together = Barrier(4)

    def scan(_number: int) -> int:
        together.wait()
        return app.test_client().get(f"/t/{code}").status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(scan, range(4))) == [200] * 4
    with app.app_context():
        assert len(all_alarms()) == 1


def make_alarm() -> TagAlarm:
    animal, code = make_animal()
    read_twice(animal, code, HOUR / 4, at(SUMBAWA), at(ALAS))
    return all_alarms()[-1]


def test_an_alarm_is_closed_in_writing_by_those_who_answer_it(context: Flask):
    alarm, head = make_alarm(), actor_for(Role.UPT_HEAD, LUNYUK)
    command = CloseAlarm(alarm_id=alarm.id, resolution="Ternak dibawa ke pasar, sah.")
    for who, refusal in (
        (actor_for(Role.VET, LUNYUK), Forbidden),
        (actor_for(Role.AUDITOR, REGENCY), Forbidden),
        (actor_for(Role.UPT_HEAD, "52.04.05"), NotFound),
    ):
        with pytest.raises(refusal), transaction():
            close_alarm(command, by=who)
    with pytest.raises(ResolutionMissing), transaction():
        close_alarm(CloseAlarm(alarm_id=alarm.id, resolution=" "), by=head)
    for _ in range(2):
        with transaction():
            close_alarm(command, by=head)
    with pytest.raises(AlarmClosed), transaction():
        close_alarm(CloseAlarm(alarm_id=alarm.id, resolution="Lain"), by=head)
    assert alarms(by=head).items == []
    (kept,) = alarms(by=actor_for(Role.AUDITOR, REGENCY), is_open=False).items
    assert (kept.resolution, kept.closed_by_name) == (command.resolution, head.name)


def test_after_closing_the_next_reading_is_a_new_alarm(context: Flask):
    alarm = make_alarm()
    head = actor_for(Role.UPT_HEAD, LUNYUK)
    with transaction():
        close_alarm(CloseAlarm(alarm_id=alarm.id, resolution="Salah baca"), by=head)
    later = now() + HOUR
    assert alarm.animal_id
    note(seen(alarm.animal_id, alarm.code, seen_at=later, **at(SUMBAWA)))
    note(seen(alarm.animal_id, alarm.code, seen_at=later + HOUR / 4, **at(ALAS)))
    assert [one.closed_at is None for one in all_alarms()] == [False, True]


def test_the_head_of_the_upt_reads_and_closes_an_alarm_in_the_browser(app: Flask):
    with app.app_context():
        alarm = make_alarm()
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        elsewhere = signed_in(app, make_user(Role.UPT_HEAD, "52.04.05"))
    client.set_cookie("bahasa", "en")
    assert "Alarms about tags" in client.get("/").text
    assert "57 km as the crow flies" in client.get("/label/peringatan/").text
    url = f"/label/peringatan/{alarm.id}"
    shown = client.get(url).text
    sent = {"id": id_on(shown), "alarm_id": str(alarm.id)}
    refused = form_post(client, url, page=url, resolution="", **sent)
    assert refused.status_code == 422
    assert "Fill this in" in refused.text
    assert form_post(client, url, page=url, resolution="Sah", **sent).status_code == 302
    assert "Sah" in client.get(url).text
    assert "Alarms about tags</span>" not in client.get("/").text
    assert elsewhere.get(url).status_code == 404
