"""What a payer is told about a receipt that was voided: by what, why, and about the money."""

from collections.abc import Iterator

from sijinak.core.money import rupiah_text
from sijinak.payments.refunds.queries import refundable, refunds_of
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import moneys_of, receipt_of, void_of
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def void_story(receipt: Receipt) -> str:
    """Empty while the receipt counts."""
    void = void_of(receipt.id)
    if void is None:
        return ""
    told = [_("Voided by %(number)s: %(why)s.", number=void.number, why=void.reason.rstrip("."))]
    if newer := receipt_of(receipt.skrd_id):
        told.append(_("The bill is paid by %(number)s.", number=newer.number))
    return " ".join([*told, *_of_money(receipt)])


def _of_money(receipt: Receipt) -> Iterator[str]:
    for _share, money in moneys_of(receipt):
        for refund in refunds_of(money.id):
            amount, state = rupiah_text(refund.amount), label(refund.state).lower()
            yield _("Refund of %(amount)s: %(state)s.", amount=amount, state=state)
        if (left := refundable(money)) > 0:
            yield _(
                "%(amount)s is kept for you until two officers decide.", amount=rupiah_text(left)
            )
