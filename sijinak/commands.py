"""What the sijinak command can do, all of it: loaded when one of it is asked for."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from sijinak import migrate
from sijinak.accounts.cli import user_group
from sijinak.animals.duplicates.cli import duplicates
from sijinak.animals.imports.cli import imports
from sijinak.animals.population.cli import population
from sijinak.audit.cli import audit
from sijinak.config import Misconfigured, Settings
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.demo.cli import demo, demo_code
from sijinak.flows import drawn
from sijinak.grants import grant
from sijinak.ledger.cli import ledger
from sijinak.payments.wallet.cli import wallet
from sijinak.permits.quota.cli import quota
from sijinak.permits.signing.cli import keys_group
from sijinak.permits.signing.keeping import ensure_demo_keys
from sijinak.proofs.beginning import begin_log
from sijinak.reference import load_reference_data
from sijinak.sandboxbank.cli import sandbox_bank
from sijinak.serving import Companion, answer, work
from sijinak.tags.cli import tags
from sijinak.web import access


@click.command()
@with_appcontext
def setup() -> None:
    """Make or renew the database, and load the lists of regions, tariffs and rules."""
    settings = Settings.from_env()
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database)
    with transaction():
        added = load_reference_data(by=OPERATOR)
        ensure_demo_keys(settings.regency, by=OPERATOR)
    told = begin_log(by=OPERATOR)
    click.echo(f"The database is ready ({added} rows of reference data added).")
    if told:
        click.echo(f"{told} rows of before the log stand in it now.")


@click.command()
@click.option("--once", is_flag=True, help="Stop when nothing is left to do.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Do what recorded events ask for, and what comes round by the clock, until stopped."""
    work(once=once)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes that answer.")
@click.option("--worker/--no-worker", default=True, help="Run the event worker beside it.")
def serve(host: str, port: int, workers: int, *, worker: bool) -> None:
    """Answer on HTTP, with the event worker beside it."""
    companion = Companion() if worker else None
    click.echo(f"SiJINAK on http://{host}:{port}")
    try:
        answer(host, port, workers)
    finally:
        if companion is not None:
            companion.stop()


@click.command("grant")
@click.argument("role")
@with_appcontext
def grant_(role: str) -> None:
    """Let the database ROLE run the application, and never alter the trail. As the owner."""
    try:
        with db.engine.begin() as connection:
            tables = grant(connection, role)
    except Misconfigured as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{role} may use {tables} tables.")


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default="docs/flows.md")
def draw(path: Path) -> None:
    """Draw the state machines into docs/flows.md."""
    path.write_text(drawn(), encoding="utf-8")
    click.echo(f"drawn into {path}")


@click.command()
@with_appcontext
def routes() -> None:
    """Print who may use which route: the table tests/web/policy.txt."""
    for line in access.policy(current_app):
        click.echo(line)


COMMANDS: tuple[click.Command, ...] = (
    setup, worker, serve, grant_, draw, routes, tags, user_group, keys_group, imports,
    duplicates, population, quota, audit, ledger, wallet, demo, demo_code, sandbox_bank,
)  # fmt: skip
