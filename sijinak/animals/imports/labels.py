"""What is said about lists and their rows."""

from sijinak.animals import labels as _labels  # noqa: F401 - sentences about tags and births
from sijinak.animals.models import BatchState
from sijinak.keepers import labels as _keepers  # noqa: F401 - sentences about the NIK
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        BatchState.TAKING: N_("Being taken in"),
        BatchState.DONE: N_("Taken in"),
        BatchState.UNDONE: N_("Undone"),
    }
)
MESSAGES.update(
    {
        # The file as a whole
        "list-kind": N_("Choose a CSV or XLSX file. Save other formats as one of these first."),
        "list-too-large": N_("The file is larger than %(most)s MB. Split the list into two files."),
        "list-too-long": N_("The list has more than %(most)s rows. Split it into two files."),
        "list-too-wide": N_("Row %(row)s has more than %(most)s columns. Use the template."),
        "list-cell-too-long": N_(
            "A cell of row %(row)s has more than %(most)s characters. Is a quotation mark missing?"
        ),
        "list-too-slow": N_("Reading the file took too long. Copy the list into a new workbook."),
        "list-unreadable": N_(
            "The file cannot be read. Copy the list into a new workbook and save that."
        ),
        "list-empty": N_("The file is empty."),
        "list-header-only": N_("The file has a header, but no animals below it."),
        "list-not-csv": N_("This is not a CSV file, though its name says so."),
        "list-not-utf8": N_(
            "The file is not in UTF-8 (row %(row)s). In Excel save it as 'CSV UTF-8'."
        ),
        "list-bad-quotes": N_("A quotation mark in row %(row)s is never closed, or stands alone."),
        "list-not-xlsx": N_(
            "This is not an XLSX workbook, or it has a password. In Excel save it as XLSX."
        ),
        "list-unpacks-too-much": N_(
            "The workbook unpacks to far too much. Copy the list into a new workbook."
        ),
        "list-formula": N_("Cell %(cell)s holds a formula. Copy the sheet and paste it as values."),
        "list-refused": N_("The list has %(count)s mistakes. Nothing was taken in."),
        # The header
        "list-column-ignored": N_("This column is not known. It is not taken in."),
        "list-column-untitled": N_("Column %(place)s has no title. It is not taken in."),
        "list-column-twice": N_("The column %(name)s stands here twice. Keep one."),
        "list-column-missing": N_("This column is missing. Add it to the header."),
        # Cells
        "list-missing": N_("This is empty. Fill it in."),
        "list-unprintable": N_("There is an invisible character here. Type the text anew."),
        "list-text-too-long": N_("This is longer than %(most)s characters. Shorten it."),
        "list-nik-as-number": N_(
            "Excel took the NIK for a number and lost its last digits. Format the column as text"
            " and type the 16 digits again."
        ),
        "list-phone": N_("Write a mobile number such as 081234567890, or leave it empty."),
        "list-village-perhaps": N_("There is no such village. Perhaps %(name)s?"),
        "list-village-unknown": N_("There is no such village in your working area."),
        "list-village-out-of-reach": N_("This village is not in your working area."),
        "list-village-not-there": N_("There is no such village in kecamatan %(kecamatan)s."),
        "list-village-several": N_(
            "%(count)s villages have this name. Fill in the column kecamatan."
        ),
        "list-species": N_("Write sapi, kerbau, kuda, kambing, domba or babi."),
        "list-sex": N_("Write jantan or betina."),
        "list-status": N_("Write terlihat (seen) or dinyatakan (declared)."),
        "list-not-a-date": N_("This is not a date. Write it as dd/mm/yyyy, such as 31/12/2023."),
        "list-date-ambiguous": N_(
            "This can be read in two ways, because other dates here have the month first. Say above"
            " how this list writes its dates."
        ),
        "list-no-such-day": N_("There is no such day. Write it as dd/mm/yyyy."),
        "list-too-old": N_("This is more than %(years)s years ago. Check the year."),
        "list-teeth": N_("Write the pairs of poel as a number from 0 to 4."),
        "list-eartag": N_("An ear tag number has up to 32 letters or digits."),
        "list-rfid-as-number": N_(
            "Excel took the number for a large one and lost its last digits. Format the column as"
            " text and type the 15 digits again."
        ),
        # Rows among each other
        "list-eartag-twice": N_("This ear tag stands in row %(first)s already."),
        "list-tag-twice": N_("This tag stands in row %(first)s already."),
        "list-rfid-twice": N_("This RFID number stands in row %(first)s already."),
        "list-animal-twice": N_("Row %(first)s names the same animal. Leave one of them out."),
        "list-two-names": N_(
            "This NIK belongs to %(other)s in row %(first)s. Correct the name or the NIK."
        ),
        "list-total-between": N_("This row is a total, not an animal. Leave it out."),
        "list-owner-from-above": N_("The owner is empty: taken from row %(first)s above."),
        # Rows against the register
        "list-owner-differs": N_(
            "This animal is registered to another owner. A list does not change owners: record a"
            " sale."
        ),
        "list-needs-correction": N_(
            "The register says otherwise (%(known)s). A list does not change this: use a correction"
            " on the animal's page."
        ),
        "list-needs-move": N_(
            "This animal is registered in another village (%(known)s). Record a move."
        ),
        "list-other-number": N_(
            "This animal wears another number: %(known)s. Replace its tag on the animal's page."
        ),
        "list-numbers-differ": N_("The numbers of this row belong to different animals."),
        "list-animal-stolen": N_("This animal is reported stolen. Record first that it was found."),
        "list-animal-dead": N_("This animal is recorded as dead. Undo that first if it lives."),
        "list-animal-shipped": N_("This animal left the regency with a permit."),
        "list-animal-slaughtered": N_(
            "This animal is recorded as slaughtered. Undo that first if it lives."
        ),
        "list-animal-changed": N_(
            "Somebody changed this animal after the list was checked. Look at it and bring the row"
            " again."
        ),
        "list-owner-elsewhere": N_(
            "This owner is registered outside your working area. Ask the office there."
        ),
        "list-other-name": N_(
            "This NIK is registered under another name: %(initials)s. The registered name is kept."
        ),
        "list-nik-area": N_("No area is known by the digits %(area)s. Check the NIK."),
        "list-looks-known": N_(
            "An animal of this owner that looks the same is registered already. Is it another one?"
        ),
        "list-not-done": N_("This list is still being taken in, or was undone already."),
        "list-hangs": N_(
            "%(count)s animals of this list have something newer (%(kinds)s). Undo that first; the"
            " first of them are named here."
        ),
        "list-other-sheet": N_("The sheet %(sheet)s was not read: only the first sheet is."),
    }
)
