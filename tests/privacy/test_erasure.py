"""A copy of everything while a person is known; nothing at all once they are forgotten."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from sijinak.accounts.models import Role, User
from sijinak.accounts.services import Appoint, appoint
from sijinak.animals.changing import Circumstances, change_animal
from sijinak.animals.models import ObservationKind, Verification
from sijinak.animals.queries import observations_of
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.services import RaiseByHand, raise_by_hand
from sijinak.audit.verifying.export import Wish as Export
from sijinak.audit.verifying.export import write_export
from sijinak.audit.verifying.verification import Wish, verification
from sijinak.core import tlog
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.merkle import Frontier
from sijinak.core.model import Model
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import ErasedValue, Keeper
from sijinak.keepers.search import search_keepers
from sijinak.permits.models import Permit
from sijinak.privacy.copying import LEFT_OUT, copy_of
from sijinak.privacy.erasing import (
    DecideErasure,
    ErasureHeld,
    ProposeErasure,
    SameErasor,
    confirm_erasure,
    propose_erasure,
)
from sijinak.privacy.forgetting import forget
from sijinak.privacy.models import RequestKind, RequestState
from sijinak.privacy.named import EMPTIED_OTHERWISE, NOBODY_ERASED, who_of
from sijinak.privacy.obstacles import Obstacle, obstacles
from sijinak.privacy.queries import request_by_id
from sijinak.privacy.services import AskRequest
from sijinak.proofs.models import Why
from sijinak.proofs.services import make_checkpoint
from sijinak.retribution.receipts.models import Receipt
from tests.factories import REGENCY, actor_for
from tests.privacy.canaries import (
    CANARIES,
    HAMLET,
    NAME,
    NIK,
    PHONE,
    Life,
    ask,
    bury,
    dump,
    make_life,
)
from tests.privacy.herds import THEIRS

ELEVEN_YEARS = timedelta(days=11 * 366)


def test_the_copy_holds_all_of_it_and_who_looked(context: Flask):
    life = make_life()
    tables = copy_of(life.keeper)
    (row,) = tables["keepers"]
    assert (row["name"], row["nik"], row["phone"], row["hamlet"]) == (NAME, NIK, PHONE, HAMLET)
    assert {
        *("animals", "observations", "vaccinations", "permits", "permit_animals", "skrd"),
        *("skrd_lines", "receipts", "collections", "sheets", "brands", "users", "events"),
    } <= set(tables)
    assert "password_hash" not in tables["users"][0]
    assert "audit_sample_items" not in set(Model.metadata.tables) - LEFT_OUT
    assert {"keeper.registered", "permit.submit"} <= {one["name"] for one in tables["events"]}


def test_no_copy_says_where_another_person_lived(context: Flask):
    """Of an animal that was sold each side has what was so while it was theirs."""
    life = make_life()
    stays, goes = life.traded
    bought, sold = copy_of(life.buyer), copy_of(life.keeper)
    assert HAMLET not in str(bought["observations"])
    assert NAME not in str(bought["observations"])
    assert THEIRS in str(bought["observations"])
    assert THEIRS not in str(sold["observations"]) + str(sold["mutations"])
    assert HAMLET in str(sold["observations"])
    for animal in (stays, goes):
        kinds = [
            [one["kind"] for one in copy["observations"] if one["animal_id"] == str(animal.id)]
            for copy in (sold, bought)
        ]
        assert kinds == [["registered", "mutated"], ["mutated"]]


def test_what_runs_holds_an_erasure_with_the_reason_of_the_law(context: Flask):
    life = make_life()
    command = ask(life, RequestKind.ERASURE)
    held = {one.obstacle for one in obstacles(life.keeper)}
    assert held == {Obstacle.ANIMALS, Obstacle.RECEIPTS}
    with pytest.raises(ErasureHeld), transaction():
        propose_erasure(ProposeErasure(request_id=command.id), by=life.dpo)


def test_who_held_an_office_is_not_erased_as_a_keeper(context: Flask):
    """Else a collector's name would go from every receipt that he wrote."""
    life, command = _ready()
    account = db.session.scalars(select(User).where(User.keeper_id == life.keeper.id)).one()
    appointed = Appoint(
        user_id=account.id, role=Role.COLLECTOR, region=REGENCY, decree="SK 1", valid_from=today()
    )
    with transaction():
        appoint(appointed, by=OPERATOR)
    with clock.reading(now() + ELEVEN_YEARS):
        assert [one.obstacle for one in obstacles(life.keeper)] == [Obstacle.OFFICE]
        with pytest.raises(ErasureHeld):
            _propose(life, command.id)


def test_whom_auditors_look_into_is_not_erased(context: Flask):
    life, command = _ready()
    permit = db.session.scalars(select(Permit).where(Permit.keeper_id == life.keeper.id)).first()
    assert permit is not None
    raised = RaiseByHand(
        subject_type="permits", subject_id=permit.id, title="Sapi curian", severity=Severity.HIGH
    )
    with transaction():
        raise_by_hand(raised, by=OPERATOR)
    with clock.reading(now() + ELEVEN_YEARS):
        assert [one.obstacle for one in obstacles(life.keeper)] == [Obstacle.FINDINGS]
        with pytest.raises(ErasureHeld):
            _propose(life, command.id)


def test_nobody_erases_alone(context: Flask):
    life, command = _ready()
    with clock.reading(now() + ELEVEN_YEARS):
        _propose(life, command.id)
        with pytest.raises(SameErasor), transaction():
            confirm_erasure(DecideErasure(request_id=command.id), by=life.dpo)


def test_after_the_erasure_there_is_no_canary_and_the_log_stands(context: Flask):
    life, command = _ready()
    before = dump()
    assert all(any(one in cells for cells in before.values()) for one in ("kanarius", "okzident"))
    with transaction():
        tlog.merge()
    head = tlog.head()
    _erase(life, command.id)
    db.session.expire_all()
    after = dump()
    left = {(one, name) for name, cells in after.items() for one in CANARIES if one in cells}
    assert not left
    keeper = db.session.get_one(Keeper, life.keeper.id)
    assert keeper.erased_at
    assert request_by_id(command.id, by=life.dpo).state is RequestState.ANSWERED
    assert not search_keepers(NAME, by=OPERATOR)
    assert _root_of(head.size) == head.root
    with transaction():
        tlog.merge()
    assert not verification(Wish(origin="log", vkeys=()), by=OPERATOR).faults
    erased = db.session.scalars(select(Event).where(Event.name == "privacy.erased")).one()
    assert erased.facts["emptied"] == len(db.session.scalars(select(ErasedValue)).all()) > 0


def test_what_others_keep_of_a_sold_animal_stays(context: Flask):
    life, command = _ready()
    stays, goes = life.traded
    _erase(life, command.id)
    db.session.expire_all()
    assert (stays.hamlet, goes.hamlet) == ("", THEIRS)
    assert [one.after.get("hamlet") for one in observations_of([goes.id])] == ["", THEIRS]


def test_a_hamlet_that_came_after_an_erasure_goes_with_its_own_person(context: Flask):
    life, command = _ready()
    stays, _goes = life.traded
    _erase(life, command.id)
    with transaction():
        seen = Circumstances(
            kind=ObservationKind.CORRECTED, basis=Verification.SEEN, village=stays.village
        )
        change_animal(stays, {"hamlet": THEIRS}, seen, by=OPERATOR)
    with transaction():
        forget(life.buyer)
    db.session.expire_all()
    assert stays.hamlet == ""
    assert THEIRS.lower() not in dump()["observations"]


def test_each_column_for_a_name_is_known():
    """A new one beside no id must be said to be of a person, or of nobody who can be erased."""
    unknown = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.c
        if column.name.endswith("_name") and who_of(table, column.name) is None
    ]
    assert set(unknown) == EMPTIED_OTHERWISE | NOBODY_ERASED


def test_leaves_never_say_what_was_typed_and_no_export_opens_it_later(
    context: Flask, tmp_path: Path
):
    life, command = _ready()
    exported = _export(tmp_path / "before")
    assert "kanarius" not in dump()["log_leaves"]
    assert "zwartvogel" not in dump()["log_leaves"]
    assert not [one for one in CANARIES if one in exported["leaves.jsonl"]]
    for words in ("memalsukan surat", "diminta zwartvogel", "kanarius z"):
        assert words in exported["openings.jsonl"]
    _erase(life, command.id)
    db.session.expire_all()
    for name, text in _export(tmp_path / "after").items():
        assert not [one for one in CANARIES if one in text], name


def _export(folder: Path) -> dict[str, str]:
    """Its files, with everything opened that can be, in small letters."""
    with transaction():
        checkpoint = make_checkpoint(Why.DEMAND, by=OPERATOR)
    write_export(Export(folder=folder, checkpoint=checkpoint, with_openings=True), by=OPERATOR)
    return {path.name: path.read_text().lower() for path in folder.rglob("*") if path.is_file()}


def test_the_guards_let_only_words_of_events_go_and_one_by_one(context: Flask):
    life, command = _ready()
    event = db.session.scalars(select(Event).where(Event.name == "keeper.revealed")).one()
    gone = {**event.facts, "reason": ""}
    _refused_facts(event.id, gone)
    _erase(life, command.id)
    db.session.expire_all()
    assert db.session.get_one(Event, event.id).facts == gone
    for facts in ({"reason": "x"}, {}, {**gone, "page": ""}):
        _refused_facts(event.id, facts)


def _refused_facts(event_id: UUID, facts: dict[str, str]) -> None:
    table = Model.metadata.tables["events"]
    changed = update(table).where(table.c.id == event_id).values(facts=facts)
    with db.engine.connect() as connection, pytest.raises(SQLAlchemyError, match="append-only"):
        connection.execute(changed)


def test_the_guards_let_no_name_go_without_an_erasure(context: Flask):
    life, command = _ready()
    _refused("payer_name = ''", "payer_name = 'X'", "payer_name = '', amount = 1")
    _erase(life, command.id)
    _refused("payer_name = 'X'", "amount = 1", "payer_name = ''")
    assert {one.payer_name for one in db.session.scalars(select(Receipt))} == {""}


def _refused(*changes: str) -> None:
    for change in changes:
        with db.engine.connect() as connection, pytest.raises(SQLAlchemyError, match="append-only"):
            connection.exec_driver_sql(f"UPDATE receipts SET {change}")


def _ready() -> tuple[Life, AskRequest]:
    life = make_life()
    bury(life.keeper)
    return life, ask(life, RequestKind.ERASURE)


def _propose(life: Life, request_id: UUID) -> None:
    with transaction():
        propose_erasure(ProposeErasure(request_id=request_id), by=life.dpo)


def _erase(life: Life, request_id: UUID) -> None:
    with clock.reading(now() + ELEVEN_YEARS):
        _propose(life, request_id)
        with transaction():
            head = actor_for(Role.KADIS)
        with transaction():
            confirm_erasure(DecideErasure(request_id=request_id), by=head)


def _root_of(size: int) -> bytes:
    """The root made anew from the leaves that are there."""
    frontier = Frontier()
    asked = select(tlog.LogLeaf.hash).order_by(tlog.LogLeaf.position).limit(size)
    for leaf in db.session.scalars(asked):
        frontier.append(leaf)
    return frontier.root()
