"""Matching lines of the bank: what is certain by the program, the rest by two people."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import delete

from sijinak.core.clock import clock, now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import events
from sijinak.core.money import Rupiah
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.adapters.base import Observation
from sijinak.payments.adapters.statement import StatementAdapter, seen_on_statement
from sijinak.payments.models import Attempt, Collection
from sijinak.payments.queries import collection_of
from sijinak.payments.services import collect_from_statement, record_observations
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.services import refuse_biller
from sijinak.treasury.matching.commands import (
    DecideProposal,
    NotMatched,
    ProposalWaits,
    ProposeMatch,
    ProposeMoney,
    ProposeUnmatch,
    SamePerson,
)
from sijinak.treasury.matching.gathering import line_of, world_for
from sijinak.treasury.matching.holding import held_back, refuse_rejected, refuse_unconfirmed
from sijinak.treasury.matching.making import (
    AlreadyMatched,
    Making,
    Thing,
    check_making,
    end_match,
    make_match,
)
from sijinak.treasury.matching.models import (
    PROPOSAL_FLOW,
    Match,
    PartKind,
    Proposal,
    ProposalHold,
    ProposalKind,
    ProposalPart,
    ProposalState,
)
from sijinak.treasury.matching.odd import odd_lines, open_odd
from sijinak.treasury.matching.parts import by_hand, parts_of, row_by_id, thing_by_id
from sijinak.treasury.matching.queries import (
    is_undone,
    lines_to_judge,
    match_by_id,
    match_of,
    proposal_for_update,
    waits_for_decision,
)
from sijinak.treasury.matching.rules import Pair, judge
from sijinak.treasury.statements.models import BankLine
from sijinak.treasury.statements.queries import hold_waiting, line_by_id


def match_waiting(*, by: Actor) -> list[Match]:
    """Match every line that is certain. Nothing is matched by guess.

    What only a line tells of is money once a second person has confirmed its file.
    """
    require(by, Permission.PAYMENT_SETTLE)
    hold_waiting()
    lines = {line.id: line for line in lines_to_judge()}
    known = [line_of(line) for line in lines.values()]
    verdict = judge(known, world_for(known))
    held = held_back(verdict.pairs)
    certain = [pair for pair in verdict.pairs if pair.line.id not in held]
    matched = [_carry_out(pair, lines[pair.line.id], by=by) for pair in certain]
    known = [line for line in known if line.id not in {pair.line.id for pair in certain}]
    open_odd(odd_lines(known, held), by=by)
    return matched


def propose_match(command: ProposeMatch, *, by: Actor) -> Proposal:
    line = _line_to_match(command.line_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Proposal, command.id)
    _refuse_matched(line)
    parts = [
        *((PartKind.LINE, one) for one in command.lines),
        *((PartKind.COLLECTION, one) for one in command.collections),
        *((PartKind.DEPOSIT, one) for one in command.deposits),
        *((PartKind.OUTFLOW, one) for one in command.outflows),
    ]
    proposal = _proposal(command.id, ProposalKind.MATCH, line, command.reason, by=by)
    proposal.fee = command.fee
    proposal.parts = [
        ProposalPart(position=place, kind=kind, thing_id=thing_id)
        for place, (kind, thing_id) in enumerate(parts, start=1)
    ]
    # What does not add up is said to the first person, not to the second.
    check_making(by_hand(proposal, *parts_of(proposal, line, by=by)))
    return _add(proposal, by=by)


def propose_money(command: ProposeMoney, *, by: Actor) -> Proposal:
    line = _line_to_match(command.line_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Proposal, command.id)
    _refuse_matched(line)
    if line.amount < 0:
        raise NotFound(line_id=str(line.id))  # what went out is no money that came
    if command.bill_id is not None:
        refuse_biller(row_by_id(Skrd, command.bill_id, by=by), by=by)
    proposal = _proposal(command.id, ProposalKind.MONEY, line, command.reason, by=by)
    proposal.bill_id = command.bill_id
    return _add(proposal, by=by)


def propose_unmatch(command: ProposeUnmatch, *, by: Actor) -> Proposal:
    line = line_by_id(command.line_id, by=by)
    require(by, Permission.MONEY_RESOLVE, region=line.region)
    if not first_time(command, by=by):
        return db.session.get_one(Proposal, command.id)
    match = match_of(line.id)
    if match is None:
        raise NotMatched
    proposal = _proposal(command.id, ProposalKind.UNMATCH, line, command.reason, by=by)
    proposal.match_id = match.id
    return _add(proposal, by=by)


def decide_proposal(command: DecideProposal, *, by: Actor) -> Proposal:
    """Another person than who proposed it: done, or refused."""
    proposal = proposal_for_update(command.proposal_id)
    require(by, Permission.MONEY_RESOLVE, region=proposal.region)
    if proposal.proposed_by == by.id:
        raise SamePerson
    if not first_time(command, by=by):
        return proposal
    step = PROPOSAL_FLOW.step(proposal.state, command.action)
    require(by, step.needs, region=proposal.region)
    proposal.state, proposal.answer = step.target, command.answer
    proposal.decided_at, proposal.decided_by, proposal.decided_by_name = now(), by.id, by.name
    db.session.execute(delete(ProposalHold).where(ProposalHold.proposal_id == proposal.id))
    if proposal.state is ProposalState.APPROVED:
        _approve(proposal, by=by)
    _record(f"bank.{command.action}", proposal, by=by)
    return proposal


def _carry_out(pair: Pair, line: BankLine, *, by: Actor) -> Match:
    if pair.bill is not None:
        things: list[Thing] = [_money_of(line, pair.bill, by=by)]
    elif pair.order is not None:
        things = [_transfer(line, pair.order, by=by)]
    else:
        things = [thing_by_id(kind, thing_id, by=by) for kind, thing_id in pair.things]
    making = Making(lines=[line], things=things, method=pair.method, fee=pair.fee)
    return make_match(making, by=by)


def _money_of(line: BankLine, bill_id: UUID | None, *, by: Actor) -> Collection:
    """The line as money that came."""
    bill = row_by_id(Skrd, bill_id, by=by) if bill_id else None
    if bill is not None:
        refuse_biller(bill, by=by)  # the second person is asked, too
    seen = _seen(line, bill.number if bill else "")
    region = bill.region if bill else line.region
    return collect_from_statement(seen, [bill.id] if bill else [], region, by=by)


def _transfer(line: BankLine, attempt_id: UUID, *, by: Actor) -> Collection:
    """The line as the money of an attempt, which it ends as any channel's money does."""
    attempt = db.session.get_one(Attempt, attempt_id)
    seen = _seen(line, attempt.ref)
    record_observations(StatementAdapter.name, [seen], by=by)
    money = collection_of(StatementAdapter.name, seen.money_id)
    if money is None:
        raise NotFound(money_id=seen.money_id)
    return money


def _seen(line: BankLine, ref: str) -> Observation:
    """Its own id is what the bank calls the money. Raises FileNotConfirmed."""
    refuse_unconfirmed(line)
    noon = datetime.combine(line.booked_on, time(12), clock.zone)
    at = line.booked_at or noon
    return seen_on_statement(f"{line.account}:{line.key}", line.amount, at, ref=ref)


def _approve(proposal: Proposal, *, by: Actor) -> None:
    line = db.session.get_one(BankLine, proposal.line_id)
    if proposal.kind is ProposalKind.UNMATCH:
        match = match_by_id(proposal.match_id or line.id)
        if is_undone(match.id):
            raise NotMatched
        end_match(
            match,
            reason=proposal.reason,
            asked_by=proposal.proposed_by,
            asked_by_name=proposal.proposed_by_name,
            by=by,
        )
        return
    lines, things = parts_of(proposal, line, by=by)
    if proposal.kind is ProposalKind.MONEY:
        things = [_money_of(line, proposal.bill_id, by=by)]
    make_match(by_hand(proposal, lines, things), by=by)


def _line_to_match(line_id: UUID, *, by: Actor) -> BankLine:
    line = line_by_id(line_id, by=by)
    require(by, Permission.MONEY_RESOLVE, region=line.region)
    refuse_rejected([line])
    return line


def _refuse_matched(line: BankLine) -> None:
    if match_of(line.id) is not None:
        raise AlreadyMatched


def _proposal(
    command_id: UUID, kind: ProposalKind, line: BankLine, reason: str, *, by: Actor
) -> Proposal:
    return Proposal(
        id=command_id,
        kind=kind,
        state=ProposalState.PROPOSED,
        line_id=line.id,
        fee=Rupiah(0),
        region=line.region,
        reason=reason,
        proposed_at=now(),
        proposed_by=by.id,
        proposed_by_name=by.name,
    )


def _add(proposal: Proposal, *, by: Actor) -> Proposal:
    """Who proposes something for one of its parts at the same moment meets the key: Clash."""
    wanted = [proposal.line_id, *(part.thing_id for part in proposal.parts)]
    if waits_for_decision(wanted):
        raise ProposalWaits
    db.session.add(proposal)
    db.session.flush()
    db.session.add_all(ProposalHold(id=one, proposal_id=proposal.id) for one in sorted(wanted))
    _record("bank.proposed", proposal, by=by)
    return proposal


def _record(name: str, proposal: Proposal, *, by: Actor) -> None:
    events.record(name, proposal, by=by, region=proposal.region, kind=proposal.kind)
