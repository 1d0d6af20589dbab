"""What people call the photos of an inspection."""

from sijinak.permits.photos.models import InspectionView
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all

name_all(
    {
        InspectionView.SIDE: N_("The animal from the side"),
        InspectionView.TAG: N_("Its tag"),
        InspectionView.VEHICLE: N_("The vehicle"),
    }
)
