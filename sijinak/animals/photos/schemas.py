"""Photos as a form sends them; the picture itself travels beside."""

from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields

from sijinak.animals.photos.models import PhotoView
from sijinak.animals.photos.services import RemovePhoto
from sijinak.web.fields import CHOOSE
from sijinak.web.io import InputSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoForm:
    id: UUID
    view: PhotoView


class PhotoFormSchema(InputSchema[PhotoForm]):
    makes = PhotoForm

    id = fields.UUID(required=True)
    view = fields.Enum(PhotoView, by_value=True, required=True, error_messages=CHOOSE)


class RemovePhotoSchema(InputSchema[RemovePhoto]):
    makes = RemovePhoto

    id = fields.UUID(required=True)
    animal_id = fields.UUID(required=True)
    photo_id = fields.UUID(required=True)
