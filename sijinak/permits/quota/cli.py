"""The quota from the command line."""

import click
from flask.cli import with_appcontext

from sijinak.permits.quota.checking import accounts_in_books, quota_faults


@click.group("quota")
def quota() -> None:
    """The quota of animals that may leave."""


@quota.command()
@with_appcontext
def check() -> None:
    """Compare every account with its entries, its claims and their permits; 1 if one differs."""
    faults = list(quota_faults())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} faults in the quota")
    click.echo(f"{accounts_in_books()} accounts agree with their entries and claims.")
