"""Keepers as they come in. Each kind has its own form: what is not in it is refused."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.areas.schemas import KNOWN_VILLAGE
from sijinak.keepers.branding import EndBrand, RegisterBrand
from sijinak.keepers.grouping import AddMember, EndMembership
from sijinak.keepers.models import BrandPlace, KeeperKind, LegalForm
from sijinak.keepers.numbers import phone_number
from sijinak.keepers.queries import name_key
from sijinak.keepers.services import AmendKeeper, RegisterKeeper, RestoreKeeper
from sijinak.keepers.suspending import LiftSuspension, SuspendFirm
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

LONGEST_REASON = 200
# What only this kind of keeper has.
OWN: dict[KeeperKind, tuple[str, ...]] = {
    KeeperKind.PERSON: ("nik", "area_is_right"),
    KeeperKind.FIRM: ("nib", "npwp", "legal_form", "licence", "licence_until"),
    KeeperKind.GROUP: ("group_no", "npwp"),
}
PHONE = validate.Regexp(
    r"^(\+?62|0)[ -]?8[0-9 -]{7,14}\Z", error=N_("Write a mobile number such as 0812 3456 7890.")
)
REASON = validate.Length(min=5, max=LONGEST_REASON, error=N_("Say why, in 5 to 200 letters."))


def _text(longest: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=longest, error=TOO_LONG))


def _reason() -> fields.String:
    return fields.String(required=True, validate=REASON, error_messages=REQUIRED)


def HAS_LETTERS(name: str) -> None:  # noqa: N802 - reads as the other validators
    if not name_key(name):
        raise ValidationError(N_("A name has 2 to 120 letters."))


class _About(InputSchema[T]):
    """What the form says; the address says about whom."""

    id = fields.UUID(required=True)

    def __init__(self, *, exclude: Sequence[str] = (), **given: object) -> None:
        super().__init__(exclude=exclude)
        self._given = given

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        return self.makes(**data, **self._given)


class _KeeperSchema(_About[T]):
    """The form of one kind of keeper: the fields of the other kinds are unknown to it."""

    name = fields.String(
        required=True,
        validate=[
            validate.Length(min=2, max=120, error=N_("A name has 2 to 120 letters.")),
            HAS_LETTERS,
        ],
        error_messages=REQUIRED,
    )
    village = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=REQUIRED)
    hamlet = _text(80)
    phone = fields.String(load_default="", validate=PHONE)
    nik = _text(32)
    area_is_right = fields.Boolean()
    nib = _text(32)
    npwp = _text(32)
    legal_form = fields.Enum(LegalForm, by_value=True, error_messages=CHOOSE)
    licence = _text(80)
    licence_until = fields.Date(error_messages=A_DAY)
    group_no = _text(40)

    def __init__(self, kind: KeeperKind, **given: UUID) -> None:
        others = [name for names in OWN.values() for name in names if name not in OWN[kind]]
        super().__init__(exclude=others, **given)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        said = {name: value for name, value in data.items() if name != "area_is_right"}
        said["phone"] = phone_number(data["phone"])
        return self.makes(**said, **self._given)


class RegisterKeeperSchema(_KeeperSchema[RegisterKeeper]):
    makes = RegisterKeeper

    kind = fields.Enum(KeeperKind, by_value=True, required=True, error_messages=CHOOSE)


class AmendKeeperSchema(_KeeperSchema[AmendKeeper]):
    makes = AmendKeeper

    forget_phone = fields.Boolean()
    reason = _reason()


class RestoreKeeperSchema(_About[RestoreKeeper]):
    makes = RestoreKeeper

    reason = _reason()


class LiftSuspensionSchema(_About[LiftSuspension]):
    makes = LiftSuspension

    reason = _reason()


class EndBrandSchema(_About[EndBrand]):
    makes = EndBrand

    reason = _reason()


class SuspendFirmSchema(_About[SuspendFirm]):
    makes = SuspendFirm

    reason = _reason()

    since = fields.Date(required=True, error_messages=A_DAY)
    until = fields.Date(load_default=None, error_messages=A_DAY)
    decree = fields.String(
        required=True, validate=validate.Length(max=80, error=TOO_LONG), error_messages=REQUIRED
    )


class RegisterBrandSchema(_About[RegisterBrand]):
    """The picture comes beside the form, as a file."""

    makes = RegisterBrand

    letters = fields.String(
        required=True, validate=validate.Length(max=80, error=TOO_LONG), error_messages=REQUIRED
    )
    place = fields.Enum(BrandPlace, by_value=True, required=True, error_messages=CHOOSE)
    is_drawing = fields.Boolean()


class AddMemberSchema(_About[AddMember]):
    makes = AddMember

    keeper_id = fields.UUID(required=True, error_messages=CHOOSE)
    since = fields.Date(required=True, error_messages=A_DAY)


class EndMembershipSchema(_About[EndMembership]):
    makes = EndMembership

    until = fields.Date(required=True, error_messages=A_DAY)
