"""A small office whose every kind of row is in the log, and what it goes on to do by chance."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import Appointment, Role
from sijinak.accounts.queries import SignedIn
from sijinak.accounts.services import end_appointment
from sijinak.core import tlog
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.core.signednote import words_of
from sijinak.keepers.models import Keeper
from sijinak.ledger import chart
from sijinak.ledger.services import CloseDay, Entry, Line, close_day, post
from sijinak.payments.adapters.base import Trust
from sijinak.payments.models import Collection
from sijinak.permits.models import Permit, PermitState
from sijinak.proofs.models import Why
from sijinak.proofs.services import make_checkpoint
from sijinak.retribution.receipts.models import Receipt, ReceiptKind
from sijinak.retribution.receipts.queries import is_live
from sijinak.retribution.receipts.services import (
    AnswerVoid,
    AskVoid,
    answer_void,
    ask_void,
    receive_cash,
)
from sijinak.treasury.matching.jobs import match_lines
from tests.factories import LUNYUK_REA, actor_for, make_user
from tests.permits.factories import (
    AFTER,
    Office,
    deliver,
    make_draft,
    make_office,
    make_permit,
    walk,
)
from tests.retribution.factories import cash_for, do, make_keeper, make_skrd
from tests.treasury.matching.factories import register_account, take_lines

BILLS = (79_500, 80_000, 125_000)
WAY = tuple(AFTER.values())


@dataclass(frozen=True)
class Kept:
    """What somebody outside has of a checkpoint."""

    size: int
    note: str
    words: str


@dataclass
class World:
    office: Office
    treasurer: SignedIn
    others: tuple[SignedIn, SignedIn]
    keepers: list[Keeper] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    drafts: list[UUID] = field(default_factory=list)
    balance: int = 0
    day: date = date(2026, 1, 1)


def merged() -> int:
    """All that waits goes into the tree; how many leaves it has then."""
    while True:
        with transaction():
            if not tlog.merge():
                return tlog.head().size


def make_world() -> World:
    """Two days to come: a checkpoint at the end of each, and a little more."""
    chance = Random(1)  # noqa: S311 - no secret
    register_account()
    begun = now()
    others = (actor_for(Role.TREASURER), actor_for(Role.TREASURER))
    world = World(make_office(), actor_for(Role.TREASURER), others)
    world.keepers = [make_keeper() for _ in range(3)]
    keep_checkpoint(world)
    with clock.reading(begun + timedelta(days=1)):
        for _ in range(4):
            pay_cash(world, chance)
        void_receipt(world, chance)
        match_money(world, chance)
        keep_checkpoint(world)
    with clock.reading(begun + timedelta(days=2)):
        do(close_day, CloseDay(day=today() - timedelta(days=2)), by=OPERATOR)
        make_permit(world.office, PermitState.ISSUED)
        deliver()
        for _ in range(4):
            pay_cash(world, chance)
        match_money(world, chance)
        keep_checkpoint(world)
        pay_cash(world, chance)
        merged()
    with transaction():
        for keeper in (*world.keepers, world.office.firm):
            if keeper in db.session:  # and was forgotten by a rollback
                db.session.refresh(keeper)
    return world


def keep_checkpoint(world: World) -> None:
    with transaction():
        made = make_checkpoint(Why.DEMAND, by=OPERATOR)
    world.kept.append(Kept(made.size, made.note, f"{made.size} {words_of(made.root)}"))


def pay_cash(world: World, chance: Random) -> None:
    """A bill, its money and its receipt, of one keeper."""
    skrd = make_skrd(chance.choice(BILLS), keeper=chance.choice(world.keepers))
    do(receive_cash, cash_for(skrd), by=world.treasurer)


def void_receipt(world: World, chance: Random) -> None:
    with transaction():
        asked = select(Receipt.id).where(Receipt.kind == ReceiptKind.RECEIPT, is_live())
        live = list(db.session.scalars(asked.order_by(Receipt.no)))
    asking, answering = world.others
    command = AskVoid(receipt_id=chance.choice(live), reason="Salah orang")
    request = do(ask_void, command, by=asking)
    action = chance.choice(("issue", "refuse"))
    do(answer_void, AnswerVoid(request_id=request.id, action=action), by=answering)


def match_money(world: World, chance: Random) -> None:
    """Money of a channel for no bill that we know, and its line on the bank's statement."""
    amount = chance.randrange(1, 900) * 500
    money = Collection(
        adapter="snap", money_id=f"RRN{uuid7().hex[-9:].upper()}", ref=f"SJ-{uuid7().hex}",
        bill_id=None, attempt_id=None, region=LUNYUK_REA, amount=Rupiah(amount), payer="Siti",
        happened_at=datetime.combine(world.day, time(10), clock.zone), channel="qris",
        seen_at=now(), trust=Trust.SIGNED_PUSH, seen_by=OPERATOR.id,
    )  # fmt: skip
    lines = [Line(chart.clearing("snap"), amount), Line(chart.SUSPENSE, -amount, money.id)]
    entry = Entry(
        idem=f"money:{money.id}", kind="money", on=today(), region=LUNYUK_REA, lines=lines
    )
    with transaction():
        db.session.add(money)
        db.session.flush()
        post(entry, by=OPERATOR)
    remark = f"QRIS {money.money_id}"
    take_lines([(amount, remark)], by=world.treasurer, opening=world.balance, day=world.day)
    world.balance, world.day = world.balance + amount, world.day + timedelta(days=1)
    match_lines()


def begin_permit(world: World, chance: Random) -> None:
    world.drafts.append(make_draft(world.office).id)


def walk_permit(world: World, chance: Random) -> None:
    """Some steps on its way."""
    if not world.drafts:
        begin_permit(world, chance)
    with transaction():
        permit = db.session.get_one(Permit, world.drafts[0])
    here = WAY.index(permit.state) + 1 if permit.state in WAY else 0
    goal = min(here + chance.randrange(3), len(WAY) - 1)
    walk(permit, world.office, WAY[goal])
    deliver()
    if goal == len(WAY) - 1:
        world.drafts.pop(0)


def change_people(world: World, chance: Random) -> None:
    """One comes, and goes again sometimes."""
    user = make_user(chance.choice((Role.TREASURER, Role.VET, Role.CHECKPOINT)))
    if chance.random() < 0.5:
        with transaction():
            asked = select(Appointment.id).where(Appointment.user_id == user.id)
            end_appointment(db.session.scalars(asked).one(), by=OPERATOR)


def sign_log(world: World, chance: Random) -> None:
    keep_checkpoint(world)


ACTS: tuple[Callable[[World, Random], None], ...] = (
    pay_cash, pay_cash, pay_cash, void_receipt, match_money, begin_permit, walk_permit, walk_permit,
    change_people, sign_log,
)  # fmt: skip
