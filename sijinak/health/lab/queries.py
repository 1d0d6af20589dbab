"""Questions about samples and results."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.health.lab.models import Result, Sample


def samples(*, by: Actor, is_done: bool = False, place: Place = START) -> Page[Sample]:
    """Those that wait for their result, or those that have one."""
    require(by, Permission.LAB_RECORD)
    return page_of(_seen_by(by).where(Sample.results.any() == is_done), Sample.id, place)


def count_waiting(*, by: Actor) -> int:
    asked = _seen_by(by).where(~Sample.results.any()).subquery()
    return db.session.scalar(select(func.count()).select_from(asked)) or 0


def samples_numbered(numbers: Collection[str], *, by: Actor) -> list[Sample]:
    """All tests of the tubes with these numbers, in their order."""
    require(by, Permission.LAB_RECORD)
    asked = _seen_by(by).where(func.upper(Sample.number).in_([n.upper() for n in numbers]))
    return list(db.session.scalars(asked.order_by(Sample.number, Sample.disease, Sample.method)))


def samples_by_ids(sample_ids: Collection[UUID], *, by: Actor) -> dict[UUID, Sample]:
    """Raises NotFound when one of them is out of reach."""
    require(by, Permission.LAB_RECORD)
    found = db.session.scalars(_seen_by(by).where(Sample.id.in_(sample_ids)))
    known = {sample.id: sample for sample in found}
    if len(known) < len(set(sample_ids)):
        raise NotFound
    return known


def sample_by_id(sample_id: UUID, *, by: Actor) -> Sample:
    return samples_by_ids([sample_id], by=by)[sample_id]


def result_by_id(result_id: UUID, *, by: Actor) -> Result:
    """Raises NotFound."""
    require(by, Permission.LAB_RECORD)
    seen = _seen_by(by).with_only_columns(Sample.id)
    result = db.session.scalar(
        select(Result).where(Result.id == result_id, Result.sample_id.in_(seen))
    )
    if result is None:
        raise NotFound(result_id=str(result_id))
    return result


def standing_results(sample_ids: Collection[UUID]) -> dict[UUID, Result]:
    """Of each sample the result that nothing supersedes."""
    later = aliased(Result)
    asked = (
        select(Result)
        .outerjoin(later, later.supersedes_id == Result.id)
        .where(Result.sample_id.in_(sample_ids), later.id.is_(None))
    )
    return {result.sample_id: result for result in db.session.scalars(asked)}


def samples_of_permit(permit_id: UUID) -> list[Sample]:
    """The caller has asked for the permit itself."""
    asked = select(Sample).where(Sample.permit_id == permit_id)
    return list(db.session.scalars(asked.order_by(Sample.number, Sample.disease)))


def _seen_by(by: Actor) -> Select[Sample]:
    return select(Sample).where(within_reach(by, Permission.LAB_RECORD, Sample.village))
