"""An office with its people, herds and permits on every stage, built once; each run gets a copy.

A run is on SQLite and in one process: what two people do at the same moment, on both databases,
the crowd tests ask.
"""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import event, select

from sijinak.accounts.models import Appointment, Delegation, Manner, Role, SecondFactor
from sijinak.accounts.queries import SignedIn, delegated_to
from sijinak.animals.queries import animals_by_tags
from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.ids import ids
from sijinak.core.permissions import Permission
from sijinak.keepers.models import Keeper
from sijinak.ledger.books import forget_accounts
from sijinak.permits.models import PermitState
from sijinak.permits.rules.models import Scope
from sijinak.wiring import SUBSCRIPTIONS
from tests.animals.factories import firm, make_animal, make_keeper
from tests.factories import REGENCY, SECRET, actor_for
from tests.permits.factories import LOMBOK_TENGAH, Office, make_draft, stored_pdf, vaccinate, walk
from tests.permits.quota.books import grant

S = PermitState
START = datetime(2026, 12, 18, 1, tzinfo=UTC)  # a working morning of the office, near New Year
OFFICERS = (
    Role.PERMIT_DESK, Role.VET, Role.KADIS, Role.KABID, Role.TREASURER, Role.CHECKPOINT,
    Role.CLERK, Role.LABORATORY,
)  # fmt: skip
STAGES = (
    S.ACCEPTED, S.INSPECTED, S.BILLED, S.PAID, S.ISSUED, S.DEPARTED, S.REJECTED, S.ISSUED,
    S.BILLED, S.APPROVED,
)  # fmt: skip
HERD = 10  # of each firm
QUOTA = 13  # of each line and year: soon some must wait
# Papers and what looks for doubles are left out: they take the time and change no state.
LEFT_OUT = ("make_paper", "sign_lists", "look_for_doubles")
HEARD = {
    name: [handler for handler in handlers if handler.__name__ not in LEFT_OUT]
    for name, handlers in SUBSCRIPTIONS.items()
}


class Fuse:
    """Burns through after so many statements: the machine dies in the middle of what it does."""

    def __init__(self) -> None:
        self.left = 0

    def burn(self, *_: object) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                raise Outage


class Outage(Exception):
    """The power went."""


class Ids:
    """The same in every run: they rise, and hold the moment of the clock as UUIDv7 do."""

    def __init__(self, seed: int = 0) -> None:
        self._count = 1 + seed % 1_000_000 << 32

    def __call__(self) -> UUID:
        self._count += 1
        moment = int(now().timestamp() * 1000)
        return UUID(int=moment << 80 | 7 << 76 | 2 << 62 | self._count)


@dataclass
class World:
    """``people`` by what they do; ``animals`` and ``permits`` are those of the beginning."""

    app: Flask
    path: Path
    image: sqlite3.Connection
    fuse: Fuse
    people: dict[str, SignedIn] = field(default_factory=dict)
    firms: list[UUID] = field(default_factory=list)
    herds: list[list[UUID]] = field(default_factory=list)
    permits: list[UUID] = field(default_factory=list)
    pdf: UUID | None = None

    @contextmanager
    def anew(self) -> Iterator[sqlite3.Connection]:
        """As it was built, with a connection of its own to look at it."""
        close()
        outside = sqlite3.connect(self.path, isolation_level=None)
        outside.execute("PRAGMA synchronous=OFF")
        self.image.backup(outside)
        forget_accounts()
        self.fuse.left = 0
        try:
            yield outside
        finally:
            self.fuse.left = 0
            close()
            outside.close()


def close() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@contextmanager
def built(path: Path, data_dir: Path) -> Iterator[World]:
    """On a migrated database with the reference data."""
    app = create_app(Settings(database_url=f"sqlite:///{path}", data_dir=str(data_dir)))
    world = World(app, path, sqlite3.connect(":memory:"), Fuse())
    with app.app_context(), ids.made_by(Ids()):
        events.wire(HEARD)
        for engine in db.engines.values():
            event.listen(engine, "connect", _hurry)
        event.listen(db.engine, "before_cursor_execute", world.fuse.burn)
        with clock.reading(START - timedelta(days=1)):
            _people(world)
            _herds_and_permits(world)
        close()
        with sqlite3.connect(path) as outside:
            outside.backup(world.image)
        gc.freeze()  # the many objects of the app are looked through no more
        yield world
        gc.unfreeze()
        close()
    world.image.close()


def _hurry(connection: sqlite3.Connection, _: object) -> None:
    """A power cut of the real machine may cost this database: it is thrown away."""
    connection.execute("PRAGMA synchronous=OFF")


def _people(world: World) -> None:
    for year in (START.year, START.year + 1):
        for scope in Scope:
            grant(QUOTA, year, scope=scope)
    world.firms = [make_keeper(firm(name=f"CV {name}")).id for name in ("Samawa", "Olat Maras")]
    people = world.people
    for number, keeper_id in enumerate(world.firms, start=1):
        people[f"trader{number}"] = actor_for(Role.TRADER, keeper_id=keeper_id)
    for role in OFFICERS:
        people[role.value] = actor_for(role)
    people["doctor"] = actor_for(Role.VET)
    people["second-head"] = actor_for(Role.KABID)
    people["village-head"] = actor_for(Role.VILLAGE_HEAD)
    people["deputy"] = _deputy(people[Role.KADIS.value])
    people["everybody"] = _with_every_office()
    with transaction():
        for person in people.values():
            factor = SecondFactor(user_id=person.id, signs_only=True, confirmed_at=now())
            factor.secret, factor.last_step = SECRET, 0
            db.session.add(factor)


def _deputy(kadis: SignedIn) -> SignedIn:
    """A veterinarian who may decide in the head's name for some days, and remembers it for ever."""
    deputy = actor_for(Role.VET)
    held = select(Appointment.id).where(Appointment.user_id == kadis.id)
    with transaction():
        db.session.add(
            Delegation(
                appointment_id=db.session.scalars(held).one(), giver_id=kadis.id,
                taker_id=deputy.id, manner=Manner.ON_BEHALF,
                permissions=[Permission.PERMIT_DECIDE], region=REGENCY, decree="ST 9",
                decree_on=today(), valid_from=today(), valid_until=today() + timedelta(days=6),
                given_by=kadis.id, ended_at=None,
            )
        )  # fmt: skip
    return replace(deputy, delegated=delegated_to(deputy.id))


def _with_every_office() -> SignedIn:
    """Whom only the four eyes keep from doing it all."""
    person = actor_for(Role.KADIS)
    with transaction():
        db.session.add_all(
            Appointment(
                user_id=person.id, role=role, region=REGENCY, decree="SK 7",
                valid_from=date(2020, 1, 1),
            )
            for role in OFFICERS
            if role is not Role.KADIS
        )  # fmt: skip
    return replace(person, mandates=tuple((role, REGENCY) for role in OFFICERS))


def _herds_and_permits(world: World) -> None:
    herds = [_herd(keeper_id, HERD) for keeper_id in world.firms]
    world.herds = [[facts.id for facts in animals_by_tags(herd).values()] for herd in herds]
    office = _office(world)
    for number, state in enumerate(STAGES):
        which = number % 2
        keeper = db.session.get_one(Keeper, world.firms[which])
        office.firm, office.trader = keeper, world.people[f"trader{which + 1}"]
        tags = [*_herd(keeper.id, 1), herds[which][number // 2]]
        make = {"destination": LOMBOK_TENGAH} if number < len(STAGES) // 2 else {}
        permit = walk(make_draft(office, tags, **make), office, state)
        world.permits.append(permit.id)
    with transaction():
        world.pdf = stored_pdf()


def _herd(keeper_id: UUID, heads: int) -> list[str]:
    keeper = db.session.get_one(Keeper, keeper_id)
    made = [make_animal(keeper) for _ in range(heads)]
    vaccinate([animal.id for animal, _ in made])
    return [tag for _, tag in made]


def _office(world: World) -> Office:
    """The same people as the factories know them."""
    people = world.people
    return Office(
        firm=db.session.get_one(Keeper, world.firms[0]),
        trader=people["trader1"],
        desk=people[Role.PERMIT_DESK.value],
        vet=people[Role.VET.value],
        doctor=people["doctor"],
        kadis=people[Role.KADIS.value],
        kabid=people[Role.KABID.value],
        treasurer=people[Role.TREASURER.value],
        post=people[Role.CHECKPOINT.value],
    )
