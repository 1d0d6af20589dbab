"""Putting a list right in the browser: words, dates, cells, rows; then it is rehearsed again."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.imports.columns import COLUMNS
from sijinak.animals.imports.dates import Order
from sijinak.animals.imports.layout import Columns
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.rehearsal import rehearse
from sijinak.animals.imports.repairs import Repairs
from sijinak.animals.imports.report import MISTAKES, lines_of_part, problem_of
from sijinak.animals.imports.reviewing import (
    SHOWN_WORDS,
    report_of,
    sentence,
    upload_of,
    word_options,
)
from sijinak.animals.imports.rows import clean
from sijinak.animals.imports.survey import Survey, look_over
from sijinak.animals.imports.table import Line, lines_of
from sijinak.animals.imports.uploads import Upload
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form

bp = Blueprint("animals_import_repairs", __name__)
LONGEST_CELL = 300
REFUSED_ROWS = "baris-salah.csv"


@bp.post("/periksa/<key>/kata")
@needs(Permission.ANIMAL_IMPORT)
def words(key: str) -> ResponseReturnValue:
    """Each word that nobody knows, in every row where it stands."""
    upload, options = upload_of(key), word_options()
    unknown = report_of(upload).unknown[:SHOWN_WORDS]
    with _repaired(upload) as repairs:
        for at, entry in enumerate(unknown):
            column, said = str(entry["column"]), request.form.get(f"word-{at}", "")
            wanted = request.form.get(f"key-{at}") == entry["key"]
            if wanted and said in {value for value, _text in options[column]}:
                repairs.say(column, str(entry["key"]), said)
    return _back(key)


@bp.post("/periksa/<key>/tanggal")
@needs(Permission.ANIMAL_IMPORT)
def dates(key: str) -> ResponseReturnValue:
    upload = upload_of(key)
    said = request.form.get("order", "")
    if said in list(Order):
        with _repaired(upload) as repairs:
            repairs.order = Order(said)
    else:
        flash(_("Choose one."), "error")
    return _back(key)


@bp.post("/periksa/<key>/lewati")
@needs(Permission.ANIMAL_IMPORT)
def leave_out(key: str) -> ResponseReturnValue:
    """One row, or all with a mistake; or take the rows that were left out back again."""
    upload = upload_of(key)
    with _repaired(upload) as repairs:
        match request.form.get("what"):
            case "row":
                repairs.out.add(_number(request.form.get("row", "")))
            case "wrong":
                repairs.without_wrong = True
            case "none":
                repairs.without_wrong = False
                repairs.out.clear()
    return _back(key)


@bp.post("/periksa/<key>/rangkap")
@needs(Permission.ANIMAL_IMPORT)
def keep_number(key: str) -> ResponseReturnValue:
    """A number that stands in several rows stays in one of them."""
    upload = upload_of(key)
    kept, column = _number(request.form.get("row", "")), request.form.get("column", "")
    first = _number(request.form.get("first", ""))
    rows = {first, *_rows_twice(upload, column, first)}
    if kept not in rows:
        raise NotFound
    with _repaired(upload) as repairs:
        for row in rows - {kept}:
            repairs.type_anew(row, {column: ""})
    return _back(key)


@bp.get("/periksa/<key>/baris/<int:row>")
@needs(Permission.ANIMAL_IMPORT)
def edit(key: str, row: int) -> ResponseReturnValue:
    upload = upload_of(key)
    return _edit(upload, key, row, Form(_cells_of(upload, row)))


@bp.post("/periksa/<key>/baris/<int:row>")
@needs(Permission.ANIMAL_IMPORT)
def save(key: str, row: int) -> ResponseReturnValue:
    upload = upload_of(key)
    before = _cells_of(upload, row)
    typed = {name: clean(request.form.get(name, text)) for name, text in before.items()}
    form: Form[None] = Form(typed)
    for name, text in typed.items():
        if len(text) > LONGEST_CELL:
            form.errors[name] = [_("This is too long.")]
    if form.errors:
        return _edit(upload, key, row, form), 422
    with _repaired(upload) as repairs:
        repairs.type_anew(row, {n: text for n, text in typed.items() if text != before[n]})
    left = _problems_of(upload, row)
    if not left:
        flash(_("Row %(row)s has no mistake any more.", row=row), "success")
        return _back(key)
    return _edit(upload, key, row, Form(_cells_of(upload, row))), 422


@bp.get(f"/periksa/<key>/{REFUSED_ROWS}")
@needs(Permission.ANIMAL_IMPORT)
def refused(key: str) -> ResponseReturnValue:
    """The rows with a mistake as a list of their own, to be put right and brought again."""
    upload = upload_of(key)
    survey = look_over(upload.beside("rows"))
    names = list(survey.layout.columns.values())
    head = [_("Row"), _("What to do"), *names]
    export = Export(what="refused-rows", name=REFUSED_ROWS.removesuffix(".csv"), head=head)
    return hand_out(CSV, export, _refused_rows(upload, survey))


def _refused_rows(upload: Upload, survey: Survey) -> Iterator[list[str]]:
    wrong: dict[int, list[str]] = {}
    for line in lines_of_part(upload, MISTAKES):
        problem = problem_of(line)
        said = f"{problem.column}: {sentence(problem)}" if problem.column else sentence(problem)
        wrong.setdefault(problem.row, []).append(said)
    repairs, columns = Repairs.read(upload.beside("repairs")), survey.layout.columns
    names = list(columns.values())
    for line in survey.animals(upload.beside("rows")):
        if line.row in wrong and line.row not in repairs.out:
            cells = repairs.applied(line.row, _named(line, columns))
            shown = [cells.get(name, "") for name in names]
            yield [str(line.row), " ".join(wrong[line.row]), *shown]


@contextmanager
def _repaired(upload: Upload) -> Iterator[Repairs]:
    repairs = Repairs.read(upload.beside("repairs"))
    yield repairs
    repairs.write(upload.beside("repairs"))
    rehearse(upload, by=actor())


def _back(key: str) -> ResponseReturnValue:
    return redirect(url_for("animals_import.review", key=key))


def _edit(upload: Upload, key: str, row: int, form: Form[None]) -> str:
    problems = _problems_of(upload, row)
    for problem in problems:
        if problem.column in form.raw and problem.column not in form.errors:
            form.errors[problem.column] = [sentence(problem)]
    others = [sentence(problem) for problem in problems if problem.column not in form.raw]
    examples = {column.name: column.example for column in COLUMNS}
    return render_template(
        "animals/import_row.html", form=form, key=key, row=row, others=others, examples=examples,
        name=upload.name,
    )  # fmt: skip


def _problems_of(upload: Upload, row: int) -> list[Problem]:
    return [
        problem_of(line) for line in lines_of_part(upload, MISTAKES) if line[0] == row
    ]  # fmt: skip


def _cells_of(upload: Upload, row: int) -> dict[str, str]:
    """Every column of the row, as it stands after repairs. Raises NotFound."""
    survey = look_over(upload.beside("rows"))
    for line in lines_of(upload.beside("rows")):
        if line.row == row and row > survey.layout.header.row:
            columns = survey.layout.columns
            cells = dict.fromkeys(columns.values(), "") | _named(line, columns)
            return Repairs.read(upload.beside("repairs")).applied(row, cells)
    raise NotFound


def _named(line: Line, places: Columns) -> dict[str, str]:
    return {places[at]: clean(text) for at, text in enumerate(line.cells) if at in places}


def _rows_twice(upload: Upload, column: str, first: int) -> set[int]:
    return {
        line[0]
        for line in lines_of_part(upload, MISTAKES)
        if line[1] == column and line[2].endswith("-twice") and line[3].get("first") == first
    }


def _number(text: str) -> int:
    """Raises NotFound."""
    if not (text.isascii() and text.isdigit() and len(text) < 8):  # noqa: PLR2004 - rows of a sheet
        raise NotFound
    return int(text)
