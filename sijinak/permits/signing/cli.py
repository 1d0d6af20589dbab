"""Keys from the server's command line, for no page may touch them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.permissions import OPERATOR
from sijinak.permits.signing import labels as _labels  # noqa: F401 - sentences for errors
from sijinak.permits.signing.keeping import (
    MakeKey,
    RetireKey,
    RevokeKey,
    make_key,
    retire_key,
    revoke_key,
)
from sijinak.permits.signing.keyfiles import certificate_in, key_in, path_of
from sijinak.permits.signing.keys import is_ours, keyplace
from sijinak.permits.signing.models import KeyUse, PaperKey
from sijinak.web.messages import message_for
from sijinak.web.settings import settings

USE = click.argument("use", type=click.Choice([use.value for use in KeyUse]))
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("keys")
def keys_group() -> None:
    """Keys that sign papers: "qr" for the QR code, "pdf" for the document."""


@contextmanager
def _saying() -> Iterator[None]:
    """One transaction, whose errors are told as a page would."""
    try:
        with transaction():
            yield
    except SijinakError as error:
        raise click.ClickException(message_for(error.code, error.facts)) from error


@keys_group.command("list")
@with_appcontext
def list_all() -> None:
    """Every key, its use and its standing."""
    for row in db.session.scalars(select(PaperKey).order_by(PaperKey.id)):
        here = path_of(keyplace.folder, row.use, row.kid).exists()
        marks = ["demo"] * row.is_demo + ["no file here"] * (not here)
        click.echo("\t".join((row.kid, row.use, _standing(row), ", ".join(marks))))


@keys_group.command("make")
@USE
@click.option("--key", type=FILE, help="A P-256 key in PEM, instead of a new one.")
@click.option("--certificate", type=FILE, help="Its certificate in PEM, from an authority.")
@with_appcontext
def make(use: str, key: Path | None, certificate: Path | None) -> None:
    """Make a key, or take one; it signs from now on. Those before it stay valid."""
    if certificate and not key:
        raise click.UsageError("--certificate needs --key")
    chosen = settings()
    with _saying():
        private = key_in(key.read_bytes()) if key else None
        der = certificate_in(certificate.read_bytes(), private) if certificate and private else None
        row = make_key(
            MakeKey(
                use=KeyUse(use),
                office=chosen.agency,
                place=chosen.government,
                region=chosen.regency,
                key=private,
                certificate=der,
            ),
            by=OPERATOR,
        )
    click.echo(f"{row.kid} signs from now on: {path_of(keyplace.folder, row.use, row.kid)}")


@keys_group.command("retire")
@click.argument("kid")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="So long what it signed holds; 90 days."
)
@with_appcontext
def retire(kid: str, until: datetime | None) -> None:
    """End a key: it signs nothing more, and what it signed holds until a day."""
    last = until.replace(tzinfo=UTC) if until else now() + timedelta(days=90)
    with _saying():
        retire_key(RetireKey(kid=kid, until=last, region=settings().regency), by=OPERATOR)
    click.echo(f"{kid} signs no more; what it signed holds until {last:%Y-%m-%d}.")


@keys_group.command("revoke")
@click.argument("kid")
@click.option("--reason", required=True)
@with_appcontext
def revoke(kid: str, reason: str) -> None:
    """Say that a key is in wrong hands: no paper that it signed counts any more."""
    with _saying():
        revoke_key(RevokeKey(kid=kid, reason=reason, region=settings().regency), by=OPERATOR)
    click.echo(f"{kid} is revoked. Issue the papers that it signed anew.")


def _standing(row: PaperKey) -> str:
    if not is_ours(row):
        return "ALTERED: do not trust it"
    if row.revoked_at:
        return f"revoked on {row.revoked_at:%Y-%m-%d}: {row.reason}"
    if row.retired_at:
        until = f" until {row.valid_until:%Y-%m-%d}" if row.valid_until else ""
        return f"verifies{until}"
    return "signs"
