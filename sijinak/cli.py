"""The sijinak command."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext

from sijinak import migrate
from sijinak.accounts.cli import user_group
from sijinak.animals.imports.cli import imports
from sijinak.app import SCHEDULE, create_app
from sijinak.config import Misconfigured, Settings
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.permissions import OPERATOR
from sijinak.core.schedule import Rounds
from sijinak.flows import drawn
from sijinak.grants import grant
from sijinak.reference import load_reference_data
from sijinak.tags.cli import tags
from sijinak.web import access

IDLE_SECONDS = 0.5


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False)
def main() -> None:
    """Run and look after SiJINAK. Settings are variables that begin with SIJINAK_."""


@main.command()
@with_appcontext
def setup() -> None:
    """Make or renew the database, and load the lists of regions, tariffs and rules."""
    settings = Settings.from_env()
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database)
    with transaction():
        added = load_reference_data(by=OPERATOR)
    click.echo(f"The database is ready ({added} rows of reference data added).")


@main.command()
@click.option("--once", is_flag=True, help="Stop when nothing is left to do.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Do what recorded events ask for, and what comes round by the clock, until stopped."""
    rounds = Rounds(SCHEDULE)
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stopping.append(received))
    while not stopping:
        rounds.run_due()
        if not events.deliver_next():
            if once:
                return
            time.sleep(IDLE_SECONDS)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes that answer.")
@click.option("--worker/--no-worker", default=True, help="Run the event worker beside it.")
def serve(host: str, port: int, workers: int, *, worker: bool) -> None:
    """Answer on HTTP, with the event worker beside it."""
    command = [sys.executable, "-m", "sijinak.cli", "worker"]
    helper = subprocess.Popen(command) if worker else None  # noqa: S603 - our own command
    try:
        _serve(host, port, workers)
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait()


def _serve(host: str, port: int, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    click.echo(f"SiJINAK on http://{host}:{port}")
    Granian(
        "sijinak.app:wsgi",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        log_level="warning",
    ).serve()


main.add_command(tags)


@main.command("grant")
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


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default="docs/flows.md")
def draw(path: Path) -> None:
    """Draw the state machines into docs/flows.md."""
    path.write_text(drawn(), encoding="utf-8")
    click.echo(f"drawn into {path}")


@main.command()
@with_appcontext
def routes() -> None:
    """Print who may use which route: the table tests/web/policy.txt."""
    for line in access.policy(current_app):
        click.echo(line)


main.add_command(user_group)
main.add_command(imports)


if __name__ == "__main__":
    main()
