"""The same command twice has one result.

Whoever makes a command makes its id: a form when it is shown, a phone when the vet taps. The id
and a keyed digest of what the command says are kept with its effects, in one transaction.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped

from sijinak.core.clock import now
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.model import Model
from sijinak.core.permissions import Actor


class SaidOtherwise(Conflict):
    """The id came before with other content, or from somebody else: the first is kept."""

    code = "said-otherwise"


class Command(Protocol):
    @property
    def id(self) -> UUID: ...


class Done(Model):
    """A command that was carried out. Inserted, never updated."""

    __tablename__ = "commands"

    kind: Mapped[str]
    digest: Mapped[bytes]
    actor_id: Mapped[UUID]
    done_at: Mapped[datetime]


def first_time(command: Command, *, by: Actor) -> bool:
    """True when this command is new; then it counts as done if the transaction ends well.

    False when the same was done before. Raises SaidOtherwise when the id came with other content.
    Two at once wait for each other here.
    """
    row = {
        "id": command.id,
        "kind": type(command).__name__,
        "digest": keyring.lookup("command", _spelt(command)),
        "actor_id": by.id,
        "done_at": now(),
    }
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    found = db.session.execute(insert(Done).values(row).on_conflict_do_nothing().returning(Done.id))
    if found.scalar() is not None:
        return True
    asked = select(Done.kind, Done.digest, Done.actor_id).where(Done.id == command.id)
    if tuple(db.session.execute(asked).one()) != (row["kind"], row["digest"], row["actor_id"]):
        raise SaidOtherwise(id=command.id)
    return False


def is_done(command_id: UUID) -> bool:
    """Whether a command with this id was carried out."""
    return db.session.get(Done, command_id) is not None


def _spelt(command: Any) -> str:
    return json.dumps(asdict(command), sort_keys=True, default=str)
