"""What sheets tell of an animal: when it was listed, and when its line was struck."""

from collections.abc import Collection, Iterator
from uuid import UUID

from flask import url_for

from sijinak.animals.models import Verification
from sijinak.animals.skkt.labels import struck_because
from sijinak.animals.skkt.models import Sheet, SheetLine
from sijinak.animals.skkt.queries import listings_of
from sijinak.animals.timeline import Moment
from sijinak.areas.queries import full_name
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def told(animal_ids: Collection[UUID]) -> list[Moment]:
    return [m for line, sheet in listings_of(animal_ids) for m in _moments(line, sheet)]


def _moments(line: SheetLine, sheet: Sheet) -> Iterator[Moment]:
    url = url_for("sheets.show", sheet_id=sheet.id)
    if sheet.signed_at is not None:
        is_seen = line.basis is Verification.SEEN
        yield Moment(
            at=sheet.signed_at,
            kind="listed",
            title=_("Listed on an SKKT") if is_seen else _("Listed on an SKKT as only declared"),
            by_name=sheet.signed_by_name or "",
            place=full_name(sheet.village),
            basis=label(line.basis),
            lines=(_("Line %(no)s of %(number)s", no=line.no, number=sheet.number),),
            url=url,
        )
    if line.struck_at is not None:
        because = struck_because(line.struck_because)
        yield Moment(
            at=line.struck_at,
            kind="struck",
            title=_("Struck off an SKKT: %(because)s", because=because),
            lines=(_("Line %(no)s of %(number)s", no=line.no, number=sheet.number),),
            url=url,
        )
