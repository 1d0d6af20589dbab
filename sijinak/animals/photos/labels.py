"""What people call the photos of an animal."""

from sijinak.animals.photos.models import PhotoView
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        PhotoView.MUZZLE: N_("Muzzle"),
        PhotoView.LEFT_SIDE: N_("Left side"),
        PhotoView.RIGHT_SIDE: N_("Right side"),
        PhotoView.BRAND: N_("Brand mark"),
        PhotoView.CARCASS: N_("Carcass"),
        PhotoView.OTHER: N_("Other view"),
    }
)
MESSAGES.update(
    {
        "too-many-photos": N_(
            "This animal has %(most)s photos, and no more are kept. Remove one that is not needed."
        ),
    }
)
