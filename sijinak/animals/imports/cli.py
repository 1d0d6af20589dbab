"""sijinak import animals."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from sijinak.accounts.queries import user_by_name
from sijinak.animals.imports import labels as _labels  # noqa: F401 - what is said about lists
from sijinak.animals.imports.bringing import begin, chunks_of, earlier, leave_plan, prepare
from sijinak.animals.imports.people import person_of
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.queries import batch_by_id
from sijinak.animals.imports.report import MISTAKES, NOTES, Report, lines_of_part, problem_of
from sijinak.animals.imports.table import Limits, kind_of
from sijinak.animals.imports.uploads import Upload, Uploads
from sijinak.animals.models import BatchState, ImportBatch
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.web.formats import day
from sijinak.web.i18n import gettext as _
from sijinak.web.messages import message_for
from sijinak.web.settings import settings

CHUNK = 1024 * 1024


@click.group("import")
def imports() -> None:
    """Take in lists that were kept elsewhere."""


@imports.command("animals")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only report what would happen.")
@click.option("--as", "username", help="Act as this account, within its working area.")
@with_appcontext
def animals(file: Path, username: str | None, *, dry_run: bool) -> None:
    """Take a village list in; with a mistake in it nothing is taken in."""
    try:
        by = _person(username) if username else OPERATOR
        with _kept(file) as upload:
            _take(upload, by, dry_run=dry_run)
    except SijinakError as error:
        raise click.ClickException(message_for(error.code, error.facts)) from error


@contextmanager
def _kept(file: Path) -> Iterator[Upload]:
    """A copy, from which the worker goes on should this be interrupted."""
    if file.stat().st_size > settings().max_list_mb * CHUNK:
        facts = {"most": settings().max_list_mb}
        raise click.ClickException(message_for("list-too-large", facts))
    with file.open("rb") as raw:
        chunks = iter(lambda: raw.read(CHUNK), b"")
        upload = Uploads(settings().data_dir).keep(chunks, file.name, kind_of(file.name))
    try:
        yield upload
    finally:
        upload.forget(but="plan" if _is_being_taken(upload) else "")


def _is_being_taken(upload: Upload) -> bool:
    return upload.beside("plan").exists() and not upload.path.exists()


def _take(upload: Upload, by: Actor, *, dry_run: bool) -> None:
    report = prepare(upload, Limits(settings().max_list_mb, settings().max_list_rows), by=by)
    before = earlier(report)
    _print(upload, report, before)
    if before is not None and before.state is BatchState.TAKING:
        _go_on(before, by)
    if before is not None:
        return
    if report.mistakes:
        raise click.ClickException(message_for("list-refused", {"count": report.mistakes}))
    if dry_run or not report.can_be_taken:
        return
    with transaction():
        batch = begin(upload, report, by=by)
    leave_plan(upload, batch)
    _go_on(batch, by)


def _go_on(batch: ImportBatch, by: Actor) -> None:
    done = batch.rows_done
    with click.progressbar(length=batch.rows, label=_("Taking in")) as bar:
        for now_done in chunks_of(batch.id, Uploads(settings().data_dir), by=by):
            bar.update(now_done - done)
            done = now_done
    batch = batch_by_id(batch.id, by=by)
    for row, column, code, values in batch.aside:
        problem = Problem(row, column, code, values)
        click.echo(_("Put aside: %(text)s", text=_line(problem)))
    click.echo(_("The list was taken in."))


def _print(upload: Upload, report: Report, before: ImportBatch | None) -> None:
    for line in lines_of_part(upload, MISTAKES):
        click.echo(_("Mistake: %(text)s", text=_line(problem_of(line))))
    for line in lines_of_part(upload, NOTES):
        click.echo(_("Note: %(text)s", text=_line(problem_of(line))))
    click.echo(_("New animals: %(n)s", n=report.new))
    click.echo(_("Animals that change: %(n)s", n=report.changed))
    click.echo(_("Animals that are already so: %(n)s", n=report.same))
    click.echo(_("Rows with a mistake: %(n)s", n=report.refused))
    click.echo(_("Rows skipped (no animal): %(n)s", n=report.skipped))
    click.echo(_("New owners: %(n)s", n=report.new_keepers))
    if before is not None:
        on = day(before.imported_at)
        click.echo(_("This list was taken in on %(day)s. Nothing is doubled.", day=on))


def _line(problem: Problem) -> str:
    text = message_for(problem.code, problem.values)
    where = _("row %(row)s", row=problem.row)
    return ", ".join(part for part in (where, problem.column) if part) + f": {text}"


def _person(username: str) -> Actor:
    user = user_by_name(username)
    if user is None or not user.is_active:
        raise click.ClickException(_("There is no account %(name)s.", name=username))
    return person_of(user)
