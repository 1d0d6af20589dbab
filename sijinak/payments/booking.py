"""What money does to the books when it comes and when it goes back."""

from datetime import date, timedelta
from uuid import UUID

from sijinak.core.clock import local, today
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Actor
from sijinak.ledger import chart
from sijinak.ledger.queries import journal_called
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.adapters.base import Trust
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund
from sijinak.payments.wallet.moving import give_back

WALLET = "wallet"
LONGEST_AGO = timedelta(days=31)  # twice as long as a channel is asked about an attempt


def into(money: Collection, amount: Rupiah | None = None) -> Line:
    """Where it came. A wallet that we keep ourselves is named by the channel of its money."""
    amount = money.amount if amount is None else amount
    if money.adapter == WALLET and (wallet := _id_in(money.channel)):
        return Line(chart.WALLET, amount, wallet)
    return Line(chart.clearing(money.adapter), amount)


def book_money(money: Collection, came: Line, *, by: Actor) -> None:
    """It lies in suspense until a receipt says which bill it paid. ``came`` is where it lies."""
    lines = [came, Line(chart.SUSPENSE, -money.amount, money.id)]
    _post(f"money:{money.id}", accounting_day(money), money.region, lines, by=by)


def book_taken_back(money: Collection, amount: Rupiah, *, by: Actor) -> None:
    """Named by the money: however often and from whom we hear of it, it goes back once."""
    came = into(money, amount)
    lines = [Line(chart.SUSPENSE, amount, money.id), Line(came.account, -amount, came.about)]
    _post(f"reversed:{money.id}", today(), money.region, lines, by=by)
    if came.account == chart.WALLET and came.about is not None:
        give_back(came.about, amount, money.id, by=by)


def amount_taken_back(money: Collection) -> Rupiah | None:
    """What the bank took back of it; None when it did not."""
    journal = journal_called(f"reversed:{money.id}")
    if journal is None:
        return None
    return Rupiah(sum(one.amount for one in journal.postings if one.account == chart.SUSPENSE))


def book_refund(refund: Refund, out_of: Line, *, by: Actor) -> None:
    lines = [Line(chart.SUSPENSE, refund.amount, refund.collection_id), out_of]
    _post(f"refund:{refund.id}", today(), refund.region, lines, by=by)
    if out_of.account == chart.WALLET and out_of.about is not None:
        give_back(out_of.about, refund.amount, refund.id, by=by)


def accounting_day(money: Collection) -> date:
    """The office's day on which it came.

    A bank whose clock is wrong reaches neither tomorrow nor a day long past: only a statement does.
    """
    day, heard = local(money.happened_at).date(), local(money.seen_at).date()
    if money.trust is not Trust.STATEMENT and heard - day > LONGEST_AGO:
        day = heard
    return min(day, today())


def _post(idem: str, on: date, region: str, lines: list[Line], *, by: Actor) -> None:
    kind = idem.partition(":")[0]
    post(Entry(idem=idem, kind=kind, on=on, region=region, lines=lines), by=by)


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
