"""Who is in a group of farmers (kelompok ternak), from one day to another."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.models import Keeper, KeeperKind, Membership
from sijinak.keepers.queries import keeper_by_id, keeper_to_change


class NotAGroup(Invalid):
    code = "not-a-group"


class GroupInAGroup(Invalid):
    code = "group-in-a-group"


class MemberAlready(Conflict):
    code = "member-already"


class MemberNoMore(Conflict):
    code = "member-no-more"


class DayToCome(Invalid):
    code = "day-to-come"


class LeftBeforeJoining(Invalid):
    code = "left-before-joining"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    id: UUID = field(default_factory=uuid7)
    group_id: UUID
    keeper_id: UUID
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMembership:
    id: UUID = field(default_factory=uuid7)
    membership_id: UUID
    until: date


def add_member(command: AddMember, *, by: Actor) -> Membership:
    """Raises NotAGroup, GroupInAGroup, DayToCome or MemberAlready."""
    group = _group_to_change(command.group_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Membership, command.id)
    if command.since > today():
        raise DayToCome
    member = keeper_by_id(command.keeper_id, by=by)
    if member.kind is KeeperKind.GROUP:
        raise GroupInAGroup
    if _is_in(group, member):
        raise MemberAlready
    membership = Membership(
        id=command.id, group_id=group.id, keeper_id=member.id, since=command.since, added_by=by.id
    )
    db.session.add(membership)
    facts = {"keeper_id": str(member.id), "since": command.since.isoformat()}
    events.record("keeper.member-added", group, by=by, region=group.village, **facts)
    return membership


def end_membership(command: EndMembership, *, by: Actor) -> Membership:
    """Raises MemberNoMore, DayToCome or LeftBeforeJoining."""
    require(by, Permission.KEEPER_REGISTER)
    membership = db.session.get(Membership, command.membership_id)
    if membership is None:
        raise NotFound(membership_id=str(command.membership_id))
    group = _group_to_change(membership.group_id, by=by)
    db.session.refresh(membership)  # as it is now that the group is held
    if not first_time(command, by=by):
        return membership
    if membership.until is not None:
        raise MemberNoMore
    if command.until > today():
        raise DayToCome
    if command.until < membership.since:
        raise LeftBeforeJoining
    membership.until = command.until
    facts = {"keeper_id": str(membership.keeper_id), "until": command.until.isoformat()}
    events.record("keeper.member-ended", group, by=by, region=group.village, **facts)
    return membership


def _group_to_change(group_id: UUID, *, by: Actor) -> Keeper:
    """Held, so that of two who change its members the second sees what the first did."""
    require(by, Permission.KEEPER_REGISTER)
    group = keeper_to_change(group_id, by=by, permission=Permission.KEEPER_REGISTER)
    if group.kind is not KeeperKind.GROUP:
        raise NotAGroup
    return group


def _is_in(group: Keeper, member: Keeper) -> bool:
    asked = select(Membership.id).where(
        Membership.group_id == group.id,
        Membership.keeper_id == member.id,
        Membership.until.is_(None),
    )
    return db.session.scalar(asked) is not None
