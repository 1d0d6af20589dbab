"""Who holds which permission: one page, reviewed like a decree."""

from sijinak.accounts.models import Role
from sijinak.core.permissions import Permission as P  # noqa: N817 - a table to be read

_HERD = {P.KEEPER_READ, P.ANIMAL_READ, P.VACCINATION_READ}
_FIELD = _HERD | {P.KEEPER_REGISTER, P.ANIMAL_REGISTER, P.VACCINATION_RECORD, P.TAG_PRINT}
_MONEY = {P.SKRD_READ, P.PERMIT_READ}

GRANTS: dict[Role, frozenset[P]] = {
    Role.TRADER: frozenset(
        {P.ANIMAL_READ, P.VACCINATION_READ, P.PERMIT_READ, P.PERMIT_APPLY, P.PERMIT_CANCEL}
        | {P.SKRD_READ, P.PAYMENT_START}
    ),
    Role.VET: frozenset(_FIELD | {P.PERMIT_READ, P.PERMIT_INSPECT}),
    Role.PARAMEDIC: frozenset(_FIELD | {P.PERMIT_READ}),
    Role.CLERK: frozenset(_FIELD | {P.ANIMAL_IMPORT, P.KEEPER_REVEAL}),
    Role.PERMIT_DESK: frozenset(
        _HERD | {P.PERMIT_READ, P.PERMIT_CHECK, P.PERMIT_ISSUE, P.SKRD_READ, P.SKRD_ISSUE}
    ),
    Role.KABID: frozenset(_HERD | _MONEY | {P.PERMIT_CANCEL}),
    Role.KADIS: frozenset(_HERD | _MONEY | {P.PERMIT_DECIDE}),
    Role.TREASURER: frozenset(_MONEY | {P.CASH_RECEIVE}),
    Role.AUDITOR: frozenset(_HERD | _MONEY | {P.AUDIT_READ}),
    Role.CHECKPOINT: frozenset({P.ANIMAL_READ, P.PERMIT_READ}),
    Role.ADMINISTRATOR: frozenset({P.USER_MANAGE}),
}
