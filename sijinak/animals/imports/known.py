"""A row about an animal that is known: what it would change, and what a list may not."""

from typing import Any

from sijinak.animals.changing import plain
from sijinak.animals.imports.owners import check_same_owner
from sijinak.animals.imports.row import Row
from sijinak.animals.imports.rows import COLUMN_OF, KIND_OF, READERS, RowReader
from sijinak.animals.models import Verification
from sijinak.animals.services import MARKS

FREE = ("hamlet", "breed", "teeth", *MARKS)  # what a list may say anew
FIXED = {
    "species": "list-needs-correction",
    "sex": "list-needs-correction",
    "birth_date": "list-needs-correction",
    "village": "list-needs-move",
}


def read_known(row: Row, reader: RowReader) -> None:
    """Only the cells that are filled count."""
    filled = [name for name in READERS if name not in KIND_OF and row.cells.get(name)]
    reader.read_all(filled, row)
    check_same_owner(row)
    _check_fixed(row)
    _check_numbers(row)
    _compare(row)


def _check_fixed(row: Row) -> None:
    """A birth that nobody knew may be told."""
    known = _facts(row)
    for field, code in FIXED.items():
        said, before = row.values.get(field), getattr(known, field)
        if said is not None and before is not None and said != before:
            row.refuse(COLUMN_OF[field], code, known=plain(before))


def _check_numbers(row: Row) -> None:
    """One number of each kind at a time: another one comes by exchanging the tag."""
    worn = row.animal.numbers if row.animal else {}
    for column, kind in KIND_OF.items():
        said = row.values.get(READERS[column][0])
        if said and worn.get(kind, said) != said:
            row.refuse(column, "list-other-number", known=worn[kind])
        elif said and kind not in worn:
            row.changes.append((column, "", said))


def _compare(row: Row) -> None:
    known = _facts(row)
    for field in FREE:
        if field in row.values and row.values[field] != getattr(known, field):
            _change(row, field, row.values[field])
    if known.birth_date is None and row.values.get("birth_date"):
        _change(row, "birth_date", row.values["birth_date"])
    seen = row.values.get("verification") is Verification.SEEN
    if seen and known.verification is not Verification.SEEN:
        if any(row.values.get(mark) or getattr(known, mark) for mark in MARKS):
            _change(row, "verification", Verification.SEEN)
        else:
            row.refuse("warna", "seen-without-marks")


def _change(row: Row, field: str, said: Any) -> None:
    row.changes.append((COLUMN_OF[field], plain(getattr(_facts(row), field)), plain(said)))


def _facts(row: Row) -> Any:
    if row.animal is None:
        raise RuntimeError("a row about no animal")
    return row.animal.row
