"""The STS on paper, in Indonesian."""

from collections.abc import Sequence

from sijinak.config import Settings
from sijinak.core.clock import local
from sijinak.core.documents import render_pdf
from sijinak.core.money import in_words, rupiah_text, thousands
from sijinak.proofs.papers import BROKEN, log_box
from sijinak.proofs.queries import LogBroken, first_covering, sound
from sijinak.proofs.watching import watched
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.cash.papers import long_day, town
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState, LineKind
from sijinak.treasury.deposits.queries import sums_by_code
from sijinak.web.papers import office_facts

STAMPS = {DepositState.WITHDRAWN: "DITARIK"}
WAYS = {
    LineKind.RECEIPT: "Tunai dengan TBP",
    LineKind.TICKETS: "Tunai dengan karcis",
    LineKind.OTHER: "Tunai tanpa dasar (titipan)",
}
NO_CODE = "titipan"
NOBODY = "............................"  # signs by hand


def deposit_pdf(deposit: Deposit, settings: Settings) -> bytes:
    at = deposit.prepared_at
    day = deposit.deposited_on or local(at).date()
    known = bank_accounts.known(deposit.account)
    facts = {
        "office": office_facts(settings),
        "number": deposit.number,
        "date": long_day(day),
        "account": {
            "name": deposit.account_name,
            "number": deposit.account_number,
            "purpose": known.purpose if known else "–",
        },
        "amount": rupiah_text(deposit.amount),
        "words": in_words(deposit.amount),
        "codes": [
            [one.name or NO_CODE, one.note or WAYS[LineKind.OTHER], rupiah_text(one.amount)]
            for one in sums_by_code(deposit.lines)
        ],
        "ways": _ways(deposit.lines),
        "lines": [_line(line) for line in deposit.lines],
        "slip": f"{deposit.slip}, {long_day(day)}" if deposit.slip else "",
        "late": _late(deposit),
        "giver": {"role": "Penyetor", "name": deposit.holder_name},
        "treasurer": {"role": "Bendahara penerimaan", "name": NOBODY},
        "taker": {"role": "Petugas bank", "name": NOBODY},
        "log": _log(deposit, settings),
        "place": f"{town(settings)}, {long_day(day)}",
        "stamp": STAMPS.get(deposit.state, ""),
    }
    return render_pdf("deposit", facts, at=at)


def _log(deposit: Deposit, settings: Settings) -> dict[str, object]:
    """Money goes to the bank, whatever is wrong with the log."""
    covered = first_covering(Deposit, deposit.id)
    try:
        with watched():
            return log_box(sound(covered) if covered else None, settings)
    except LogBroken:
        return {"waits": BROKEN}


def _ways(lines: Sequence[DepositLine]) -> list[list[str]]:
    found = []
    for kind, name in WAYS.items():
        of_kind = [line for line in lines if line.kind is kind]
        if of_kind:
            many = len({line.source_id for line in of_kind})
            total = sum(line.amount for line in of_kind)
            found.append([name, thousands(many), rupiah_text(total)])
    return found


def _line(line: DepositLine) -> list[str]:
    received = line.received_on.strftime("%d-%m-%Y")
    return [received, line.reference or "–", line.law_code or NO_CODE, rupiah_text(line.amount)]


def _late(deposit: Deposit) -> str:
    if not deposit.late_days:
        return ""
    return f"Uang tertua disetor {deposit.late_days} hari kerja lewat batas waktu."
