"""Head counts use doses too, out of the bag of whoever gave them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.vaccinations.findings.services import Raised, raise_findings
from sijinak.vaccinations.models import Standing, VaccinationAct
from sijinak.vaccinations.stock.commands import Use
from sijinak.vaccinations.stock.models import Lot
from sijinak.vaccinations.stock.queries import lots_named, products_in_books
from sijinak.vaccinations.stock.services import note_use, take_back_use
from sijinak.vaccinations.visits.models import HeadCount

MOST_A_DAY = 500  # heads that one officer can inject between morning and evening


def lot_id(product_id: UUID, lot: str) -> UUID | None:
    """The lot in the books, where it is known."""
    found = lots_named([(product_id, lot)]).get((product_id, lot))
    return found.id if found else None


def take_from_bag(heads: HeadCount, act: VaccinationAct) -> None:
    """Never refused: what was injected was injected. A finding tells what the books lack."""
    raise_findings(
        [*_of_the_bottle(heads, act), *_of_the_bag(heads, act), *_of_the_day(heads, act)]
    )


def put_back(heads: HeadCount) -> None:
    act = db.session.get_one(VaccinationAct, heads.act_id)
    if act.lot_id is not None:
        take_back_use([_use(heads, act, act.lot_id)])


def _of_the_bottle(heads: HeadCount, act: VaccinationAct) -> Iterator[Raised]:
    """Of an act as a whole, as doses of single animals tell it."""
    day = {"day": heads.given_on.isoformat()}
    if act.lot_id is None:
        if products_in_books([act.product_id]):
            yield _raised(FindingKind.LOT_UNKNOWN, act.id, heads, act, **day)
    elif db.session.get_one(Lot, act.lot_id).expires_on < heads.given_on:
        yield _raised(FindingKind.LOT_EXPIRED, act.id, heads, act, **day)


def _of_the_bag(heads: HeadCount, act: VaccinationAct) -> Iterator[Raised]:
    if act.lot_id is not None:
        for short in note_use([_use(heads, act, act.lot_id)]):
            yield _raised(FindingKind.STOCK_SHORT, heads.id, heads, act, doses=short.doses)


def _of_the_day(heads: HeadCount, act: VaccinationAct) -> Iterator[Raised]:
    """Heads have no tag that anybody could look at again: so a number alone must be told."""
    asked = select(func.sum(HeadCount.heads)).where(
        HeadCount.by_id == heads.by_id,
        HeadCount.given_on == heads.given_on,
        HeadCount.standing == Standing.COUNTS,
    )
    counted = int(db.session.scalar(asked) or 0)
    if counted > MOST_A_DAY:
        facts = {"counted": counted, "usual": MOST_A_DAY, "day": heads.given_on.isoformat()}
        yield _raised(FindingKind.TOO_FAST, heads.id, heads, act, **facts)


def _raised(
    kind: FindingKind, subject_id: UUID, heads: HeadCount, act: VaccinationAct, **facts: Any
) -> Raised:
    return Raised(
        kind=kind,
        subject_id=subject_id,
        act_id=act.id,
        officer_id=heads.by_id,
        officer_name=heads.by_name,
        region=heads.village,
        facts={"lot": act.lot, **facts},
    )


def _use(heads: HeadCount, act: VaccinationAct, lot: UUID) -> Use:
    return Use(
        lot_id=lot,
        officer_id=heads.by_id,
        officer_name=heads.by_name,
        region=heads.village,
        doses=heads.heads,
        act_id=act.id,
        used_on=heads.given_on,
    )
