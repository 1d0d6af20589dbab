"""Forms for statements of the bank."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.statements.profiles import profiles
from sijinak.treasury.statements.services import TakeStatements
from sijinak.web.fields import CHOOSE
from sijinak.web.io import InputSchema

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of which account a file is, how it is written, and what it is called."""

    account: str
    profile: str
    name: str = ""


def _one_of(known: Callable[[str], object]) -> Callable[[str], None]:
    def check(value: str) -> None:
        if not known(value):
            raise ValidationError(str(CHOOSE["required"]))

    return check


class ChosenSchema(InputSchema[Chosen]):
    makes = Chosen

    account = fields.String(
        required=True, validate=_one_of(bank_accounts.known), error_messages=CHOOSE
    )
    profile = fields.String(
        required=True, validate=_one_of(lambda name: name in profiles()), error_messages=CHOOSE
    )
    name = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME))


class TakeSchema(InputSchema[TakeStatements]):
    """The file and the office are known; the form says the rest once more."""

    makes = TakeStatements

    id = fields.UUID(required=True)
    account = fields.String(required=True)
    profile = fields.String(
        required=True, validate=_one_of(lambda name: name in profiles()), error_messages=CHOOSE
    )
    file_name = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME))

    def __init__(self, file_id: UUID, region: str) -> None:
        super().__init__()
        self._file_id, self._region = file_id, region

    @post_load
    def _make(self, data: Any, **_: Any) -> TakeStatements:
        return TakeStatements(**data, file_id=self._file_id, region=self._region)
