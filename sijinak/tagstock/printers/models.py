"""What was measured on a printer's calibration page."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode

# Where the calibration page has its corner and how long its two lines are, in millimetres.
CORNER_MM = 20.0
LINE_MM = 100.0


@dataclass(frozen=True, slots=True)
class Fit:
    """How a page is drawn so that it comes out right: stretched first, then shifted."""

    shift_x_mm: float = 0
    shift_y_mm: float = 0
    stretch_x: float = 1
    stretch_y: float = 1

    def facts(self) -> dict[str, object]:
        return asdict(self)


TRUE = Fit()


class Printer(Model):
    """Named by its office. The four lengths are what a person read off the page, in mm."""

    __tablename__ = "printers"
    __table_args__ = (UniqueConstraint("region", "name"),)

    region: Mapped[str] = mapped_column(RegionCode)
    name: Mapped[str]
    left_mm: Mapped[float]  # from the paper's left edge to the corner
    top_mm: Mapped[float]
    across_mm: Mapped[float]  # the line that should measure 100 mm
    down_mm: Mapped[float]
    measured_at: Mapped[datetime]
    measured_by: Mapped[UUID]
    measured_by_name: Mapped[str]

    @property
    def fit(self) -> Fit:
        """It prints what lies at x at ``left + (x - corner) * across / 100``: the way back."""
        stretch_x, stretch_y = LINE_MM / self.across_mm, LINE_MM / self.down_mm
        return Fit(
            shift_x_mm=CORNER_MM - self.left_mm * stretch_x,
            shift_y_mm=CORNER_MM - self.top_mm * stretch_y,
            stretch_x=stretch_x,
            stretch_y=stretch_y,
        )
