"""A sheet of labels as a PDF. It is an edge: what people read on it is named here."""

from collections.abc import Sequence

from sijinak.animals import labels as _labels  # noqa: F401 - names the enumerations
from sijinak.animals.models import Animal
from sijinak.areas.queries import place_name
from sijinak.core.clock import local
from sijinak.core.codes import spaced
from sijinak.core.documents import render_pdf
from sijinak.core.qr import qr_svg
from sijinak.tags.layouts import LAYOUTS
from sijinak.tags.models import LabelSheet
from sijinak.tags.queries import LabelRow
from sijinak.web.labels import label


def tag_url(public_url: str, code: str) -> str:
    """What a tag's QR holds. Capitals fit the QR's denser mode and save a version."""
    return f"{public_url}/T/{code}".upper()


def sheet_pdf(sheet: LabelSheet, rows: Sequence[LabelRow], public_url: str) -> bytes:
    printed = local(sheet.printed_at)
    return render_pdf(
        "tags",
        {
            "title": f"{place_name(sheet.region)}, {len(rows)} label, {printed:%d-%m-%Y}",
            "sheet": LAYOUTS[sheet.layout].facts(),
            "labels": [
                {
                    "code": spaced(identifier.value),
                    "svg": qr_svg(tag_url(public_url, identifier.value)),
                    "line1": _what(animal),
                    "line2": place_name(animal.village),
                }
                for identifier, animal in rows
            ],
        },
        at=sheet.printed_at,
    )


def _what(animal: Animal) -> str:
    return f"{animal.breed or label(animal.species)}, {label(animal.sex).lower()}"
