"""`sijinak audit export` and `proof`: what auditors check without us."""

import sys
from pathlib import Path
from typing import TextIO
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from sijinak.audit.verifying.export import CannotWrite, FolderTaken, Wish, note_export, write_export
from sijinak.core.db import db, transaction
from sijinak.core.errors import NotFound
from sijinak.core.model import Model
from sijinak.core.permissions import OPERATOR
from sijinak.core.signednote import words_of
from sijinak.core.tlog import LogCheckpoint
from sijinak.permits.models import Permit
from sijinak.proofs.models import Why
from sijinak.proofs.queries import (
    LogBroken,
    NotCovered,
    checkpoint_of_size,
    latest_checkpoint,
    proof_of,
)
from sijinak.proofs.services import make_checkpoint
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt

NUMBERED = (Receipt, Permit, Skrd)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with-openings", is_flag=True, help="Also the words about people that are hidden.")
@click.option("--size", type=int, help="As of the checkpoint of this size; else a new one is made.")
@with_appcontext
def export(folder: Path, *, with_openings: bool, size: int | None) -> None:
    """Write log, lists, checkpoints and the checker into a new FOLDER."""
    checkpoint = _checkpoint(size)
    wish = Wish(folder=folder, checkpoint=checkpoint, with_openings=with_openings)
    try:
        with click.progressbar(length=checkpoint.size, label="Writing", file=sys.stderr) as bar:
            write_export(wish, by=OPERATOR, seen=bar.update)
    except FolderTaken as error:
        raise click.ClickException(f"{error.facts['folder']} is there, and not empty") from error
    except CannotWrite as error:
        raise click.ClickException(f"nothing was exported: {error.facts['why']}") from error
    with transaction():
        note_export(wish, by=OPERATOR)
    words = words_of(checkpoint.root)
    click.echo(
        f"{checkpoint.size} leaves are in {folder}. Size and words: {checkpoint.size} {words}"
    )


@click.command()
@click.argument("number")
@click.option("-o", "--output", type=click.File("w", encoding="utf-8"), default="-")
@with_appcontext
def proof(number: str, output: TextIO) -> None:
    """Prove the receipt, permit or bill with this NUMBER: a file that needs no server."""
    model, row_id = _row_called(number)
    try:
        with transaction():
            make_checkpoint(Why.DEMAND, by=OPERATOR)
        output.write(proof_of(model, row_id))
    except (LogBroken, NotCovered) as error:
        raise click.ClickException(f"{number} cannot be proved: {error}") from error
    except NotFound as error:
        raise click.ClickException(f"{number} is not in the log") from error


def _checkpoint(size: int | None) -> LogCheckpoint:
    """A log that is broken is exported as it was signed last: the checker says where."""
    try:
        if size is not None:
            return checkpoint_of_size(size)
        with transaction():
            return make_checkpoint(Why.DEMAND, by=OPERATOR)
    except NotFound as error:
        raise click.ClickException(f"no checkpoint has the size {size}") from error
    except LogBroken as error:
        click.echo(f"The log is not what was signed: {error}", err=True)
    newest = latest_checkpoint()
    if newest is None:
        raise click.ClickException("there is no checkpoint")
    return newest


def _row_called(number: str) -> tuple[type[Model], UUID]:
    for model in NUMBERED:
        found = db.session.scalar(select(model.id).where(model.number == number))
        if found is not None:
            return model, found
    raise click.ClickException(f"nothing has the number {number}")
