"""Money that is known only from the bank's statement: a transfer, or the QR on the wall.

The payer is told an account, and a code to write beside the money. Nobody is asked and nobody
tells: who reads the statement finds the code there, and says what was seen. So calling one back
concerns us alone; the code stays known, and money that comes all the same counts.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from sijinak.core.codes import NotATagCode, parse_tag_code, tag_code_of
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Can,
    Instructions,
    Kind,
    Observation,
    Order,
    Tools,
    Trust,
)
from sijinak.payments.adapters.silent import Silent
from sijinak.payments.adapters.tools import settings_as

BITS = 40
_WORD = re.compile(r"[0-9A-Za-z]+", flags=re.ASCII)
_SPREAD = 3  # a code may be spread over so many words: 7K3M 9QX4 5J


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSettings:
    """SIJINAK_STATEMENT_ and the name in capitals."""

    account: str  # that takes the money
    bank: str
    holder: str


class StatementAdapter(Silent):
    name = "statement"
    api_version = API_VERSION
    can = Can.CANCEL
    ways = ("transfer",)

    def __init__(self, tools: Tools) -> None:
        self._settings = settings_as(StatementSettings, self.name, tools.settings)
        self._now = tools.now

    def start(self, order: Order) -> Instructions:
        s, code = self._settings, code_of(order.ref)
        facts = {"account": s.account, "bank": s.bank, "holder": s.holder, "code": code}
        return Instructions(code="transfer", facts=facts, pay_code=code)

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        gone = Observation(
            ref=ref,
            kind=Kind.CANCELLED,
            money_id="",
            amount=amount,
            happened_at=self._now(),
            trust=Trust.STATEMENT,
        )
        return (gone,)


def code_of(ref: str) -> str:
    """What the payer writes beside the money: 8 letters and digits from the ref, and 2 to check."""
    number = int.from_bytes(hashlib.sha256(ref.encode()).digest()[: BITS // 8])
    return str(tag_code_of(number))


def codes_in(remark: str) -> list[str]:
    """The codes in a bank's text, however they are spaced; no other word passes for one."""
    words = _WORD.findall(remark)
    pieces = (
        "".join(words[at : at + count])
        for at in range(len(words))
        for count in range(1, _SPREAD + 1)
    )
    found: dict[str, None] = {}
    for piece in pieces:
        try:
            found[str(parse_tag_code(piece))] = None
        except NotATagCode:
            continue
    return list(found)


def seen_on_statement(
    line_id: str, amount: Rupiah, at: datetime, *, ref: str = "", pay_code: str = ""
) -> Observation:
    """Money on a line of the statement. ``line_id`` names the line for ever, and so the money."""
    return Observation(
        ref=ref,
        pay_code=pay_code,
        kind=Kind.PAID,
        money_id=line_id,
        amount=amount,
        happened_at=at,
        trust=Trust.STATEMENT,
        channel="transfer",
    )
