"""Accounts from the server's command line: the first one, and what no page offers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from flask.cli import with_appcontext

from sijinak.accounts.factors import forget_second_factor
from sijinak.accounts.models import Role, User
from sijinak.accounts.queries import roles_of, user_by_name, users
from sijinak.accounts.services import (
    AddUser,
    Appoint,
    add_user,
    appoint,
    reset_password,
    set_active,
)
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.core.paging import START, Place
from sijinak.core.permissions import OPERATOR
from sijinak.web.messages import message_for

ROLE = click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
REGION = click.option("--region", default="52.04", show_default=True, help="Kemendagri code.")
DECREE = click.option("--decree", default="", help="Number of the decree; traders need none.")
UNTIL = click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the appointment."
)
USERNAME = click.argument("username")


@click.group("user")
def user_group() -> None:
    """Accounts."""


@contextmanager
def _saying() -> Iterator[None]:
    """One transaction, whose errors are told as a page would."""
    try:
        with transaction():
            yield
    except SijinakError as error:
        raise click.ClickException(message_for(error.code, error.facts)) from error


def _named(username: str) -> User:
    user = user_by_name(username)
    if user is None:
        raise click.ClickException(f"nobody is called {username}")
    return user


def _command(given: dict[str, Any]) -> dict[str, Any]:
    """The options as the services' commands have them."""
    until: datetime | None = given.pop("until")
    return given | {
        "role": Role(given["role"]),
        "valid_from": today(),
        "valid_until": until.date() if until else None,
    }


@user_group.command("add")
@USERNAME
@click.option("--name", required=True)
@click.option("--keeper", "keeper_id", type=click.UUID, help="The owner a trader acts for.")
@ROLE
@REGION
@DECREE
@UNTIL
@with_appcontext
def add(**given: Any) -> None:
    """Open an account; prints its one-time password."""
    with _saying():
        user, password = add_user(AddUser(**_command(given)), by=OPERATOR)
    _tell(user.username, password)


@user_group.command("appoint")
@USERNAME
@ROLE
@REGION
@DECREE
@UNTIL
@with_appcontext
def give(username: str, **given: Any) -> None:
    """Give an account one more role."""
    user = _named(username)
    with _saying():
        appoint(Appoint(user_id=user.id, **_command(given)), by=OPERATOR)
    click.echo(f"{username} is appointed.")


@user_group.command("deactivate")
@USERNAME
@with_appcontext
def close(username: str) -> None:
    """Close an account and end its sessions."""
    user = _named(username)
    with _saying():
        set_active(user.id, active=False, by=OPERATOR)
    click.echo(f"{username} is closed.")


@user_group.command("activate")
@USERNAME
@with_appcontext
def reopen(username: str) -> None:
    """Open an account that was closed."""
    user = _named(username)
    with _saying():
        set_active(user.id, active=True, by=OPERATOR)
    click.echo(f"{username} is open.")


@user_group.command("reset-password")
@USERNAME
@with_appcontext
def reset(username: str) -> None:
    """Print a new one-time password; the old one and all sessions end."""
    user = _named(username)
    with _saying():
        password = reset_password(user.id, by=OPERATOR)
    _tell(username, password)


@user_group.command("remove-second-factor")
@USERNAME
@with_appcontext
def forget(username: str) -> None:
    """For somebody who lost the telephone and the codes on paper. Make sure who asks."""
    user = _named(username)
    with _saying():
        forget_second_factor(user.id, by=OPERATOR)
    click.echo(f"{username} signs in with the password alone.")


@user_group.command("list")
@with_appcontext
def list_all() -> None:
    """Every account with its roles, newest first."""
    place: Place | None = START
    while place is not None:
        page = users(by=OPERATOR, place=place)
        roles = roles_of([user.id for user in page.items])
        for user in page.items:
            held = ", ".join(f"{role}@{region}" for role, region in roles[user.id])
            state = "open" if user.is_active else "closed"
            click.echo(f"{user.username}\t{user.name}\t{state}\t{held}")
        place = page.older


def _tell(username: str, password: str) -> None:
    click.echo(f"{username} may sign in once with {password} and then chooses a password.")
