"""Money that goes back out of a hand: never what that hand has promised to somebody."""

from sijinak.core.money import rupiah_text
from sijinak.core.once import is_done
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.custody import lock_holders
from sijinak.payments.refunds.models import Refund
from sijinak.payments.refunds.queries import refund_for_update
from sijinak.payments.refunds.services import PayOutRefund, pay_out_refund
from sijinak.treasury.cash.moving import NotThatMuch, free_cash


def pay_out_free(command: PayOutRefund, *, by: Actor) -> Refund:
    """As pay_out_refund. Raises NotThatMuch when what is held is promised already."""
    refund = refund_for_update(command.refund_id)
    require(by, Permission.TREASURY_KEEP, region=refund.region)
    if not command.bank_account and not is_done(command.id):
        lock_holders([by.id])
        free = free_cash(by.id)
        if free < refund.amount:
            raise NotThatMuch(free=rupiah_text(free))
    return pay_out_refund(command, by=by)
