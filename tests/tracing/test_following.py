"""A trace finds what a slow walk from movement to movement finds, and no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sijinak.animals.models import Animal, Sex
from sijinak.animals.mutations.models import MutationKind, MutationState
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper
from sijinak.tracing.following import Found, follow, from_animal, from_area, from_holding
from sijinak.tracing.moves import Bounds, Move, MoveKind, Way, Why
from sijinak.tracing.queries import moves_of_holding
from sijinak.tracing.services import TraceMovements, trace_movements
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK_ODE, LUNYUK_REA
from tests.tracing.rows import BEKASI, day, mutate, ship

K = MutationKind
KEEPERS, ANIMALS, DAYS = 4, 5, 12


@dataclass
class Herd:
    """Keepers and animals that stay; the movements come and go with each example."""

    keepers: list[Keeper]
    animals: list[UUID]
    moves: list[Move] = field(default_factory=list)

    def mutate(self, step: dict[str, Any]) -> None:
        kind, animal = step["kind"], self.animals[step["animal"]]
        giver = None if kind is K.PURCHASE else self.keepers[step["from"]].id
        receiver = None if kind is K.MOVE else self.keepers[step["to"]].id
        if giver == receiver:
            return
        line = mutate(
            kind, step["day"], animal, giver, receiver, state=step["state"], refused=step["refused"]
        )
        if step["state"] is MutationState.DONE and not step["refused"] and kind is not K.DEATH:
            stays = giver if kind is K.MOVE else receiver
            origin = "" if kind is K.PURCHASE else LUNYUK_REA
            self.moves.append(
                Move(kind, line.id, day(step["day"]), animal, animal, giver, stays, origin,
                     LUNYUK_ODE)
            )  # fmt: skip

    def ship(self, step: dict[str, Any]) -> None:
        keeper = self.keepers[step["from"]].id
        animals = [self.animals[i] for i in sorted(step["animals"])]
        back = step["day"] + step["back"] if step["back"] is not None else None
        lines = ship(step["day"], keeper, animals, back=back, left=step["left"])
        if not step["left"]:
            return
        for line, animal in zip(lines, animals, strict=True):
            self.moves.append(
                Move(MoveKind.SHIPMENT, line.id, day(step["day"]), animal, animal, keeper, None,
                     LUNYUK_REA, BEKASI, line.permit_id)
            )  # fmt: skip
        if back is not None:
            self.moves.append(
                Move(MoveKind.RETURN, lines[0].id, day(back), animals[0], animals[0], None, keeper,
                     BEKASI, LUNYUK_REA)
            )  # fmt: skip

    def calve(self, dam: int, calf: int, nth: int) -> None:
        animal = db.session.get_one(Animal, self.animals[calf])
        animal.dam_id, animal.birth_date = self.animals[dam], day(nth)
        self.moves.append(
            Move(MoveKind.BIRTH, animal.id, day(nth), animal.id, self.animals[dam], None, None,
                 LUNYUK_REA, LUNYUK_REA)
        )  # fmt: skip


@pytest.fixture
def herd(context: Flask) -> Herd:
    keepers = [make_keeper() for _ in range(KEEPERS)]
    made = [make_animal(keepers[n % KEEPERS], sex=Sex.FEMALE)[0].id for n in range(ANIMALS)]
    return Herd(keepers, made)


DAY, KEEPER, ANIMAL = st.integers(0, DAYS), st.integers(0, KEEPERS - 1), st.integers(0, ANIMALS - 1)
MUTATED = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([K.SALE, K.SALE, K.SHARING, K.MOVE, K.PURCHASE]),
        "day": DAY, "animal": ANIMAL, "from": KEEPER, "to": KEEPER,
        "state": st.sampled_from([MutationState.DONE] * 5 + [MutationState.UNDONE]),
        "refused": st.sampled_from([False] * 5 + [True]),
    }
)  # fmt: skip
SHIPPED = st.fixed_dictionaries(
    {
        "day": DAY, "from": KEEPER, "animals": st.sets(ANIMAL, min_size=1, max_size=3),
        "back": st.none() | st.integers(0, 4), "left": st.sampled_from([True] * 5 + [False]),
    }
)  # fmt: skip
BORN = st.none() | st.tuples(st.integers(0, 1), st.integers(2, 4), DAY)


@contextmanager
def example(
    herd: Herd, mutated: list[Any], shipped: list[Any], born: tuple[int, int, int] | None
) -> Iterator[None]:
    """The movements of one example, gone again afterwards."""
    herd.moves.clear()
    try:
        with transaction():
            for step in mutated:
                herd.mutate(step)
            for step in shipped:
                herd.ship(step)
            if born:
                herd.calve(*born)
            db.session.flush()
            yield
            db.session.rollback()
    finally:
        db.session.expire_all()


def follows(way: Way, one: Move, other: Move, contact: timedelta) -> bool:
    """The definition, said as it is read."""
    if way is Way.BACK:
        return follows(Way.FORWARD, other, one, contact)
    if other.source_id == one.animal_id and other.on >= one.on:
        return True
    if one.group is not None and one.group == other.group:
        return True
    meets = one.to_holding is not None and one.to_holding == other.from_holding
    return meets and one.on <= other.on <= one.on + contact


def slowly(
    moves: list[Move], seeds: list[Move], way: Way, bounds: Bounds
) -> dict[tuple[str, UUID], int]:
    """From each movement to each other, again and again."""
    inside = [move for move in moves if bounds.first <= move.on <= bounds.last]
    level = {move.key: move for move in seeds}
    found = dict.fromkeys(level, 0)
    for depth in range(1, bounds.depth + 1):
        level = {
            other.key: other
            for one in level.values()
            for other in inside
            if other.key not in found and follows(way, one, other, bounds.contact)
        }
        found |= dict.fromkeys(level, depth)
    return found


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    mutated=st.lists(MUTATED, max_size=10),
    shipped=st.lists(SHIPPED, max_size=3),
    born=BORN,
    start=KEEPER,
    way=st.sampled_from(Way),
    first=st.integers(0, 4),
    last=st.integers(6, DAYS + 4),
    contact=st.integers(0, 6),
    depth=st.integers(0, 4),
)
def test_a_trace_is_what_a_slow_walk_finds(  # noqa: PLR0913, PLR0917 - the drawn ones
    herd: Herd,
    mutated: list[Any],
    shipped: list[Any],
    born: tuple[int, int, int] | None,
    start: int,
    way: Way,
    first: int,
    last: int,
    contact: int,
    depth: int,
):
    bounds = Bounds(first=day(first), last=day(last), contact_days=contact, depth=depth)
    keeper = herd.keepers[start].id
    with example(herd, mutated, shipped, born):
        inside = [move for move in herd.moves if bounds.first <= move.on <= bounds.last]
        holding = [
            move
            for move in inside
            if (move.from_holding if way is Way.FORWARD else move.to_holding) == keeper
        ]
        trace = from_holding(keeper, way, bounds)
        assert levels(trace.found) == slowly(herd.moves, holding, way, bounds)
        assert {(one.move.key, one.move) for one in trace.found} <= {(m.key, m) for m in inside}
        days = [one.move.on for one in trace.found]
        assert days == sorted(days)
        border = [move for move in inside if crosses(move, way)]
        area = from_area(LUNYUK_REA, way, bounds)
        assert levels(area.found) == slowly(herd.moves, border, way, bounds)


def levels(found: tuple[Found, ...]) -> dict[tuple[str, UUID], int]:
    return {one.move.key: one.level for one in found}


def crosses(move: Move, way: Way) -> bool:
    inside = move.from_place == LUNYUK_REA, move.to_place == LUNYUK_REA
    return inside == ((True, False) if way is Way.FORWARD else (False, True))


def bounds_of(first: int, last: int, **fields: int) -> Bounds:
    known = {"contact_days": 3, "depth": 5, **fields}
    return Bounds(first=day(first), last=day(last), **known)


def test_a_circle_is_walked_once(herd: Herd):
    a, b = herd.keepers[0].id, herd.keepers[1].id
    with transaction():
        for nth in range(0, 8, 2):
            mutate(K.SALE, nth, herd.animals[0], a, b)
            mutate(K.SALE, nth + 1, herd.animals[0], b, a)
    trace = from_holding(a, Way.FORWARD, bounds_of(0, 20, depth=50))
    assert len(trace.found) == len({one.move.key for one in trace.found}) == 8


def test_what_left_before_is_not_reached(herd: Herd):
    a, b, c, _ = (keeper.id for keeper in herd.keepers)
    with transaction():
        mutate(K.SALE, 5, herd.animals[0], a, b)
        mutate(K.SALE, 4, herd.animals[1], b, c)
        late = mutate(K.SALE, 9, herd.animals[2], b, c)
        soon = mutate(K.SALE, 8, herd.animals[3], b, c)
    forward = from_holding(a, Way.FORWARD, bounds_of(0, 20))
    assert [one.why for one in forward.found] == [Why.START, Why.HOLDING]
    assert soon.id == forward.found[1].move.row_id
    assert late.id not in {one.move.row_id for one in forward.found}


def test_an_animal_carries_it_to_where_it_stands_and_its_calf_onward(herd: Herd):
    a, b, c, _ = (keeper.id for keeper in herd.keepers)
    dam, calf, neighbour = herd.animals[0], herd.animals[1], herd.animals[2]
    with transaction():
        mutate(K.SALE, 9, neighbour, a, c)  # within the days of contact with the dam
        mutate(K.SALE, 20, dam, a, b)
        herd.calve(0, 1, 12)
        mutate(K.SALE, 30, calf, a, c)
    start = db.session.get_one(Animal, dam)
    forward = from_animal(start, Way.FORWARD, bounds_of(8, 60))
    assert [(one.move.kind, one.why) for one in forward.found] == [
        (K.SALE, Why.HOLDING),
        (MoveKind.BIRTH, Why.START),
        (K.SALE, Why.START),
        (K.SALE, Why.SAME_ANIMAL),
    ]
    back = from_animal(db.session.get_one(Animal, calf), Way.BACK, bounds_of(0, 40))
    assert [one.move.kind for one in back.found] == [MoveKind.BIRTH, K.SALE]


def test_animals_on_one_permit_met(herd: Herd):
    a, b, _c, _d = (keeper.id for keeper in herd.keepers)
    with transaction():
        ship(9, a, herd.animals[:3])
        mutate(K.SALE, 6, herd.animals[0], b, a)
        mutate(K.SALE, 3, herd.animals[1], b, a)
    trace = from_animal(
        db.session.get_one(Animal, herd.animals[0]), Way.FORWARD, bounds_of(5, 20, contact_days=0)
    )
    assert [one.why for one in trace.found if one.move.kind is MoveKind.SHIPMENT] == [
        Why.START, Why.GATHERING, Why.GATHERING,
    ]  # fmt: skip


def test_too_much_is_cut_and_says_so(herd: Herd, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sijinak.tracing.following.MOST", 2)
    a, b, c, d = (keeper.id for keeper in herd.keepers)
    with transaction():
        for nth, (giver, receiver) in enumerate([(a, b), (b, c), (c, d), (d, a)]):
            mutate(K.SALE, nth, herd.animals[nth], giver, receiver)
    bounds = bounds_of(0, 20)
    seeds = [Found(m, Way.FORWARD, Why.START, 0) for m in moves_of_holding(a, Way.FORWARD, bounds)]
    trace = follow(seeds, Way.FORWARD, bounds)
    assert trace.is_cut
    assert len(trace.found) == 3


def test_days_are_days_of_the_office(herd: Herd):
    """Noon in WITA is not the day before."""
    with transaction():
        ship(4, herd.keepers[0].id, herd.animals[:1])
    (found,) = from_holding(herd.keepers[0].id, Way.FORWARD, bounds_of(4, 4)).found
    assert found.move.on == day(4) == date(2026, 3, 5)


def test_what_is_cut_keeps_the_nearest_of_both_ways(herd: Herd, monkeypatch: pytest.MonkeyPatch):
    for place in ("following", "services"):
        monkeypatch.setattr(f"sijinak.tracing.{place}.MOST", 1)
    a, b, c, _ = (keeper.id for keeper in herd.keepers)
    with transaction():
        for nth, (giver, receiver) in {2: (b, a), 3: (c, a), 6: (a, b), 7: (a, c)}.items():
            mutate(K.SALE, nth, herd.animals[nth % ANIMALS], giver, receiver)
    asked = TraceMovements(keeper_id=a, day=day(5), days=10, contact_days=0, depth=0)
    with transaction():
        trace = trace_movements(asked, by=OPERATOR).trace
    assert trace.is_cut
    assert [one.move.on for one in trace.found] == [day(3), day(6)]
