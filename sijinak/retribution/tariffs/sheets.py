"""The annex of a Perda as a list: read row by row, every fault with its row, nothing by halves."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from marshmallow import ValidationError

from sijinak.core.money import rupiah_text
from sijinak.retribution.tariffs.models import Tariff
from sijinak.retribution.tariffs.schemas import WordingSchema
from sijinak.retribution.tariffs.services import Wording
from sijinak.web.i18n import gettext as _

MOST_ROWS = 500
MOST_BYTES = 200_000
# What offices write in the head of the list, and what they write below it.
COLUMNS: Mapping[str, str] = {
    "kode": "code",
    "layanan": "service",
    "komponen": "component",
    "jenis": "species",
    "kelamin": "sex",
    "satuan": "unit",
    "berlaku": "applies",
    "tarif": "amount",
    "perda": "perda",
    "pasal": "article",
    "kode_rekening": "law_code",
    "sumber": "source",
    "contoh": "is_example",
    "mulai": "valid_from",
    "sampai": "valid_until",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "service": {
        "pengeluaran": "shipping",
        "rph": "slaughter",
        "pasar": "market",
        "lainnya": "other",
    },
    "species": {
        "sapi": "cattle",
        "kerbau": "buffalo",
        "kuda": "horse",
        "kambing": "goat",
        "domba": "sheep",
        "babi": "pig",
    },
    "sex": {"jantan": "male", "betina": "female"},
    "unit": {"ekor": "head", "hari": "day", "karcis": "ticket", "timbang": "weighing"},
    "applies": {"selalu": "always", "rbt": "rbt"},
    "is_example": {"ya": "true", "tidak": "false"},
}


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` as a spreadsheet counts. Without faults it has a wording."""

    number: int
    cells: Mapping[str, str]
    wording: Wording | None
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``fault`` is about the list as a whole."""

    rows: Sequence[Row]
    fault: str = ""

    @property
    def is_good(self) -> bool:
        return bool(self.rows) and not self.fault and not any(row.faults for row in self.rows)

    @property
    def wordings(self) -> tuple[Wording, ...]:
        return tuple(row.wording for row in self.rows if row.wording)


def text_of(raw: bytes) -> str | None:
    """None for what is too large or no UTF-8."""
    try:
        return raw.decode("utf-8-sig") if len(raw) <= MOST_BYTES else None
    except UnicodeDecodeError:
        return None


def read_sheet(text: str) -> Sheet:
    lines = text.replace("\r\n", "\n").strip("\n")
    delimiter = ";" if ";" in lines.partition("\n")[0] else ","
    table = csv.reader(io.StringIO(lines), delimiter=delimiter)
    try:
        head = [cell.strip().lower() for cell in next(table, [])]
        if missing := [name for name in COLUMNS if name not in head]:
            return Sheet((), _("These columns are missing: %(names)s.", names=", ".join(missing)))
        rows = [_row(n, head, cells) for n, cells in enumerate(table, start=2) if any(cells)]
    except csv.Error:
        return Sheet((), _("This is not a CSV list."))
    if not rows or len(rows) > MOST_ROWS:
        return Sheet(rows[:MOST_ROWS], _("From 1 to %(most)s rows.", most=MOST_ROWS))
    return Sheet(rows)


def sheet_rows(tariffs: Sequence[Tariff]) -> Iterator[list[str]]:
    """The same list to take away, mend and bring in again."""
    for tariff in tariffs:
        yield [_cell(tariff, name) for name in COLUMNS.values()]


def _row(number: int, head: Sequence[str], values: Sequence[str]) -> Row:
    cells = dict(zip(head, (value.strip() for value in values), strict=False))
    said = {name: _meant(name, cells.get(column, "")) for column, name in COLUMNS.items()}
    try:
        return Row(number, cells, WordingSchema().load(said), ())
    except ValidationError as error:
        return Row(number, cells, None, list(_faults(error.messages_dict)))


def _meant(name: str, cell: str) -> str:
    return WORDS.get(name, {}).get(cell.lower(), cell)


def _faults(messages: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Each with the name of its column."""
    columns = {name: column for column, name in COLUMNS.items()}
    for name, sentences in messages.items():
        yield from (f"{columns.get(name, name)}: {_(sentence)}" for sentence in sentences)


def _cell(tariff: Tariff, name: str) -> str:
    value = getattr(tariff, name)
    if name == "amount":
        return rupiah_text(value).removeprefix("Rp ")
    if name == "is_example":
        return "ya" if value else "tidak"
    spelt = {code: word for word, code in WORDS.get(name, {}).items()}
    return spelt.get(str(value), "" if value is None else str(value))
