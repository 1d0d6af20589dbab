"""Irregularities of money: one function for each check; each answers with its subject's id."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sijinak.ledger.models import CashHolder, Journal, Posting
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.retribution.models import BillKind, Skrd, SkrdLine, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When
from sijinak.treasury.cash.models import HandOver, HandOverState
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.statements.models import BankStatement
from sijinak.treasury.tickets.models import BlockState, TicketBlock, TicketSale, TicketUse, UseKind
from tests.audit.findings.planting import Planter

ACCOUNT, ACCOUNT_NUMBER = "rkud", "0010000000001"


def deposit(plant: Planter, days: int, received: int, amount: int = 159_000, **said: Any) -> UUID:
    """In the bank so many days ago, of money that came so many days ago."""
    no = plant.number()
    made = plant.row(
        Deposit, number=f"STS/1999/{no}", year=1999, no=no, account=ACCOUNT, amount=amount,
        state=DepositState.DEPOSITED, deposited_on=plant.on(days), slip=f"P{no}",
        **{"account_number": ACCOUNT_NUMBER, **said},
    )  # fmt: skip
    plant.row(
        DepositLine, deposit_id=made, position=1, amount=amount, received_on=plant.on(received),
    )  # fmt: skip
    return made


def money(plant: Planter, **said: Any) -> UUID:
    known = {"adapter": "cash", "money_id": f"m-{plant.number()}", "amount": 79_500, "payer": ""}
    known |= {"happened_at": plant.ago(20), "seen_at": plant.ago(20)}
    return plant.row(Collection, **{**known, **said})


def bill(plant: Planter, **said: Any) -> UUID:
    no = plant.number()
    known: dict[str, Any] = {
        "kind": BillKind.SKRD, "number": f"PLANT/{no}", "year": 1990, "no": no, "heads": 2,
        "total": 159_000, "state": SkrdState.PAID, "issued_on": plant.on(20), "took_part": [],
    }  # fmt: skip
    return plant.row(Skrd, **{**known, **said})


def receipt(plant: Planter, **said: Any) -> UUID:
    no = plant.number()
    known: dict[str, Any] = {
        "kind": ReceiptKind.RECEIPT, "number": f"TBP/PLANT/{no}", "series": "PLANT", "year": 1990,
        "no": no, "amount": 159_000, "round": 1, "issued_at": plant.ago(20),
        "asked_by_name": "", "reason": "",
    }  # fmt: skip
    return plant.row(Receipt, **{**known, **said})


def void(plant: Planter, of: UUID, given_by: UUID, **said: Any) -> UUID:
    return receipt(
        plant, kind=ReceiptKind.VOID, voids_id=of, voided_from=given_by, asked_by=plant.id(), **said
    )


def late(plant: Planter, n: int) -> UUID:
    return deposit(plant, 30 + n, 40 + n)


def kept(plant: Planter, n: int) -> UUID:
    person, journal = plant.id(), plant.id()
    day = plant.on(12 + n)
    plant.row(
        Journal, id=journal, idem=f"money:{plant.id()}", kind="money", effective_on=day, size=2,
        zero=0, actor_id=person, recorded_at=plant.ago(12 + n),
    )  # fmt: skip
    plant.row(
        Posting, journal_id=journal, position=1, effective_on=day, account="cash", about=person,
        amount=500_000,
    )  # fmt: skip
    plant.row(CashHolder, id=person, held=500_000, floats=0)
    return person


def over_days_off(plant: Planter, n: int) -> UUID:
    """From a Friday to the Monday after: the planter's day is a Thursday."""
    person = plant.id()
    deposit(plant, 10 + 7 * n, 13 + 7 * n, 6_000_000, holder_id=person)
    return person


def not_in_bank(plant: Planter, n: int) -> UUID:
    return deposit(plant, 20 + n, 21 + n)


def other_account(plant: Planter, n: int) -> UUID:
    return deposit(plant, 2 + n, 3 + n, account_number=f"99988877{n}")


def channel(plant: Planter, n: int) -> UUID:
    return money(plant, adapter="snap", happened_at=plant.ago(30 + n))


def no_statement(plant: Planter, n: int) -> UUID:
    return plant.row(
        BankStatement, account=f"lama-{n}", place=1, last_on=plant.on(30), first_on=plant.on(40)
    )


def receipt_gap(plant: Planter, n: int) -> UUID:
    for no in (1, 2):
        receipt(plant, series=f"G{n}", year=1991, no=no)
    return receipt(plant, series=f"G{n}", year=1991, no=5 + n)


def bill_gap(plant: Planter, n: int) -> UUID:
    bill(plant, year=1960 + n, no=1)
    return bill(plant, year=1960 + n, no=3)


def deposit_gap(plant: Planter, n: int) -> UUID:
    return plant.row(
        Deposit, year=1960 + n, no=4, amount=1, state=DepositState.WITHDRAWN, why="salah"
    )


def handover_gap(plant: Planter, n: int) -> UUID:
    return plant.row(
        HandOver, year=1960 + n, no=7, number=f"BAST/{1960 + n}/7", state=HandOverState.ACCEPTED,
        amount=5, counted=5, why="",
    )  # fmt: skip


def _block(plant: Planter, **said: Any) -> UUID:
    first = 1000 * plant.number()
    return plant.row(
        TicketBlock, series="PLANT", first=first, last=first + 99, nominal=1000,
        **{"state": BlockState.STORED, "next": first + 50, **said},
    )  # fmt: skip


def _use(plant: Planter, block: UUID, first: int, last: int, kind: UseKind, **said: Any) -> UUID:
    known: dict[str, Any] = {
        "after": None if kind is UseKind.START else first - 1,
        "used_at": plant.ago(30),
    }
    known |= {"block_last": last + 500, "why": "hilang"}
    return plant.row(
        TicketUse, block_id=block, first=first, last=last, kind=kind, **{**known, **said}
    )


def ticket_gap(plant: Planter, n: int) -> UUID:
    block = _block(plant)
    _use(plant, block, 0, 999, UseKind.START)
    _use(plant, block, 1004 + n, 1010 + n, UseKind.SOLD)
    return block


def ticket_idle(plant: Planter, n: int) -> UUID:
    block = _block(plant, state=BlockState.HELD, holder_id=plant.id())
    _use(plant, block, 0, 999, UseKind.START, used_at=plant.ago(90 + n))
    return block


def ticket_missing(plant: Planter, n: int) -> UUID:
    return _use(plant, _block(plant), 1000, 1001 + n, UseKind.MISSING)


def ticket_money(plant: Planter, n: int) -> UUID:
    block = _block(plant)
    sale = plant.row(TicketSale, block_id=block, first=1, last=10, count=10, amount=9000 - 1000 * n)
    _use(plant, block, 1, 10, UseKind.SOLD, sale_id=sale)
    return sale


def _line(plant: Planter, skrd: UUID, each: int, heads: int = 2, **said: Any) -> None:
    plant.row(
        SkrdLine, skrd_id=skrd, position=1, heads=heads, unit_amount=each, amount=heads * each,
        **said,
    )  # fmt: skip


def _tariff(plant: Planter, **said: Any) -> UUID:
    known: dict[str, Any] = {
        "service": Service.SHIPPING, "species": "", "sex": "", "unit": Unit.HEAD,
        "applies": When.ALWAYS, "amount": 79_500, "valid_from": plant.on(900),
        "valid_until": None, "approved_by": plant.id(), "approved_at": plant.ago(900),
        "refused_why": "", "past_why": "",
    }  # fmt: skip
    return plant.row(Tariff, **{**known, **said})


def wrong_sum(plant: Planter, n: int) -> UUID:
    made = bill(plant, total=159_000 + n + 1)
    _line(plant, made, 79_500)
    return made


def edited(plant: Planter, n: int) -> UUID:
    made = bill(plant, total=2 * (70_000 - n))
    over = _tariff(plant, valid_from=plant.on(900), valid_until=plant.on(800))
    _line(plant, made, 70_000 - n, tariff_id=over)
    return made


def ended_tariff(plant: Planter, n: int) -> UUID:
    ways: tuple[dict[str, Any], ...] = (
        {"valid_until": plant.on(100)}, {"valid_from": plant.on(-50)}, {"approved_by": None},
        {"service": Service.SLAUGHTER},
    )  # fmt: skip
    made = bill(plant)
    _line(plant, made, 79_500, tariff_id=_tariff(plant, **ways[n % 4]))
    return made


def wrong_receipt(plant: Planter, n: int) -> UUID:
    skrd = bill(plant)
    made = receipt(plant, skrd_id=skrd, amount=159_000 - n)
    plant.row(Allocation, receipt_id=made, amount=158_000)
    return made


def not_booked(plant: Planter, n: int) -> UUID:
    return money(plant, amount=1000 + n)


def many_voids(plant: Planter, n: int) -> UUID:
    person, at = plant.id(), plant.ago(200 + 31 * n)
    given = [receipt(plant, issued_by=person, issued_at=at) for _ in range(10)]
    for one in given[:5]:
        void(plant, one, person, issued_at=at)
    return person


def after_deposit(plant: Planter, n: int) -> UUID:
    person, came = plant.id(), money(plant, happened_at=plant.ago(40))
    journal = plant.row(
        Journal, idem=f"money:{came}", kind="money", effective_on=plant.on(40), size=2, zero=0
    )
    given = receipt(plant, issued_by=person, number=f"TBP/B/{n}", issued_at=plant.ago(40))
    plant.row(Allocation, receipt_id=given, collection_id=came, amount=159_000)
    made = deposit(plant, 39, 40)
    plant.row(
        DepositLine, deposit_id=made, position=2, source_id=journal, reference=f"TBP/B/{n}",
        amount=159_000, received_on=plant.on(40),
    )  # fmt: skip
    return void(plant, given, person, issued_at=plant.ago(30 - n))


def cheaper_again(plant: Planter, n: int) -> UUID:
    person, keeper = plant.id(), plant.id()
    given = receipt(plant, issued_by=person, keeper_id=keeper, issued_at=plant.ago(60))
    made = void(plant, given, person, keeper_id=keeper, issued_at=plant.ago(59))
    receipt(plant, keeper_id=keeper, amount=79_500, issued_at=plant.ago(58 - n))
    return made


def just_under(plant: Planter, n: int) -> UUID:
    keeper, at = plant.id(), plant.ago(15)
    for _ in range(3):
        receipt(plant, keeper_id=keeper, amount=1_950_000 + n, issued_at=at)
    return keeper


def payer_many(plant: Planter, n: int) -> UUID:
    came = [money(plant, payer=f"Pembayar {n}", happened_at=plant.ago(15)) for _ in range(5)]
    for one in came:
        given = receipt(plant, keeper_id=plant.id())
        plant.row(Allocation, receipt_id=given, collection_id=one, amount=79_500)
    return min(came)


def refund_other(plant: Planter, n: int) -> UUID:
    return _refund(plant, money(plant, adapter="snap"), 70_000 + n, paid_by_hand=True)


def refund_more(plant: Planter, n: int) -> UUID:
    return _refund(plant, money(plant), 79_501 + n)


def _refund(plant: Planter, came: UUID, amount: int, **said: Any) -> UUID:
    return plant.row(
        Refund, collection_id=came, amount=amount, state=RefundState.DONE, adapter="snap",
        approved_by=plant.id(), done_at=plant.ago(10) + timedelta(hours=1), **said,
    )  # fmt: skip


PLANTS = {
    "deposit-late": late, "cash-kept": kept, "cash-days-off": over_days_off,
    "deposit-not-in-bank": not_in_bank, "deposit-other-account": other_account,
    "money-not-in-bank": channel, "statements-missing": no_statement,
    "gap-receipts": receipt_gap, "gap-bills": bill_gap, "gap-deposits": deposit_gap,
    "gap-handovers": handover_gap, "ticket-gap": ticket_gap, "ticket-idle": ticket_idle,
    "ticket-missing": ticket_missing, "ticket-money": ticket_money, "bill-sum": wrong_sum,
    "bill-amount": edited, "bill-tariff": ended_tariff, "receipt-money": wrong_receipt,
    "money-not-booked": not_booked, "voids-person": many_voids,
    "void-after-deposit": after_deposit, "void-cheaper": cheaper_again, "just-under": just_under,
    "payer-many": payer_many, "refund-other": refund_other, "refund-more": refund_more,
}  # fmt: skip
