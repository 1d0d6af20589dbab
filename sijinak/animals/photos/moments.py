"""What the photos tell of an animal's life."""

from collections.abc import Collection
from uuid import UUID

from flask import url_for

from sijinak.animals.photos import labels as _labels  # noqa: F401 - names the views
from sijinak.animals.photos.queries import photos_of
from sijinak.animals.timeline import Moment
from sijinak.web.access import actor
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def photographed(animal_ids: Collection[UUID]) -> list[Moment]:
    return [
        Moment(
            at=photo.added_at,
            kind="photo",
            title=_("Photo: %(view)s", view=label(photo.view)),
            by_name=photo.by_name,
            url=url_for("animal_photos.index", animal_id=photo.animal_id),
        )
        for photo in photos_of(animal_ids, by=actor())
    ]
