"""The row that a command would write, not written yet: the preview looks at the same."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from sijinak.core.clock import today
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Actor
from sijinak.permits.rulemaking.commands import WriteDestination, WriteRule
from sijinak.permits.rulemaking.queries import is_followed, last_rule, version_by_id
from sijinak.permits.rules.models import DestinationRule, Rule
from sijinak.permits.rules.needs import told

NEEDS = ("vaccines", "tests")


class StartsTooEarly(Invalid):
    """A rule counts from today or later: nobody could have kept one of yesterday."""

    code = "rule-starts-too-early"


class EndsBeforeStart(Invalid):
    code = "rule-ends-before-start"


class BasisMissing(Invalid):
    """Every rule says what it rests on, and where that was learned."""

    code = "rule-basis-missing"


class VersionThere(Conflict):
    """A version of the same begins on that day, or later. Facts: ``day``."""

    code = "rule-version-there"


class VersionOver(Conflict):
    """It was withdrawn, or a version that follows it was written."""

    code = "rule-version-over"


def rule_of(command: WriteRule) -> Rule:
    """Raises StartsTooEarly, EndsBeforeStart, BasisMissing."""
    _refuse_days(command.valid_from, command.valid_until)
    _refuse_unfounded(command.legal_basis, command.source)
    before = last_rule(command.species, command.purpose, command.scope)
    if before is not None and before.valid_from >= command.valid_from:
        raise VersionThere(day=before.valid_from)
    return Rule(**_columns(command), replaces_id=before.id if before else None)


def destination_of(command: WriteDestination, *, by: Actor) -> DestinationRule:
    """Raises what rule_of does, and VersionOver."""
    _refuse_days(command.valid_from, command.valid_until)
    _refuse_unfounded(command.legal_basis, command.source)
    if command.follows is not None:
        before = version_by_id(DestinationRule, command.follows, by=by)
        if before.valid_from >= command.valid_from:
            raise VersionThere(day=before.valid_from)
        if before.withdrawn_at is not None or is_followed(DestinationRule, before.id):
            raise VersionOver
    columns = _columns(command)
    return DestinationRule(replaces_id=columns.pop("follows"), **columns)


def _columns(command: WriteRule | WriteDestination) -> dict[str, Any]:
    columns = asdict(command)
    for name in NEEDS:
        needs = getattr(command, name)
        columns[name] = None if needs is None else told(needs)
    return {name: _listed(value) for name, value in columns.items()}


def _listed(value: Any) -> Any:
    return [str(each) for each in value] if isinstance(value, tuple) else value


def _refuse_days(first: date, last: date | None) -> None:
    if first < today():
        raise StartsTooEarly
    if last is not None and last < first:
        raise EndsBeforeStart


def _refuse_unfounded(*words: Iterable[str]) -> None:
    if not all(words):
        raise BasisMissing
