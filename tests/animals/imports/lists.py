"""Lists for tests, made of rows that have nothing wrong unless a test says so."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl

from sijinak.animals.imports.bringing import begin, chunks_of, leave_plan
from sijinak.animals.imports.columns import COLUMNS
from sijinak.animals.imports.queries import batch_by_id
from sijinak.animals.imports.rehearsal import rehearse
from sijinak.animals.imports.report import MISTAKES, NOTES, PLAN, Report, lines_of_part
from sijinak.animals.imports.table import Limits, Line, kind_of, lines_of, stage
from sijinak.animals.imports.uploads import Upload, Uploads
from sijinak.animals.models import ImportBatch
from sijinak.core.db import db, transaction
from sijinak.core.model import Model
from sijinak.core.permissions import OPERATOR, Actor

EXAMPLES = Path(__file__).parents[3] / "examples"
CLEAN = EXAMPLES / "daftar-ternak-lunyuk-rea.csv"
CLEAN_XLSX = CLEAN.with_suffix(".xlsx")
WRONG = EXAMPLES / "daftar-ternak-campur-salah.csv"
LIMITS = Limits(megabytes=32, rows=100_000)
TITLES = [column.name for column in COLUMNS if column.name not in {"no", "kecamatan", "rfid"}]
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


def brought(path: Path) -> Upload:
    """The list among the uploads of a folder of its own, staged."""
    content = path.read_bytes()
    folder = Path(mkdtemp()) if path.parent == EXAMPLES else path.parent
    upload = Uploads(str(folder)).keep([content], path.name, kind_of(path.name))
    stage(upload.path, upload.kind, upload.beside("rows"), LIMITS)
    return upload


def lines(path: Path) -> list[Line]:
    return list(lines_of(brought(path).beside("rows")))


def told(folder: Path, *rows: dict[str, str]) -> Upload:
    """Rows that stand below a header."""
    titles = TITLES + sorted({name for cells in rows for name in cells} - set(TITLES))
    return sheet(folder, titles, *([cells.get(title, "") for title in titles] for cells in rows))


def sheet(folder: Path, *lines: Sequence[str]) -> Upload:
    """Any lines, from row 1 on; those that are empty are blank rows."""
    upload = Uploads(str(folder)).keep([b""], "list.csv", "csv")
    filled = [[n, list(cells)] for n, cells in enumerate(lines, 1) if any(cells)]
    upload.beside("rows").write_text("".join(json.dumps(line) + "\n" for line in filled))
    return upload


def rehearsed(path: Path, by: Actor = OPERATOR) -> tuple[Upload, Report]:
    upload = brought(path)
    return upload, rehearse(upload, by=by)


def taken(path: Path, by: Actor = OPERATOR) -> ImportBatch:
    """Brought, rehearsed, begun and written, as the command line does it."""
    upload, report = rehearsed(path, by)
    assert not report.mistakes, mistakes(upload)
    with transaction():
        batch = begin(upload, report, by=by)
    leave_plan(upload, batch)
    for _ in chunks_of(batch.id, Uploads(str(upload.path.parent.parent)), by=by):
        pass
    return batch_by_id(batch.id, by=by)


def mistakes(upload: Upload) -> list[tuple[int, str, str]]:
    return [(row, column, code) for row, column, code, _ in lines_of_part(upload, MISTAKES)]


def notes(upload: Upload) -> list[tuple[int, str, str]]:
    return [(row, column, code) for row, column, code, _ in lines_of_part(upload, NOTES)]


def facts(upload: Upload, at: int, part: str = MISTAKES) -> dict[str, Any]:
    found: dict[str, Any] = list(lines_of_part(upload, part))[at][3]
    return found


def planned(upload: Upload) -> list[int]:
    """The rows that would write something."""
    return [line[1] for line in lines_of_part(upload, PLAN)]


def everything() -> dict[str, int]:
    """How many rows every table has."""
    counts = {
        table.name: len(db.session.execute(table.select()).all())
        for table in Model.metadata.sorted_tables
    }
    db.session.rollback()
    return counts
