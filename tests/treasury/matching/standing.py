"""A statement, its line, and what somebody proposes for it, for the sweep of addresses."""

from uuid import UUID

from sijinak.core.db import db, transaction
from sijinak.treasury.matching.commands import ProposeMoney
from sijinak.treasury.matching.jobs import match_lines
from sijinak.treasury.matching.queries import match_of
from sijinak.treasury.matching.services import propose_money
from sijinak.treasury.statements.models import BankStatement
from tests.treasury.matching.factories import came, register_account, take_lines, treasurer


def of_bank() -> dict[str, UUID]:
    register_account()
    by = treasurer()
    known = came(5_000, money_id="RRN000777777")
    named = (5_000, f"QRIS {known.money_id}")
    line, _ = take_lines([(79_500, "TRANSFER RAHASIA"), named], by=by)
    match_lines()
    command = ProposeMoney(line_id=line.id, reason="Alasan rahasia")
    with transaction():
        propose_money(command, by=by)
    with transaction():
        file = db.session.get_one(BankStatement, line.statement_id).file_id
        match = match_of(known.id)
    assert match
    ids = {"statement_id": line.statement_id, "line_id": line.id, "proposal_id": command.id}
    return {**ids, "file_id": file, "match_id": match.id}
