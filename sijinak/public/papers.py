"""The check pages behind the QR codes of papers: what the register says, and no names."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Verification
from sijinak.animals.skkt import labels as sheet_labels
from sijinak.animals.skkt.queries import newer_than, sheet_by_public_code
from sijinak.animals.skkt.sealing import is_intact
from sijinak.areas.queries import full_name, place_name
from sijinak.core.clock import today
from sijinak.core.errors import NotFound
from sijinak.payments.labels import channel_name
from sijinak.permits.models import Permit
from sijinak.permits.queries import permit_by_public_code
from sijinak.permits.signing.qr import base32_of
from sijinak.permits.signing.queries import paper_by_public_code
from sijinak.proofs.queries import standing_of
from sijinak.public.guard import count_miss, refuse_guessers
from sijinak.retribution.labels import TONES as BILL_TONES
from sijinak.retribution.queries import skrd_by_public_code
from sijinak.retribution.receipts.models import Receipt, ReceiptKind
from sijinak.retribution.receipts.queries import (
    receipt_by_public_code,
    receipt_of,
    receipt_voided_by,
    skrd_of,
    spelt_number,
    void_of,
)
from sijinak.web.access import public
from sijinak.web.io import Form

bp = Blueprint("publicpapers", __name__)
Paper = TypeVar("Paper")


@bp.get("/R/<code>")
@bp.get("/r/<code>", endpoint="receipt_in_small")
@public
def receipt(code: str) -> ResponseReturnValue:
    """What is typed from the paper is compared: a copied code may stand on another paper."""
    found = found_paper(receipt_by_public_code, code)
    typed = request.args.get("nomor", "").strip()
    is_void = found.kind is ReceiptKind.VOID
    return render_template(
        "public/receipt.html",
        receipt=found,
        skrd=skrd_of(found),
        void=None if is_void else void_of(found.id),
        voided=receipt_voided_by(found) if is_void else None,
        channel_name=channel_name,
        form=Form({"nomor": typed}),
        says_other=bool(typed) and spelt_number(typed) != found.number,
        standing=standing_of(Receipt, found.id),
        proof=url_for("publicproofs.receipt", code=code),
    )


@bp.get("/S/<code>")
@bp.get("/s/<code>", endpoint="skrd_in_small")
@public
def skrd(code: str) -> ResponseReturnValue:
    found = found_paper(skrd_by_public_code, code)
    return render_template(
        "public/skrd.html", skrd=found, receipt=receipt_of(found.id), tones=BILL_TONES
    )


@bp.get("/I/<code>")
@bp.get("/i/<code>", endpoint="permit_in_small")
@public
def permit(code: str) -> ResponseReturnValue:
    found = found_paper(permit_by_public_code, code)
    return render_template(
        "public/permit.html",
        permit=found,
        origin=full_name(found.region),
        destination=place_name(found.destination),
        today=today(),
        standing=standing_of(Permit, found.id),
        proof=url_for("publicproofs.permit", code=code),
    )


@bp.get("/H/<code>")
@bp.get("/h/<code>", endpoint="signed_in_small")
@public
def signed(code: str) -> ResponseReturnValue:
    """The page of its signed QR code, for whoever has no camera: everything is proved there."""
    paper = found_paper(paper_by_public_code, code)
    return redirect(url_for("signed.paper", payload=base32_of(paper.qr)))


@bp.get("/K/<code>")
@bp.get("/k/<code>", endpoint="sheet_in_small")
@public
def sheet(code: str) -> ResponseReturnValue:
    """Whether the rows still say what was signed is worked out anew each time."""
    found = found_paper(sheet_by_public_code, code)
    return render_template(
        "public/sheet.html",
        sheet=found,
        owned=[line for line in found.lines if line.basis is Verification.SEEN],
        declared=[line for line in found.lines if line.basis is Verification.DECLARED],
        newer=newer_than(found),
        is_intact=is_intact(found),
        kecamatan=place_name(found.village[:8]),
        words=sheet_labels,
    )


def found_paper(look_up: Callable[[str], Paper | None], code: str) -> Paper:
    """The paper; a miss counts against whoever tries. Raises NotFound."""
    refuse_guessers()
    try:
        found = look_up(code)
    except NotFound:
        found = None
    if found is None:
        count_miss()
        raise NotFound
    return found
