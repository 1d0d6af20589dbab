"""The SNAP addresses of the bank."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from sijinak.sandboxbank import snap_qr, snap_va
from sijinak.sandboxbank.account import shares
from sijinak.sandboxbank.desk import Bank
from sijinak.sandboxbank.failing import answered
from sijinak.sandboxbank.house import House
from sijinak.sandboxbank.snap_door import Refused, admit, give_token, refusal, said
from sijinak.sandboxbank.snap_fields import Body, written

Work = Callable[[House, Body], dict[str, Any]]
# Where, by which method, the service's number, what is done, and whether it changes an order.
SERVICES: tuple[tuple[str, str, str, Work, bool], ...] = (
    ("/qr/qr-mpm-generate", "POST", "47", snap_qr.generate, True),
    ("/qr/qr-mpm-query", "POST", "51", snap_qr.query, False),
    ("/qr/qr-mpm-cancel", "POST", "77", snap_qr.cancel, True),
    ("/qr/qr-mpm-refund", "POST", "78", snap_qr.refund, True),
    ("/transfer-va/create-va", "POST", "27", snap_va.create, True),
    ("/transfer-va/status", "POST", "26", snap_va.status, False),
    ("/transfer-va/delete-va", "DELETE", "31", snap_va.delete, True),
)
OPENING = {"47": "partnerReferenceNo", "27": "trxId"}


def snap_api(bank: Bank) -> Blueprint:
    bp = Blueprint("snap", __name__, url_prefix="/v1.0")

    @bp.post("/access-token/b2b")
    def token() -> ResponseReturnValue:
        fates = bank.books.knobs.fates()
        return answered(fates, lambda: _asked("73", lambda: give_token(bank.house, bank.guard)))

    @bp.get("/settlements")
    def settlements() -> ResponseReturnValue:
        return _asked("90", lambda: _settlements(bank))

    for path, method, service, work, writes in SERVICES:
        view = _view(bank, service, work, writes=writes)
        bp.add_url_rule(path, f"service{service}", view, methods=[method])
    return bp


def _view(
    bank: Bank, service: str, work: Work, *, writes: bool
) -> Callable[[], ResponseReturnValue]:
    def done() -> Response:
        admit(bank.house, bank.guard)
        body = Body()
        answer = said(service, work(bank.house, body))
        if service in OPENING:
            bank.opened(body.text(OPENING[service]))
        return answer

    def view() -> ResponseReturnValue:
        fates = bank.books.knobs.fates(_amount_meant(bank))
        return answered(fates, lambda: _asked(service, done), writes=writes)

    return view


def _asked(service: str, done: Callable[[], Response]) -> Response:
    try:
        return done()
    except Refused as refused:
        return refusal(service, refused)


def _settlements(bank: Bank) -> Response:
    admit(bank.house, bank.guard)
    day = request.args.get("day", "")
    found = [
        {
            "rrn": one.money.rrn,
            "referenceNo": one.order.own_ref,
            "partnerReferenceNo": one.order.ref,
            "gross": written(one.money.amount),
            "fee": written(one.fee),
            "settledOn": one.settled_on.isoformat(),
            "batch": one.batch,
        }
        for one in shares(bank.books)
        if one.settled_on.isoformat() == day and not one.order.rail.by_gateway
    ]
    return said("90", {"lines": found})


def _amount_meant(bank: Bank) -> int:
    """Of the order that a request is about: it decides what goes wrong, before anything is read."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        return 0
    for name in ("originalPartnerReferenceNo", "trxId"):
        if found.get(name) in bank.books.orders:
            return bank.books.orders[found[name]].amount
    part = found.get("amount") or found.get("totalAmount") or {}
    whole = str(part.get("value", "")).partition(".")[0] if isinstance(part, dict) else ""
    return int(whole) if whole.isascii() and whole.isdigit() else 0
