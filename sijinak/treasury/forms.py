"""What the forms of the treasury have in common."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load, validate

from sijinak.retribution.schemas import RupiahField
from sijinak.treasury.cash.commands import NOTES
from sijinak.web.fields import REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

A_COUNT = N_("Write how many there are, as a whole number.")
MOST_NOTES = 100_000
LONGEST = 300


def text(most: int = LONGEST, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=TOO_LONG), **more)


def needed(most: int = LONGEST) -> fields.String:
    return text(most, required=True, error_messages=REQUIRED)


def rupiah() -> RupiahField:
    return RupiahField(required=True, error_messages=REQUIRED)


class GivenSchema(InputSchema[T]):
    """A command of which the address says a part."""

    id = fields.UUID(required=True)

    def __init__(self, **given: Any) -> None:
        super().__init__()
        self._given = given

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        return self.makes(**self._told(dict(data)), **self._given)

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        return data


def _many() -> fields.Integer:
    within = validate.Range(0, MOST_NOTES, error=A_COUNT)
    return fields.Integer(load_default=0, validate=within, error_messages={"invalid": A_COUNT})


class NotesSchema(GivenSchema[T]):
    """How many of each note and coin there are; all may be left empty."""

    n100000 = _many()
    n50000 = _many()
    n20000 = _many()
    n10000 = _many()
    n5000 = _many()
    n2000 = _many()
    n1000 = _many()
    n500 = _many()
    n200 = _many()
    n100 = _many()

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        notes = {str(note): data.pop(f"n{note}") for note in NOTES}
        return {**data, "notes": {note: many for note, many in notes.items() if many}}
