"""sijinak duplicates find."""

import click
from flask.cli import with_appcontext

from sijinak.animals.duplicates.finding import find_duplicates
from sijinak.animals.duplicates.queries import Block, villages_with_animals
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR


@click.group("duplicates")
def duplicates() -> None:
    """Animals that may be registered twice."""


@duplicates.command()
@click.option("--after", default="", help="Go on behind this village, where a run was stopped.")
@with_appcontext
def find(after: str) -> None:
    """Compare all records, one village after another; each is kept as soon as it is done."""
    pairs = 0
    for village in villages_with_animals(after=after):
        with transaction():
            found = find_duplicates(Block(village), by=OPERATOR)
        db.session.remove()
        pairs += found
        click.echo(f"{village}: {found} pairs")
    click.echo(f"{pairs} pairs look like one animal.")
