"""Sheets of labels as PDF, on paper as they are drawn here when the printer is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sijinak.core.codes import spaced
from sijinak.core.documents import NO_MOMENT, render_pdf
from sijinak.core.qr import qr_svg
from sijinak.tagstock.layouts import Layout
from sijinak.tagstock.printers.models import CORNER_MM, LINE_MM, TRUE, Fit


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on one label."""

    code: str
    line1: str = ""
    line2: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Where the labels go: their layout, the printer's fit, and what the QR leads to."""

    layout: Layout
    public_url: str
    fit: Fit = TRUE

    def content(self, code: str) -> str:
        """Capitals fit the QR's denser mode and save a version."""
        return code if self.layout.is_bare else f"{self.public_url}/T/{code}".upper()


def labels_pdf(
    title: str, faces: Sequence[Face], paper: Paper, *, at: datetime = NO_MOMENT
) -> bytes:
    labels = [
        {
            "code": spaced(face.code),
            "svg": qr_svg(paper.content(face.code), level=paper.layout.level),
            "line1": face.line1,
            "line2": face.line2,
        }
        for face in faces
    ]
    return render_pdf("tags", _facts(title, paper, labels), at=at)


def trial_pdf(title: str, paper: Paper) -> bytes:
    """One page with the outlines only: a trial must not make tags that exist twice."""
    empty = {"code": "", "svg": "", "line1": "", "line2": ""}
    return render_pdf("tags", _facts(title, paper, [empty] * paper.layout.per_page))


def calibration_pdf(title: str, words: Sequence[str], fit: Fit = TRUE) -> bytes:
    facts = {
        "title": title,
        "words": words,
        "corner_mm": CORNER_MM,
        "line_mm": LINE_MM,
        "fit": fit.facts(),
    }
    return render_pdf("calibration", facts)


def _facts(title: str, paper: Paper, labels: list[dict[str, str]]) -> dict[str, object]:
    return {
        "title": title,
        "sheet": paper.layout.facts(),
        "fit": paper.fit.facts(),
        "labels": labels,
    }
