"""The books for those who check them: what each account holds, its lines, and one entry."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.clock import today
from sijinak.core.paging import Page
from sijinak.core.permissions import Permission
from sijinak.ledger import chart
from sijinak.ledger.export import Format, exported
from sijinak.ledger.labels import account_title, entry_title
from sijinak.ledger.models import AccountKind, Journal, Posting
from sijinak.ledger.queries import (
    first_and_last_day,
    journal_by_id,
    last_closed_day,
    moves_of,
    reversal_of,
    trial_balance,
)
from sijinak.ledger.services import REVERSAL
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out, hand_out_text
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, day_in_address, listing, place
from sijinak.web.labels import label

bp = Blueprint("ledger", __name__)
BALANCE_HEAD = (
    N_("Account"),
    N_("Code"),
    N_("Kind"),
    N_("Debit"),
    N_("Credit"),
    N_("Account balance"),
)
MOVES_HEAD = (N_("Day"), N_("Entry"), N_("Name"), N_("About"), N_("Debit"), N_("Credit"))
# Pages of features above, by the account whose lines are about them.
ABOUT = {
    chart.RECEIVABLE: ("retribution.show", "skrd_id"),
    chart.TRANSIT: ("deposits.show", "deposit_id"),
    chart.SUSPENSE: ("receipts.money", "collection_id"),
}
# The same by the first part of a journal's name: what the entry is about.
SUBJECTS = {
    "skrd.issued": ("retribution.show", "skrd_id"),
    "skrd.cancelled": ("retribution.show", "skrd_id"),
    "skrd.written-off": ("retribution.show", "skrd_id"),
    "money": ("receipts.money", "collection_id"),
    "reversed": ("receipts.money", "collection_id"),
    "topup": ("receipts.money", "collection_id"),
    "paid": ("receipts.show", "receipt_id"),
    "refund": ("refunds.show", "refund_id"),
    "kept": ("discrepancies.show", "case_id"),
    "given-up": ("discrepancies.show", "case_id"),
    "made-good": ("discrepancies.show", "case_id"),
    "written-off": ("discrepancies.show", "case_id"),
    "handover": ("cash.handover", "handover_id"),
    "handover-surplus": ("cash.handover", "handover_id"),
    "closing": ("cash.closing", "closing_id"),
    "float": ("cash.change", "float_id"),
    "deposit": ("deposits.show", "deposit_id"),
    "tickets": ("tickets.sale", "sale_id"),
    "bank": ("reconciliation.match", "match_id"),
}


@bp.get("/")
@needs(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    day = day_in_address("hari", today())
    totals = trial_balance(day, by=actor())
    return render_template(
        "ledger/index.html",
        day_asked=day,
        totals=totals,
        kinds=[k for k in AccountKind if any(t.kind is k for t in totals)],
        title_of=account_title,
        closed=last_closed_day(),
        form=Form({"hari": day.isoformat()}),
        span=first_and_last_day(by=actor()) or (day, day),
        formats=list(Format),
    )


@bp.get("/neraca.csv")
@needs(Permission.LEDGER_READ)
def balance_file() -> ResponseReturnValue:
    day = day_in_address("hari", today())
    rows = (
        (account_title(t.code), t.code, label(t.kind), t.debit, t.credit, t.balance)
        for t in trial_balance(day, by=actor())
    )
    export = Export(
        what="balances",
        name=f"neraca-saldo-{day}",
        head=[_(title) for title in BALANCE_HEAD],
        asked={"day": day.isoformat()},
    )
    return hand_out(CSV, export, rows)


@bp.get("/akun/<code>")
@needs(Permission.LEDGER_READ)
def account(code: str) -> ResponseReturnValue:
    first, last = _days()
    about = _about()
    moves = moves_of(code, (first, last), by=actor(), about=about, place=place())
    asked = {"dari": first.isoformat(), "sampai": last.isoformat(), "tentang": str(about or "")}
    return render_template(
        "ledger/account.html",
        code=code,
        title=account_title(code),
        moves=moves,
        page=listing(moves.page, ".account", code=code, **asked),
        form=Form(asked),
        asked=asked,
        entry_title=entry_title,
        about_url=about_url,
    )


@bp.get("/akun/<code>/csv")
@needs(Permission.LEDGER_READ)
def account_file(code: str) -> ResponseReturnValue:
    first, last = _days()
    page = moves_of(code, (first, last), by=actor(), about=_about(), place=place()).page
    export = Export(
        what="account",
        name=f"buku-besar-{code.replace(':', '-')}-{first}-{last}",
        head=[_(title) for title in MOVES_HEAD],
        asked={"account": code, "first": first.isoformat(), "last": last.isoformat()},
    )
    return hand_out(CSV, export, _every_move(page, code, (first, last)))


@bp.get("/jurnal/<uuid:journal_id>")
@needs(Permission.LEDGER_READ)
def journal(journal_id: UUID) -> ResponseReturnValue:
    one = journal_by_id(journal_id, by=actor())
    return render_template(
        "ledger/journal.html",
        journal=one,
        reversal=reversal_of(one),
        title=entry_title(one.kind),
        title_of=account_title,
        entry_title=entry_title,
        about_url=about_url,
        subject_url=subject_url(one),
        place_name=place_name,
    )


@bp.get("/unduh")
@needs(Permission.LEDGER_READ)
def download() -> ResponseReturnValue:
    """The journals as a text for another program."""
    kind = Format(request.args["bentuk"]) if request.args.get("bentuk") in list(Format) else None
    kind = kind or Format.BEANCOUNT
    span = first_and_last_day(by=actor()) or (today(), today())
    first, last = day_in_address("dari", span[0]), day_in_address("sampai", span[1])
    lines = (f"{line}\n" for line in exported(kind, first, last, by=actor()))
    asked = {"first": first.isoformat(), "last": last.isoformat()}
    export = Export(what="books", name=f"buku-{first}-{last}", asked=asked)
    return hand_out_text(kind, export, lines, "text/plain; charset=utf-8")


def about_url(posting: Posting) -> str | None:
    """The page of what a line is about, where there is one."""
    return _url(ABOUT.get(posting.account), posting.about)


def subject_url(journal: Journal) -> str | None:
    """The page of what an entry is about, of a reversal that of what it reverses."""
    kind, _colon, text = journal.idem.removeprefix(f"{REVERSAL}:").rpartition(":")
    try:
        return _url(SUBJECTS.get(kind), UUID(text))
    except ValueError:
        return None


def _url(page: tuple[str, str] | None, thing_id: UUID | None) -> str | None:
    endpoint, name = page or ("", "")
    if thing_id is None or endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {name: thing_id}
    return url_for(endpoint, **values)


def _every_move(
    page: Page[Posting], code: str, days: tuple[date, date]
) -> Iterator[tuple[object, ...]]:
    """Newest first, a page at a time; the first was asked for before anything is sent."""
    while True:
        for line in page.items:
            debit, credit = max(line.amount, 0), max(-line.amount, 0)
            entry = line.journal
            yield (
                line.effective_on.isoformat(), entry_title(entry.kind), entry.idem,
                str(line.about or ""), debit, credit,
            )  # fmt: skip
        if page.older is None:
            return
        page = moves_of(code, days, by=actor(), about=_about(), place=page.older).page


def _days() -> tuple[date, date]:
    last = day_in_address("sampai", today())
    return day_in_address("dari", last.replace(day=1)), last


def _about() -> UUID | None:
    try:
        return UUID(request.args.get("tentang", ""))
    except ValueError:
        return None
