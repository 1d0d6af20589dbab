"""How labels lie on a sheet of A4. Lengths in millimetres; the QR's side holds its quiet zone."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    columns: int
    rows: int
    label_width_mm: float
    label_height_mm: float
    margin_left_mm: float
    margin_top_mm: float
    gap_x_mm: float
    gap_y_mm: float
    qr_mm: float

    def place(self, position: int) -> tuple[int, int, int]:
        """Page, row and column of a label, counted from one as people count."""
        page, on_page = divmod(position, self.columns * self.rows)
        row, column = divmod(on_page, self.columns)
        return page + 1, row + 1, column + 1

    def facts(self) -> dict[str, object]:
        return asdict(self)


# 24: the dark symbol of a URL measures 26 mm, which reads at arm's length; 35 is for cards.
LAYOUTS = {
    "24": Layout(4, 6, 47.5, 45.5, 10, 8, 0, 0, 33),
    "35": Layout(5, 7, 38, 39, 10, 8, 0, 0, 28),
}
DEFAULT = "24"
