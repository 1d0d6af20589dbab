"""Regions as they come in."""

from marshmallow import ValidationError

from sijinak.areas.models import Level
from sijinak.areas.queries import VILLAGES, places
from sijinak.web.i18n import N_


def KNOWN_REGION(code: str) -> None:  # noqa: N802 - reads as the other validators
    if code not in places():
        raise ValidationError(N_("This region is not in the list of codes."))


def KNOWN_VILLAGE(code: str) -> None:  # noqa: N802
    place = places().get(code)
    if place is None or place.level not in VILLAGES:
        raise ValidationError(N_("This village is not in the list of codes."))


def KNOWN_DESTINATION(code: str) -> None:  # noqa: N802
    place = places().get(code)
    if place is None or place.level not in {Level.REGENCY, Level.CITY}:
        raise ValidationError(N_("Choose a regency or city from the list."))
