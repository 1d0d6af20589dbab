"""A statement, its line, and what somebody proposes for it, for the sweep of addresses."""

from uuid import UUID

from sijinak.core.db import transaction
from sijinak.treasury.matching.commands import ProposeMoney
from sijinak.treasury.matching.services import propose_money
from tests.treasury.matching.factories import register_account, take_lines, treasurer


def of_bank() -> dict[str, UUID]:
    register_account()
    by = treasurer()
    (line,) = take_lines([(79_500, "TRANSFER RAHASIA")], by=by)
    command = ProposeMoney(line_id=line.id, reason="Alasan rahasia")
    with transaction():
        propose_money(command, by=by)
    ids = {"statement_id": line.statement_id, "line_id": line.id, "proposal_id": command.id}
    return {**ids, "file_id": line.id}
