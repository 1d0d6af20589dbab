"""What people send about cash. Which act is meant stands in the page's address."""

from marshmallow import fields, validate

from sijinak.treasury.cash.commands import (
    AcceptCash,
    CloseOffice,
    CountCash,
    EndOffer,
    LendFloat,
    OfferCash,
    RejectClosing,
    SignClosing,
    StepFloat,
)
from sijinak.treasury.cash.models import FLOAT_FLOW
from sijinak.treasury.forms import GivenSchema, NotesSchema, needed, rupiah, text
from sijinak.web.fields import A_DAY, CHOOSE
from sijinak.web.i18n import N_


class OfferCashSchema(NotesSchema[OfferCash]):
    makes = OfferCash

    taker_id = fields.UUID(
        required=True, error_messages={**CHOOSE, "invalid_uuid": N_("Choose one.")}
    )
    amount = rupiah()


class AcceptCashSchema(GivenSchema[AcceptCash]):
    makes = AcceptCash

    counted = rupiah()
    why = text(load_default="")


class EndOfferSchema(GivenSchema[EndOffer]):
    makes = EndOffer

    why = needed()


class LendFloatSchema(GivenSchema[LendFloat]):
    makes = LendFloat

    holder_id = fields.UUID(
        required=True, error_messages={**CHOOSE, "invalid_uuid": N_("Choose one.")}
    )
    amount = rupiah()
    origin = needed()


class StepFloatSchema(GivenSchema[StepFloat]):
    makes = StepFloat

    action = fields.String(
        required=True, validate=validate.OneOf({step.action for step in FLOAT_FLOW})
    )


class CountCashSchema(NotesSchema[CountCash]):
    makes = CountCash

    day = fields.Date(required=True, error_messages=A_DAY)
    counted = rupiah()
    why = text(load_default="")


class SignClosingSchema(GivenSchema[SignClosing]):
    makes = SignClosing


class RejectClosingSchema(GivenSchema[RejectClosing]):
    makes = RejectClosing

    why = needed()


class CloseOfficeSchema(GivenSchema[CloseOffice]):
    makes = CloseOffice

    day = fields.Date(required=True, error_messages=A_DAY)
    confirmed = fields.Date(load_default=None, error_messages=A_DAY)
