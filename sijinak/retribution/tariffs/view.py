"""How a tariff is told on pages."""

from sijinak.animals import labels as _animal_labels  # noqa: F401 - names species and sexes
from sijinak.animals.models import Sex, Species
from sijinak.core.clock import today
from sijinak.retribution.tariffs.models import Tariff, Unit, When
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def species_name(tariff: Tariff) -> str:
    """With the sex, where it matters."""
    name = label(Species(tariff.species)) if tariff.species else _("Any species")
    return f"{name}, {_sex(tariff)}" if tariff.sex else name


def counts_for(tariff: Tariff) -> str:
    """Which head; what is not counted by head counts for each of its units."""
    by_head = tariff.unit is Unit.HEAD or tariff.applies is not When.ALWAYS
    return label(tariff.applies) if by_head else label(tariff.unit)


def _sex(tariff: Tariff) -> str:
    name = label(Sex(tariff.sex))
    return name[:1].lower() + name[1:]


def standing(tariff: Tariff) -> tuple[str, str]:
    """Where it stands today, and in which tone."""
    if tariff.approved_by is None:
        return (_("Refused"), "danger") if tariff.refused_why else (_("Proposed"), "warning")
    if tariff.valid_from > today():
        return _("To come"), "info"
    if tariff.valid_until is not None and tariff.valid_until < today():
        return _("Past"), "neutral"
    return _("In force"), "success"
