"""Looks at the database after every step, from outside the program."""

import sqlite3
from collections import Counter
from datetime import date, timedelta
from typing import Any

from sijinak.accounts.grants import GRANTS
from sijinak.accounts.models import Role
from sijinak.core.permissions import OPERATOR, WORKER, Permission
from sijinak.permits.models import PERMIT_FLOW, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.taking import NEEDS
from tests.properties.simulation.questions import KEPT, QUESTIONS

S = PermitState
Row = tuple[Any, ...]
MACHINES = {WORKER.id.bytes, OPERATOR.id.bytes}
BANNED = """
    SELECT b.id FROM movement_bans b, permits p WHERE p.id = :permit
      AND b.valid_from <= max(p.planned_on, :day)
      AND ifnull(b.valid_until, '9999') >= max(p.planned_on, :day)
      AND ifnull(b.lifted_on, '9999') > max(p.planned_on, :day)
      AND (b.species IS NULL OR b.species = p.species)
      AND (p.region || '.' LIKE b.region || '.%') <> (p.destination || '.' LIKE b.region || '.%')"""


class Broken(AssertionError):
    """A promise was."""


class Witness:
    """``taken`` counts the steps of the flow by source and action."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._last_event = 0
        self._states: dict[bytes, PermitState] = {}
        self._moments: dict[bytes, str] = {}
        self._kept: dict[str, dict[Any, Row]] = {name: {} for name in KEPT}
        self._allowed = self._grants()
        self.taken: Counter[tuple[str, str]] = Counter()

    def version(self) -> int:
        """Another one when anybody else wrote anything."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def rows(self, question: str, **values: object) -> list[Row]:
        return self._db.execute(question, values).fetchall()

    def look(self, day: date) -> None:
        """Raises Broken."""
        self.follow(day)
        for promise, question in QUESTIONS.items():
            if found := self.rows(question, day=day.isoformat()):
                raise Broken(f"{promise}: {found[:3]}")
        for name, question in KEPT.items():
            self._unchanged(name, self.rows(question))

    def _unchanged(self, name: str, rows: list[Row]) -> None:
        kept = self._kept[name]
        for row in rows:
            if kept.setdefault(row[0], row) != row:
                raise Broken(f"{name} are never changed: {kept[row[0]]} is now {row}")
        if name in {"receipts", "money", "bills", "departures"} and len(rows) < len(kept):
            raise Broken(f"{name} are never taken away")

    def follow(self, day: date) -> None:
        """Every step has its line, in the order of time, and goes where the flow says."""
        (there,) = self.rows("SELECT count(*) FROM events WHERE rowid <= :n", n=self._last_event)[0]
        if there != self._last_event:
            raise Broken("a line of the trail is gone")
        lines = self.rows(
            "SELECT rowid, name, subject_id, actor_id, happened_at, subject_type FROM events"
            " WHERE rowid > :n ORDER BY rowid",
            n=self._last_event,
        )
        for number, name, subject, actor, moment, kind in lines:
            self._last_event = number
            if kind == "permits":
                if moment < self._moments.get(subject, ""):
                    raise Broken(f"{name} is told of before the step that came before it")
                self._moments[subject] = moment
                self._step(name.removeprefix("permit."), subject, actor, day)
        for permit, state in self.rows("SELECT id, state FROM permits"):
            if self._states.get(permit) != state:
                raise Broken(f"a permit is {state}, and its trail says {self._states.get(permit)}")

    def _step(self, action: str, permit: bytes, actor: bytes, day: date) -> None:
        if action == "draft":
            self._states[permit] = S.DRAFT
        if action not in NEEDS:
            return
        allowed = self._allowed.get(actor, {Permission.PERMIT_ARRIVE})  # else who holds a link
        if actor not in MACHINES and NEEDS[action] not in allowed:
            raise Broken(f"{action} by somebody who may not")
        source = self._states[permit]
        self.taken[source, action] += 1
        self._states[permit] = PERMIT_FLOW.step(source, action).target
        if action == "issue" and self.rows(BANNED, permit=permit, day=day.isoformat()):
            raise Broken("a letter is issued for a way that is banned")
        if action == "expire" and source is S.ISSUED:
            self._ran_out(permit, day)

    def _ran_out(self, permit: bytes, day: date) -> None:
        ((until,),) = self.rows("SELECT valid_until FROM permits WHERE id = :id", id=permit)
        if date.fromisoformat(until) + timedelta(days=policy.grace_days) >= day:
            raise Broken(f"it expired on {day} and was valid until {until}")

    def _grants(self) -> dict[bytes, set[Permission]]:
        """By person, as appointed and delegated; on which days, other questions ask."""
        found: dict[bytes, set[Permission]] = {}
        for user, role in self.rows("SELECT user_id, role FROM appointments"):
            found.setdefault(user, set()).update(GRANTS[Role(role)])
        for (taker,) in self.rows("SELECT taker_id FROM delegations"):
            found[taker].add(Permission.PERMIT_DECIDE)
        return found
