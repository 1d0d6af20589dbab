"""One run: every step has dice of its own, so that it stays what it is when others are left out."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from pyotp import TOTP

from sijinak.accounts.proofs import Proof
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.events import events
from sijinak.core.ids import ids
from sijinak.core.permissions import Actor
from sijinak.permits.models import OVER, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.quota.checking import quota_faults
from tests.factories import SECRET
from tests.properties.simulation.witness import Broken, Witness
from tests.properties.simulation.world import START, Ids, Outage, World

Service = Callable[..., Any]
Deed = Callable[["Run"], None]
WRONG_PERSON = 0.08
POWER_CUT = 0.1
LIVING = {state for state in PermitState if state not in OVER} | {PermitState.REJECTED}
FUSES = (12, 25, 60)  # statements until the power goes, at most


@dataclass(frozen=True, slots=True)
class Done:
    """A command that was carried out, to be sent again."""

    service: Service
    command: object
    by: Actor


class Run:
    """The people, what they do, and how far the clock is."""

    def __init__(self, world: World, seed: int, witness: Witness) -> None:
        self.world, self.seed, self.witness = world, seed, witness
        self.moment = START
        self.permits = list(world.permits)
        self.dice = Random(seed)  # noqa: S311 - to be played again
        self.focus = self.dice.sample(self.permits, 4)
        self.done: list[Done] = []
        self.told: list[str] = []
        self.deeds: Counter[str] = Counter()
        policy.skkh_before_payment = self.dice.random() < 1 / 4

    def take(self, index: int, deeds: dict[str, tuple[int, Deed]]) -> None:
        """The step that the seed has for this place, and a look at what came of it."""
        self.dice = Random(f"{self.seed}/{index}")  # noqa: S311
        self.moment += timedelta(minutes=self.dice.randint(1, 300))
        (name,) = self.dice.choices(list(deeds), [weight for weight, _ in deeds.values()])
        self.told.append(f"{index} {name}")
        with clock.reading(self.moment):
            deeds[name][1](self)
        with clock.reading(self.moment):
            self.witness.look(today())

    def do(self, service: Service, command: object, by: Actor) -> bool:
        """As one request: whole, or refused, or cut off; then nothing at all was written."""
        before = self.witness.version()
        if self.dice.random() < POWER_CUT:
            self.world.fuse.left = self.dice.randint(1, self.dice.choice(FUSES))
        outcome = self._in_transaction(partial(service, command, by=by))
        self.told[-1] += f" {service.__name__}: {outcome}."
        if outcome == "done":
            self.done.append(Done(service, command, by))
            self.witness.follow(today())  # before anything else happens
            self.deeds[service.__name__] += 1
        elif self.witness.version() != before:
            raise Broken(f"{service.__name__} was {outcome}, and yet something is written")
        return outcome == "done"

    def _in_transaction(self, act: Callable[[], object]) -> str:
        try:
            with transaction():
                act()
        except SijinakError as error:
            return error.code
        except Outage:
            return "cut off"
        finally:
            self.world.fuse.left = 0
            db.session.remove()
        return "done"

    def work(self, *, calm: bool = False) -> None:
        """What the worker has to do now; whatever fails it does again later."""
        if not calm and self.dice.random() < POWER_CUT:
            self.world.fuse.left = self.dice.randint(1, 2 * max(FUSES))
        try:
            while events.deliver_next():
                db.session.remove()
        except Outage:
            self.told[-1] += " The worker died."
        finally:
            self.world.fuse.left = 0
            db.session.remove()

    def who(self, name: str) -> SignedIn:
        """Whose task it is, or now and then somebody who tries what they may not."""
        people = self.world.people
        if self.dice.random() < WRONG_PERSON:
            name = self.dice.choice(["everybody", "everybody", "deputy", *people])
        return people[name]

    def which(self, *states: PermitState) -> UUID:
        """A permit that is not over, mostly one of the few that this run is about."""
        among = states or LIVING
        asked = self.witness.rows("SELECT id, state FROM permits ORDER BY id")
        living = [UUID(bytes=row[0]) for row in asked if row[1] in among]
        near = [one for one in living if one in self.focus]
        if self.dice.random() < 0.1 or not living:
            return self.dice.choice(self.permits)
        return self.dice.choice(near if near and self.dice.random() < 0.7 else living)

    def later(self, **pause: float) -> None:
        self.moment += timedelta(**pause)

    @contextmanager
    def on_its_clock(self) -> Iterator[None]:
        """After ``later``, for what is still done in this step."""
        with clock.reading(self.moment):
            yield

    def lines(self) -> int:
        """Of the trail."""
        return int(self.witness.rows("SELECT count(*) FROM events")[0][0])

    def require(self, holds: object, promise: str) -> None:
        if not holds:
            raise Broken(promise)

    def proof(self) -> Proof:
        """What a telephone shows now, seldom what it showed an hour ago."""
        old = timedelta(hours=self.dice.random() < 0.03)
        return Proof(digits=TOTP(SECRET).at(now() - old))


@dataclass
class Played:
    """``fault`` is empty when all promises were kept."""

    fault: str
    told: list[str]
    taken: Counter[tuple[str, str]]
    deeds: Counter[str]


def play(
    world: World, seed: int, steps: Sequence[int], deeds: dict[str, tuple[int, Deed]]
) -> Played:
    """These steps of a seed. Whatever is no refusal is a fault."""
    quiet, logging.root.manager.disable = logging.root.manager.disable, logging.CRITICAL
    try:
        with world.anew() as outside, ids.made_by(Ids(seed)):
            witness = Witness(outside)
            run = Run(world, seed, witness)
            fault = _faults(run, steps, deeds)
    finally:
        logging.root.manager.disable = quiet
        policy.skkh_before_payment = False
    return Played(fault, run.told, witness.taken, run.deeds)


def _faults(run: Run, steps: Sequence[int], deeds: dict[str, tuple[int, Deed]]) -> str:
    try:
        run.witness.look(START.date())
        run.witness.taken.clear()
        for index in steps:
            run.take(index, deeds)
        found = list(quota_faults())
        run.require(not found, f"the program's own check of the quota: {found}")
    except Exception as error:  # noqa: BLE001 - each is a finding
        return f"{type(error).__name__}: {error}"
    return ""


def smallest(
    world: World, seed: int, steps: int, deeds: dict[str, tuple[int, Deed]]
) -> tuple[list[int], Played]:
    """The steps without which nothing goes wrong: halves, quarters and single ones are left out."""
    kept, best = list(range(steps)), play(world, seed, range(steps), deeds)
    size = len(kept) // 2
    while size:
        for start in range(0, len(kept), size):
            fewer = kept[:start] + kept[start + size :]
            if (tried := play(world, seed, fewer, deeds)).fault:
                kept, best = fewer, tried
                break
        else:
            size //= 2
    return kept, best
