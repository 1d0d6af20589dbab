"""The bank accounts of the office. A deposit to any other cannot be written down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sijinak.config import PREFIX, Misconfigured

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}", re.ASCII)
_NUMBER = re.compile(r"\d{5,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BankAccount:
    """``name``: the bank and the holder as they stand on its statement."""

    code: str
    name: str
    number: str
    purpose: str


class BankAccounts:
    """Those that the settings register; loaded once, at start."""

    def __init__(self) -> None:
        self._known: dict[str, BankAccount] = {}

    def load(self, text: str) -> None:
        """Raises Misconfigured."""
        try:
            self._known = {account.code: account for account in read_accounts(text)}
        except ValueError as error:
            raise Misconfigured(f"{PREFIX}BANK_ACCOUNTS: {error}") from error

    def all(self) -> Sequence[BankAccount]:
        return list(self._known.values())

    def known(self, code: str) -> BankAccount | None:
        return self._known.get(code)


def read_accounts(text: str) -> list[BankAccount]:
    """``code|name|number|purpose;...``: nothing is empty, no code or number twice.

    Raises ValueError.
    """
    accounts = [_account(part) for part in text.split(";") if part.strip()]
    for name in ("code", "number"):
        values = [getattr(account, name) for account in accounts]
        if len(set(values)) != len(values):
            raise ValueError(f"a {name} stands there twice")
    return accounts


def _account(text: str) -> BankAccount:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 4 or not all(parts):  # noqa: PLR2004 - code, name, number, purpose
        raise ValueError(f"not code|name|number|purpose: {text.strip()}")
    account = BankAccount(*parts)
    if not _CODE.fullmatch(account.code):
        raise ValueError(f"a code has small letters, digits and dashes: {account.code}")
    if not _NUMBER.fullmatch(account.number):
        raise ValueError(f"a number has 5 to 20 digits: {account.number}")
    return account


bank_accounts = BankAccounts()
