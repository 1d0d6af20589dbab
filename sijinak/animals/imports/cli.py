"""sijinak import animals."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from sijinak.accounts.queries import SignedIn, appointments_of, user_by_name
from sijinak.animals.imports import labels as _labels  # noqa: F401 - what is said about lists
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.rehearsal import Report, rehearse
from sijinak.animals.imports.services import ListRefused, TakeList, take_list
from sijinak.animals.imports.table import kind_of, read_table
from sijinak.core.clock import now, today
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.web.formats import day
from sijinak.web.i18n import gettext as _
from sijinak.web.messages import message_for
from sijinak.web.settings import settings


@click.group("import")
def imports() -> None:
    """Take in lists that were kept elsewhere."""


@imports.command("animals")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only report what would happen.")
@click.option("--as", "username", help="Act as this account, within its working area.")
@with_appcontext
def animals(file: Path, username: str | None, *, dry_run: bool) -> None:
    """Take a village list in, whole; with a mistake in it nothing is taken in."""
    try:
        by = _person(username) if username else OPERATOR
        _take(file, by, dry_run=dry_run)
    except ListRefused as refused:
        _print(refused.report)
        raise click.ClickException(message_for(refused.code, refused.facts)) from refused
    except SijinakError as error:
        raise click.ClickException(message_for(error.code, error.facts)) from error


def _take(file: Path, by: Actor, *, dry_run: bool) -> None:
    table = read_table(file, kind_of(file.name), max_mb=settings().max_upload_mb)
    report = rehearse(table, by=by)
    if report.errors:
        raise ListRefused(report)
    _print(report)
    if dry_run or report.earlier:
        return
    with (
        click.progressbar(length=len(report.entries), label=_("Taking in")) as bar,
        transaction(),
    ):
        take_list(TakeList(file_name=file.name, table=table), by=by, each=lambda: bar.update(1))
    click.echo(_("The list was taken in."))


def _print(report: Report) -> None:
    for problem in report.errors:
        click.echo(_("Mistake: %(text)s", text=_line(problem)))
    for problem in report.warnings:
        click.echo(_("Note: %(text)s", text=_line(problem)))
    skipped = len(report.blank_rows) + len(report.total_rows)
    click.echo(_("Rows without a mistake: %(n)s", n=len(report.entries)))
    click.echo(_("Rows with a mistake: %(n)s", n=report.refused_rows))
    click.echo(_("Rows skipped (blank or total): %(n)s", n=skipped))
    if report.earlier:
        on = day(report.earlier.imported_at)
        click.echo(_("This list was taken in on %(day)s. Nothing is doubled.", day=on))
    else:
        known = len({entry.nik for entry in report.entries}) - report.new_keepers
        click.echo(_("New owners: %(n)s", n=report.new_keepers))
        click.echo(_("Known owners: %(n)s", n=known))


def _line(problem: Problem) -> str:
    text = message_for(problem.code, problem.values)
    where = _("row %(row)s", row=problem.row)
    return ", ".join(part for part in (where, problem.column) if part) + f": {text}"


def _person(username: str) -> SignedIn:
    """The account with its appointments of today, as if it had signed in."""
    user = user_by_name(username)
    if user is None or not user.is_active:
        raise click.ClickException(_("There is no account %(name)s.", name=username))
    mandates = tuple(
        (appointment.role, appointment.region)
        for appointment in appointments_of(user.id)
        if appointment.ended_at is None
        and appointment.valid_from <= today()
        and (appointment.valid_until is None or today() <= appointment.valid_until)
    )
    return SignedIn(
        user.id, user.name, user.username, uuid7(), "", now(), False, now(), user.keeper_id,
        mandates,
    )  # fmt: skip
