"""What would become of a list. Writes nothing into the register; what it finds lies on the disk."""

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sijinak.animals.imports.columns import REQUIRED
from sijinak.animals.imports.dates import DateStyle
from sijinak.animals.imports.known import read_known
from sijinak.animals.imports.layout import is_total, names_of
from sijinak.animals.imports.numbers import Numbers
from sijinak.animals.imports.owners import Owners
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.repairs import Repairs
from sijinak.animals.imports.report import (
    CHANGES,
    MISTAKES,
    NOTES,
    PLAN,
    Pages,
    Report,
    line_of,
)
from sijinak.animals.imports.row import Becomes, Row
from sijinak.animals.imports.rows import (
    COLUMN_OF,
    KIND_OF,
    READERS,
    RowReader,
    Setting,
    word_key,
)
from sijinak.animals.imports.survey import Survey, look_over
from sijinak.animals.imports.table import Line
from sijinak.animals.imports.uploads import Upload
from sijinak.animals.imports.villages import Villages
from sijinak.animals.models import Verification
from sijinak.animals.services import MARKS
from sijinak.core.clock import today
from sijinak.core.crypto import keyring
from sijinak.core.pace import uncollected
from sijinak.core.permissions import Actor, Permission, require

CHUNK = 2000
SHOWN_FIRST = 10
MOST_UNKNOWN = 1000
_NOTHING: tuple[object, ...] = (None, "")
_WORDS = ("desa", "jenis", "kelamin", "status")


def rehearse(upload: Upload, *, by: Actor) -> Report:
    """Raises UnreadableList."""
    require(by, Permission.ANIMAL_IMPORT)
    survey = look_over(upload.beside("rows"))
    with uncollected(), Pages(upload) as pages:
        work = Rehearsal(survey, Repairs.read(upload.beside("repairs")), pages, by)
        lines = survey.animals(upload.beside("rows"))
        while not survey.layout.wrong and (some := list(islice(lines, CHUNK))):
            work.look(some)
        report = work.end()
    report.write(upload.beside("report"))
    return report


class Rehearsal:
    def __init__(self, survey: Survey, repairs: Repairs, pages: Pages, by: Actor) -> None:
        self._survey, self._repairs, self._pages = survey, repairs, pages
        style = DateStyle(survey.dates.doubtful, repairs.order)
        self._reader = RowReader(Setting(Villages(by), style, today(), repairs.words))
        self._numbers, self._owners = Numbers(self._reader, by), Owners(by)
        self._rows_said: list[bytes] = []
        self._villages: set[str] = set()
        self._unknown: dict[tuple[str, str], dict[str, Any]] = {}
        self._lacked = False
        self._names = names_of(survey.layout.columns)
        present = {*REQUIRED, *self._names}
        self._columns = [name for name in READERS if name in present and name not in KIND_OF]
        self.report = Report(without_wrong=repairs.without_wrong)
        for problem in survey.layout.wrong:
            self._say(MISTAKES, problem)
        for note in survey.notes:
            self._say(NOTES, note)

    def look(self, lines: list[Line]) -> None:
        rows = list(self._wanted(lines))
        self._numbers.look([row for row in rows if not row.is_settled])
        for row in rows:
            self._read(row)
        new = [row for row in rows if not row.is_settled and row.becomes is not Becomes.CHANGED]
        self._owners.check(new)
        for row in rows:
            self._settle(row)

    def end(self) -> Report:
        report, survey = self.report, self._survey
        report.blank, report.blank_rows = survey.blank, survey.blank_rows
        report.total_rows, report.tail_rows = survey.totals, survey.tail
        report.skipped_rows = survey.repeated
        report.villages = sorted(self._villages)
        report.new_keepers = len(self._owners.new)
        report.unknown = list(self._unknown.values())
        if self._repairs.order or survey.dates.doubtful or survey.dates.unproven:
            report.dates = self._repairs.order or "ask"
        if self._rows_said:
            said = b"".join(sorted(self._rows_said)).hex()
            report.digest = keyring.lookup("animal list", said).hex()
        return report

    def _wanted(self, lines: list[Line]) -> Iterator[Row]:
        for line in lines:
            if line.row in self._repairs.out:
                self.report.left_out += 1
                continue
            cells = self._reader.cells(self._names, line.cells)
            row = Row(line.row, self._repairs.applied(line.row, cells))
            if is_total(line) and line.row not in self._repairs.cells:
                row.refuse("", "list-total-between")
                row.is_settled = True
            yield row

    def _read(self, row: Row) -> None:
        if row.is_settled:
            return
        self._owners.take_from_above(row)
        if row.becomes is Becomes.CHANGED:
            read_known(row, self._reader)
        else:
            self._read_new(row)

    def _read_new(self, row: Row) -> None:
        if missing := self._survey.layout.missing:
            row.is_settled = True
            if not self._lacked:
                self._lacked = True
                for name in missing:
                    header = self._survey.layout.header.row
                    self._say(MISTAKES, Problem(header, name, "list-column-missing"))
            return
        self._reader.read_all(self._columns, row)
        is_seen = row.values.get("verification") is Verification.SEEN
        if is_seen and not any(row.cells.get(COLUMN_OF[mark]) for mark in MARKS):
            row.refuse("warna", "seen-without-marks")

    def _settle(self, row: Row) -> None:
        for problem in row.mistakes:
            self._say(MISTAKES, problem)
            if problem.column in _WORDS:
                self._remember_word(row, problem)
        for note in row.notes:
            self._say(NOTES, note)
        if row.mistakes or row.is_settled:
            if self.report.without_wrong:
                self.report.left_out += 1
            else:
                self.report.refused += 1
        elif row.becomes is Becomes.CHANGED:
            self._keep_known(row)
        else:
            self._keep_new(row)

    def _keep_new(self, row: Row) -> None:
        self._owners.count_new(row)
        self.report.new += 1
        said = self._said(row)
        animal_id = json.dumps(str(row.animal.row.id)) if row.animal else "null"
        text = f'["{row.becomes}",{row.number},{animal_id},{said}]\n'
        self._pages.add_text(PLAN, text)
        self._villages.add(row.values["village"])
        if len(self.report.first) < SHOWN_FIRST:
            self.report.first.append({"row": row.number, **json.loads(said)})

    def _keep_known(self, row: Row) -> None:
        self._said(row)
        animal = row.animal.row if row.animal else None
        if animal is None or not row.changes:
            self.report.same += 1
            return
        self.report.changed += 1
        self._villages.add(animal.village)
        changed = {column: after for column, _, after in row.changes}
        values = {**changed, "keeper": str(animal.keeper_id)}
        self._pages.add(PLAN, [row.becomes, row.number, str(animal.id), values])
        self._pages.add(CHANGES, [row.number, row.changes])

    def _said(self, row: Row) -> str:
        """What the row says, as JSON has it; the digest of the list is of this."""
        said = {name: value for name, value in row.values.items() if value not in _NOTHING}
        if birth := said.get("birth_date"):
            said["birth_date"] = birth.isoformat()
        text = json.dumps(said, ensure_ascii=False)
        self._rows_said.append(hashlib.sha256(text.encode()).digest())
        return text

    def _say(self, part: str, problem: Problem) -> None:
        self._pages.add(part, line_of(problem))
        if part == MISTAKES:
            self.report.mistakes += 1
        else:
            self.report.notes += 1

    def _remember_word(self, row: Row, problem: Problem) -> None:
        """A word that nobody knows stands in many rows, and is put right once."""
        text, column = row.cells.get(problem.column, ""), problem.column
        beside = row.cells.get("kecamatan", "") if column == "desa" else ""
        key = word_key(text, beside)
        if not text or (len(self._unknown) >= MOST_UNKNOWN and (column, key) not in self._unknown):
            return
        suggestion = problem.values.get("village") or problem.values.get("perhaps") or ""
        entry = {"column": column, "text": text, "beside": beside, "key": key, "count": 0}
        found = self._unknown.setdefault((column, key), {**entry, "suggestion": suggestion})
        found["count"] += 1
