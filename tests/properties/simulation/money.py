"""Bills are paid, twice, wrongly, late, and by a bank that says everything again."""

from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER, Actor
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import Attempt, Collection
from sijinak.payments.services import take_notice
from sijinak.permits.models import PermitState
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from sijinak.retribution.services import CancelSkrd, StartPayment, cancel_skrd, start_payment
from sijinak.retribution.tariffs.models import Service, Tariff, Unit
from sijinak.retribution.tariffs.services import (
    ApproveTariffs,
    ProposeTariffs,
    Wording,
    approve_tariffs,
    propose_tariffs,
)
from tests.properties.simulation.playing import Run

DESK = Role.PERMIT_DESK.value
PRICES = (80_000, 85_500, 90_000, 80_006, 80_005, 80_003)  # some have a fate in the sandbox


def pay(run: Run, permit_id: UUID) -> None:
    skrd = skrd_of_permit(permit_id)
    if skrd is None:
        return
    if run.dice.random() < 1 / 2:
        _cash(run, skrd)
    else:
        payer = f"trader{run.world.firms.index(skrd.keeper_id) + 1}"
        command = StartPayment(skrd_id=skrd.id, adapter="sandbox")
        run.do(start_payment, command, run.who(payer))
        run.later(seconds=run.dice.choice([1, 5, 5, 5000]))


def pay_late(run: Run, permit_id: UUID) -> None:
    """When the law asks another price."""
    raise_tariff(run)
    pay(run, permit_id)


def pay_some_late(run: Run) -> None:
    pay_late(run, run.which(PermitState.BILLED))


def _cash(run: Run, skrd: Skrd) -> None:
    """Seldom with the wrong sum, or once more."""
    skrd_id, amount = skrd.id, Rupiah(skrd.total + run.dice.choice([0, 0, 0, 0, -1, 500]))
    for _ in range(run.dice.choice([1, 1, 2])):
        command = ReceiveCash(skrd_id=skrd_id, amount=amount)
        run.do(receive_cash, command, run.who(Role.TREASURER.value))


def notice(run: Run) -> None:
    """The bank tells of money, perhaps the wrong sum, perhaps of what it told of before."""
    attempt = db.session.scalar(select(Attempt).order_by(Attempt.id.desc()))
    refs = [attempt.ref, attempt.ref] if attempt else []
    amount = Rupiah(attempt.amount + run.dice.choice([0, 0, 0, 1, -1]) if attempt else 1000)
    seen = Observation(
        ref=run.dice.choice([*refs, "nobody"]), kind=Kind.PAID,
        money_id=f"N-{amount}-{run.dice.randint(1, 2)}", amount=amount, happened_at=now(),
        trust=Trust.SIGNED_PUSH,
    )  # fmt: skip

    def bank_tells(command: Observation, *, by: Actor) -> None:
        take_notice("sandbox", [command], by=by)

    for _ in range(run.dice.choice([1, 2])):
        run.do(bank_tells, seen, WORKER)
    run.work()


def take_back(run: Run) -> None:
    """The bank takes money back, all of it or a part, and says so again at another moment."""
    asked = select(Collection).where(Collection.adapter == "sandbox").order_by(Collection.id.desc())
    money = db.session.scalar(asked)
    if money is None:
        return
    ref, money_id, amount = money.ref, money.money_id, money.amount
    gone = Rupiah(run.dice.choice([amount, amount, 1]))

    def bank_tells(command: Observation, *, by: Actor) -> None:
        take_notice("sandbox", [command], by=by)

    for _ in range(run.dice.choice([1, 2])):
        run.later(seconds=1)
        with run.on_its_clock():
            seen = Observation(
                ref=ref, kind=Kind.REVERSED, money_id=money_id, amount=gone, happened_at=now(),
                trust=Trust.SIGNED_PUSH,
            )  # fmt: skip
        run.do(bank_tells, seen, WORKER)
    run.work()


def sweep(run: Run) -> None:
    """The worker asks the bank about everything that is open."""
    run.later(seconds=run.dice.choice([5, 700, 4000]))
    with run.on_its_clock():
        jobs.sweep()
        run.work()


def withdraw(run: Run, permit_id: UUID) -> None:
    skrd = skrd_of_permit(permit_id)
    if skrd is not None:
        run.do(cancel_skrd, CancelSkrd(skrd_id=skrd.id, reason="Salah hitung"), run.who(DESK))
        run.work()


def withdraw_some(run: Run) -> None:
    open_ones = select(Skrd.permit_id).where(Skrd.state == SkrdState.OPEN).order_by(Skrd.id)
    for permit_id in [one for one in db.session.scalars(open_ones) if one][-1:]:
        withdraw(run, permit_id)


def raise_tariff(run: Run) -> None:
    """From today on the law asks another price; what is billed stays. Two people say so."""
    if db.session.scalar(select(Tariff.id).where(Tariff.valid_from == today())):
        return
    wording = Wording(
        code="keluar-sapi", service=Service.SHIPPING, component="Pengeluaran sapi",
        species="cattle", unit=Unit.HEAD, amount=Rupiah(run.dice.choice(PRICES)),
        perda="Perda baru", law_code="4.1.02.02.01", source="", valid_from=today(),
    )  # fmt: skip
    run.do(propose_tariffs, ProposeTariffs(rows=(wording,)), run.who(Role.KABID.value))
    proposed = select(Tariff.id).where(Tariff.valid_from == today(), Tariff.approved_by.is_(None))
    if (found := db.session.scalar(proposed)) is not None:
        run.do(approve_tariffs, ApproveTariffs(tariff_ids=(found,)), run.who(Role.KADIS.value))
