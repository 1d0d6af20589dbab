"""Questions about lines of the bank and the money they may be."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.retribution.models import Skrd
from sijinak.treasury.matching.models import (
    Match,
    MatchHold,
    MatchKind,
    MatchPart,
    Proposal,
    ProposalHold,
    ProposalState,
)
from sijinak.treasury.statements.models import BankLine
from sijinak.treasury.statements.queries import stands


def is_free(thing_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Nothing is matched with it just now."""
    return ~select(MatchHold.id).where(MatchHold.id == thing_id).exists()


def was_undone() -> ColumnElement[bool]:
    """People have ended a match of this line: from then on only people match it."""
    undone = select(MatchPart.id).join(Match, Match.undoes_id == MatchPart.match_id)
    return undone.where(MatchPart.thing_id == BankLine.id).exists()


def waiting_lines(*, by: Actor, place: Place = START) -> Page[BankLine]:
    """Lines that nobody has matched, newest first."""
    require(by, Permission.TREASURY_READ)
    seen = within_reach(by, Permission.TREASURY_READ, BankLine.region)
    return page_of(select(BankLine).where(seen, stands(), is_free(BankLine.id)), BankLine.id, place)


def lines_to_judge() -> Sequence[BankLine]:
    """What the program may match by itself."""
    asked = select(BankLine).where(stands(), is_free(BankLine.id), ~was_undone())
    return db.session.scalars(asked.order_by(BankLine.booked_on, BankLine.id)).all()


def unmatched_lines() -> Sequence[BankLine]:
    asked = select(BankLine).where(stands(), is_free(BankLine.id))
    return db.session.scalars(asked.order_by(BankLine.booked_on, BankLine.id)).all()


def match_of(thing_id: UUID) -> Match | None:
    """The match that holds a line, a collection or a deposit just now."""
    held = select(MatchHold.match_id).where(MatchHold.id == thing_id).scalar_subquery()
    return db.session.scalar(select(Match).where(Match.id == held))


def matches_of(line_ids: Sequence[UUID]) -> dict[UUID, Match]:
    """For each line that is matched, its match."""
    asked = select(MatchHold.id, Match).join(Match, Match.id == MatchHold.match_id)
    rows = db.session.execute(asked.where(MatchHold.id.in_(line_ids)).order_by(MatchHold.id))
    return {line_id: match for line_id, match in rows}  # noqa: C416


def history_of(thing_id: UUID) -> Sequence[Match]:
    """All matches and unmatches of a line or thing, the first first."""
    part = select(MatchPart.match_id).where(MatchPart.thing_id == thing_id)
    asked = select(Match).where(Match.id.in_(part) | Match.undoes_id.in_(part))
    return db.session.scalars(asked.order_by(Match.made_at, Match.id)).all()


def free_lines_near(line: BankLine) -> Sequence[BankLine]:
    """Lines that may belong to it: money that goes from one account to another, or back."""
    asked = select(BankLine).where(
        stands(),
        is_free(BankLine.id),
        BankLine.amount == -line.amount,
        BankLine.id != line.id,
    )
    return db.session.scalars(asked.order_by(BankLine.booked_on, BankLine.id).limit(10)).all()


def match_by_id(match_id: UUID) -> Match:
    found = db.session.get(Match, match_id)
    if found is None or found.kind is not MatchKind.MATCH:
        raise NotFound(match_id=str(match_id))
    return found


def is_undone(match_id: UUID) -> bool:
    asked = select(Match.id).where(Match.undoes_id == match_id)
    return db.session.scalar(asked) is not None


def bill_numbered(number: str) -> Skrd | None:
    """As people type it: in any case, with blanks."""
    typed = "".join(number.split()).upper()
    return db.session.scalar(select(Skrd).where(Skrd.number == typed))


def bill_of(proposal: Proposal) -> Skrd | None:
    """For which its money would be."""
    return db.session.get(Skrd, proposal.bill_id) if proposal.bill_id else None


def open_proposals(*, by: Actor) -> Sequence[Proposal]:
    """What waits for a second person, the oldest first."""
    require(by, Permission.TREASURY_READ)
    asked = _proposals(by).where(Proposal.state == ProposalState.PROPOSED)
    return db.session.scalars(asked.order_by(Proposal.proposed_at, Proposal.id)).all()


def open_proposal_of(line_id: UUID) -> Proposal | None:
    """What was proposed for a line, or for another one together with it."""
    asked = select(Proposal).join(ProposalHold, ProposalHold.proposal_id == Proposal.id)
    return db.session.scalar(asked.where(ProposalHold.id == line_id))


def waits_for_decision(ids: Sequence[UUID]) -> bool:
    """Somebody has proposed something for one of these lines or things."""
    asked = select(ProposalHold.id).where(ProposalHold.id.in_(ids)).limit(1)
    return db.session.scalar(asked) is not None


def proposal_by_id(proposal_id: UUID, *, by: Actor) -> Proposal:
    require(by, Permission.TREASURY_READ)
    found = db.session.scalar(_proposals(by).where(Proposal.id == proposal_id))
    if found is None:
        raise NotFound(proposal_id=str(proposal_id))
    return found


def proposal_for_update(proposal_id: UUID) -> Proposal:
    asked = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    found = db.session.scalar(asked, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound(proposal_id=str(proposal_id))
    return found


def _proposals(by: Actor) -> Select[Proposal]:
    return select(Proposal).where(within_reach(by, Permission.TREASURY_READ, Proposal.region))


def waiting_sums(*, by: Actor) -> tuple[int, int]:
    """How many lines nobody has matched, and what they come to, money out as well as in."""
    require(by, Permission.TREASURY_READ)
    seen = within_reach(by, Permission.TREASURY_READ, BankLine.region)
    asked = select(func.count(BankLine.id), func.coalesce(func.sum(func.abs(BankLine.amount)), 0))
    count, total = db.session.execute(asked.where(seen, stands(), is_free(BankLine.id))).one()
    return int(count), int(total)
