"""What the program finds strange is written down once; a person settles it with an explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor
from sijinak.vaccinations.findings.models import Finding, FindingKind, Outcome
from sijinak.vaccinations.findings.queries import finding_to_settle, is_about, twins_of
from sijinak.vaccinations.models import Standing, Vaccination

AT_ONCE = 500


class FindingSettled(Conflict):
    """Facts: ``name``."""

    code = "finding-settled"


class OwnFinding(Forbidden):
    """It is about what this very person recorded."""

    code = "own-finding"


class WordsMissing(Invalid):
    code = "finding-words-missing"


class NotThisOutcome(Invalid):
    """Which dose counts is decided where there are two."""

    code = "not-this-outcome"


class NoSuchDose(Invalid):
    """The chosen dose is none of these, or was taken back meanwhile."""

    code = "no-such-dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """``officer`` is whose record it is about; ``region`` where it is looked into."""

    kind: FindingKind
    subject_id: UUID
    officer_id: UUID
    officer_name: str
    region: str
    act_id: UUID | None = None
    animal_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleFinding:
    """``dose_id``: of two doses the one that counts from now on, with OTHER_COUNTS only."""

    id: UUID = field(default_factory=uuid7)
    finding_id: UUID
    outcome: Outcome
    words: str
    dose_id: UUID | None = None


def raise_findings(found: Sequence[Raised]) -> int:
    """Write them into the open transaction; the answer is how many are new.

    The same kind about the same subject is raised once, also when it was settled meanwhile.
    """
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = 0
    for start in range(0, len(found), AT_ONCE):
        rows = [_row(one) for one in found[start : start + AT_ONCE]]
        asked = insert(Finding).values(rows).on_conflict_do_nothing()
        made += len(db.session.execute(asked.returning(Finding.id)).all())
    return made


def settle_finding(command: SettleFinding, *, by: Actor) -> Finding:
    """Raises NotFound, OwnFinding, WordsMissing, FindingSettled, NotThisOutcome, NoSuchDose."""
    finding = finding_to_settle(command.finding_id, by=by)
    if not first_time(command, by=by):
        return finding
    if is_about(finding, by=by):
        raise OwnFinding
    if not command.words.strip():
        raise WordsMissing
    if finding.settled_at is not None:
        raise FindingSettled(name=finding.settled_by_name)
    _check_outcome(finding, command)
    if command.dose_id is not None:
        _let_count(finding, command.dose_id)
    finding.settled_at, finding.settled_by_id, finding.settled_by_name = now(), by.id, by.name
    finding.decision, finding.words = command.outcome, command.words.strip()
    events.record(
        "finding.settled", finding, by=by, region=finding.region, kind=finding.kind,
        decision=command.outcome, dose=str(command.dose_id or ""),
    )  # fmt: skip
    return finding


def _check_outcome(finding: Finding, command: SettleFinding) -> None:
    of_two = {Outcome.OTHER_COUNTS, Outcome.TAKEN_BACK}
    wants_dose = command.outcome is Outcome.OTHER_COUNTS
    if command.outcome in of_two and finding.kind is not FindingKind.DOUBLE:
        raise NotThisOutcome
    if wants_dose is (command.dose_id is None):
        raise NotThisOutcome


def _let_count(finding: Finding, dose_id: UUID) -> None:
    """At no moment two of them count: the index on what counts would refuse it."""
    ids = [dose.id for dose, _act in twins_of(finding)]
    if dose_id not in ids:
        raise NoSuchDose
    now_count = Vaccination.standing == Standing.COUNTS
    _stand(Standing.DOUBLE, Vaccination.id.in_(ids), now_count)
    _stand(Standing.COUNTS, Vaccination.id == dose_id)


def _stand(standing: Standing, *which: Any) -> None:
    db.session.execute(
        update(Vaccination).where(*which).values(standing=standing),
        execution_options={"synchronize_session": "fetch"},
    )


def _row(one: Raised) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "kind": one.kind,
        "subject_id": one.subject_id,
        "act_id": one.act_id,
        "animal_id": one.animal_id,
        "officer_id": one.officer_id,
        "officer_name": one.officer_name,
        "region": one.region,
        "facts": dict(one.facts),
        "raised_at": now(),
        "settled_by_name": "",
        "words": "",
    }
