"""What would become of a list. Writes nothing."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sijinak.animals.imports.against import check_register
from sijinak.animals.imports.columns import find_columns
from sijinak.animals.imports.dates import style_of
from sijinak.animals.imports.doubles import check_doubles
from sijinak.animals.imports.problems import Findings, Problem
from sijinak.animals.imports.queries import batch_with
from sijinak.animals.imports.rows import Cells, Entry, Setting, clean, read_row
from sijinak.animals.imports.table import Line, Table
from sijinak.animals.imports.villages import Villages
from sijinak.animals.models import ImportBatch
from sijinak.core.clock import today
from sijinak.core.crypto import keyring
from sijinak.core.permissions import Actor, Permission, require

_TOTAL = re.compile(r"(total|jumlah)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``entries`` are the rows without a mistake; ``keepers`` the ids of known owners by NIK.

    With ``earlier`` the list was taken in before, and the register was not asked again.
    """

    entries: tuple[Entry, ...] = ()
    new_keepers: int = 0
    keepers: Mapping[str, UUID]
    errors: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    blank_rows: tuple[int, ...] = ()
    total_rows: tuple[int, ...] = ()
    digest: bytes = b""
    earlier: ImportBatch | None = None

    @property
    def refused_rows(self) -> int:
        return len({problem.row for problem in self.errors})

    @property
    def can_be_taken(self) -> bool:
        return bool(self.entries) and not self.errors and self.earlier is None


def rehearse(table: Table, *, by: Actor) -> Report:
    require(by, Permission.ANIMAL_IMPORT)
    findings = Findings()
    width = max(len(line.cells) for line in table.lines)
    columns, wrong = find_columns(table.header, width)
    if wrong:
        return Report(errors=wrong, keepers={})
    for sheet in table.other_sheets:
        findings.warn(table.header.row, "", "list-other-sheet", sheet=sheet)
    lines, totals = _without_totals(table.lines)
    values = _read(lines, columns, by, findings)
    check_doubles(values, findings)
    digest = b"" if findings.errors else _digest(_entries(values, findings))
    earlier = batch_with(digest) if digest else None
    known = {} if earlier else check_register(values, findings, by=by)
    entries = _entries(values, findings)
    return Report(
        entries=entries,
        new_keepers=len({entry.nik for entry in entries} - known.keys()),
        keepers=known,
        errors=sorted(findings.errors, key=lambda problem: problem.row),
        warnings=sorted(findings.warnings, key=lambda problem: problem.row),
        blank_rows=_blank_rows(table),
        total_rows=totals,
        digest=digest,
        earlier=earlier,
    )


def _read(
    lines: Sequence[Line], columns: Mapping[int, str], by: Actor, findings: Findings
) -> list[dict[str, object]]:
    rows = [(line.row, _named(line, columns)) for line in lines]
    style = style_of(cells.get("tanggal_lahir", "") for _, cells in rows)
    setting = Setting(Villages(by), style, today())
    return [read_row(row, cells, setting, findings) for row, cells in rows]


def _named(line: Line, columns: Mapping[int, str]) -> Cells:
    return {columns[place]: clean(text) for place, text in enumerate(line.cells)}


def _without_totals(lines: Sequence[Line]) -> tuple[Sequence[Line], tuple[int, ...]]:
    """Totals at the end are no animals; one in the middle is a mistake that is reported."""
    end = len(lines)
    while end and _TOTAL.match(next(c for cell in lines[end - 1].cells if (c := cell.strip()))):
        end -= 1
    return lines[:end], tuple(line.row for line in lines[end:])


def _blank_rows(table: Table) -> tuple[int, ...]:
    filled = {line.row for line in table.lines}
    return tuple(set(range(table.header.row + 1, table.lines[-1].row)) - filled)


def _entries(values: Sequence[dict[str, object]], findings: Findings) -> tuple[Entry, ...]:
    wrong = {problem.row for problem in findings.errors}
    return tuple(Entry(**fields) for fields in values if fields["row"] not in wrong)  # type: ignore[arg-type]


def _digest(entries: Sequence[Entry]) -> bytes:
    """The same for the same animals, in whatever order, format and spelling they are listed."""
    rows = [{**asdict(entry), "row": 0} for entry in entries]
    spelt = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    return keyring.lookup("animal list", "\n".join(spelt)) if spelt else b""
