"""Scanning, comparing and closing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import AnimalState, EndReason
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import (
    RecordMutation,
    RetagAnimal,
    record_mutation,
    retag_animal,
)
from sijinak.animals.stocktake.acting import StockTakeClosed
from sijinak.animals.stocktake.models import Finding, LineAction, StockTake
from sijinak.animals.stocktake.queries import progress_of, stock_take_by_id, stock_takes
from sijinak.animals.stocktake.reading import codes_in, codes_in_list
from sijinak.animals.stocktake.scanning import NoCodes, TooManyCodes
from sijinak.animals.stocktake.services import (
    BeginStockTake,
    CloseStockTake,
    NotCompared,
    ScanCodes,
    begin_stock_take,
    close_stock_take,
    scan_codes,
)
from sijinak.core.clock import today
from sijinak.core.codes import spaced, tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from tests.animals.duplicates.herds import merge, two_records
from tests.animals.factories import make_animal, make_keeper
from tests.animals.stocktake.takes import act, begin, compare, line_with, lines, scan
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for

STRANGER = tag_code_of(77)


def close(taken: StockTake) -> None:
    with transaction():
        close_stock_take(CloseStockTake(stock_take_id=taken.id, stays_open=True), by=OPERATOR)


def test_compared_each_code_and_each_animal_is_in_one_list(context: Flask):
    _, here = make_animal()
    _, missing = make_animal()
    _, elsewhere = make_animal(village=LUNYUK_ODE)
    taken = begin()
    scan(taken, here, elsewhere, STRANGER, "BUKAN-KODE")
    compare(taken)
    assert lines(taken) == {
        Finding.HERE: {here},
        Finding.MISSING: {missing},
        Finding.ELSEWHERE: {elsewhere},
        Finding.UNKNOWN: {STRANGER, "BUKAN-KODE"},
    }
    progress = progress_of(taken)
    assert (progress.expected, progress.scanned, progress.left) == (2, 4, 5)


def test_an_animal_counts_once_by_whatever_code_it_is_read(context: Flask):
    animal, old = make_animal(eartag="5204 0017", rfid="360000000000017")
    with transaction():
        retag_animal(RetagAnimal(animal_id=animal.id, why=EndReason.BROKEN), by=OPERATOR)
    taken = begin()
    texts = (f" {spaced(old).lower()}", "5204 0017", "360 000000000017", old)
    again = [verdict.is_again for text in texts for verdict in scan(taken, text)]
    assert again == [False, True, True, True]
    (codes,) = lines(taken).values()
    assert codes.isdisjoint({old})
    assert len(codes) == 1
    assert [verdict.is_again for verdict in scan(begin(), old, "5204 0017")] == [False, True]


def test_the_tag_of_a_merged_record_counts_for_the_one_that_stands(context: Flask):
    kept, gone = two_records()
    taken = begin()
    merge(kept, gone)
    compare(taken)
    assert sum(len(codes) for codes in lines(taken).values()) == 1


def test_of_one_keeper_only_what_it_owns_or_raises_is_expected(context: Flask):
    siti, other = make_keeper(), make_keeper()
    _, own = make_animal(siti)
    _, raised = make_animal(other, raiser_id=siti.id)
    _, foreign = make_animal(other)
    taken = begin(keeper_id=siti.id)
    scan(taken, foreign)
    compare(taken)
    assert lines(taken) == {Finding.MISSING: {own, raised}, Finding.ELSEWHERE: {foreign}}


def test_a_scan_says_what_the_register_knows(context: Flask):
    _, here = make_animal()
    stolen, stolen_tag = make_animal()
    with transaction():
        theft = RecordMutation(
            kind=MutationKind.THEFT, animal_ids=(stolen.id,), happened_on=today(),
            details={"police_no": "LP/1"},
        )  # fmt: skip
        record_mutation(theft, by=OPERATOR)
    taken = begin()
    told = [(v.finding, v.state) for v in scan(taken, here, stolen_tag, STRANGER)]
    assert told == [
        (Finding.HERE, AnimalState.PRESENT),
        (Finding.ELSEWHERE, AnimalState.STOLEN),
        (Finding.UNKNOWN, None),
    ]


def test_what_was_missing_and_is_scanned_after_all_is_here(context: Flask):
    _, tag = make_animal()
    taken = begin()
    compare(taken)
    assert lines(taken) == {Finding.MISSING: {tag}}
    assert not scan(taken, tag)[0].is_again
    assert lines(taken) == {Finding.HERE: {tag}}
    assert line_with(taken, tag).scanned_at


def test_what_was_settled_is_not_unsettled_by_a_late_scan(context: Flask):
    _, tag = make_animal()
    taken = begin()
    compare(taken)
    act(taken, tag, LineAction.STILL_THERE)
    assert scan(taken, tag)[0].is_again
    assert line_with(taken, tag).action is LineAction.STILL_THERE


def test_two_officers_scan_into_one_stock_take_at_once(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        tags = [make_animal(keeper)[1] for _ in range(12)]
        officers = [actor_for(Role.PARAMEDIC, LUNYUK), actor_for(Role.VET, LUNYUK)]
        taken = begin()
    start = Barrier(2, timeout=120)

    def round_of(place: int) -> int:
        with app.app_context():
            start.wait()
            heard = tags if place else tags[::-1]
            return sum(
                not scan(taken, code, STRANGER, by=officers[place])[0].is_again for code in heard
            )

    with ThreadPoolExecutor(2) as pool:
        counted = list(pool.map(round_of, (0, 1)))
    with app.app_context():
        assert sum(counted) == len(tags)
        assert lines(taken) == {Finding.HERE: set(tags), Finding.UNKNOWN: {STRANGER}}


def test_the_same_scan_twice_is_one_event(context: Flask):
    _, tag = make_animal()
    taken = begin()
    command = ScanCodes(stock_take_id=taken.id, codes=(tag, STRANGER))
    for _ in range(2):
        with transaction():
            told = scan_codes(command, by=OPERATOR)
        assert [verdict.is_again for verdict in told] == [False, False]
    facts = db.session.scalars(select(Event.facts).where(Event.name == "stocktake.scanned"))
    assert [told["codes"] for told in facts] == [2]


def test_closing_leaves_open_lines_open_and_ends_the_scanning(context: Flask):
    _, tag = make_animal()
    taken = begin()
    with pytest.raises(NotCompared):
        close(taken)
    compare(taken)
    close(taken)
    facts = db.session.scalars(select(Event.facts).where(Event.name == "stocktake.closed")).one()
    assert facts == {"left": 1}
    for deed in (
        lambda: scan(taken, tag),
        lambda: close(taken),
        lambda: act(taken, tag, LineAction.STILL_THERE),
    ):
        with pytest.raises(StockTakeClosed):
            deed()


def test_who_does_not_take_stock_may_not_and_elsewhere_there_is_none(context: Flask):
    taken = begin()
    reader, elsewhere = actor_for(Role.KABID), actor_for(Role.VET, LUNYUK_ODE)
    for by in (reader, actor_for(Role.TRADER)):
        with pytest.raises(Forbidden):
            scan(taken, STRANGER, by=by)
    with pytest.raises(NotFound):
        scan(taken, STRANGER, by=elsewhere)
    with pytest.raises(Forbidden), transaction():
        begin_stock_take(BeginStockTake(village=LUNYUK_REA), by=elsewhere)
    assert stock_take_by_id(taken.id, by=reader).id == taken.id
    assert not stock_takes(by=elsewhere).items


def test_a_scan_needs_a_code(context: Flask):
    with pytest.raises(NoCodes):
        scan(begin())


def test_too_many_at_once_are_refused_whole(context: Flask):
    taken = begin()
    with pytest.raises(TooManyCodes):
        scan(taken, *(tag_code_of(n) for n in range(2001)))
    assert lines(taken) == {}
    assert len(scan(taken, *(tag_code_of(n) for n in range(2000)))) == 2000


def test_codes_are_read_as_scanners_and_people_write_them():
    assert codes_in("7K3M-9QX4-5J\nhttps://sijinak.id/T/7K3M9QX45J, abc;12\t3") == [
        "7K3M-9QX4-5J", "7K3M9QX45J", "abc", "12", "3",
    ]  # fmt: skip
    listed = 'Kode tag,Pemilik\n"7K3M-9QX4-5J",Siti 12\n\n360 001;x\n'
    assert codes_in_list(listed) == ["7K3M-9QX4-5J", "360 001"]
    assert codes_in_list("7K3M-9QX4-5J\n") == ["7K3M-9QX4-5J"]
    assert codes_in_list("") == []
