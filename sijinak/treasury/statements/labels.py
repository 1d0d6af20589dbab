"""What people read when a statement's file is refused."""

from sijinak.treasury.statements.models import BankFile, FileState
from sijinak.treasury.statements.reading import Fault
from sijinak.web.formats import day, moment
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        FileState.WAITING: N_("Waits for a second person"),
        FileState.CONFIRMED: N_("Confirmed"),
        FileState.REJECTED: N_("Rejected"),
    }
)
TONES = {
    FileState.WAITING: "warning",
    FileState.CONFIRMED: "success",
    FileState.REJECTED: "danger",
}
MESSAGES.update(
    {
        "statement-unfit": N_("The file was refused as a whole. Below is what is wrong."),
        "account-not-registered": N_("Choose one of the registered accounts."),
        "file-known": N_("This file was taken in before."),
        "own-file": N_("You brought this file in. Another person confirms or rejects it."),
        "file-decided": N_("Somebody has decided about this file already."),
        "earlier-file-waits": N_("An earlier file of this account waits. Decide about it first."),
        "later-file-stands": N_(
            "A later file continues this one. Reject the later one first, then this."
        ),
        "file-rejected": N_("The file of this line was rejected: the line counts for nothing."),
        "file-not-confirmed": N_(
            "The file of this line waits for a second person. Money is taken from it once that"
            " person has confirmed it."
        ),
    }
)
FAULTS = {
    "too-large": N_("The file is larger than %(text)s MB. Export fewer days."),
    "too-many-lines": N_("The file has more than %(text)s lines. Export fewer days."),
    "packed": N_(
        "This is a packed file, an Excel file or a PDF. Export the statement as CSV, MT940 or"
        " camt.053 from the bank's site."
    ),
    "not-text": N_("This is not a text file. Export it again."),
    "not-in-encoding": N_(
        "A letter is not written in %(text)s. Save the file as CSV UTF-8, or choose another format."
    ),
    "no-lines": N_("There is no line in the file. Is the format the right one?"),
    "row-broken": N_("A quotation mark is not closed here. Export the file again."),
    "row-width": N_(
        "The row has another number of columns than the head (%(text)s). Do not edit the file."
    ),
    "column-missing": N_(
        "These columns are missing or there twice: %(text)s. Choose the format that fits."
    ),
    "text-too-long": N_("A text in this row is too long. Export the file again."),
    "not-a-day": N_("“%(text)s” is not a day as this format writes it."),
    "not-an-amount": N_(
        "“%(text)s” is not an amount in whole rupiah as this format writes it. Choose another"
        " format; change nothing by hand."
    ),
    "not-a-sign": N_("Nobody can tell whether this money came or went: “%(text)s”."),
    "no-amount": N_("The row says no amount."),
    "two-amounts": N_("The row says money that came and money that went: %(text)s."),
    "balance-breaks": N_(
        "The balance does not follow from the row before: %(text)s. A row is missing or changed."
    ),
    "control-total": N_(
        "Opening balance and lines do not make the closing balance: %(text)s. A line is missing."
    ),
    "mt940-field": N_("This is not a field of MT940: “%(text)s”."),
    "mt940-order": N_("Field %(text)s does not belong here."),
    "mt940-line": N_("This line is not legal in MT940: “%(text)s”. Ask the bank for a new file."),
    "mt940-balance": N_("This is not a balance in rupiah: “%(text)s”."),
    "mt940-incomplete": N_("The statement lacks its account, number, opening or closing balance."),
    "not-xml": N_("This XML cannot be read, or holds what is not allowed (%(text)s)."),
    "not-camt053": N_("This is not camt.053 of version 02 to 08: %(text)s."),
    "no-account": N_("The statement does not say of which account it is."),
    "two-accounts": N_("The rows are of two accounts: %(text)s. Export one account at a time."),
    "no-balance": N_("The statement lacks the balance %(text)s."),
    "entry-status": N_("An entry is neither booked nor expected: “%(text)s”."),
    "not-rupiah": N_("An amount is not in rupiah: “%(text)s”."),
    "other-account": N_("The file is of another account: %(text)s."),
    "statement-gap": N_(
        "It does not continue the last statement (%(text)s). Bring in what lies between first."
    ),
    "statement-changed": N_(
        "It says otherwise than what was taken in before (%(text)s). Ask the bank; nothing was"
        " changed here."
    ),
}


def fault_text(fault: Fault) -> str:
    """The sentence, in the reader's language."""
    text = f"{day(fault.on)}: {fault.text}" if fault.on else fault.text
    return _(FAULTS[fault.code], text=text)


def known_text(file: BankFile) -> str:
    """When, where and by whom the same file was taken in."""
    return _(
        "This file was taken in on %(when)s by %(who)s, under the account %(account)s, as"
        " “%(name)s”. Nothing changed. Choose another file.",
        when=moment(file.taken_at),
        who=file.taken_by_name,
        account=file.account,
        name=file.name,
    )
