"""Counting anew: every animal is looked at, and the kept totals are checked against them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, case, delete, func, select, text

from sijinak.animals.models import Animal, AnimalState, Verification
from sijinak.animals.population.ages import Reckoning
from sijinak.animals.population.models import Population, PopulationChange, PopulationCount
from sijinak.animals.population.queries import kept_and_changed
from sijinak.core.bulk import insert
from sijinak.core.clock import local, now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor, Permission, require

COLUMNS = (
    "village", "species", "sex", "age_class", "seen_recently", "seen_earlier", "declared",
)  # fmt: skip

# The first statements of the transaction: the second recount waits before it looks, and then
# sees what the first one wrote. Those who register animals wait for neither.
ONE_VIEW = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "LOCK TABLE population IN SHARE ROW EXCLUSIVE MODE",
)


def recount_population(*, by: Actor) -> PopulationCount:
    """Replace the totals by what is there, as of now, and take the changes in it away.

    The transaction must be new: it sees the database as it is at one moment. A change that is
    written meanwhile is not in that view, so it is neither counted nor taken away.
    """
    require(by, Permission.POPULATION_READ, region="")  # everywhere, as machines do
    if db.session.get_bind().dialect.name == "postgresql":
        for statement in ONE_VIEW:
            db.session.execute(text(statement))
    moment = now()
    reckoning = Reckoning(local(moment).date())
    rows = _count(reckoning)
    corrected = _difference(rows, db.session.execute(kept_and_changed(reckoning)))
    db.session.execute(delete(PopulationChange))
    db.session.execute(delete(Population))
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else {}
    insert(Population, {"id": [uuid7() for _ in rows], **columns})
    count = PopulationCount(
        counted_at=moment,
        counted_on=reckoning.day,
        heads=sum(sum(row[4:]) for row in rows),
        corrected=corrected,
    )
    db.session.add(count)
    events.record(
        "population.corrected" if corrected else "population.recounted", count, by=by,
        region=min((row[0] for row in rows), default="")[:5],
        heads=count.heads, corrected=corrected,
    )  # fmt: skip
    return count


def _count(reckoning: Reckoning) -> list[Any]:
    """Every animal that is there, in the order of COLUMNS."""
    seen, recent = Animal.verification == Verification.SEEN, Animal.seen_at >= reckoning.recent
    kinds = (
        Animal.village, Animal.species, Animal.sex, reckoning.age_class_of(Animal.birth_date),
    )  # fmt: skip
    evidence = (case((seen & recent, 1), else_=0), case((seen & ~recent, 1), else_=0))
    declared = case((seen, 0), else_=1)
    sums = (func.sum(column).cast(BigInteger) for column in (*evidence, declared))
    asked = (
        select(*kinds, *sums)
        .where(Animal.state == AnimalState.PRESENT)
        .group_by(*kinds)
        .order_by(*kinds)
    )
    return list(db.session.execute(asked))


def _difference(there: Iterable[Any], known: Iterable[Any]) -> int:
    """By how many heads two lists differ, apart from what time alone changes."""
    heads: Counter[tuple[Any, ...]] = Counter()
    for sign, rows in ((1, there), (-1, known)):
        for village, species, sex, _age, recently, earlier, declared, *_ in rows:
            heads[village, species, sex, "seen"] += sign * (recently + earlier)
            heads[village, species, sex, "declared"] += sign * declared
    return sum(abs(count) for count in heads.values())
