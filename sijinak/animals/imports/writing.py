"""New owners and animals in bulk: the same rows that registering them one by one would write."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.animals.imports.queries import KnownKeeper, stock_codes
from sijinak.animals.models import (
    Animal,
    AnimalState,
    Identifier,
    IdentifierKind,
    ImportBatch,
    Observation,
    ObservationKind,
    Precision,
    Verification,
)
from sijinak.animals.population.keeping import note_loaded
from sijinak.animals.services import KEPT, MARKS
from sijinak.core.bulk import insert
from sijinak.core.clock import now, today
from sijinak.core.codes import tag_code_of
from sijinak.core.crypto import keyring, sealed_place
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Keeper, KeeperKind, KeeperWord, NameWord
from sijinak.keepers.nik import parse_nik
from sijinak.keepers.queries import name_key
from sijinak.keepers.words import write_words
from sijinak.tagstock.binding import put_on

Said = Mapping[str, Any]
_KEEPERS = Keeper.__tablename__
_CODE_BITS = 40
TEXTS = ("hamlet", "breed", *MARKS)
NUMBERED = (("eartag", IdentifierKind.EARTAG), ("rfid", IdentifierKind.RFID))


class Owners:
    """Who owns the animals of a chunk: known, or registered with it.

    Those that the batch brought carry its very moment, by which undoing it finds them.
    """

    def __init__(self, batch: ImportBatch, known: Mapping[str, KnownKeeper]) -> None:
        self._batch = batch
        self._known = known
        self._ids = {nik: keeper.id for nik, keeper in known.items() if not keeper.is_withdrawn}

    def in_reach(self, nik: str) -> bool:
        return nik not in self._known or self._known[nik].in_reach

    def id_of(self, nik: str) -> UUID:
        return self._ids[nik]

    def register(self, said: Iterable[Said]) -> int:
        """Those who are new; the list does not say where they live: where the first animal is."""
        first: dict[str, Said] = {}
        for values in said:
            if values["nik"] not in self._ids:
                first.setdefault(values["nik"], values)
        again = [values for nik, values in first.items() if nik in self._known]
        rows = [self._row(values) for nik, values in first.items() if nik not in self._known]
        for values in again:
            self._register_again(values)
        if rows:
            insert(Keeper, {name: [row[name] for row in rows] for name in rows[0]})
            _write_words(rows)
        return len(first)

    def _row(self, values: Said) -> dict[str, Any]:
        keeper_id = self._ids[values["nik"]] = uuid7()
        nik, phone = parse_nik(values["nik"], on=today()), values.get("phone")
        return {
            "id": keeper_id,
            "kind": KeeperKind.PERSON,
            **self._named(values),
            "birth_date": nik.birth_date,
            "is_woman": nik.is_woman,
            "nik_sealed": keyring.seal(nik.text, sealed_place(_KEEPERS, "nik", keeper_id)),
            "nik_lookup": keyring.lookup("nik", nik.text),
            "nik_tail": nik.text[-4:],
            "phone_sealed": phone
            and keyring.seal(phone, sealed_place(_KEEPERS, "phone", keeper_id)),
            "phone_lookup": phone and keyring.lookup("phone", phone),
            "licence": "",
        }

    def _named(self, values: Said) -> dict[str, Any]:
        return {
            "name": values["owner"],
            "name_key": name_key(values["owner"]),
            "village": values["village"],
            "hamlet": values.get("hamlet", ""),
            "registered_at": self._batch.imported_at,
        }

    def _register_again(self, values: Said) -> None:
        """A withdrawn registration is taken up, as this list tells it."""
        keeper = db.session.get_one(Keeper, self._known[values["nik"]].id)
        for name, value in self._named(values).items():
            setattr(keeper, name, value)
        keeper.withdrawn_at = None
        if phone := values.get("phone"):
            keeper.phone, keeper.phone_lookup = phone, keyring.lookup("phone", phone)
        write_words(keeper)
        self._ids[values["nik"]] = keeper.id


def _write_words(keepers: Sequence[Said]) -> None:
    """By which owners are searched. In one order, so that two lists do not wait in a ring."""
    rows = [
        (keeper["id"], word, keeper["village"])
        for keeper in keepers
        for word in dict.fromkeys(keeper["name_key"].split())
    ]
    words = sorted({word for _, word, _ in rows})
    known = set(db.session.scalars(select(NameWord.word).where(NameWord.word.in_(words))))
    if fresh := [{"id": uuid7(), "word": word} for word in words if word not in known]:
        make = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
        db.session.execute(make(NameWord).on_conflict_do_nothing(), fresh)
    if rows:
        ids, written, villages = zip(*rows, strict=True)
        columns = {"keeper_id": ids, "word": written, "village": villages}
        insert(KeeperWord, {"id": [uuid7() for _ in rows], **columns})


def write_new(batch: ImportBatch, said: Sequence[Said], owners: Owners, *, by: Actor) -> int:
    """Animals, their tags and numbers, one observation each, and the counts."""
    if not said:
        return 0
    animals = animal_columns(batch, said, owners, by)
    insert(Animal, animals)
    insert(Identifier, _identifiers(batch, said, animals["id"], by))
    insert(Observation, _observations(batch, animals, by))
    note_loaded(animals)
    given = {values["tag"]: at for at, values in enumerate(said) if values.get("tag")}
    for code in sorted(stock_codes(given.keys())):
        put_on(code, animals["id"][given[code]], animals["village"][given[code]], by=by)
    return len(said)


def animal_columns(
    batch: ImportBatch, said: Sequence[Said], owners: Owners, by: Actor
) -> dict[str, list[Any]]:
    moment, count = batch.imported_at, len(said)
    seen = [values["verification"] == Verification.SEEN for values in said]
    births = [_day(values.get("birth_date")) for values in said]
    return {
        "id": [uuid7() for _ in said],
        "keeper_id": [owners.id_of(values["nik"]) for values in said],
        "village": [values["village"] for values in said],
        "species": [values["species"] for values in said],
        "sex": [values["sex"] for values in said],
        **{name: [values.get(name, "") for values in said] for name in TEXTS},
        "birth_date": births,
        "birth_precision": [Precision.EXACT if birth else None for birth in births],
        "teeth": [values.get("teeth") for values in said],
        "verification": [values["verification"] for values in said],
        "seen_at": [moment if one else None for one in seen],
        "seen_by": [by.id if one else None for one in seen],
        "registered_at": [moment] * count,
        "registered_by": [by.id] * count,
        "batch_id": [batch.id] * count,
        "state": [AnimalState.PRESENT] * count,
    }


def _identifiers(
    batch: ImportBatch, said: Sequence[Said], ids: Sequence[UUID], by: Actor
) -> dict[str, list[Any]]:
    rows = [
        (animal_id, IdentifierKind.TAG, values.get("tag") or _new_code())
        for animal_id, values in zip(ids, said, strict=True)
    ]
    rows += [
        (animal_id, kind, values[name])
        for name, kind in NUMBERED
        for animal_id, values in zip(ids, said, strict=True)
        if values.get(name)
    ]
    return {
        "id": [uuid7() for _ in rows],
        "animal_id": [row[0] for row in rows],
        "kind": [row[1] for row in rows],
        "value": [row[2] for row in rows],
        "given_at": [batch.imported_at] * len(rows),
        "given_by": [by.id] * len(rows),
    }


def _observations(
    batch: ImportBatch, animals: Mapping[str, list[Any]], by: Actor
) -> dict[str, list[Any]]:
    count = len(animals["id"])
    moment = now()
    told = [name for name in KEPT if name in animals]
    births = {birth: birth and birth.isoformat() for birth in set(animals["birth_date"])}
    plain = {
        "keeper_id": [str(keeper_id) for keeper_id in animals["keeper_id"]],
        "birth_date": [births[birth] for birth in animals["birth_date"]],
    }
    rows = zip(*(plain.get(name, animals[name]) for name in told), strict=True)
    return {
        "id": [uuid7() for _ in range(count)],
        "animal_id": animals["id"],
        "kind": [ObservationKind.REGISTERED] * count,
        "basis": animals["verification"],
        "made_at": [seen_at or moment for seen_at in animals["seen_at"]],
        "recorded_at": [moment] * count,
        "by_id": [by.id] * count,
        "by_name": [by.name] * count,
        "village": animals["village"],
        "before": [{}] * count,
        "after": [
            {name: value for name, value in zip(told, row, strict=True) if value not in _NOTHING}
            for row in rows
        ],
        "reason": [""] * count,
        "cause_id": [batch.id] * count,
    }


_NOTHING: tuple[object, ...] = (None, "")


def _new_code() -> str:
    """Should another animal have it, the chunk is taken once more, with others."""
    return tag_code_of(secrets.randbits(_CODE_BITS))


@lru_cache(maxsize=20_000)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
