"""sijinak population recount."""

import click
from flask.cli import with_appcontext

from sijinak.animals.population.services import recount_population
from sijinak.core.db import transaction
from sijinak.core.money import thousands
from sijinak.core.permissions import OPERATOR


@click.group()
def population() -> None:
    """Look after the totals of the register."""


@population.command()
@with_appcontext
def recount() -> None:
    """Count every animal now, and say whether the kept totals were right."""
    with transaction():
        count = recount_population(by=OPERATOR)
    click.echo(
        f"{thousands(count.heads)} animals; the kept totals were wrong by {count.corrected} heads."
    )
