"""A person's own passkeys: added, named, removed."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sijinak.accounts.factor_queries import has_second_factor, passkeys_of
from sijinak.accounts.factors import forget_recovery_codes, recovery_codes_for
from sijinak.accounts.models import Passkey, PasskeyUse
from sijinak.accounts.passkeys import Asking, ask_for_new_key, read_new_key, site
from sijinak.accounts.queries import SignedIn
from sijinak.accounts.services import own_account
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7

MOST = 10


class NoPasskeysHere(Conflict):
    """The installation is reached under an address of numbers, which browsers give no passkeys."""

    code = "no-passkeys-here"


class TooManyPasskeys(Conflict):
    """Facts: ``most``."""

    code = "too-many-passkeys"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPasskey:
    id: UUID = field(default_factory=uuid7)
    name: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePasskey:
    passkey_id: UUID
    password: str


def begin_passkey(password: str, *, by: SignedIn) -> dict[str, Any]:
    """What the browser hands to the device. Raises WrongPassword."""
    user = own_account(password, by=by)
    if not site.name:
        raise NoPasskeysHere
    if len(passkeys_of(user.id)) >= MOST:
        raise TooManyPasskeys(most=MOST)
    return ask_for_new_key(user, by.session_id)


def add_passkey(command: AddPasskey, *, by: SignedIn) -> list[str]:
    """The answer is the codes to print, when this is the first second factor. Raises WrongPasskey.

    That the password was right minutes ago is shown by the challenge.
    """
    asking = Asking(user_id=by.id, use=PasskeyUse.REGISTER, session_id=by.session_id)
    made = read_new_key(command.answer, asking)
    is_first = not has_second_factor(by.id)
    key = Passkey(
        id=command.id,
        user_id=by.id,
        name=command.name,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        added_at=now(),
        used_at=None,
    )
    db.session.add(key)
    events.record("user.passkey-added", key, by=by, region="")
    return recovery_codes_for(by.id) if is_first else []


def remove_passkey(command: RemovePasskey, *, by: SignedIn) -> None:
    """Raises WrongPassword."""
    user = own_account(command.password, by=by)
    key = next((k for k in passkeys_of(user.id) if k.id == command.passkey_id), None)
    if key is None:
        raise NotFound(passkey_id=str(command.passkey_id))
    db.session.delete(key)
    db.session.flush()
    events.record("user.passkey-removed", key, by=by, region="")
    if not has_second_factor(user.id):
        forget_recovery_codes(user.id)
