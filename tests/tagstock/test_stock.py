"""Tags in the cupboard: who moves them, that none is handed out twice, that all are found again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import DatabaseError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound, SijinakError
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.tagstock.binding import leave_off
from sijinak.tagstock.commands import (
    MoveTags,
    NotAnOfficer,
    NoteMissing,
    NotEnoughTags,
    NotInThisRun,
    NotThatMany,
    PrintRun,
    TagsNotReady,
    TagsWereWorn,
    UnknownTags,
)
from sijinak.tagstock.models import Tag
from sijinak.tagstock.queries import (
    account_of,
    bag,
    balances_of_officers,
    balances_of_offices,
    balances_of_runs,
    blank_tag,
    move_by_id,
    run_by_id,
    steps_of,
    tag_by_code,
)
from sijinak.tagstock.services import move_tags, print_run
from tests.animals.factories import make_animal
from tests.conftest import close
from tests.factories import LUNYUK, LUNYUK_ODE, REGENCY, actor_for
from tests.tagstock.factories import fill_bag, make_run, make_stock, move, states, tags

ALAS = "52.04.05"


def head(region: str = LUNYUK) -> SignedIn:
    return actor_for(Role.UPT_HEAD, region)


def test_a_tag_walks_from_the_printer_to_the_animal_and_every_step_is_kept(context: Flask):
    boss, vet = head(), actor_for(Role.VET, LUNYUK_ODE)
    run = make_run(3)
    assert states([t.code for t in db.session.scalars(select(Tag))]) == {"printed"}
    assert move("receive", boss, run_id=run.id) == 3
    assert move("issue", boss, count=2, holder_id=vet.id) == 2
    codes = [tag.code for tag in bag(by=vet).items]
    make_animal(tag=codes[0])
    assert states(codes[:1]) == {"applied"}
    assert move("lose", vet, codes=(codes[1],), region="", note="Jatuh di kali") == 1
    assert move("find", boss, codes=(codes[1],)) == 1
    assert move("retire", boss, codes=(codes[1],), note="Kotor") == 1
    found = steps_of(tags([codes[1]])[0].id)
    assert [step.action for step in found] == [
        "print", "receive", "issue", "lose", "find", "retire",
    ]  # fmt: skip
    assert [step.holder_id for step in found[2:5]] == [vet.id, vet.id, vet.id]
    assert found[3].note == "Jatuh di kali"
    assert found[3].by_name == vet.name


def test_the_lowest_numbers_go_out_first(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    codes = make_stock(5)
    move("issue", count=3, holder_id=vet.id)
    assert {tag.code for tag in bag(by=vet).items} == set(codes[:3])


def test_a_part_of_a_run_is_received_and_the_rest_later(context: Flask):
    run = make_run(10)
    assert move("receive", run_id=run.id, first=3, last=5) == 3
    with pytest.raises(TagsNotReady):
        move("receive", run_id=run.id, first=5, last=6)
    assert move("receive", run_id=run.id) == 7
    with pytest.raises(NotInThisRun):
        move("receive", run_id=run.id)


def test_an_upt_receives_what_the_regency_printed_and_nobody_beside_it(context: Flask):
    run = make_run(4, region=REGENCY)
    assert move("receive", head(), run_id=run.id, first=1, last=2) == 2
    other = make_run(4, region=ALAS)
    with pytest.raises(NotInThisRun):
        move("receive", head(), run_id=other.id)


def test_only_who_keeps_the_stock_here_moves_it(context: Flask):
    codes, vet = make_stock(2), actor_for(Role.VET, LUNYUK)
    for role in (Role.VET, Role.CLERK, Role.TREASURER, Role.AUDITOR):
        with pytest.raises(Forbidden):
            move("issue", actor_for(role, LUNYUK), count=1, holder_id=vet.id)
    with pytest.raises(Forbidden):
        move("issue", head(ALAS), count=1, holder_id=vet.id)
    with pytest.raises(UnknownTags):  # what is out of reach is not there
        move("retire", head(ALAS), codes=tuple(codes), region=ALAS, note="Salah")
    boss = head()
    with pytest.raises(Forbidden), transaction():
        print_run(PrintRun(region=ALAS, count=1), by=boss)
    with pytest.raises(NotFound):
        tag_by_code(codes[0], by=head(ALAS))
    with pytest.raises(NotFound):
        run_by_id(tags(codes)[0].run_id, by=head(ALAS))
    assert states(codes) == {"received"}


def test_auditors_look_and_do_not_touch(context: Flask):
    codes, auditor = make_stock(2), actor_for(Role.AUDITOR)
    assert balances_of_offices(by=auditor)[LUNYUK].total == 2
    assert tag_by_code(codes[0], by=auditor).code == codes[0]
    with pytest.raises(Forbidden):
        move("retire", auditor, codes=tuple(codes), note="Coba")


def test_a_bag_is_its_holders_own(context: Flask):
    vet, other = actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK)
    codes = fill_bag(vet, 2)
    with pytest.raises(UnknownTags):
        move("lose", other, codes=(codes[0],), region="", note="Bukan milik saya")
    with pytest.raises(NotFound):
        tag_by_code(codes[0], by=other)
    with pytest.raises(NoteMissing):
        move("lose", vet, codes=(codes[0],), region="")
    assert move("break", vet, codes=(codes[0],), region="", note="Patah") == 1
    assert move("steal", head(), codes=(codes[1],), note="Tas dicuri, LP/12") == 1
    assert move("find", head(), codes=(codes[1],)) == 1
    assert account_of(by=vet).now.total + account_of(by=vet).back == account_of(by=vet).given == 2


def test_tags_go_to_officers_of_the_area_only(context: Flask):
    make_stock(2)
    for holder in (actor_for(Role.VET, ALAS), actor_for(Role.KADIS), actor_for(Role.TRADER)):
        with pytest.raises(NotAnOfficer):
            move("issue", count=1, holder_id=holder.id)
    with pytest.raises(NotAnOfficer):
        move("issue", count=1, holder_id=uuid7())


def test_what_cannot_be_counted_out_is_refused_whole(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    codes = make_stock(3)
    with pytest.raises(NotEnoughTags) as refused:
        move("issue", count=4, holder_id=vet.id)
    assert refused.value.facts == {"there": 3}
    with pytest.raises(UnknownTags) as unknown:
        move("retire", codes=(codes[0], "0000000000"), note="Salah cetak")
    assert unknown.value.facts["codes"] == ["0000000000"]
    with pytest.raises(NotThatMany):
        make_run(2001)
    with pytest.raises(NotThatMany):
        make_run(0)
    with pytest.raises(WrongState):
        move("apply", codes=tuple(codes))
    assert states(codes) == {"received"}


def test_the_same_command_twice_is_done_once(context: Flask):
    vet, boss = actor_for(Role.VET, LUNYUK), head()
    make_stock(5)
    command = MoveTags(action="issue", region=LUNYUK, count=2, holder_id=vet.id)
    for _ in range(2):
        with transaction():
            assert move_tags(command, by=boss) == 2
    assert len(bag(by=vet).items) == 2
    assert len(move_by_id(command.id, by=vet)) == 2
    with pytest.raises(NotFound):
        move_by_id(command.id, by=actor_for(Role.VET, ALAS))


def test_two_clerks_at_once_never_hand_one_tag_out_twice(app: Flask):
    with app.app_context():
        codes = make_stock(40)
        vets = [actor_for(Role.VET, LUNYUK) for _ in range(4)]
        close()
    together, refused = Barrier(4), list[str]()

    def hand_out(vet: SignedIn) -> None:
        with app.app_context():
            together.wait()
            try:
                move("issue", count=12, holder_id=vet.id)
            except SijinakError as error:
                refused.append(error.code)
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hand_out, vets))
    with app.app_context():
        assert refused == ["not-enough-tags"]
        held = [account_of(by=vet).now.total for vet in vets]
        assert sorted(held) == [0, 12, 12, 12]
        issued = [s for tag in tags(codes) for s in steps_of(tag.id) if s.action == "issue"]
        assert len(issued) == len({step.tag_id for step in issued}) == 36


def test_the_same_scanned_tag_goes_to_one_of_two(app: Flask):
    with app.app_context():
        (code,) = make_stock(1)
        vets = [actor_for(Role.VET, LUNYUK) for _ in range(2)]
        close()
    together, refused = Barrier(2), list[str]()

    def hand_out(vet: SignedIn) -> None:
        with app.app_context():
            together.wait()
            try:
                move("issue", codes=(code,), holder_id=vet.id)
            except SijinakError as error:
                refused.append(error.code)
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hand_out, vets))
    with app.app_context():
        assert refused == ["tags-not-ready"]
        assert [step.action for step in steps_of(tags([code])[0].id)].count("issue") == 1


def test_a_worn_tag_is_never_issued_or_found_again(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    codes = fill_bag(vet, 1)
    make_animal(tag=codes[0])
    with pytest.raises(TagsNotReady):
        move("lose", vet, codes=tuple(codes), region="", note="Di lapangan")
    db.session.rollback()
    with transaction():
        leave_off(codes[0], "lose", LUNYUK, by=OPERATOR)
    with pytest.raises(TagsWereWorn):
        move("find", codes=tuple(codes))
    assert blank_tag(codes[0]) is None


def test_only_a_usable_tag_is_blank(context: Flask):
    codes = make_stock(3)
    assert all(blank_tag(code) for code in codes)
    move("retire", codes=(codes[0],), note="Salah cetak")
    make_animal(tag=codes[1])
    assert [blank_tag(code) is not None for code in codes] == [False, False, True]
    assert blank_tag("0000000000") is None


def test_what_was_printed_adds_up_by_run_area_and_officer(context: Flask):
    vet, boss = actor_for(Role.VET, LUNYUK), head()
    codes = fill_bag(vet, 5)
    make_animal(tag=codes[0])
    move("lose", vet, codes=(codes[1],), region="", note="Hilang")
    move("return", codes=(codes[2],))
    run_id = tags(codes)[0].run_id
    balance = balances_of_runs([run_id])[run_id]
    assert {state.value: n for state, n in balance.by_state.items()} == {
        "applied": 1, "lost": 1, "received": 1, "issued": 2,
    }  # fmt: skip
    assert balance.total == sum(b.total for b in balances_of_offices(by=boss).values()) == 5
    assert balances_of_officers(by=boss)[vet.id].total == 4
    account = account_of(by=vet)
    assert (account.given, account.back, account.now.total) == (5, 1, 4)


def test_steps_are_never_changed_or_deleted(context: Flask):
    make_run(1)
    for sentence in ("UPDATE tag_steps SET note = 'x'", "DELETE FROM tag_steps"):
        with pytest.raises(DatabaseError), db.engine.begin() as connection:
            connection.execute(text(sentence))


def test_five_hundred_tags_are_a_handful_of_statements(context: Flask):
    vet, run, said = actor_for(Role.VET, LUNYUK), make_run(500), list[str]()
    event.listen(db.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    move("receive", run_id=run.id)
    move("issue", count=500, holder_id=vet.id)
    assert len(said) < 40
