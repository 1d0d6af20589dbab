"""Every place where the name or the words of a person stand, and how they are emptied there.

Columns that say who did something are found by their names (``recorded_by`` beside
``recorded_by_name``), so that a new table is not forgotten. A guarded one that is not meant to
let names go refuses, and then nothing is done at all.
"""

from collections.abc import Iterator
from itertools import chain
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, delete, exists, or_, select, update

from sijinak.accounts.models import (
    Passkey,
    RecoveryCode,
    SecondFactor,
    SignInSession,
    User,
)
from sijinak.accounts.passwords import hashed
from sijinak.animals.models import Animal, Observation
from sijinak.animals.mutations.models import Mutation
from sijinak.animals.skkt.models import Sheet
from sijinak.core import bulk
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import WORDS, Event
from sijinak.core.ids import uuid7
from sijinak.core.model import Id, Model
from sijinak.keepers.forgetting import ERASED, forget_keeper
from sijinak.keepers.models import ErasedValue, Keeper
from sijinak.payments.models import Attempt, AttemptBill, Collection
from sijinak.permits.chasing.models import BlockAppeal
from sijinak.permits.models import Permit
from sijinak.privacy.copying import tables_of
from sijinak.privacy.models import PrivacyRequest
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.vaccinations.confirming.models import Confirmation

AT_ONCE = 500
_NAME = "_name"


def forget(keeper: Keeper) -> int:
    """All of it, into the open transaction; how many fields stand empty in tables of others."""
    forget_keeper(keeper)
    accounts = list(db.session.scalars(select(User).where(User.keeper_id == keeper.id)))
    emptied = sum(_empty(keeper.id, *field) for field in _fields_of(keeper.id))
    for table, field, where in chain.from_iterable(_of_account(user.id) for user in accounts):
        emptied += _empty(keeper.id, table, field, and_(where, table.c[field] != ""))
    emptied += sum(_empty_inside(keeper.id, *inside) for inside in _of_animals(keeper.id))
    emptied += _empty_words(keeper.id)
    for user in accounts:
        _close(user)
    _say_nothing_more(keeper.id)
    return emptied


Field = tuple[Table, str, ColumnElement[bool]]


def _fields_of(keeper_id: UUID) -> Iterator[Field]:
    """Also where nothing stood: once the key is gone, the log cannot tell that from a word."""
    return chain(_of_keeper(keeper_id), _of_money(keeper_id))


def _of_keeper(keeper_id: UUID) -> Iterator[Field]:
    """What carries the name, or what the person wrote."""
    for model, field in (
        (Receipt, "payer_name"),
        (Skrd, "payer_name"),
        (Sheet, "owner_name"),
        (Permit, "appeal"),
        (Permit, "last_note"),
        (Permit, "destination_note"),
        (BlockAppeal, "words"),
        (Confirmation, "words"),
        (Animal, "hamlet"),
    ):
        table = _table(model)
        yield table, field, table.c.keeper_id == keeper_id


def _of_animals(keeper_id: UUID) -> Iterator[tuple[Table, str, str, ColumnElement[bool]]]:
    """Where animals stood is where their owner lived: one word within a column."""
    theirs = Observation.animal_id.in_(select(Animal.id).where(Animal.keeper_id == keeper_id))
    yield _table(Observation), "before", "hamlet", theirs
    yield _table(Observation), "after", "hamlet", theirs
    to_them = Mutation.to_keeper_id == keeper_id
    yield _table(Mutation), "details", "to_hamlet", to_them


def _of_money(keeper_id: UUID) -> Iterator[Field]:
    """Attempts at the bills of the person, and the money that came for them."""
    bills = select(Skrd.id).where(Skrd.keeper_id == keeper_id)
    attempts = select(AttemptBill.attempt_id).where(AttemptBill.bill_id.in_(bills))
    yield _table(Attempt), "payer_name", Attempt.id.in_(attempts)
    of_these = Collection.attempt_id.in_(attempts), Collection.bill_id.in_(bills)
    yield _table(Collection), "payer", or_(Collection.keeper_id == keeper_id, *of_these)


def _of_account(user_id: UUID) -> Iterator[Field]:
    """Wherever the account did something, and its name was written beside."""
    for table in Model.metadata.sorted_tables:
        for column in table.c:
            if (who := _who_of(table, column.name)) is not None:
                yield table, column.name, who == user_id


def _who_of(table: Table, name: str) -> ColumnElement[Any] | None:
    """The column with the id of the person whose name this one has."""
    if not name.endswith(_NAME):
        return None
    base = name.removesuffix(_NAME)
    found = (table.c.get(one) for one in (base, f"{base}_id"))
    return next((c for c in found if c is not None and isinstance(c.type, Id)), None)


def _empty(keeper_id: UUID, table: Table, field: str, where: ColumnElement[bool]) -> int:
    """Each field gets its line first: without one the guards let nothing go."""
    asked = select(table.c.id).where(where, table.c[field].is_not(None), ~_noted(table, field))
    asked = asked.order_by(table.c.id)
    ids = list(db.session.scalars(asked))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        _note(keeper_id, table, field, some)
        full = update(table).where(table.c.id.in_(some), table.c[field] != "")
        db.session.execute(full.values({field: ""}))
    return len(ids)


def _empty_inside(
    keeper_id: UUID, table: Table, field: str, word: str, where: ColumnElement[bool]
) -> int:
    asked = select(table.c.id, table.c[field]).where(where).order_by(table.c.id)
    found = [(row[0], row[1]) for row in db.session.execute(asked) if row[1].get(word)]
    for row_id, said in found:
        _note(keeper_id, table, field, [row_id])
        told = update(table).where(table.c.id == row_id)
        db.session.execute(told.values({field: {**said, word: ""}}))
    return len(found)


def _empty_words(keeper_id: UUID) -> int:
    """What was typed beside events about the person, or by the person: one word after the other."""
    table, said = _table(Event), dict[UUID, dict[str, Any]]()
    for where in _events_of(keeper_id):
        asked = select(Event.id, Event.facts).where(where, ~_noted(table, "facts"))
        asked = asked.order_by(Event.id)
        said |= {row[0]: row[1] for row in db.session.execute(asked)}
    found = {id_: words for id_, facts in said.items() if (words := _typed(facts))}
    for event_id, words in found.items():
        _note(keeper_id, table, "facts", [event_id])
        for word in filter(said[event_id].get, words):
            said[event_id] = {**said[event_id], word: ""}
            told = update(table).where(table.c.id == event_id)
            db.session.execute(told.values(facts=said[event_id]))
    return len(found)


def _events_of(keeper_id: UUID) -> Iterator[ColumnElement[bool]]:
    yield Event.subject_id == keeper_id
    yield Event.actor_id.in_(select(User.id).where(User.keeper_id == keeper_id))
    yield Event.facts["keeper_id"].as_string() == str(keeper_id)
    for table, where in tables_of(keeper_id):
        yield Event.subject_id.in_(select(table.c.id).where(where))


def _typed(facts: dict[str, Any]) -> list[str]:
    return [word for word in sorted(WORDS & facts.keys()) if isinstance(facts[word], str)]


def _noted(table: Table, field: str) -> ColumnElement[bool]:
    """It stands empty since this or another person was forgotten."""
    return exists().where(
        ErasedValue.kind == table.name, ErasedValue.row_id == table.c.id, ErasedValue.field == field
    )


def _note(keeper_id: UUID, table: Table, field: str, ids: list[UUID]) -> None:
    columns: dict[str, list[Any]] = {
        "id": [uuid7() for _ in ids],
        "keeper_id": [keeper_id] * len(ids),
        "kind": [str(table.name)] * len(ids),
        "row_id": ids,
        "field": [str(field)] * len(ids),
    }
    bulk.insert_new(ErasedValue, columns)


def _close(user: User) -> None:
    """The account is nobody's any more, and nobody gets into it."""
    user.username, user.name = f"dihapus-{user.id.hex}", ERASED
    user.password_hash, user.is_active = hashed(token_urlsafe(24)), False
    for model in (SecondFactor, Passkey, RecoveryCode):
        db.session.execute(delete(model).where(model.user_id == user.id))
    ended = update(SignInSession).where(SignInSession.user_id == user.id)
    db.session.execute(ended.values(ended_at=now(), device=""))


def _say_nothing_more(keeper_id: UUID) -> None:
    """Letters of ownership prove nothing without a name; what was asked of us is answered."""
    gone = update(Sheet).where(Sheet.keeper_id == keeper_id).values(digest=None)
    db.session.execute(gone)
    asked = update(PrivacyRequest).where(PrivacyRequest.keeper_id == keeper_id)
    db.session.execute(asked.values(words_sealed=None, answer_sealed=None, identity=""))


def _table(model: type[Model]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(model.__name__)
    return table
