"""The wallets from the command line."""

import click
from flask.cli import with_appcontext

from sijinak.payments.wallet.queries import wallet_faults


@click.group("wallet")
def wallet() -> None:
    """The wallets of traders."""


@wallet.command()
@with_appcontext
def check() -> None:
    """Compare every wallet with its moves and with the ledger; 1 if one differs."""
    faults = list(wallet_faults())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} faults in the wallets")
    click.echo("The wallets agree with their moves and with the ledger.")
