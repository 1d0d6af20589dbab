"""Photos of an inspection, and a sample taken once more while the laboratory works."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.files.answers import picture_answer, sent_picture
from sijinak.health.lab.labels import TONES
from sijinak.health.lab.queries import samples_of_permit, standing_results
from sijinak.permits.inspection_schemas import PhotoSchema, SampleAgainSchema
from sijinak.permits.labels import message_of
from sijinak.permits.laboratory import SampleAgain, sample_again
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.pages import bp
from sijinak.permits.photos import labels as _labels  # noqa: F401 - names the views
from sijinak.permits.photos.models import InspectionView
from sijinak.permits.photos.queries import (
    inspection_photo,
    photos_of_permit,
    pictures_elsewhere,
    takes_photos,
)
from sijinak.permits.photos.services import AddInspectionPhoto, add_inspection_photo
from sijinak.permits.queries import animals_on, permit_by_id
from sijinak.permits.sampling import tests_for
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

__all__ = ["bp"]  # the routes below join those of the pages
INSPECT = Permission.PERMIT_INSPECT


@bp.get("/<uuid:permit_id>/pemeriksaan")
@needs(Permission.PERMIT_READ)
def inspected(permit_id: UUID) -> ResponseReturnValue:
    """What the inspector saw, photographed and sampled."""
    return _page(permit_by_id(permit_id, by=actor()), blank())


@bp.get("/pemeriksaan/foto/<uuid:photo_id>")
@needs(Permission.PERMIT_READ)
def photo(photo_id: UUID) -> Response:
    found = inspection_photo(photo_id, by=actor())
    assert found.file_id  # noqa: S101 - the question answers none without it
    return picture_answer(found.file_id, small=request.args.get("kecil") == "ya")


@bp.post("/<uuid:permit_id>/pemeriksaan/foto")
@needs(INSPECT)
def add_photo(permit_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    form = read_form(PhotoSchema())
    try:
        picture = sent_picture("picture")
        if picture is None:
            form.errors["picture"] = [_("Take a photo, or choose one.")]
        if form.value is None or picture is None:
            return _page(permit, form), 422
        said = form.value
        command = AddInspectionPhoto(
            id=said.id, permit_id=permit_id, animal_id=said.animal_id, view=said.view,
            picture=picture,
        )  # fmt: skip
        with transaction():
            add_inspection_photo(command, by=actor())
    except (Conflict, Invalid) as error:
        return _page(permit_by_id(permit_id, by=actor()), form.refuse(error)), 422
    flash(_("The photo is kept."), "success")
    return redirect(url_for(".inspected", permit_id=permit_id))


@bp.post("/<uuid:permit_id>/pemeriksaan/contoh")
@needs(INSPECT)
def sample(permit_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    form = read_form(SampleAgainSchema())
    if form.value is None:
        return _page(permit, form), 422
    said = form.value
    command = SampleAgain(
        id=said.id, permit_id=permit_id, animal_id=said.animal_id, sample=said.sample
    )
    try:
        with transaction():
            sample_again(command, by=actor())
    except (Conflict, Invalid) as error:
        form.errors[WHOLE_FORM] = [message_of(error)]
        return _page(permit_by_id(permit_id, by=actor()), form), 422
    flash(_("The sample is recorded."), "success")
    return redirect(url_for(".inspected", permit_id=permit_id))


def _page(permit: Permit, form: Form[Any]) -> str:
    samples = samples_of_permit(permit.id)
    inspects = may(actor(), INSPECT, region=permit.region, keeper_id=permit.keeper_id)
    is_in_lab = permit.state is PermitState.IN_LAB
    return render_template(
        "permits/inspected.html",
        permit=permit,
        form=form,
        animals=animals_on(permit),
        photos=photos_of_permit(permit.id),
        elsewhere=pictures_elsewhere(permit.id),
        samples=samples,
        results=standing_results([one.id for one in samples]),
        tones=TONES,
        views=InspectionView,
        inspects=inspects and permit.inspected_at is not None and takes_photos(permit),
        tests=tests_for(permit) if inspects and is_in_lab else {},
    )
