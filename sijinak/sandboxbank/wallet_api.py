"""The addresses of the wallet that SiJINAK mirrors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from sijinak.core.clock import now
from sijinak.sandboxbank import wallet
from sijinak.sandboxbank.desk import Bank
from sijinak.sandboxbank.failing import answered
from sijinak.sandboxbank.model import in_wib
from sijinak.sandboxbank.signing import same
from sijinak.sandboxbank.wallet import WalletError

Done = tuple[dict[str, Any], int]


def wallet_api(bank: Bank) -> Blueprint:
    bp, books = Blueprint("wallet", __name__, url_prefix="/wallet/v1"), bank.books

    @bp.get("/accounts/<account>")
    def balance(account: str) -> ResponseReturnValue:
        return _answer(bank, lambda: (_balance(bank, account), 200))

    @bp.get("/accounts/<account>/statement")
    def statement(account: str) -> ResponseReturnValue:
        ends = request.args.get("from", ""), request.args.get("until", "")
        return _answer(
            bank,
            lambda: ({"lines": wallet.lines_between(wallet.purse_of(books, account), *ends)}, 200),
        )

    @bp.post("/debits")
    def debit() -> ResponseReturnValue:
        return _answer(bank, lambda: _debit(bank), writes=True)

    @bp.get("/debits/<ref>")
    def asked(ref: str) -> ResponseReturnValue:
        return _answer(bank, lambda: (wallet.facts_of(wallet.debit_of(books, ref)), 200))

    @bp.post("/debits/<ref>/refunds")
    def refund(ref: str) -> ResponseReturnValue:
        return _answer(bank, lambda: _refund(bank, ref), writes=True)

    return bp


def _answer(bank: Bank, done: Callable[[], Done], *, writes: bool = False) -> ResponseReturnValue:
    def make() -> Response:
        try:
            _check_token(bank)
            body, status = done()
        except WalletError as error:
            body, status = {"code": error.code}, error.status
        answer = jsonify(body)
        answer.status_code = status
        return answer

    amount = _json().get("amount")
    fates = bank.books.knobs.fates(amount if isinstance(amount, int) else 0)
    return answered(fates, make, writes=writes)


def _check_token(bank: Bank) -> None:
    given = request.headers.get("Authorization", "")
    if not same(given, f"Bearer {bank.house.names.wallet_token}"):
        raise WalletError(401, "unauthorized")


def _balance(bank: Bank, account: str) -> dict[str, Any]:
    purse = wallet.purse_of(bank.books, account)
    return {
        "account": purse.account,
        "name": purse.name,
        "balance": purse.balance,
        "currency": "IDR",
        "at": in_wib(now()),
    }


def _debit(bank: Bank) -> Done:
    done, is_new = wallet.debit(bank.books, _json())
    return wallet.facts_of(done), 201 if is_new else 200


def _refund(bank: Bank, ref: str) -> Done:
    done, is_new = wallet.give_back(bank.books, ref, _json())
    return wallet.return_facts(done), 201 if is_new else 200


def _json() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}
