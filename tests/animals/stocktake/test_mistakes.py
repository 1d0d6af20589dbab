"""What was typed wrongly, what belongs to somebody else, and how much fits in."""

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.stocktake import pages, scanning
from sijinak.animals.stocktake.acting import LineDone, NotForThisLine
from sijinak.animals.stocktake.models import Finding, LineAction, StockTake, StockTakeLine
from sijinak.animals.stocktake.removing import RemoveLine, remove_line
from sijinak.animals.stocktake.scanning import StockTakeFull
from sijinak.animals.stocktake.services import CloseStockTake, LinesOpen, close_stock_take
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.tagstock.models import TagState
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.stocktake.takes import act, begin, compare, line_with, lines, scan
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in
from tests.tagstock.factories import make_stock, move

STRANGER = tag_code_of(77)
MISREAD = STRANGER[:-1] + ("A" if STRANGER[-1] != "A" else "B")


def remove(taken: StockTake, code: str, *, by: Actor = OPERATOR) -> None:
    command = RemoveLine(stock_take_id=taken.id, line_id=line_with(taken, code).id)
    for _ in range(2):
        with transaction():
            remove_line(command, by=by)


def test_a_misread_code_is_said_and_not_kept(context: Flask):
    taken = begin()
    misread, digits, good = scan(taken, MISREAD, "5204000017", STRANGER)
    assert [one.is_misread for one in (misread, digits, good)] == [True, False, False]
    assert lines(taken) == {Finding.UNKNOWN: {"5204000017", STRANGER}}
    assert scan(taken, MISREAD)[0].is_misread


def test_an_ear_tag_that_looks_like_a_misread_code_counts(context: Flask):
    make_animal(eartag=MISREAD)
    assert scan(begin(), MISREAD)[0].finding is Finding.HERE


def test_a_stock_tag_is_named_as_what_it_is(context: Flask):
    blank, lost = make_stock(2)
    move("lose", codes=(lost,), note="Hilang di gudang")
    told = [one.stock for one in scan(begin(), blank, lost, STRANGER)]
    assert told == [TagState.RECEIVED, TagState.LOST, None]


def test_a_line_typed_by_mistake_is_removed_and_the_trail_says_so(context: Flask):
    _, tag = make_animal()
    taken = begin()
    scan(taken, tag, STRANGER, "Sapi Ali")
    for who, refusal in (
        (actor_for(Role.KABID), Forbidden),
        (actor_for(Role.VET, LUNYUK_ODE), NotFound),
    ):
        with pytest.raises(refusal):
            remove(taken, STRANGER, by=who)
    remove(taken, STRANGER)
    remove(taken, "SAPI ALI")
    assert lines(taken) == {Finding.HERE: {tag}}
    told = select(Event).where(Event.name == "stocktake.line-removed").order_by(Event.id)
    assert [one.facts["tag"] for one in db.session.scalars(told)] == [STRANGER, ""]


def test_a_removed_animal_is_missing_once_the_missing_are_listed(context: Flask):
    _, tag = make_animal()
    taken = begin()
    scan(taken, tag)
    compare(taken)
    remove(taken, tag)
    assert lines(taken) == {Finding.MISSING: {tag}}
    with pytest.raises(NotForThisLine):
        remove(taken, tag)
    act(taken, tag, LineAction.STILL_THERE)
    with pytest.raises(LineDone):
        remove(taken, tag)


def test_a_stock_take_takes_so_many_codes_and_no_more(
    context: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scanning, "MOST_LINES", 2)
    taken = begin()
    scan(taken, "A1", "A2")
    with pytest.raises(StockTakeFull):
        scan(taken, "A3")
    assert lines(taken) == {Finding.UNKNOWN: {"A1", "A2"}}


def test_open_lines_are_said_before_it_is_closed(app: Flask):
    with app.app_context():
        make_animal()
        taken = begin()
        compare(taken)
        url = f"/opname/{taken.id}"
        with pytest.raises(LinesOpen), transaction():
            close_stock_take(CloseStockTake(stock_take_id=taken.id), by=OPERATOR)
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    refused = form_post(vet, f"{url}/tutup", page=url, id=id_on(vet.get(url).text))
    assert refused.status_code == 422
    assert "field-stays_open" in refused.text
    sent = {"id": id_on(refused.text), "stays_open": "true"}
    assert form_post(vet, f"{url}/tutup", page=url, **sent).status_code == 302
    assert "Nonaktif" not in vet.get("/opname/").text


def test_owners_of_animals_out_of_reach_are_not_named(app: Flask):
    with app.app_context():
        _, here = make_animal(make_keeper(person(name="Siti Aminah")))
        owner = make_keeper(person(name="Haji Mansur"))
        _, far = make_animal(owner, village="52.04.05.2001")
        taken = begin()
        scan(taken, here, far)
        compare(taken)
        url, line = f"/opname/{taken.id}", line_with(taken, far).id
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    for path in ("", "/cetak", f"/baris/{line}"):
        assert "Haji Mansur" not in vet.get(url + path).text
    assert "Siti Aminah" in vet.get(url).text
    assert "Siti Aminah" in vet.get(f"{url}/cetak").text


def test_a_stolen_animal_is_put_right_in_its_mutations(app: Flask):
    with app.app_context():
        animal, tag = make_animal()
        with transaction():
            db.session.get_one(Animal, animal.id).state = AnimalState.STOLEN
        (blank,) = make_stock(1)
        taken = begin()
        scan(taken, tag, blank)
        compare(taken)
        stolen, unused = (line_with(taken, code).id for code in (tag, blank))
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    url = f"/opname/{taken.id}/baris"
    page = vet.get(f"{url}/{stolen}").text
    assert f"/mutasi/ternak/{animal.id}/ditemukan" in page
    assert "tindakan=confirmed" not in page
    assert "tindakan=nothing" in page
    page = vet.get(f"{url}/{unused}").text
    assert "tindakan=registered" in page
    assert "tindakan=tag-lost" not in page
    sent = {"id": id_on(page)}
    gone = form_post(vet, f"{url}/{unused}/hapus", page=f"{url}/{unused}", **sent)
    assert gone.status_code == 302
    with app.app_context():
        assert db.session.get(StockTakeLine, unused) is None


def test_a_missing_animal_wears_no_green_badge(app: Flask):
    with app.app_context():
        _, tag = make_animal()
        taken = begin()
        compare(taken)
        line = line_with(taken, tag).id
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    assert "tone-success" not in vet.get(f"/opname/{taken.id}/baris/{line}").text


def test_paper_holds_so_many_lines_and_says_how_many_more(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pages, "MOST_ON_PAPER", 2)
    with app.app_context():
        taken = begin()
        scan(taken, "A1", "A2", "A3")
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    vet.set_cookie("bahasa", "en")
    paper = vet.get(f"/opname/{taken.id}/cetak").text
    assert ("A2" in paper, "A3" in paper) == (True, False)
    assert "1 more line is not on this paper" in paper
