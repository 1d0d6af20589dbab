"""What became of animals since they were registered: letters, sales, a theft, tags in a bag."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import func, select

from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, AnimalState, Verification
from sijinak.animals.mutations.models import MutationKind, Side
from sijinak.animals.mutations.services import (
    AcknowledgeTransfer,
    AnswerTransfer,
    ProposeTransfer,
    RecordMutation,
    acknowledge_transfer,
    answer_transfer,
    propose_transfer,
    record_mutation,
)
from sijinak.animals.population.services import recount_population
from sijinak.animals.skkt.services import PrepareSheets, SignSheets, prepare_sheets, sign_sheets
from sijinak.core.clock import clock, local
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.demo.accounts import LUNYUK_REA
from sijinak.tagstock.commands import MoveTags, PrintRun
from sijinak.tagstock.services import move_tags, print_run

RUN, ISSUED = 96, 40
MOST_SOLD = 3
K = MutationKind


@dataclass(frozen=True, slots=True)
class Village:
    """Lunyuk Rea: who works there, and its owners with most animals, the account's own first."""

    people: Mapping[str, SignedIn]
    owners: list[UUID]
    until: datetime

    def at(self, days: float, deed: Callable[[], object]) -> None:
        """A deed of that many days ago."""
        with clock.reading(self.until - timedelta(days=days)), transaction():
            deed()


def live(people: Mapping[str, SignedIn], until: datetime) -> None:
    village = Village(people, _owners(people["peternak"].keeper_id), until)
    _fill_the_bag(village)
    if len(village.owners) > 1:
        _sell(village)
        _lose(village)
        _write_letters(village)
    with transaction():
        recount_population(by=OPERATOR)


def _fill_the_bag(village: Village) -> None:
    """Blank tags: printed, received, some issued to the clerk."""
    head, clerk = village.people["kepala-upt"], village.people["petugas"]
    run = PrintRun(region=LUNYUK_REA[:8], count=RUN)
    village.at(40, partial(print_run, run, by=head))
    received = MoveTags(action="receive", run_id=run.id, region=LUNYUK_REA[:8])
    village.at(39, partial(move_tags, received, by=head))
    issued = MoveTags(action="issue", region=LUNYUK_REA[:8], count=ISSUED, holder_id=clerk.id)
    village.at(38, partial(move_tags, issued, by=head))


def _sell(village: Village) -> None:
    """The farmer buys one animal, and has another offered that waits for the village head."""
    clerk, farmer, head = (village.people[name] for name in ("petugas", "peternak", "kades"))
    buyer, seller = village.owners[0], village.owners[1]
    for days, animal_id in zip((20, 2), _animals_of(seller), strict=False):
        sale = ProposeTransfer(
            kind=K.SALE,
            animal_ids=(animal_id,),
            to_keeper_id=buyer,
            happened_on=local(village.until - timedelta(days=days)).date(),
            price=9_500_000,
        )
        giver = AnswerTransfer(mutation_id=sale.id, side=Side.GIVER, note="Datang ke kantor UPT")
        receiver = AnswerTransfer(mutation_id=sale.id, side=Side.RECEIVER)
        village.at(days, partial(propose_transfer, sale, by=clerk))
        village.at(days - 0.1, partial(answer_transfer, giver, by=clerk))
        village.at(days - 0.2, partial(answer_transfer, receiver, by=farmer))
        if days == 20:  # noqa: PLR2004 - the newer one waits
            last = AcknowledgeTransfer(mutation_id=sale.id)
            village.at(19, partial(acknowledge_transfer, last, by=head))


def _lose(village: Village) -> None:
    """One died, one was stolen."""
    fates = (
        (K.DEATH, {"cause": "Kembung", "disposal": "Dikubur"}),
        (K.THEFT, {"police_no": "LP/B/41/2026"}),
    )
    for owner, (kind, details) in zip(village.owners[2:], fates, strict=False):
        animal_id = _animals_of(owner)[0]
        command = RecordMutation(
            kind=kind,
            animal_ids=(animal_id,),
            happened_on=local(village.until - timedelta(days=9)).date(),
            details=details,
        )
        village.at(8, partial(record_mutation, command, by=village.people["petugas"]))


def _write_letters(village: Village) -> None:
    """The farmer's SKKT is signed; another owner's waits for the head of the field office."""
    for days, owner in ((5, village.owners[0]), (1, village.owners[1])):
        prepared = PrepareSheets(keeper_id=owner)
        village.at(days, partial(prepare_sheets, prepared, by=village.people["petugas"]))
        if owner == village.owners[0]:
            signed = SignSheets(sheet_id=prepared.id)
            village.at(days - 1, partial(sign_sheets, signed, by=village.people["kepala-upt"]))


def _owners(first: UUID | None) -> list[UUID]:
    seen = Animal.verification == Verification.SEEN
    asked = (
        select(Animal.keeper_id)
        .where(Animal.village == LUNYUK_REA, Animal.state == AnimalState.PRESENT, seen)
        .group_by(Animal.keeper_id)
        .order_by(func.count().desc(), Animal.keeper_id)
    )
    others = [owner for owner in db.session.scalars(asked) if owner != first]
    return [first, *others] if first else others


def _animals_of(owner: UUID) -> list[UUID]:
    asked = select(Animal.id).where(
        Animal.keeper_id == owner,
        Animal.village == LUNYUK_REA,
        Animal.state == AnimalState.PRESENT,
        Animal.verification == Verification.SEEN,
    )
    return list(db.session.scalars(asked.order_by(Animal.id)))
