"""Lists for tests, made of rows that have nothing wrong unless a test says so."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl

from sijinak.animals.imports.columns import COLUMNS
from sijinak.animals.imports.rehearsal import Report, rehearse
from sijinak.animals.imports.table import Table, kind_of, read_table
from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.core.permissions import OPERATOR, Actor

EXAMPLES = Path(__file__).parents[3] / "examples"
CLEAN = EXAMPLES / "daftar-ternak-lunyuk-rea.csv"
CLEAN_XLSX = CLEAN.with_suffix(".xlsx")
WRONG = EXAMPLES / "daftar-ternak-campur-salah.csv"
TITLES = [column.name for column in COLUMNS if column.name not in {"no", "kecamatan"}]
GOOD = {
    "nik": "5204021203689901",
    "nama_pemilik": "Abdul Wahab Idris",
    "desa": "Lunyuk Rea",
    "jenis": "sapi",
    "kelamin": "betina",
    "tanggal_lahir": "10/04/2019",
    "warna": "merah bata",
    "status": "terlihat",
}
Rows = list[dict[str, str]]


def row(**cells: str) -> dict[str, str]:
    return {**GOOD, **cells}


def owner(number: int) -> str:
    """The NIK of one of many owners."""
    return f"520402{number % 28 + 1:02d}0380{number // 28 + 1:04d}"


def many(count: int) -> Rows:
    return [
        row(nik=owner(n // 4), nama_pemilik=f"Pemilik {n // 4}", nomor_eartag=f"ID{n:06d}")
        for n in range(count)
    ]


def as_csv(path: Path, *rows: dict[str, str], delimiter: str = ";") -> Path:
    titles = TITLES + [name for name in {n: 0 for r in rows for n in r} if name not in TITLES]
    lines = [titles, *([r.get(title, "") for title in titles] for r in rows)]
    path.write_text("\r\n".join(delimiter.join(line) for line in lines), encoding="utf-8")
    return path


def as_xlsx(path: Path, *rows: Mapping[str, object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(TITLES)
    for cells in rows:
        sheet.append([cells.get(title) for title in TITLES])
    book.save(path)
    return path


def table_of(path: Path) -> Table:
    return read_table(path, kind_of(path.name), max_mb=8)


def rehearsed(path: Path, by: Actor = OPERATOR) -> Report:
    return rehearse(table_of(path), by=by)


def mistakes(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in report.errors]


def everything() -> dict[str, int]:
    """How many rows every table has."""
    counts = {
        table.name: len(db.session.execute(table.select()).all())
        for table in Model.metadata.sorted_tables
    }
    db.session.rollback()
    return counts
