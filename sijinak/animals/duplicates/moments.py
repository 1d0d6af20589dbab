"""What merges tell of an animal's life."""

from collections.abc import Collection, Iterator
from uuid import UUID

from flask import url_for

from sijinak.animals.duplicates.models import Merge
from sijinak.animals.duplicates.queries import merges_of
from sijinak.animals.record import officer_names
from sijinak.animals.timeline import Moment
from sijinak.core.permissions import Permission
from sijinak.web.access import actor
from sijinak.web.i18n import gettext as _


def told(animal_ids: Collection[UUID]) -> list[Moment]:
    found = merges_of(animal_ids)
    who = officer_names({merge.unmerged_by for merge in found if merge.unmerged_by})
    return [moment for merge in found for moment in _moments(merge, who)]


def _moments(merge: Merge, who: dict[UUID, str]) -> Iterator[Moment]:
    may_review = actor().reaches(Permission.DUPLICATE_REVIEW)
    url = url_for("duplicates.merged", merge_id=merge.id) if may_review else ""
    yield Moment(
        at=merge.merged_at,
        kind="merged",
        title=_("Two records became one"),
        by_name=merge.merged_by_name,
        lines=(_("Reason: %(reason)s", reason=merge.reason),),
        url=url,
    )
    if merge.unmerged_at and merge.unmerged_by:
        yield Moment(
            at=merge.unmerged_at,
            kind="merged",
            title=_("The merge was taken back"),
            by_name=who.get(merge.unmerged_by, ""),
            lines=(_("Reason: %(reason)s", reason=merge.unmerged_because),),
            url=url,
        )
