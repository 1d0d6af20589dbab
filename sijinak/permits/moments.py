"""What permits tell of an animal's life."""

from collections.abc import Collection, Iterator
from uuid import UUID

from flask import url_for

from sijinak.animals.timeline import Moment
from sijinak.areas.queries import full_name, place_name
from sijinak.core.permissions import Permission, may
from sijinak.permits.models import Permit
from sijinak.permits.queries import permits_of
from sijinak.web.access import actor
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def applied(animal_ids: Collection[UUID]) -> list[Moment]:
    return [moment for permit in permits_of(animal_ids) for moment in _told(permit)]


def _told(permit: Permit) -> Iterator[Moment]:
    """That one was issued is public; the application is not everybody's."""
    may_read = may(
        actor(), Permission.PERMIT_READ, region=permit.region, keeper_id=permit.keeper_id
    )
    url = url_for("permits.show", permit_id=permit.id) if may_read else ""
    to, place = place_name(permit.destination), full_name(permit.region)
    if may_read and permit.submitted_at:
        title = _("Permit applied for, to %(place)s", place=to)
        lines = (label(permit.state),)
        yield Moment(
            at=permit.submitted_at, kind="permit", title=title, place=place, lines=lines, url=url
        )
    if permit.issued_at:
        title = _("Permit %(number)s issued, to %(place)s", number=permit.number, place=to)
        yield Moment(
            at=permit.issued_at, kind="permit", title=title, by_name=permit.decided_by_name,
            place=place, url=url,
        )  # fmt: skip
