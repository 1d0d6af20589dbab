"""sijinak tags."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.core.permissions import OPERATOR
from sijinak.tags.services import PrintLabels, print_labels
from sijinak.tags.sheets import sheet_pdf
from sijinak.tagstock.layouts import DEFAULT, LAYOUTS
from sijinak.web.messages import message_for
from sijinak.web.settings import settings


@click.group()
def tags() -> None:
    """QR labels."""


@tags.command("print")
@click.argument("village")
@click.option(
    "--to", "path", type=click.Path(path_type=Path), default="label.pdf", show_default=True
)
@click.option("--layout", type=click.Choice(list(LAYOUTS)), default=DEFAULT, show_default=True)
@click.option("--again", "reason", default="", help="New codes for labels that were printed: why.")
@with_appcontext
def print_(village: str, path: Path, layout: str, reason: str) -> None:
    """Write the labels of a VILLAGE (dotted code) into a PDF."""
    try:
        with transaction():
            command = PrintLabels(village=village, layout=layout, again=bool(reason), reason=reason)
            sheet, rows = print_labels(command, by=OPERATOR)
    except SijinakError as error:
        raise click.ClickException(message_for(error.code, error.facts)) from error
    path.write_bytes(sheet_pdf(sheet, rows, settings().public_url))
    click.echo(f"{len(rows)} labels in {path}")
