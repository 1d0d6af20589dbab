"""The books from the command line."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from sijinak.core.clock import today
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.checking import all_faults, journals_in_books
from sijinak.ledger.export import Format, exported
from sijinak.ledger.queries import first_and_last_day

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("ledger")
def ledger() -> None:
    """The books: export them, check them."""


@ledger.command()
@click.option(
    "--format", "kind", type=click.Choice([str(f) for f in Format]), default="beancount",
    show_default=True,
)  # fmt: skip
@click.option("--from", "first", type=DAY, help="The first day; else that of the first journal.")
@click.option("--to", "last", type=DAY, help="The last day; else that of the last journal.")
@with_appcontext
def export(kind: str, first: datetime | None, last: datetime | None) -> None:
    """Write the journals for another program, which adds them up anew."""
    begin, end = first_and_last_day(by=OPERATOR) or (today(), today())
    start = first.date() if first else begin
    for line in exported(Format(kind), start, last.date() if last else end, by=OPERATOR):
        click.echo(line)


@ledger.command()
@with_appcontext
def check() -> None:
    """Add every journal up anew, and compare bills, receipts and money; 1 if one differs."""
    faults = list(all_faults())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} faults in the books")
    click.echo(f"{journals_in_books()} journals agree with their lines.")
