"""Questions about stock tags. Live animals are never counted here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.accounts.models import User
from sijinak.accounts.queries import holders_of
from sijinak.areas.models import Level
from sijinak.areas.queries import places, regions_within
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, may, region_lies_in, require, within_reach
from sijinak.tagstock.models import VERBS, Tag, TagRun, TagState, TagStep

# Nobody has put it on an animal yet, and somebody may.
BLANK = (TagState.PRINTED, TagState.RECEIVED, TagState.ISSUED)
GONE = (TagState.LOST, TagState.BROKEN, TagState.STOLEN)
SEES = (Permission.TAG_STOCK, Permission.AUDIT_READ)  # who looks at the stock; auditors, too
KECAMATAN = 8  # letters of its dotted code
OFFICES = {Level.REGENCY, Level.CITY, Level.KECAMATAN}
MOVES = frozenset(f"tag.{verb}" for verb in VERBS.values())


@dataclass(frozen=True, slots=True)
class Balance:
    """Where a number of tags are now; the states always add up to it."""

    by_state: dict[TagState, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    def of(self, *states: TagState) -> int:
        return sum(self.by_state.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class Account:
    """What an officer was given, and what became of it: given = back + now."""

    given: int
    back: int  # returned, or found again after a loss
    now: Balance


def blank_tag(code: str) -> Tag | None:
    """The tag with this code, while it is usable and no animal has worn it."""
    tag = tag_named(code)
    return tag if tag and tag.state in BLANK and tag.animal_id is None else None


def tag_named(code: str) -> Tag | None:
    return db.session.scalar(select(Tag).where(Tag.code == code))


def tags_named(codes: Collection[str], states: Collection[TagState]) -> list[Tag]:
    """Those of the tags with these codes that are in one of the states."""
    return list(db.session.scalars(select(Tag).where(Tag.code.in_(codes), Tag.state.in_(states))))


def tag_by_code(code: str, *, by: Actor) -> Tag:
    """For those who look after the stock there, or hold it in their own bag."""
    tag = db.session.scalar(select(Tag).where(Tag.code == code, _seen_by(by)))
    if tag is None:
        raise NotFound(tag=code)
    return tag


def steps_of(tag_id: UUID) -> list[TagStep]:
    """Oldest first."""
    asked = select(TagStep).where(TagStep.tag_id == tag_id)
    return list(db.session.scalars(asked.order_by(TagStep.taken_at, TagStep.id)))


def tags_moved_by(command_id: UUID) -> list[TagStep]:
    return list(db.session.scalars(select(TagStep).where(TagStep.cause_id == command_id)))


def move_by_id(command_id: UUID, *, by: Actor) -> list[tuple[Tag, TagStep]]:
    """The tags that changed hands at once, by number, for either side. Raises NotFound."""
    asked = (
        select(Tag, TagStep)
        .join(TagStep, TagStep.tag_id == Tag.id)
        .where(TagStep.cause_id == command_id)
        .where(or_(_inside(by, TagStep.region),
                   TagStep.holder_id == by.id, TagStep.by_id == by.id))
        .order_by(Tag.run_id, Tag.position)
    )  # fmt: skip
    rows = [(row[0], row[1]) for row in db.session.execute(asked)]
    if not rows:
        raise NotFound(move=str(command_id))
    return rows


def runs(*, by: Actor, place: Place = START) -> Page[TagRun]:
    _ask(by)
    return page_of(_runs_of(by), TagRun.id, place)


def run_by_id(run_id: UUID, *, by: Actor) -> TagRun:
    _ask(by)
    run = db.session.scalar(_runs_of(by).where(TagRun.id == run_id))
    if run is None:
        raise NotFound(run_id=str(run_id))
    return run


def codes_of_run(run_id: UUID) -> list[str]:
    """In the order they were printed."""
    asked = select(Tag.code).where(Tag.run_id == run_id)
    return list(db.session.scalars(asked.order_by(Tag.position)))


def balances_of_runs(run_ids: Collection[UUID]) -> dict[UUID, Balance]:
    """All tags of a run, wherever they are: what each adds up to is what was printed."""
    asked = select(Tag.run_id, Tag.state, func.count()).where(Tag.run_id.in_(run_ids))
    rows = db.session.execute(asked.group_by(Tag.run_id, Tag.state))
    return _folded((run_id, state, count) for run_id, state, count in rows)


def balances_of_offices(*, by: Actor) -> dict[str, Balance]:
    """By kecamatan (or the regency's own cupboard): what lies, hangs or was lost there."""
    _ask(by)
    asked = select(Tag.region, Tag.state, func.count()).where(_stock_of(by))
    rows = db.session.execute(asked.group_by(Tag.region, Tag.state))
    return _folded((region[:KECAMATAN], state, count) for region, state, count in rows)


def balances_of_officers(*, by: Actor) -> dict[UUID, Balance]:
    """Of those who hold, or held last, tags that are in the actor's reach."""
    _ask(by)
    asked = select(Tag.holder_id, Tag.state, func.count()).where(
        _stock_of(by), Tag.holder_id.is_not(None)
    )
    rows = db.session.execute(asked.group_by(Tag.holder_id, Tag.state))
    return _folded((holder, state, count) for holder, state, count in rows if holder)


def account_of(*, by: Actor) -> Account:
    """Of the actor's own bag."""
    require(by, Permission.TAG_HOLD)
    now = select(Tag.state, func.count()).where(Tag.holder_id == by.id).group_by(Tag.state)
    steps = (
        select(TagStep.action, func.count())
        .where(TagStep.holder_id == by.id)
        .group_by(TagStep.action)
    )
    taken = {row[0]: row[1] for row in db.session.execute(steps)}
    return Account(
        given=taken.get("issue", 0),
        back=taken.get("return", 0) + taken.get("find", 0),
        now=Balance({row[0]: row[1] for row in db.session.execute(now)}),
    )


def bag(*, by: Actor, place: Place = START) -> Page[Tag]:
    """The tags that the actor holds, not yet on an animal."""
    require(by, Permission.TAG_HOLD)
    held = select(Tag).where(Tag.holder_id == by.id, Tag.state == TagState.ISSUED)
    return page_of(held, Tag.id, place)


def count_in_bag(*, by: Actor) -> int:
    held = select(func.count()).where(Tag.holder_id == by.id, Tag.state == TagState.ISSUED)
    return db.session.scalar(held) or 0


def runs_waiting(*, by: Actor) -> list[tuple[TagRun, int]]:
    """Runs with tags that no office has received, also those that an office above printed."""
    require(by, Permission.TAG_STOCK)
    reached = {reach.region for reach in by.reaches(Permission.TAG_STOCK)}
    above = {region[:end] for region in reached for end in range(len(region)) if region[end] == "."}
    waiting = (
        select(Tag.run_id, func.count().label("heads"))
        .where(Tag.state == TagState.PRINTED, or_(_stock_of(by), Tag.region.in_(above)))
        .group_by(Tag.run_id)
        .subquery()
    )
    asked = select(TagRun, waiting.c.heads).join(waiting, waiting.c.run_id == TagRun.id)
    rows = db.session.execute(asked.order_by(TagRun.id.desc()))
    return [(row[0], row[1]) for row in rows]


def movements(*, by: Actor, most: int = 20) -> list[Event]:
    """The last steps of the stock in the actor's reach, newest first."""
    _ask(by)
    asked = select(Event).where(Event.name.in_(MOVES), _inside(by, Event.region))
    return list(db.session.scalars(asked.order_by(Event.id.desc()).limit(most)))


def offices(*, by: Actor) -> list[str]:
    """The codes of the offices whose cupboards the actor looks after."""
    reached = {reach.region for reach in by.reaches(Permission.TAG_STOCK)}
    known = places()
    found = {
        place.code
        for region in reached if region in known
        for place in regions_within(region) if place.level in OFFICES
    }  # fmt: skip
    return sorted(found | {region for region in reached if region})


def officers_of(office: str) -> dict[UUID, str]:
    """Who may hold tags of this office today, by name."""
    return {
        user_id: name for user_id, name, region in holders_of(Permission.TAG_HOLD)
        if region_lies_in(region, office) or region_lies_in(office, region)
    }  # fmt: skip


def names_of(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    asked = select(User.id, User.name).where(User.id.in_(set(user_ids)))
    return {row[0]: row[1] for row in db.session.execute(asked)}


def times_opened(subject_id: UUID) -> list[Event]:
    """Each time the PDF of a sheet or run was fetched, newest first."""
    asked = select(Event).where(Event.subject_id == subject_id, Event.name == "tag.sheet-opened")
    return list(db.session.scalars(asked.order_by(Event.id.desc())))


def _folded(rows: Iterable[tuple[object, TagState, int]]) -> dict:  # type: ignore[type-arg]
    found: dict[object, Balance] = {}
    for key, state, count in rows:
        counts = found.setdefault(key, Balance()).by_state
        counts[state] = counts.get(state, 0) + count
    return found


def _ask(by: Actor) -> None:
    if not may(by, Permission.AUDIT_READ):
        require(by, Permission.TAG_STOCK)


def _runs_of(by: Actor) -> Select[TagRun]:
    return select(TagRun).where(_inside(by, TagRun.region))


def _stock_of(by: Actor) -> ColumnElement[bool]:
    return _inside(by, Tag.region)


def _inside(by: Actor, region: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(within_reach(by, permission, region) for permission in SEES))


def _seen_by(by: Actor) -> ColumnElement[bool]:
    own = Tag.holder_id == by.id
    return or_(_stock_of(by), own) if may(by, Permission.TAG_HOLD) else _stock_of(by)
