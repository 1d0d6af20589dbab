"""Who holds which permission: one page, reviewed like a decree."""

from collections.abc import Iterable

from sijinak.accounts.models import Role
from sijinak.core.permissions import Permission as P  # noqa: N817 - a table to be read

_HERD = {P.KEEPER_READ, P.ANIMAL_READ, P.VACCINATION_READ, P.MUTATION_READ, P.SHEET_READ}
_OFFICE = _HERD | {P.POPULATION_READ}
_REGISTER = {P.KEEPER_REGISTER, P.ANIMAL_REGISTER, P.MUTATION_PROPOSE, P.MUTATION_RECORD}
_FIELD = (
    _OFFICE
    | _REGISTER
    | {P.VACCINATION_RECORD, P.TAG_PRINT, P.TAG_HOLD, P.STOCKTAKE_HOLD, P.FIELD_PHONE}
    | {P.FINDING_READ, P.REVISIT_RECORD, P.FIELD_WORK}
)
_OVERSIGHT = {P.CAMPAIGN_MANAGE, P.VACCINE_STOCK, P.FINDING_READ, P.FINDING_SETTLE, P.FIELD_OVERSEE}
_MONEY = {P.SKRD_READ, P.PERMIT_READ, P.QUOTA_READ}
_BOOKS = {P.TREASURY_READ, P.LEDGER_READ}

GRANTS: dict[Role, frozenset[P]] = {
    Role.TRADER: frozenset(
        {
            P.ANIMAL_READ,
            P.VACCINATION_READ,
            P.VACCINATION_CONFIRM,
            P.PERMIT_READ,
            P.PERMIT_APPLY,
            P.PERMIT_CANCEL,
        }
        | {P.MUTATION_READ, P.MUTATION_PROPOSE, P.MUTATION_ANSWER, P.SHEET_READ}
        | {P.SKRD_READ, P.PAYMENT_START, P.PRIVACY_OWN}
    ),
    Role.VET: frozenset(
        _FIELD
        | {P.PERMIT_READ, P.PERMIT_INSPECT, P.PERMIT_CERTIFY, P.LAB_RECORD, P.MOVEMENT_TRACE}
        | {P.VACCINE_LABEL}
    ),
    Role.PARAMEDIC: frozenset(_FIELD | {P.PERMIT_READ, P.PERMIT_INSPECT}),
    Role.CLERK: frozenset(
        _FIELD | {P.ANIMAL_IMPORT, P.KEEPER_REVEAL, P.SHEET_PREPARE, P.DUPLICATE_REVIEW}
    ),
    Role.UPT_HEAD: frozenset(_FIELD | _OVERSIGHT | {P.SHEET_SIGN, P.TAG_STOCK, P.DUPLICATE_REVIEW}),
    Role.VILLAGE_HEAD: frozenset(
        {P.KEEPER_READ, P.ANIMAL_READ, P.MUTATION_READ, P.MUTATION_ACKNOWLEDGE, P.SHEET_READ}
        | {P.POPULATION_READ}
    ),
    Role.PERMIT_DESK: frozenset(
        _OFFICE
        | {P.PERMIT_READ, P.PERMIT_CHECK, P.PERMIT_ISSUE, P.PERMIT_ARRIVE, P.SLOT_MANAGE}
        | {P.QUOTA_READ}
        | {P.SKRD_READ, P.SKRD_ISSUE}
    ),
    Role.KABID: frozenset(
        _OFFICE
        | _MONEY
        | _OVERSIGHT
        | {P.RULE_MANAGE, P.QUOTA_MANAGE, P.SLOT_MANAGE, P.BAN_MANAGE, P.MOVEMENT_TRACE}
        | {P.PERMIT_HEAR, P.PERMIT_REVOKE, P.MANDATE_READ}
        | {P.TARIFF_MANAGE, P.TREASURY_READ, P.MONEY_RESOLVE, P.RECEIPT_VOID}
        | {P.AUDIT_ANSWER, P.REPORT_READ, P.PRIVACY_CONFIRM}
        | {P.PERMIT_CANCEL, P.KEEPER_SUSPEND, P.TAG_STOCK, P.VACCINE_LABEL, P.REVISIT_DRAW}
    ),
    Role.KADIS: frozenset(
        _OFFICE
        | _MONEY
        | _BOOKS
        | {
            P.TARIFF_MANAGE,
            P.PERMIT_DECIDE,
            P.PERMIT_REVOKE,
            P.MANDATE_READ,
            P.BAN_MANAGE,
            P.MOVEMENT_TRACE,
            P.KEEPER_SUSPEND,
        }
        | {P.AUDIT_ANSWER, P.REPORT_READ, P.LOG_CHECKPOINT, P.PRIVACY_CONFIRM}
    ),
    Role.TREASURER: frozenset(
        _MONEY
        | _BOOKS
        | {P.CASH_RECEIVE, P.TICKET_SELL, P.TICKET_STOCK, P.TREASURY_KEEP}
        | {P.MONEY_RESOLVE, P.RECEIPT_VOID}
        | {P.AUDIT_ANSWER, P.REPORT_READ, P.LOG_CHECKPOINT}
    ),
    Role.COLLECTOR: frozenset({P.SKRD_READ, P.CASH_RECEIVE, P.TICKET_SELL}),
    Role.AUDITOR: frozenset(
        _OFFICE
        | _MONEY
        | _BOOKS
        | {P.AUDIT_READ, P.AUDIT_WORK, P.REPORT_READ, P.LOG_CHECKPOINT}
        | {P.FINDING_READ, P.REVISIT_DRAW, P.MOVEMENT_TRACE}
    ),
    Role.CHECKPOINT: frozenset({P.ANIMAL_READ, P.PERMIT_READ, P.PERMIT_DEPART, P.FIELD_PHONE}),
    Role.LABORATORY: frozenset({P.ANIMAL_READ, P.LAB_RECORD}),
    Role.PRIVACY_OFFICER: frozenset({P.KEEPER_READ, P.PRIVACY_KEEP, P.PRIVACY_CONFIRM}),
    Role.ADMINISTRATOR: frozenset({P.USER_MANAGE, P.FIELD_OVERSEE, P.MANDATE_READ}),
}

_ABOUT_PERMITS = frozenset({P.PERMIT_READ, P.ANIMAL_READ, P.KEEPER_READ, P.SKRD_READ})
# What an officer may let another sign, and what one must see to sign it. Money and accounts are
# not among it: who receives money and who gives rights is appointed.
DELEGABLE: dict[P, frozenset[P]] = {
    P.PERMIT_DECIDE: _ABOUT_PERMITS,
    P.PERMIT_CERTIFY: _ABOUT_PERMITS | {P.VACCINATION_READ},
    P.PERMIT_REVOKE: _ABOUT_PERMITS,
    P.PERMIT_HEAR: _ABOUT_PERMITS,
    P.PERMIT_CANCEL: _ABOUT_PERMITS,
    P.KEEPER_SUSPEND: frozenset({P.KEEPER_READ}),
    P.BAN_MANAGE: frozenset({P.ANIMAL_READ, P.KEEPER_READ}),
    P.SHEET_SIGN: frozenset({P.SHEET_READ, P.ANIMAL_READ, P.KEEPER_READ}),
    P.MUTATION_ACKNOWLEDGE: frozenset({P.MUTATION_READ, P.ANIMAL_READ}),
}
# A profession cannot be handed over: only a veterinarian writes a letter of health.
ONLY_FOR = {P.PERMIT_CERTIFY: Role.VET}
# They stand in for nobody: traders are outside the office, auditors and administrators look on.
NEVER_STANDS_IN = frozenset({Role.TRADER, Role.AUDITOR, Role.ADMINISTRATOR})


def with_what_it_takes(permissions: Iterable[str]) -> frozenset[P]:
    """The delegated permissions, and those to see what is signed."""
    given = [P(name) for name in permissions]
    return frozenset(given).union(*(DELEGABLE[one] for one in given))
