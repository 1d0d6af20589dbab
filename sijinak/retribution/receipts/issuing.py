"""Making receipts and voids: the number, the row, its journal and its bill, in one transaction.

Whoever calls has asked permission and holds the locks of the bills.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.events import events
from sijinak.core.inserting import insert_now
from sijinak.core.money import Rupiah
from sijinak.core.numbering import next_number
from sijinak.core.permissions import Actor, Machine
from sijinak.ledger import services as ledger
from sijinak.ledger.chart import RECEIVABLE, SUSPENSE
from sijinak.ledger.services import Entry, Line
from sijinak.payments.booking import accounting_day
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.receipts.policy import policy
from sijinak.retribution.receipts.queries import next_round, skrd_of
from sijinak.retribution.services import mark_paid, reopen

SEVERAL = "several"  # the channel of a receipt that money of different channels paid
# Issues the void when a bank takes money back. It issues no receipt, so it is always a second one.
REVERSAL = Machine(UUID(int=3), "sijinak reversal")


@dataclass(slots=True)
class Share:
    """What of some money is there to pay bills."""

    money: Collection
    left: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiding:
    """Why, who asked, and who issues it: never the same, never who issued the receipt."""

    reason: str
    asked_by: UUID
    asked_by_name: str


def pay_bills(
    bills: Sequence[Skrd], shares: Sequence[Share], *, by: Actor, series: str = ""
) -> list[Receipt]:
    """One receipt for each bill, out of the shares in their order. There must be enough."""
    return [_pay(skrd, _take(skrd.total, shares), series or policy.series, by=by) for skrd in bills]


def issue_void(receipt: Receipt, why: Voiding, *, by: Actor) -> Receipt:
    """The next number of the same series; its money is in suspense again, its bill open."""
    void = Receipt(
        kind=ReceiptKind.VOID,
        **_number(receipt.series),
        skrd_id=receipt.skrd_id,
        round=receipt.round,
        voids_id=receipt.id,
        voided_from=receipt.issued_by,
        keeper_id=receipt.keeper_id,
        region=receipt.region,
        amount=receipt.amount,
        payer_name=receipt.payer_name,
        channel=receipt.channel,
        reason=why.reason,
        asked_by=why.asked_by,
        asked_by_name=why.asked_by_name,
        issued_at=now(),
        issued_by=by.id,
        issued_by_name=by.name,
    )
    insert_now(void)
    ledger.reverse(f"paid:{receipt.id}", reason=why.reason, by=by)
    reopen(skrd_of(receipt), reason=why.reason, by=by)
    events.record(
        "receipt.voided",
        receipt,
        by=by,
        region=receipt.region,
        number=receipt.number,
        void=void.number,
        amount=receipt.amount,
        asked_by=str(why.asked_by),
    )
    return void


def _take(due: Rupiah, shares: Sequence[Share]) -> list[tuple[Collection, Rupiah]]:
    taken = []
    for share in shares:
        part = Rupiah(min(due, share.left))
        if part > 0:
            share.left, due = Rupiah(share.left - part), Rupiah(due - part)
            taken.append((share.money, part))
    if due:
        raise ValueError(f"{due} is missing")
    return taken


def _pay(
    skrd: Skrd, taken: Sequence[tuple[Collection, Rupiah]], series: str, *, by: Actor
) -> Receipt:
    channels = {money.adapter for money, _ in taken}
    receipt = Receipt(
        kind=ReceiptKind.RECEIPT,
        **_number(series),
        skrd_id=skrd.id,
        round=next_round(skrd.id),
        keeper_id=skrd.keeper_id,
        region=skrd.region,
        amount=skrd.total,
        payer_name=skrd.payer_name,
        channel=channels.pop() if len(channels) == 1 else SEVERAL,
        reason="",
        asked_by_name="",
        issued_at=now(),
        issued_by=by.id,
        issued_by_name=by.name,
    )
    insert_now(receipt)
    for money, amount in taken:
        insert_now(Allocation(receipt_id=receipt.id, collection_id=money.id, amount=amount))
    _book(receipt, taken, by=by)
    paid_on = max(accounting_day(money) for money, _ in taken)
    mark_paid(skrd, receipt=receipt.number, paid_on=paid_on, by=by)
    events.record(
        "receipt.issued",
        receipt,
        by=by,
        region=receipt.region,
        number=receipt.number,
        skrd=skrd.number,
        amount=receipt.amount,
        channel=receipt.channel,
    )
    return receipt


def _book(receipt: Receipt, taken: Sequence[tuple[Collection, Rupiah]], *, by: Actor) -> None:
    lines = [Line(SUSPENSE, amount, money.id) for money, amount in taken]
    lines.append(Line(RECEIVABLE, -receipt.amount, receipt.skrd_id))
    entry = Entry(
        idem=f"paid:{receipt.id}", kind="paid", on=today(), region=receipt.region, lines=lines
    )
    ledger.post(entry, by=by)


def _number(series: str) -> dict[str, object]:
    year = today().year
    no = next_number(f"TBP/{series}", year)
    text = f"TBP/{series}/{year}/{no:07}"
    number = f"{text}-{check_character(text)}"
    return {"series": series, "year": year, "no": no, "number": number}
