"""The ledger: every move, and what a lot's or an officer's moves add up to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.accounts.models import User
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, require
from sijinak.vaccinations.models import Product
from sijinak.vaccinations.stock.models import DoseMove, Holding, Lot, MoveKind, Store
from sijinak.vaccinations.stock.queries import in_reach, vaccinators

M = MoveKind


@dataclass(frozen=True, slots=True)
class Line:
    """A move with the names of where it went from and to."""

    move: DoseMove
    product: str
    number: str
    source: str
    target: str

    @property
    def is_taken_back(self) -> bool:
        """The act in which the doses were given was undone."""
        return self.move.kind is M.COUNTED and self.move.act_id is not None


@dataclass(frozen=True, slots=True)
class Account:
    """What came, and what became of it: in = received + counted; the rest went out."""

    received: int = 0
    used: int = 0
    wasted: int = 0
    returned: int = 0
    destroyed: int = 0
    counted: int = 0  # what counts found: more, or fewer

    @property
    def balance(self) -> int:
        gone = self.used + self.wasted + self.returned + self.destroyed
        return self.received + self.counted - gone


@dataclass(frozen=True, slots=True)
class BagLine:
    """The account of one lot in one bag."""

    lot_id: UUID
    product: str
    number: str
    expires_on: date
    account: Account


@dataclass(frozen=True, slots=True)
class Sum:
    """Doses of moves of one kind that went one way; of an act, or not."""

    kind: MoveKind
    arrives: bool
    of_act: bool
    doses: int


_FROM, _TO = aliased(Holding), aliased(Holding)
_FROM_STORE, _TO_STORE = aliased(Store), aliased(Store)
_FROM_USER, _TO_USER = aliased(User), aliased(User)
_LINES = (
    select(
        DoseMove,
        Product.name,
        Lot.number,
        func.coalesce(_FROM_STORE.name, _FROM_USER.name, ""),
        func.coalesce(_TO_STORE.name, _TO_USER.name, ""),
    )
    .join(Lot, Lot.id == DoseMove.lot_id)
    .join(Product, Product.id == Lot.product_id)
    .outerjoin(_FROM, _FROM.id == DoseMove.from_holding_id)
    .outerjoin(_TO, _TO.id == DoseMove.to_holding_id)
    .outerjoin(_FROM_STORE, _FROM_STORE.id == _FROM.store_id)
    .outerjoin(_TO_STORE, _TO_STORE.id == _TO.store_id)
    .outerjoin(_FROM_USER, _FROM_USER.id == _FROM.officer_id)
    .outerjoin(_TO_USER, _TO_USER.id == _TO.officer_id)
    .order_by(DoseMove.moved_on.desc(), DoseMove.recorded_at.desc(), DoseMove.id.desc())
)


def lines_of_store(store_id: UUID, most: int | None = None) -> list[Line]:
    """Newest first. The caller has asked for the store."""
    return _lines(or_(_FROM.store_id == store_id, _TO.store_id == store_id), most)


def lines_of_bag(officer_id: UUID, most: int | None = None) -> list[Line]:
    """Newest first. The caller has asked for the bag."""
    return _lines(or_(_FROM.officer_id == officer_id, _TO.officer_id == officer_id), most)


def lines_of_lot(lot_id: UUID, *, by: Actor, most: int | None = None) -> list[Line]:
    """Newest first, those in reach."""
    reached = or_(
        in_reach(by, DoseMove.region),
        in_reach(by, _FROM_STORE.region),
        in_reach(by, _TO_STORE.region),
    )
    return _lines((DoseMove.lot_id == lot_id) & reached, most)


def account_of_lot(lot_id: UUID) -> Account:
    """Of all its doses, wherever they are: what goes to and fro inside is not told."""
    arrives, of_act = DoseMove.to_holding_id.is_not(None), DoseMove.act_id.is_not(None)
    asked = (
        select(DoseMove.kind, arrives, of_act, func.sum(DoseMove.doses))
        .where(DoseMove.lot_id == lot_id)
        .group_by(DoseMove.kind, arrives, of_act)
    )
    inside = {M.TRANSFERRED, M.ISSUED, M.RETURNED}
    rows = db.session.execute(asked)
    return _account(Sum(*row) for row in rows if row[0] not in inside)


def accounts_of_bag(officer_id: UUID) -> list[BagLine]:
    """Lot by lot, by product; also of lots that are used up. The caller has asked for the bag."""
    arrives, of_act = DoseMove.to_holding_id == Holding.id, DoseMove.act_id.is_not(None)
    lot = Lot.id, Product.name, Lot.number, Lot.expires_on
    its_moves = or_(Holding.id == DoseMove.from_holding_id, Holding.id == DoseMove.to_holding_id)
    asked = (
        select(*lot, DoseMove.kind, arrives, of_act, func.sum(DoseMove.doses))
        .join_from(Holding, DoseMove, its_moves)
        .join(Lot, Lot.id == DoseMove.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .where(Holding.officer_id == officer_id)
        .group_by(*lot, DoseMove.kind, arrives, of_act)
        .order_by(Product.name, Lot.expires_on, Lot.number)
    )
    found: dict[tuple[UUID, str, str, date], list[Sum]] = defaultdict(list)
    for row in db.session.execute(asked):
        found[row[0], row[1], row[2], row[3]].append(Sum(*row[4:]))
    return [BagLine(*lot, account=_account(sums)) for lot, sums in found.items()]


def bag_owner(officer_id: UUID, *, by: Actor) -> str:
    """Whose bag it is: one's own, or of an officer in reach. Raises NotFound."""
    if officer_id == by.id:
        require(by, Permission.VACCINATION_RECORD)
        return by.name
    name = vaccinators(by=by).get(officer_id)
    if name is None:
        raise NotFound(officer=str(officer_id))
    return name


def _lines(condition: ColumnElement[bool], most: int | None) -> list[Line]:
    return [Line(*row) for row in db.session.execute(_LINES.where(condition).limit(most))]


def _account(sums: Iterable[Sum]) -> Account:
    found: dict[str, int] = defaultdict(int)
    for part in sums:
        doses = int(part.doses)
        if part.kind is M.COUNTED and part.of_act:
            found["used"] -= doses
        elif part.kind is M.COUNTED:
            found["counted"] += doses if part.arrives else -doses
        elif part.kind in (M.RECEIVED, M.ISSUED):
            found["received"] += doses
        else:
            found[part.kind.value] += doses
    return Account(**found)
