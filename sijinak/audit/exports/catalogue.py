"""Every list that can be taken away, and which of its rows somebody may have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, false, or_, select

from sijinak.audit.desk.wanted import Wanted, begin_of, conditions, wanted_of
from sijinak.audit.exports.herd import HERD
from sijinak.audit.exports.kinds import Coded, Kind
from sijinak.audit.exports.money import MONEY, RECEIPTS
from sijinak.audit.exports.trail import EVENTS, TRAIL
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.web.wording import Named, Who

WORDED = (Coded, Named, Who)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in (*MONEY, *HERD, *TRAIL)}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of a list: the filters of receipts, and a state for everything else."""

    wanted: Wanted
    state: str = ""

    def spelt(self) -> dict[str, str]:
        """As it stands in an address, and in the event."""
        return self.wanted.spelt() | ({"state": self.state} if self.state else {})


def asked_of(told: Mapping[str, str]) -> Asked:
    """What cannot be read is left out."""
    return Asked(wanted_of(told), told.get("state", "").strip()[:32])


def kind_called(code: str) -> Kind:
    if code not in KINDS:
        raise NotFound(export=code)
    return KINDS[code]


def rows_of(kind: Kind, asked: Asked, *, by: Actor) -> Select[*tuple[Any, ...]]:
    """The oldest first."""
    require(by, Permission.AUDIT_WORK)
    require(by, Permission.AUDIT_READ)
    origin = kind.origin
    for one in kind.columns.values():
        origin = one.joined(origin) if isinstance(one, Coded) else origin
    told = [one.told() if isinstance(one, WORDED) else one for one in kind.columns.values()]
    chosen = select(*told).select_from(origin)
    return chosen.where(*_meant(kind, asked, by)).order_by(kind.key)


def _meant(kind: Kind, asked: Asked, by: Actor) -> list[ColumnElement[bool]]:
    if kind is RECEIPTS:
        return conditions(asked.wanted, by=by)
    wanted = asked.wanted
    found = [*_seen(kind, by), *_between(kind.at, wanted.first, wanted.last)]
    if wanted.region and kind.region is not None:
        found.append(and_(kind.region >= wanted.region, kind.region < f"{wanted.region}/"))
    if wanted.officer_id and kind.officer:
        found.append(or_(*(column == wanted.officer_id for column in kind.officer)))
    same = ((kind.channel, wanted.channel), (kind.keeper, wanted.keeper_id))
    found += [column == value for column, value in same if value and column is not None]
    if asked.state and kind.state is not None:
        found.append(_in_state(kind.state, asked.state))
    return found


def _seen(kind: Kind, by: Actor) -> list[ColumnElement[bool]]:
    if kind.region is None:
        return []
    seen = within_reach(by, Permission.AUDIT_READ, kind.region)
    wide = any(reach.region.count(".") <= 1 for reach in by.reaches(Permission.AUDIT_READ))
    return [or_(seen, kind.region == "") if kind is EVENTS and wide else seen]


def _between(at: Any, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Days of the office."""
    if at is None:
        return []
    if not isinstance(at.type, Date):
        found = [at >= begin_of(first)] if first else []
        return [*found, at < begin_of(last + timedelta(days=1))] if last else found
    found = [at >= first] if first else []
    return [*found, at <= last] if last else found


def _in_state(column: Any, state: str) -> ColumnElement[bool]:
    """What is no state of these has no rows."""
    known = {one.value: one for one in column.type.enum_class}
    return column == known[state] if state in known else false()
