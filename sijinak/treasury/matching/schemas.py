"""Forms by which two people match lines of the bank."""

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.core.money import NotAnAmount, Rupiah, parse_rupiah
from sijinak.treasury.matching.commands import (
    DecideProposal,
    ProposeMatch,
    ProposeMoney,
    ProposeUnmatch,
)
from sijinak.treasury.matching.models import PartKind
from sijinak.treasury.matching.queries import bill_numbered
from sijinak.treasury.statements.deciding import DecideFile
from sijinak.treasury.statements.models import FILE_FLOW
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

MOST_PARTS = 200
NOT_RUPIAH = N_("This is not an amount in rupiah. Write it like 79.500.")


def _reason(**more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=300, error=TOO_LONG), **more)


class _OfLine(InputSchema[T]):
    """Of the line that the address names."""

    id = fields.UUID(required=True)
    reason = _reason(required=True, error_messages=REQUIRED)

    def __init__(self, line_id: UUID) -> None:
        super().__init__()
        self._line_id = line_id

    @post_load
    def _make(self, data: Any, **_: Any) -> T:
        makes: Any = self.makes
        made: T = makes(**self._more(data), line_id=self._line_id)
        return made

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        return data


class ProposeMatchSchema(_OfLine[ProposeMatch]):
    """What is ticked is sent as kind and id, with a colon between."""

    makes = ProposeMatch

    parts = fields.List(fields.String(), load_default=[], validate=validate.Length(max=MOST_PARTS))
    fee = fields.String(load_default="0")

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        ticked = [_part(text) for text in data.pop("parts")]
        if not ticked:
            raise ValidationError(N_("Tick at least one."), "parts")
        of = {kind: tuple(i for k, i in ticked if k is kind) for kind in PartKind}
        return {
            **data,
            "fee": _rupiah(data["fee"]),
            "lines": of[PartKind.LINE],
            "collections": of[PartKind.COLLECTION],
            "deposits": of[PartKind.DEPOSIT],
            "outflows": of[PartKind.OUTFLOW],
        }


class ProposeMoneySchema(_OfLine[ProposeMoney]):
    """Without a bill the money waits in suspense, and the queue says so."""

    makes = ProposeMoney

    bill = fields.String(load_default="", validate=validate.Length(max=40, error=TOO_LONG))

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        number = data.pop("bill")
        return {**data, "bill_id": _bill(number) if number else None}


class ProposeUnmatchSchema(_OfLine[ProposeUnmatch]):
    makes = ProposeUnmatch


class DecideProposalSchema(InputSchema[DecideProposal]):
    makes = DecideProposal

    id = fields.UUID(required=True)
    action = fields.String(required=True, validate=validate.OneOf(["approve", "refuse"]))
    answer = _reason(load_default="")

    def __init__(self, proposal_id: UUID) -> None:
        super().__init__()
        self._proposal_id = proposal_id

    @post_load
    def _make(self, data: Any, **_: Any) -> DecideProposal:
        return DecideProposal(**data, proposal_id=self._proposal_id)


class DecideFileSchema(InputSchema[DecideFile]):
    """Who rejects a file says why."""

    makes = DecideFile

    id = fields.UUID(required=True)
    action = fields.String(required=True, validate=validate.OneOf([s.action for s in FILE_FLOW]))
    answer = _reason(load_default="")

    def __init__(self, file_id: UUID) -> None:
        super().__init__()
        self._file_id = file_id

    @post_load
    def _make(self, data: Any, **_: Any) -> DecideFile:
        answer = data["answer"].strip()
        if data["action"] == "reject" and not answer:
            raise ValidationError(N_("Say what is wrong with the file."), "answer")
        return DecideFile(**{**data, "answer": answer}, file_id=self._file_id)


def _part(text: str) -> tuple[PartKind, UUID]:
    kind, _, thing_id = text.partition(":")
    try:
        return PartKind(kind), UUID(thing_id)
    except ValueError:
        raise ValidationError(str(CHOOSE["invalid"]), "parts") from None


def fee_in(text: str) -> Rupiah | None:
    """As it was typed: nothing is 0, and None is no amount."""
    try:
        return parse_rupiah(text.strip() or "0")
    except NotAnAmount:
        return None


def _rupiah(text: str) -> Rupiah:
    fee = fee_in(text)
    if fee is None:
        raise ValidationError(NOT_RUPIAH, "fee")
    return fee


def _bill(number: str) -> UUID:
    bill = bill_numbered(number)
    if bill is None:
        raise ValidationError(N_("There is no bill with this number."), "bill")
    return bill.id
