"""The sijinak command."""

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import click
from flask.cli import FlaskGroup, with_appcontext

from sijinak import migrate
from sijinak.accounts.models import Role
from sijinak.accounts.services import AddUser, add_user
from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.core.events import events
from sijinak.core.permissions import OPERATOR
from sijinak.reference import load_reference_data
from sijinak.tags.cli import tags
from sijinak.web.messages import message_for

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
    """Do what recorded events ask for, until stopped."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stopping.append(received))
    while not stopping:
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


@main.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--region", default="52.04", show_default=True, help="Dotted Kemendagri code.")
@click.option("--decree", default="", help="Number of the decree; traders need none.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the appointment.")
@with_appcontext
def add(username: str, name: str, role: str, region: str, decree: str, until: date | None) -> None:
    """Open an account; prints its one-time password."""
    command = AddUser(
        username=username,
        name=name,
        role=Role(role),
        region=region,
        decree=decree,
        valid_from=today(),
        valid_until=until,
    )
    try:
        with transaction():
            _, password = add_user(command, by=OPERATOR)
    except SijinakError as error:
        raise click.ClickException(message_for(error.code, error.facts)) from error
    click.echo(f"{username} may sign in once with {password} and then chooses a password.")


if __name__ == "__main__":
    main()
