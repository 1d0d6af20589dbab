"""Who signs shows once more that it is they: a code from their telephone, or a passkey.

How a service that signs uses it, after ``first_time`` and its checks:

    mandate = signing_right(by, Permission.PERMIT_DECIDE, permit.region, command.proof,
                            command_id=command.id)

and writes down ``mandate.decree``, ``mandate.role_title`` and ``mandate.on_behalf_of``. Four eyes
compare ``mandate.people``: whoever delegated is one of them. Commands that sign carry
``proof: Proof | None = None``; their schemas get it from ``proof_schemas.ProofFields``, and their
pages open ``signing_pages.signing(...)``, which throttles guesses, in place of ``transaction()``.
"""

from uuid import UUID

from sijinak.accounts.factors import WrongCode, spend_digits
from sijinak.accounts.mandates import Mandate, mandate_of
from sijinak.accounts.models import PasskeyUse, ProofKind, SigningProof
from sijinak.accounts.passkeys import Asking, spend_answer
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Actor, Permission


class ProofMissing(Conflict):
    """A signature without a fresh second factor."""

    code = "proof-missing"


class Proof:
    """Digits from the telephone, or what a passkey answered, for the one command it came with.

    It reads the same whatever is in it: a command says the same when it is sent again with other
    digits, and no log shows a code.
    """

    __slots__ = ("assertion", "digits")

    def __init__(self, digits: str = "", assertion: str = "") -> None:
        self.digits, self.assertion = digits, assertion

    def __repr__(self) -> str:
        return "proof"


class _Demand:
    """Whether signing asks for a proof in this installation."""

    def __init__(self) -> None:
        self.is_on = True

    def set(self, *, on: bool) -> None:
        self.is_on = on


demand = _Demand()


def signing_right(
    by: Actor, permission: Permission, region: str, proof: Proof | None, *, command_id: UUID
) -> Mandate:
    """By which decree this person signs there today, shown by a proof that is spent here.

    Raises NoMandate, ProofMissing, WrongCode.
    """
    mandate = mandate_of(by.id, permission, region, today())
    if demand.is_on:
        kind, passkey_id = _spend(proof, command_id, by=by)
        db.session.add(
            SigningProof(
                command_id=command_id,
                user_id=by.id,
                kind=kind,
                passkey_id=passkey_id,
                permission=permission,
                decree=mandate.decree,
                delegation_id=mandate.delegation_id,
                proven_at=now(),
            )
        )
    return mandate


def _spend(proof: Proof | None, command_id: UUID, *, by: Actor) -> tuple[ProofKind, UUID | None]:
    if proof is None or not (proof.digits or proof.assertion):
        raise ProofMissing
    if proof.assertion:
        return ProofKind.PASSKEY, spend_answer(proof.assertion, _asking(command_id, by=by)).id
    if not spend_digits(by.id, proof.digits):
        raise WrongCode
    return ProofKind.CODE, None


def _asking(command_id: UUID, *, by: Actor) -> Asking:
    """A passkey answers in the browser where it was asked; machines and phones have none."""
    session_id = by.session_id if isinstance(by, SignedIn) else None
    use = PasskeyUse.SIGN
    return Asking(user_id=by.id, use=use, session_id=session_id, command_id=command_id)
