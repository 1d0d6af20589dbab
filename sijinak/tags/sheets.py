"""A sheet of labels as a PDF. It is an edge: what people read on it is named here."""

from collections.abc import Sequence

from sijinak.animals import labels as _labels  # noqa: F401 - names the enumerations
from sijinak.animals.models import Animal
from sijinak.areas.queries import place_name
from sijinak.core.clock import local
from sijinak.tags.models import LabelSheet
from sijinak.tags.queries import LabelRow
from sijinak.tagstock.layouts import LAYOUTS
from sijinak.tagstock.printers.models import TRUE, Fit
from sijinak.tagstock.sheets import Face, Paper, labels_pdf
from sijinak.web.labels import label


def sheet_pdf(
    sheet: LabelSheet, rows: Sequence[LabelRow], public_url: str, fit: Fit = TRUE
) -> bytes:
    layout = LAYOUTS[sheet.layout]
    title = f"{place_name(sheet.region)}, {len(rows)} label, {local(sheet.printed_at):%d-%m-%Y}"
    faces = [_face(identifier.value, animal, is_bare=layout.is_bare) for identifier, animal in rows]
    paper = Paper(layout=layout, public_url=public_url, fit=fit)
    return labels_pdf(title, faces, paper, at=sheet.printed_at)


def _face(code: str, animal: Animal, *, is_bare: bool) -> Face:
    """A small label has room for its code alone."""
    if is_bare:
        return Face(code)
    what = f"{animal.breed or label(animal.species)}, {label(animal.sex).lower()}"
    return Face(code, what, place_name(animal.village))
