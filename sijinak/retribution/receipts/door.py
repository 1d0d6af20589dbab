"""The page behind a link that was sent: the receipt and its paper, without an account."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.payments.labels import channel_name
from sijinak.retribution.receipts.linking import receipt_behind
from sijinak.retribution.receipts.papers import receipt_pdf, roll_pdf
from sijinak.retribution.receipts.queries import skrd_of, void_of
from sijinak.web.access import public
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

bp = Blueprint("receipt_door", __name__)


@bp.get("/<secret>")
@public
def show(secret: str) -> ResponseReturnValue:
    receipt = receipt_behind(secret)
    return render_template(
        "receipts/door.html",
        receipt=receipt,
        skrd=skrd_of(receipt),
        void=void_of(receipt.id),
        secret=secret,
        channel=channel_name(receipt.channel),
    )


@bp.get("/<secret>/tbp.pdf")
@public
def paper(secret: str) -> ResponseReturnValue:
    receipt = receipt_behind(secret)
    return pdf_answer(receipt_pdf(receipt, settings()), receipt.number)


@bp.get("/<secret>/struk.pdf")
@public
def roll(secret: str) -> ResponseReturnValue:
    receipt = receipt_behind(secret)
    return pdf_answer(roll_pdf(receipt, settings()), f"{receipt.number}-58mm")
