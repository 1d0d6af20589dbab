"""What is done with rules: each change is one more version, or the end of one."""

from sqlalchemy.exc import IntegrityError

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.rulemaking.commands import (
    EndVersion,
    WithdrawVersion,
    WriteDestination,
    WriteRule,
)
from sijinak.permits.rulemaking.queries import Kind, is_followed, version_by_id
from sijinak.permits.rulemaking.rows import (
    EndsBeforeStart,
    VersionOver,
    VersionThere,
    destination_of,
    rule_of,
)
from sijinak.permits.rules.models import DestinationRule, Rule


class InForceAlready(Conflict):
    """It counts, or did: it may be ended, not withdrawn."""

    code = "rule-in-force"


def write_rule(command: WriteRule, *, by: Actor) -> Rule:
    """From its first day it takes over from the version that was last for the same journey."""
    require(by, Permission.RULE_MANAGE)
    if not first_time(command, by=by):
        return db.session.get_one(Rule, command.id)
    rule = rule_of(command)
    _add(rule, rule.code, by=by)
    return rule


def write_destination(command: WriteDestination, *, by: Actor) -> DestinationRule:
    require(by, Permission.RULE_MANAGE)
    if not first_time(command, by=by):
        return db.session.get_one(DestinationRule, command.id)
    rule = destination_of(command, by=by)
    _add(rule, rule.region, by=by)
    return rule


def end_rule(command: EndVersion, *, by: Actor) -> Rule:
    return _end(Rule, command, by=by)


def end_destination(command: EndVersion, *, by: Actor) -> DestinationRule:
    return _end(DestinationRule, command, by=by)


def withdraw_rule(command: WithdrawVersion, *, by: Actor) -> Rule:
    return _withdraw(Rule, command, by=by)


def withdraw_destination(command: WithdrawVersion, *, by: Actor) -> DestinationRule:
    return _withdraw(DestinationRule, command, by=by)


def _end(kind: type[Kind], command: EndVersion, *, by: Actor) -> Kind:
    require(by, Permission.RULE_MANAGE)
    rule = version_by_id(kind, command.version_id, by=by, hold=True)
    if not first_time(command, by=by):
        return rule
    if rule.withdrawn_at is not None or is_followed(kind, rule.id):
        raise VersionOver
    if command.last_day < max(rule.valid_from, today()):
        raise EndsBeforeStart
    rule.valid_until = command.last_day
    facts = {"last_day": command.last_day.isoformat(), "because": command.because}
    events.record("rule.ended", rule, by=by, region="", rule=_name(rule), **facts)
    return rule


def _withdraw(kind: type[Kind], command: WithdrawVersion, *, by: Actor) -> Kind:
    require(by, Permission.RULE_MANAGE)
    rule = version_by_id(kind, command.version_id, by=by, hold=True)
    if not first_time(command, by=by):
        return rule
    if rule.withdrawn_at is not None or is_followed(kind, rule.id):
        raise VersionOver
    if rule.valid_from <= today():
        raise InForceAlready
    rule.withdrawn_at = now()
    events.record(
        "rule.withdrawn", rule, by=by, region="", rule=_name(rule), because=command.because
    )
    return rule


def _add(rule: Rule | DestinationRule, name: str, *, by: Actor) -> None:
    """Of two at once for the same day the index lets one in."""
    try:
        with db.session.begin_nested():
            db.session.add(rule)
            db.session.flush()
    except IntegrityError:
        raise VersionThere(day=rule.valid_from) from None
    facts = {"from": rule.valid_from.isoformat(), "basis": rule.legal_basis}
    events.record("rule.written", rule, by=by, region="", rule=name, **facts)


def _name(rule: Rule | DestinationRule) -> str:
    return rule.code if isinstance(rule, Rule) else rule.region
