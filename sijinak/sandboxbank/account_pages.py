"""The office's account at the bank: its statements as files, and cash paid in."""

from datetime import date, datetime

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from sijinak.core.clock import now
from sijinak.core.money import NotAnAmount, Rupiah, parse_rupiah
from sijinak.sandboxbank.account import Statement, days_of, statement_of
from sijinak.sandboxbank.frame import bank, shown
from sijinak.sandboxbank.statements import as_camt, as_csv, as_mt940

bp = Blueprint("account", __name__)
FORMATS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "mt940": (as_mt940, "text/plain; charset=utf-8"),
    "xml": (as_camt, "application/xml; charset=utf-8"),
}


@bp.get("/rekening")
def page() -> ResponseReturnValue:
    books = bank().books
    days = [statement_of(books, day) for day in days_of(books)]
    return shown("account", days=days, number=bank().books.opening().account, formats=FORMATS)


@bp.post("/rekening/setor")
def deposit() -> ResponseReturnValue:
    try:
        amount = parse_rupiah(request.form.get("amount", ""))
    except NotAnAmount as error:
        raise BadRequest from error
    bank().books.deposit(amount, request.form.get("slip", "").strip(), now())
    return redirect(url_for(".page"))


@bp.post("/deposits")
def deposited() -> ResponseReturnValue:
    """For tests: {"amount", "slip", "at"}."""
    wanted = request.get_json()
    at = datetime.fromisoformat(wanted["at"]) if "at" in wanted else now()
    bank().books.deposit(Rupiah(int(wanted["amount"])), str(wanted["slip"]), at)
    return {"status": "deposited"}


@bp.get("/statements/<day>.<kind>")
def statement(day: str, kind: str) -> ResponseReturnValue:
    if kind not in FORMATS:
        raise NotFound
    make, mimetype = FORMATS[kind]
    found = _statement(day)
    response = Response(make(found), content_type=mimetype)
    name = f"rekening-koran-{found.day}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _statement(day: str) -> Statement:
    try:
        found = statement_of(bank().books, date.fromisoformat(day))
    except ValueError as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found
