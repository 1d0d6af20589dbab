"""The command that fills a database with a regency to try everything on."""

import time
from pathlib import Path

import click
from flask.cli import with_appcontext

from sijinak.core.errors import SijinakError
from sijinak.demo.accounts import ACCOUNTS, PASSWORD, SECRET, digits_now, table
from sijinak.demo.banking import OPENING, leave_balance
from sijinak.demo.loading import DemoIsThere, Load, refuse_second
from sijinak.demo.plan import LEAST_ANIMALS, MOST_ANIMALS
from sijinak.web.i18n import N_
from sijinak.web.messages import MESSAGES, message_for
from sijinak.web.settings import settings

MESSAGES.update(
    {
        "demo-is-there": N_(
            "There are other demo data already. Begin with a new database to load these."
        ),
        "demo-not-finished": N_(
            "Demo data are there, but not whole (%(what)s). Begin with a new database."
        ),
    }
)

PAID_WITH = {"cash", "sandbox"}


@click.command()
@click.option(
    "--animals",
    default=1000,
    show_default=True,
    type=click.IntRange(LEAST_ANIMALS, MOST_ANIMALS),
    help="How many animals.",
)
@click.option("--seed", default=2026, show_default=True, help="The same seed, the same data.")
@click.option(
    "--bank",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the sandbox bank: its statements then continue those of the demo.",
)
@with_appcontext
def demo(animals: int, seed: int, bank: Path | None) -> None:
    """Load invented owners, animals, vaccinations and permits, and an account for every role."""
    if settings().in_production:
        raise click.ClickException(
            "Demo data are for trying out, and this installation is in production."
        )
    if not PAID_WITH.issubset(settings().payment_adapters.replace(" ", "").split(",")):
        raise click.ClickException(
            "The demo pays in cash and with play money."
            " Put cash and sandbox into SIJINAK_PAYMENT_ADAPTERS."
        )
    try:
        refuse_second(animals, seed)
        _load(animals, seed)
        if bank is not None:
            leave_balance(bank)
    except DemoIsThere as error:
        if not error.facts["same"]:
            raise click.ClickException(message_for(error.code, error.facts)) from error
        if bank is not None and not (bank / OPENING).exists():
            leave_balance(bank)
        click.echo("The demo data are there already.")
    except SijinakError as error:
        raise click.ClickException(message_for(error.code, error.facts)) from error
    _show_accounts()


def _load(animals: int, seed: int) -> None:
    began = time.monotonic()
    load = Load(animals, seed, settings())
    with click.progressbar(length=animals, label="Animals") as bar:
        for done in load.steps():
            bar.update(done)
    click.echo(f"{animals} animals in {time.monotonic() - began:.1f} s.")


def _show_accounts() -> None:
    click.echo(f"\nAccounts, all with the password {PASSWORD}\n")
    for line in table():
        click.echo(f"  {line}")
    names = ", ".join(account.username for account in ACCOUNTS if account.signs)
    click.echo(f"\nSigning asks {names} for six digits: sijinak demo-code shows them,")
    click.echo(f"or an authenticator app with the key {SECRET}.")


@click.command("demo-code")
@click.argument("username", type=click.Choice([a.username for a in ACCOUNTS if a.signs]))
@with_appcontext
def demo_code(username: str) -> None:
    """Print the six digits that the demo account USERNAME signs with now. Each is good once."""
    if settings().in_production:
        raise click.ClickException("There are no demo accounts in production.")
    click.echo(f"{username} signs with {digits_now()}; new digits come twice a minute.")
