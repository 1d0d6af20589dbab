"""The page of a rehearsal: what would become of the list, and what can be put right here."""

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for

from sijinak.animals.imports.bringing import earlier
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.repairs import Repairs
from sijinak.animals.imports.report import (
    CHANGES,
    MISTAKES,
    NOTES,
    PAGE,
    Report,
    page_of_part,
    problem_of,
)
from sijinak.animals.imports.rows import WORDS
from sijinak.animals.imports.uploads import Upload, Uploads
from sijinak.animals.models import Sex, Species, Verification
from sijinak.areas.queries import full_name
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission
from sijinak.keepers.pages import village_options
from sijinak.web.access import actor
from sijinak.web.i18n import gettext as _
from sijinak.web.messages import message_for
from sijinak.web.settings import settings

SHOWN_WORDS = 20
SHOWN_ROWS = 20
PARTS = {"kesalahan": MISTAKES, "catatan": NOTES, "perubahan": CHANGES}
_DOUBLES = {
    "list-tag-twice": "kode_tag",
    "list-eartag-twice": "nomor_eartag",
    "list-rfid-twice": "rfid",
}


def uploads() -> Uploads:
    return Uploads(settings().data_dir)


def session_id() -> UUID:
    found: UUID = actor().session_id  # type: ignore[attr-defined]
    return found


def upload_of(key: str) -> Upload:
    """What is still here. Raises NotFound."""
    upload = uploads().find(key, session_id())
    if not upload.is_there or not upload.beside("report").exists():
        raise NotFound
    return upload


def report_of(upload: Upload) -> Report:
    return Report.read(upload.beside("report"))


def show_review(upload: Upload, key: str) -> str:
    report = report_of(upload)
    part, page = _asked()
    lines = page_of_part(upload, PARTS[part], page)
    return render_template(
        "animals/import_review.html",
        name=upload.name,
        key=key,
        report=report,
        earlier=earlier(report),
        part=part,
        lines=_shown(lines) if part != "perubahan" else lines,
        page=page,
        pages=_pages(report, part),
        address=lambda part, page: url_for(".review", key=key, bagian=part, hal=page),
        words=report.unknown[:SHOWN_WORDS],
        options=word_options(),
        order=Repairs.read(upload.beside("repairs")).order,
        skipped=_skipped(report),
        first=[_understood(entry) for entry in report.first],
        full_name=full_name,
    )


def word_options() -> dict[str, list[tuple[str, str]]]:
    """What a word that nobody knows can be made, by column."""
    chosen = {column: [(word, word) for word in words] for column, words in WORDS.items()}
    return {"desa": village_options(actor(), Permission.ANIMAL_IMPORT), **chosen}


def shown_problem(line: Any) -> dict[str, Any]:
    """A line with its sentence; of a number that stands twice, which rows want it."""
    problem = problem_of(line)
    twice = problem.values.get("first") if problem.code in _DOUBLES else None
    return {
        "row": problem.row,
        "column": problem.column,
        "text": message_for(problem.code, problem.values),
        "first": twice,
    }


def _shown(lines: list[Any]) -> list[dict[str, Any]]:
    """What can be done about a row stands beside its first mistake."""
    rows: set[int] = set()
    found = []
    for line in lines:
        problem = shown_problem(line)
        found.append({**problem, "begins": problem["row"] not in rows})
        rows.add(problem["row"])
    return found


def sentence(problem: Problem) -> str:
    return message_for(problem.code, problem.values)


def _skipped(report: Report) -> list[str]:
    """Which rows are no animals."""
    found = []
    if rows := report.total_rows:
        found.append(_("Skipped as a total: row %(rows)s.", rows=_rows(rows, len(rows))))
    if rows := report.tail_rows:
        said = _rows(rows, len(rows))
        found.append(_("Skipped as signatures and notes at the end: row %(rows)s.", rows=said))
    if rows := report.skipped_rows:
        found.append(_("Skipped as a repeated header: row %(rows)s.", rows=_rows(rows, len(rows))))
    if rows := report.blank_rows:
        found.append(_("Skipped as blank: row %(rows)s.", rows=_rows(rows, report.blank)))
    return found


def _rows(rows: list[int], count: int) -> str:
    shown = ", ".join(map(str, rows[:SHOWN_ROWS]))
    return f"{shown} …" if count > SHOWN_ROWS else shown


def _asked() -> tuple[str, int]:
    part = request.args.get("bagian", "")
    page = request.args.get("hal", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1  # noqa: PLR2004
    return part if part in PARTS else "kesalahan", max(1, number)


def _pages(report: Report, part: str) -> int:
    counts = {"kesalahan": report.mistakes, "catatan": report.notes, "perubahan": report.changed}
    return max(1, -(-counts[part] // PAGE))


def _understood(entry: dict[str, Any]) -> dict[str, Any]:
    """Enumerations again, for their names."""
    return {
        **entry,
        "species": Species(entry["species"]),
        "sex": Sex(entry["sex"]),
        "verification": Verification(entry["verification"]),
    }
