"""Every place where the name or the words of a person stand, and how they are emptied there.

A guarded table that is not meant to let names go refuses, and then nothing is done at all.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select, update

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
from sijinak.core.model import Model
from sijinak.keepers.forgetting import ERASED, forget_keeper
from sijinak.keepers.models import ErasedValue, Keeper
from sijinak.payments.models import Attempt, AttemptBill, Collection
from sijinak.permits.chasing.models import BlockAppeal
from sijinak.permits.models import Permit
from sijinak.privacy.copying import tables_of
from sijinak.privacy.histories import History, histories_of, slices
from sijinak.privacy.models import PrivacyRequest
from sijinak.privacy.named import Field, named_alone, named_by_id, names_of
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.vaccinations.confirming.models import Confirmation

Inside = tuple[Table, str, str, ColumnElement[bool]]


def forget(keeper: Keeper) -> int:
    """All of it, into the open transaction; how many fields stand empty in tables of others."""
    accounts = list(db.session.scalars(select(User).where(User.keeper_id == keeper.id)))
    names = names_of(keeper, accounts)
    forget_keeper(keeper)
    people = (keeper.id, *(user.id for user in accounts))
    histories = list(histories_of(keeper.id))
    fields = chain(
        _of_keeper(keeper.id),
        _of_money(keeper.id),
        _of_hamlets(keeper.id, histories),
        chain.from_iterable(map(named_by_id, people)),
        named_alone(keeper.id, names),
    )
    emptied = sum(_empty(keeper.id, *field) for field in fields)
    words = _of_animals(keeper.id, histories)
    emptied += sum(_empty_inside(keeper.id, *inside) for inside in words)
    emptied += _empty_words(keeper.id)
    for user in accounts:
        _close(user)
    _say_nothing_more(keeper.id)
    return emptied


def _of_keeper(keeper_id: UUID) -> Iterator[Field]:
    """What carries the name, or what the person wrote.

    Also where nothing stood: once the key is gone, the log cannot tell that from a word.
    """
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


def _of_hamlets(keeper_id: UUID, histories: Sequence[History]) -> Iterator[Field]:
    """Of animals that were sold on, and stay where their owner lived."""
    table = _table(Animal)
    sold = [one.animal_id for one in histories if keeper_id in one.hamlet_of]
    for some in slices(sold):
        yield table, "hamlet", table.c.id.in_(some) & (table.c.hamlet != "")


def _of_animals(keeper_id: UUID, histories: Sequence[History]) -> Iterator[Inside]:
    """Where animals stood is where their owner lived: one word within a column."""
    steps = [step for one in histories for step in one.steps]
    before = [step.id for step in steps if keeper_id in step.before_of]
    after = [step.id for step in steps if keeper_id in step.after_of]
    for field, ids in (("before", before), ("after", after)):
        for some in slices(ids):
            yield _table(Observation), field, "hamlet", Observation.id.in_(some)
    stays = Mutation.to_keeper_id.is_(None) & (Mutation.from_keeper_id == keeper_id)
    there = (Mutation.to_keeper_id == keeper_id) | stays
    yield _table(Mutation), "details", "to_hamlet", there


def _of_money(keeper_id: UUID) -> Iterator[Field]:
    """Attempts at the bills of the person, and the money that came for them."""
    bills = select(Skrd.id).where(Skrd.keeper_id == keeper_id)
    attempts = select(AttemptBill.attempt_id).where(AttemptBill.bill_id.in_(bills))
    yield _table(Attempt), "payer_name", Attempt.id.in_(attempts)
    of_these = Collection.attempt_id.in_(attempts), Collection.bill_id.in_(bills)
    yield _table(Collection), "payer", or_(Collection.keeper_id == keeper_id, *of_these)


def _empty(keeper_id: UUID, table: Table, field: str, where: ColumnElement[bool]) -> int:
    """Each field gets its line first: without one the guards let nothing go.

    One that has a line, and a word again since, is emptied again.
    """
    asked = select(table.c.id).where(where, table.c[field].is_not(None), ~_noted(table, field))
    ids = list(db.session.scalars(asked.order_by(table.c.id)))
    for some in slices(ids):
        _note(keeper_id, table, field, some)
    db.session.execute(update(table).where(where, table.c[field] != "").values({field: ""}))
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
    own = select(User.id).where(User.keeper_id == keeper_id)
    yield or_(Event.actor_id == keeper_id, Event.actor_id.in_(own))
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


def _note(keeper_id: UUID, table: Table, field: str, ids: Sequence[UUID]) -> None:
    columns: dict[str, list[Any]] = {
        "id": [uuid7() for _ in ids],
        "keeper_id": [keeper_id] * len(ids),
        "kind": [str(table.name)] * len(ids),
        "row_id": list(ids),
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
