"""What a proposal is made of: lines, money and deposits in the reach of who acts."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.matching.making import Making, Thing
from sijinak.treasury.matching.models import Method, PartKind, Proposal
from sijinak.treasury.matching.outflows import outflows
from sijinak.treasury.statements.models import BankLine

Row = TypeVar("Row", BankLine, Collection, Deposit, Skrd)


def by_hand(proposal: Proposal, lines: Sequence[BankLine], things: Sequence[Thing]) -> Making:
    return Making(
        lines=lines,
        things=things,
        method=Method.BY_HAND,
        fee=proposal.fee,
        reason=proposal.reason,
        asked_by=proposal.proposed_by,
        asked_by_name=proposal.proposed_by_name,
    )


def parts_of(
    proposal: Proposal, line: BankLine, *, by: Actor
) -> tuple[list[BankLine], list[Thing]]:
    """Raises NotFound for what is not there, or in no region where the actor decides."""
    lines: list[BankLine] = [line]
    things: list[Thing] = []
    for part in proposal.parts:
        if part.kind is PartKind.LINE:
            lines.append(row_by_id(BankLine, part.thing_id, by=by))
        else:
            things.append(thing_by_id(part.kind, part.thing_id, by=by))
    return lines, things


def thing_by_id(kind: PartKind, thing_id: UUID, *, by: Actor) -> Thing:
    if kind is PartKind.OUTFLOW:
        if not (found := outflows([thing_id])):
            raise NotFound(id=str(thing_id))
        row_by_id(Collection, found[0].money_id, by=by)
        return found[0]
    if kind is PartKind.DEPOSIT:
        return row_by_id(Deposit, thing_id, by=by)
    return row_by_id(Collection, thing_id, by=by)


def row_by_id(kind: type[Row], row_id: UUID, *, by: Actor) -> Row:
    seen = within_reach(by, Permission.MONEY_RESOLVE, kind.region)
    row = db.session.scalar(select(kind).where(kind.id == row_id, seen))
    if row is None:
        raise NotFound(id=str(row_id))
    return row
