"""Why a record waits for a person, or was refused; and what the door says to broken batches."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from sijinak.areas.queries import full_name
from sijinak.field.models import Decision, Verdict, Way
from sijinak.field.reading import Incoming
from sijinak.field.wire import Vaccinated
from sijinak.vaccinations.queries import product_by_id
from sijinak.web.formats import day, moment
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Verdict.ACCEPTED: N_("Recorded"),
        Verdict.REVIEW: N_("Waits for a person"),
        Verdict.CONFLICT: N_("Came before with other content"),
        Verdict.REJECTED: N_("Cannot be read"),
    }
)
name_all({Way.SYNC: N_("From the phone"), Way.FILE: N_("From a file")})
name_all({Decision.TAKEN: N_("Taken in"), Decision.REFUSED: N_("Refused")})
MESSAGES.update(
    {
        "unknown-tag": N_("Nobody in the register has this tag or number."),
        "unknown-text": N_("The officer could not find this animal in the register."),
        "unknown-product": N_("The vaccine is not in the list."),
        "unknown-lot": N_("The lot is not in the books."),
        "unknown-version": N_("The record was made by a newer app than this system knows."),
        "out-of-reach": N_("The animal or the village is not in the officer's working area."),
        "altered": N_("The record is not as the phone made it: its check sum does not fit."),
        "other-author": N_("The record names another officer than the phone's own."),
        "not-yours": N_("The undo is about a record of somebody else."),
        "cannot-undo": N_("A record of this kind cannot be taken back by the phone."),
        "needs-retag": N_(
            "A new tag of ours for a registered animal is recorded as a mutation, at the animal."
        ),
        "owner-missing": N_("The registration names no owner."),
        "inspection-closed": N_(
            "The application does not wait for an inspection: it went on or came back meanwhile."
        ),
        "not-on-the-list": N_("%(tag)s is not on the list of this application."),
        "inspection-has-gaps": N_(
            "%(n)s records of this inspection are not here, or wait for a person. Decide about"
            " those first, then about this one."
        ),
        "photo-altered": N_("The photo came in parts or altered. Send it again."),
        "photo-too-large": N_("The photo is larger than %(most)s kB."),
        "too-many-photos-today": N_("This phone sent %(most)s photos today. Try again tomorrow."),
        "nik-missing": N_(
            "The owner is not registered, and the NIK is missing. Ask for the identity card, then"
            " take the record in with the NIK."
        ),
        "bad-signature": N_("The file is not signed by the phone, so anybody may have made it."),
        "unknown-device": N_("The phone was never enrolled here."),
        "not-an-export": N_("This is not a file that the field app exported, or it was cut off."),
        "review-decided": N_("%(name)s has decided about this record already."),
        "own-review": N_("This record is your own. Another officer has to decide about it."),
        "refusal-without-reason": N_("Say why the record is refused."),
        "dose-already-withdrawn": N_("This dose was taken back before."),
        "withdrawal-without-reason": N_("Say why the dose is taken back."),
        "fault": N_("There is a fault in the system: this record could not be carried out."),
        "unreadable": N_("The record cannot be read."),
        "conflict": N_("A record with this number came before, with other content."),
        "batch-unreadable": N_("This is no batch of records. Update the app."),
        "other-device": N_("The records are of another phone."),
    }
)

_NAMES = {
    "code": N_("Tag or number"),
    "text": N_("Tag or number"),
    "product": N_("Vaccine"),
    "lot": N_("Lot"),
    "village": N_("Village"),
    "read": N_("Scanned or typed"),
    "species": N_("Species"),
    "heads": N_("Heads"),
    "disease": N_("Disease"),
    "outcome": N_("What happened"),
    "reason": N_("Reason"),
    "signs": N_("Signs"),
    "severity": N_("How bad"),
    "treatment": N_("Treatment"),
    "why": N_("Reason"),
    "breed": N_("Breed"),
    "sex": N_("Sex"),
    "age_months": N_("Age in months"),
    "colour": N_("Colour"),
    "special_marks": N_("Special marks"),
    "doses": N_("Doses"),
    "note": N_("Note"),
    "next_visit": N_("Next visit"),
    "began_at": N_("Since"),
    "hamlet": N_("Hamlet"),
    "record": N_("Number of the record"),
    "number": N_("Permit"),
    "decision": N_("Decision"),
    "verdict": N_("Paper"),
    "plate": N_("Plate seen"),
    "post": N_("Post"),
}


def said_in_words(one: Incoming, *, with_names: bool = False) -> list[tuple[str, str]]:
    """What a record says, line by line; of persons nothing but the village, or their name."""
    data = one.data
    if isinstance(data, Vaccinated):
        data = msgspec.structs.asdict(data)
    lines = list(_lines(data or {}))
    if with_names and (owner := (data or {}).get("owner")):
        lines.append((_("Name of the new owner"), owner["name"]))
    return lines


def _lines(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if name in _NAMES and value not in (None, ""):
            yield _(_NAMES[name]), _in_words(name, value)


def _in_words(name: str, value: Any) -> str:
    if name == "village":
        return full_name(value)
    if name == "product":
        product = product_by_id(value)
        return product.name if product else str(value)
    return _plain(value)


def _plain(value: Any) -> str:
    match value:
        case StrEnum():
            return label(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case _:
            return str(value)
