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
    code_pt: float = 11
    level: str = "Q"  # error correction
    is_bare: bool = False  # the QR holds the code alone, without the address before it

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

    def place(self, position: int) -> tuple[int, int, int]:
        """Page, row and column of a label, counted from one as people count."""
        page, on_page = divmod(position, self.per_page)
        row, column = divmod(on_page, self.columns)
        return page + 1, row + 1, column + 1

    def facts(self) -> dict[str, object]:
        return asdict(self)


# The dark symbol of an address measures 26 mm on 24, which reads at arm's length; 35 is for cards.
# On 15 it is 30 mm with the highest correction, for tags that get dirty. On 88 the bare code makes
# the smallest symbol there is, 16 mm at the highest correction, for the ears of goats.
LAYOUTS = {
    "24": Layout(4, 6, 47.5, 45.5, 10, 8, 0, 0, 33),
    "15": Layout(3, 5, 62, 54, 12, 10, 0, 0, 38, code_pt=14, level="H"),
    "35": Layout(5, 7, 38, 39, 10, 8, 0, 0, 28),
    "88": Layout(8, 11, 24, 25.2, 9, 8, 0, 0, 22.1, code_pt=7.5, level="H", is_bare=True),
}
DEFAULT = "24"
