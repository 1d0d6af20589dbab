"""The photos of an animal: the gallery, and the pictures themselves."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Animal
from sijinak.animals.photos import labels as _labels  # noqa: F401 - names the views
from sijinak.animals.photos.models import PhotoView
from sijinak.animals.photos.queries import photo_by_id, photos_of
from sijinak.animals.photos.schemas import PhotoForm, PhotoFormSchema, RemovePhotoSchema
from sijinak.animals.photos.services import GONE, MOST_PHOTOS, AddPhoto, add_photo, remove_photo
from sijinak.animals.queries import animal_by_id, live_tags, same_animals
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.files.answers import picture_answer, sent_picture
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("animal_photos", __name__)
NONE_CHOSEN = N_("Take a photo, or choose one.")


@bp.get("/<uuid:animal_id>/foto")
@needs(Permission.ANIMAL_READ)
def index(animal_id: UUID) -> ResponseReturnValue:
    return _page(animal_id, blank())


@bp.post("/<uuid:animal_id>/foto")
@needs(Permission.ANIMAL_REGISTER)
def create(animal_id: UUID) -> ResponseReturnValue:
    """The picture is made small before the transaction begins, which then need not wait for it."""
    _animal_to_show(animal_id)
    form = read_form(PhotoFormSchema())
    try:
        picture = sent_picture("picture")
        if picture is None:
            form.errors["picture"] = [NONE_CHOSEN]
        if form.value is None or picture is None:
            return _page(animal_id, form), 422
        said = form.value
        command = AddPhoto(id=said.id, animal_id=animal_id, view=said.view, picture=picture)
        with transaction():
            add_photo(command, by=actor())
    except (Conflict, Invalid) as error:
        field = "picture" if "picture" in error.code else WHOLE_FORM
        return _page(animal_id, form.refuse(error, field)), 422
    flash(_("The photo is kept."), "success")
    return redirect(url_for(".index", animal_id=animal_id))


@bp.post("/foto/hapus")
@needs(Permission.ANIMAL_REGISTER)
def remove() -> ResponseReturnValue:
    command = read_form(RemovePhotoSchema()).value
    if command is None:
        raise NotFound
    with transaction():
        remove_photo(command, by=actor())
    flash(_("The photo is removed. Auditors can still see it."), "success")
    return redirect(url_for(".index", animal_id=command.animal_id))


@bp.get("/foto/<uuid:photo_id>/besar", defaults={"small": False})
@bp.get("/foto/<uuid:photo_id>/kecil", defaults={"small": True})
@needs(Permission.ANIMAL_READ)
def picture(photo_id: UUID, small: bool) -> Response:  # noqa: FBT001 - the route's own words
    return picture_answer(photo_by_id(photo_id, by=actor()).file_id, small=small)


def _page(animal_id: UUID, form: Form[PhotoForm]) -> str:
    animal = _animal_to_show(animal_id)
    tag = live_tags([animal_id]).get(animal_id)
    return render_template(
        "animals/photos.html",
        animal=animal,
        tag=tag.value if tag else "",
        form=form,
        photos=photos_of(same_animals(animal_id), by=actor()),
        views=PhotoView,
        most=MOST_PHOTOS,
        may_change=_may_change(animal),
        fresh=blank,
    )


def _animal_to_show(animal_id: UUID) -> Animal:
    return animal_by_id(animal_id, by=actor())


def _may_change(animal: Animal) -> bool:
    return animal.state not in GONE and may(
        actor(), Permission.ANIMAL_REGISTER, region=animal.village
    )
