"""Planted ghost rounds are all seen; of honest ones hardly any is suspected."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from sijinak.tags.watching import Limits
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.findings.signals import (
    LEAST_KNOWN,
    WINDOW,
    Bounds,
    Dose,
    Middle,
    Signal,
    middle_of,
    signals_of,
)
from sijinak.vaccinations.models import ReadBy
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA

K = FindingKind
HONEST, GHOSTS = 500, 50
KM = 1 / 111.2  # degrees of latitude
MORNING = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
BOUNDS = Bounds(fastest=30, far_km=15, typed_percent=60, lorry=Limits(kmh=80, hours=2))
VILLAGES = {
    LUNYUK_REA: (-8.95, 117.21),
    LUNYUK_ODE: (-8.99, 117.25),
    "52.04.05.2001": (-8.52, 116.99),
}
MIDDLES = {village: Middle(village, *place) for village, place in VILLAGES.items()}


def a_dose(act: UUID, at: datetime, village: str = LUNYUK_REA, **fields: Any) -> Dose:
    latitude, longitude = VILLAGES[village]
    known: dict[str, Any] = {"latitude": latitude, "longitude": longitude, "accuracy_m": 12.0}
    known["read_by"] = ReadBy.SCAN
    return Dose(act_id=act, seen_at=at, village=village, **{**known, **fields})


def a_round(chance: Random, **ghost: object) -> list[Dose]:
    """20 to 120 animals of one village, as a paramedic and two helpers do them."""
    act = UUID(int=chance.getrandbits(128))
    village = chance.choice(list(VILLAGES))
    at, doses = MORNING + timedelta(minutes=chance.randrange(240)), []
    middle = VILLAGES[village]
    yard = (middle[0] + chance.gauss(0, 2) * KM, middle[1] + chance.gauss(0, 2) * KM)
    dirty = chance.betavariate(2, 10)  # some herds have dirty tags
    for _ in range(chance.randrange(20, 120)):
        at += timedelta(seconds=chance.lognormvariate(3.9, 0.6))  # mostly half a minute to two
        if chance.random() < 0.06:  # to the next owner
            at += timedelta(minutes=chance.uniform(4, 20))
            yard = (yard[0] + chance.gauss(0, 0.4) * KM, yard[1] + chance.gauss(0, 0.4) * KM)
        no_fix = chance.random() < 0.1
        doses.append(
            a_dose(
                act, at, village,
                read_by=ReadBy.TYPED if chance.random() < dirty else ReadBy.SCAN,
                latitude=None if no_fix else yard[0] + chance.gauss(0, 0.05) * KM,
                longitude=None if no_fix else yard[1] + chance.gauss(0, 0.05) * KM,
                accuracy_m=None if no_fix else chance.lognormvariate(3, 0.8),
            )
        )  # fmt: skip
    return doses


def at_a_desk(chance: Random) -> list[Dose]:
    """Codes are copied from a list: fast, all typed, where the desk stands, or all three."""
    doses = a_round(chance)
    way = chance.randrange(3)
    start, town = doses[0].seen_at, (-8.49, 117.42)
    made = []
    for number, one in enumerate(doses):
        fast = start + timedelta(seconds=number * chance.uniform(4, 12))
        made.append(
            a_dose(
                one.act_id, fast if way == 0 and len(doses) > 45 else one.seen_at, one.village,
                read_by=ReadBy.TYPED if way == 1 or len(doses) <= 45 else one.read_by,
                latitude=town[0] if way == 2 else one.latitude,
                longitude=town[1] if way == 2 else one.longitude,
                accuracy_m=10.0 if way == 2 else one.accuracy_m,
            )
        )  # fmt: skip
    return made


def told(rounds: Iterator[list[Dose]]) -> list[list[Signal]]:
    return [signals_of(one, MIDDLES, BOUNDS) for one in rounds]


def test_every_ghost_is_seen_and_hardly_an_honest_round():
    chance = Random(25)  # noqa: S311 - play
    honest = told(a_round(chance) for _ in range(HONEST))
    ghosts = told(at_a_desk(chance) for _ in range(GHOSTS))
    assert [bool(signals) for signals in ghosts] == [True] * GHOSTS
    suspected = sum(map(bool, honest))
    assert suspected < HONEST * 0.02, f"{suspected} honest rounds suspected"


@pytest.mark.parametrize(("animals", "seen"), [(30, False), (31, True)])
def test_the_window_slides_over_rounds(animals: int, seen: bool):  # noqa: FBT001
    """Two rounds of one officer, one lot each, within the same ten minutes."""
    acts = [uuid4(), uuid4()]
    at = [
        MORNING + timedelta(minutes=4) + (WINDOW - timedelta(seconds=1)) * n / (animals - 1)
        for n in range(animals)
    ]
    found = signals_of([a_dose(acts[n % 2], when) for n, when in enumerate(at)], MIDDLES, BOUNDS)
    assert [(s.kind, s.facts) for s in found] == (
        [(K.TOO_FAST, {"most": 31, "allowed": 30})] if seen else []
    )


def test_exactly_ten_minutes_are_two_windows():
    act = uuid4()
    doses = [a_dose(act, MORNING)] * 30 + [a_dose(act, MORNING + WINDOW)]
    assert signals_of(doses, MIDDLES, BOUNDS) == []


@pytest.mark.parametrize(("typed", "seen"), [(6, False), (7, True)])
def test_typed_codes_of_a_round(typed: int, seen: bool):  # noqa: FBT001
    act = uuid4()
    ways = [ReadBy.TYPED] * typed + [ReadBy.SCAN] * (10 - typed)
    doses = [a_dose(act, MORNING + timedelta(minutes=n), read_by=way) for n, way in enumerate(ways)]
    kinds = [(s.kind, s.facts) for s in signals_of(doses, MIDDLES, BOUNDS)]
    assert kinds == ([(K.ONLY_TYPED, {"typed": 7, "of": 10})] if seen else [])
    few = [a_dose(act, MORNING + timedelta(minutes=n), read_by=ReadBy.TYPED) for n in range(9)]
    assert signals_of(few, MIDDLES, BOUNDS) == []


def test_far_from_the_middle_of_the_village():
    act, (latitude, _) = uuid4(), VILLAGES[LUNYUK_REA]
    near, far = latitude + 14 * KM, latitude + 16 * KM
    assert signals_of([a_dose(act, MORNING, latitude=near)], MIDDLES, BOUNDS) == []
    (found,) = signals_of([a_dose(act, MORNING, latitude=far)], MIDDLES, BOUNDS)
    assert (found.kind, found.facts) == (K.ELSEWHERE, {"km": 16, "village": LUNYUK_REA})
    guess = a_dose(act, MORNING, latitude=far, accuracy_m=5000.0)
    assert signals_of([guess], MIDDLES, BOUNDS) == []
    around = {LUNYUK: Middle(LUNYUK, *VILLAGES[LUNYUK_REA])}
    assert signals_of([a_dose(act, MORNING, latitude=far)], around, BOUNDS) == []


def test_no_lorry_is_that_fast():
    one, other, alas = uuid4(), uuid4(), "52.04.05.2001"  # 54 km
    first = a_dose(one, MORNING)
    soon, later = MORNING + timedelta(minutes=30), MORNING + timedelta(minutes=45)
    (found,) = signals_of([first, a_dose(other, soon, alas)], MIDDLES, BOUNDS)
    assert (found.act_id, found.facts["minutes"], found.facts["km"]) == (other, 30, 54)
    assert signals_of([first, a_dose(other, later, alas)], MIDDLES, BOUNDS) == []
    unplaced = a_dose(other, soon, alas, latitude=None, longitude=None)
    assert [s.kind for s in signals_of([first, unplaced], MIDDLES, BOUNDS)] == [K.ELSEWHERE]
    assert signals_of([first, unplaced], {}, BOUNDS) == []


def test_the_middle_stands_against_false_positions():
    true = [(-8.95, 117.21)] * 6
    middle = middle_of(LUNYUK_REA, [*true, (-8.0, 118.0), (-8.0, 118.0)])
    assert middle
    assert (middle.latitude, middle.longitude) == true[0]
    assert middle_of(LUNYUK_REA, true[: LEAST_KNOWN - 1]) is None
