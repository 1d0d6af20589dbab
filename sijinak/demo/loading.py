"""The whole demo regency, from firms to permits, in an order that chance cannot change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy import func, select

from sijinak.accounts.models import User
from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.areas.models import Region
from sijinak.config import Settings
from sijinak.core.bulk import tune
from sijinak.core.clock import clock, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict
from sijinak.core.events import Delivery, Event, events
from sijinak.core.ids import ids
from sijinak.core.permissions import OPERATOR
from sijinak.core.tlog import merge
from sijinak.demo.accounts import ACCOUNTS, FARMER, LUNYUK, LUNYUK_REA, REGENCY, open_account
from sijinak.demo.aftermath import Aftermath
from sijinak.demo.arrivals import ban_lunyuk, remind_all
from sijinak.demo.coldroom import Coldroom
from sijinak.demo.drives import drive
from sijinak.demo.herds import Officer
from sijinak.demo.holdings import (
    FARMERS,
    Firm,
    farmer_row,
    farmer_tables,
    firm_tables,
    firms,
    keeper_rows,
)
from sijinak.demo.journeys import deliver_all, unfinished, walk
from sijinak.demo.lives import live
from sijinak.demo.money import money_deeds
from sijinak.demo.places import (
    Crew,
    Makers,
    Tables,
    insert_all,
    keeper_tables,
    village_rows,
    write,
)
from sijinak.demo.plan import Visit, held_by_firms, midnight, visits
from sijinak.demo.quotas import grant_all, open_port
from sijinak.demo.ways import NEXT_FIRM, Office, Way, ways, with_debts
from sijinak.tags.services import PrintLabels, print_labels

BEGUN, LOADED = "demo.begun", "demo.loaded"
_OPENED = timedelta(days=600)


class DemoIsThere(Conflict):
    """Facts: ``same``, whether this load would change nothing."""

    code = "demo-is-there"


class DemoNotFinished(Conflict):
    """What was begun did not come to its end. Facts: ``what``."""

    code = "demo-not-finished"


def refuse_second(animals: int, seed: int) -> None:
    """Raises DemoIsThere or DemoNotFinished."""
    found = {
        event.name: event.facts
        for event in db.session.scalars(select(Event).where(Event.name.in_((BEGUN, LOADED))))
    }
    if LOADED in found:
        raise DemoIsThere(same=found[LOADED] == {"animals": animals, "seed": seed})
    if BEGUN in found:
        raise DemoNotFinished(what="an earlier load was interrupted")


@dataclass(slots=True)
class Load:
    """One run. Iterate over ``steps``: each gives the number of animals it wrote."""

    animals: int
    seed: int
    settings: Settings
    make: Makers = field(init=False)
    people: dict[str, SignedIn] = field(init=False, default_factory=dict)
    firms: list[Firm] = field(init=False, default_factory=list)
    crews: dict[str, Crew] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        day = today()
        self.make = Makers(self.seed, day, midnight(day))

    def steps(self) -> Iterator[int]:
        with ids.made_by(self.make.names.next):
            self.open()
            yield from self._holdings()
            yield from self._villages()
            self._print_labels()
            Coldroom(self.people, self.make.until).fill()
            live(self.people, self.make.until)
            drive(self.people, self.make.until, self.seed)
            Aftermath(self.people, self.make.until).tell()
            grant_all(self.people, self.make.until)
            self._permits()
            open_port(self.people, self.make.until)
            with clock.reading(self.make.until):
                self._finish()
            _merge()

    def open(self) -> None:
        """The owners who have accounts, and everybody who signs in."""
        with clock.reading(self.make.until - _OPENED), transaction():
            tune()
            region = db.session.scalars(select(Region).where(Region.code == REGENCY)).one()
            events.record(BEGUN, region, by=OPERATOR, region=REGENCY)
            self.firms = firms(held_by_firms(self.animals), self.make)
            (farmer,) = self.make.names.at([clock.now()])
            for rows in (keeper_rows(self.firms), farmer_row(farmer)):
                insert_all(keeper_tables(rows, self.make))
            owners = {FARMER: farmer, **{firm.name: firm.id for firm in self.firms}}
            for account in ACCOUNTS:
                owner = owners.get(account.owner)
                self.people[account.username] = open_account(account, owner, self.make.until)

    def _holdings(self) -> Iterator[int]:
        farmer = self.people["peternak"].keeper_id
        with clock.reading(self.make.until - timedelta(days=100)):
            for firm in self.firms:
                if firm.bulls:
                    tables = firm_tables(firm, self._crew(firm.village[:8]), self.make)
                    yield _saved(tables, firm.village)
            if farmer is not None:
                tables = farmer_tables(farmer, self._crew(LUNYUK), self.make)
                yield _saved(tables, LUNYUK_REA)

    def _villages(self) -> Iterator[int]:
        for visit in self.visits():
            yield self.save_village(visit, self.village(visit))

    def visits(self) -> list[Visit]:
        left = self.animals - held_by_firms(self.animals) - FARMERS
        return visits(left, self.make.day, self.make.chance)

    def village(self, visit: Visit) -> Tables:
        """The rows of the farmers of a village."""
        return village_rows(visit, self._crew(visit.kecamatan), self.make)

    def save_village(self, visit: Visit, tables: Tables) -> int:
        with clock.reading(visit.begins + timedelta(hours=9)):
            return _saved(tables, visit.village)

    def _crew(self, kecamatan: str) -> Crew:
        """Two persons a kecamatan; those of Lunyuk have accounts."""
        if kecamatan not in self.crews:
            chance = Random(f"{self.seed} {kecamatan}")  # noqa: S311 - repeatable on purpose
            registrar, paramedic = (
                Officer(
                    UUID(int=chance.getrandbits(128), version=4),
                    self.make.people.name("samawa", "male"),
                )
                for _ in "12"
            )
            self.crews[kecamatan] = Crew(registrar, paramedic)
        if kecamatan == LUNYUK:
            clerk, paramedik = self.people["petugas"], self.people["paramedik"]
            return Crew(Officer(clerk.id, clerk.name), Officer(paramedik.id, paramedik.name))
        return self.crews[kecamatan]

    def _print_labels(self) -> None:
        with clock.reading(self.make.until - timedelta(days=12, hours=-9)), transaction():
            print_labels(PrintLabels(village=LUNYUK_REA), by=self.people["petugas"])

    def _permits(self) -> None:
        office = Office(self.people, self.settings.permit_valid_days, self.settings.receipt_series)
        found = with_debts(list(self._ways()))
        _merge()  # what follows has checkpoints in the order of time
        ban_lunyuk(self.people["kabid"], self.make.until)
        walk(found, office, money_deeds(found, self.people, self.make.until, self.seed))
        with clock.reading(self.make.until):
            deliver_all()
            if wrong := unfinished(found):
                raise DemoNotFinished(what="; ".join(wrong))
        remind_all([way.permit_id for way in found], self.people, self.make.until)

    def _ways(self) -> Iterator[Way]:
        by_id = {firm.id: firm for firm in self.firms}
        first = 0
        for account in ACCOUNTS:
            trader = self.people[account.username]
            firm = by_id.get(trader.keeper_id) if trader.keeper_id else None
            if firm is not None:
                there = "" if firm.village.startswith(LUNYUK) else "-kab"
                crew = self.people[f"paramedik{there}"], self.people[f"dokter{there}"]
                yield from ways((trader, *crew), firm, _tags_of(firm), self.make.until, first)
                first = NEXT_FIRM if first == 0 else 0

    def _finish(self) -> None:
        owed = db.session.scalar(select(func.count()).where(Delivery.done_at.is_(None)))
        if owed:
            raise DemoNotFinished(what=f"{owed} events were not delivered")
        with transaction():
            admin = db.session.get_one(User, self.people["admin"].id)
            facts = {"animals": self.animals, "seed": self.seed}
            events.record(LOADED, admin, by=OPERATOR, region=REGENCY, **facts)


def _merge() -> None:
    """What was written in the past has waited for long."""
    left = 1
    while left:
        with transaction():
            left = merge()


def _saved(tables: Tables, place: str) -> int:
    with transaction():
        done = write(tables, place)
    db.session.expunge_all()
    return done


def _tags_of(firm: Firm) -> list[str]:
    asked = (
        select(Identifier.value)
        .join(Animal, Animal.id == Identifier.animal_id)
        .where(Animal.keeper_id == firm.id, Identifier.kind == IdentifierKind.TAG)
    )
    return list(db.session.scalars(asked.order_by(Identifier.animal_id)))
