"""Passkeys (WebAuthn level 2): added, asked, and what they answered checked.

A challenge is good once, for five minutes, for one person in one browser, and for one command
where something is signed. The device must have checked who holds it (user verification).
"""

import binascii
import json
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, generate_challenge, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sijinak.accounts.factor_queries import passkeys_of
from sijinak.accounts.factors import WrongCode
from sijinak.accounts.models import Passkey, PasskeyChallenge, PasskeyUse, User
from sijinak.core.clock import now
from sijinak.core.db import db

LIVES = timedelta(minutes=5)
KEPT = timedelta(days=1)
_VERIFIED = UserVerificationRequirement.REQUIRED
# What the library lets through of a parsed answer that is odd enough.
_BROKEN = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, binascii.Error)


class WrongPasskey(WrongCode):
    """What came is not an answer of this person's passkey to this question."""

    code = "wrong-passkey"


class _Site:
    """Under which name browsers know this installation; an address of numbers has none."""

    def __init__(self) -> None:
        self.name, self.origin = "", ""

    def set(self, public_url: str) -> None:
        """On a loopback address browsers take the name localhost instead."""
        parts = urlsplit(public_url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        if _is_number(host):
            host = "localhost" if ip_address(host).is_loopback else ""
        self.name = host
        self.origin = f"{parts.scheme}://{host}{port}" if host else ""


site = _Site()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who is asked, for what, and where."""

    user_id: UUID
    use: PasskeyUse
    session_id: UUID | None = None
    command_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a device made for us."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


def ask_for_new_key(user: User, session_id: UUID) -> dict[str, Any]:
    """What the browser hands to the device; the devices that have a key are left out."""
    asking = Asking(user_id=user.id, use=PasskeyUse.REGISTER, session_id=session_id)
    options = generate_registration_options(
        rp_id=site.name,
        rp_name="SiJINAK",
        user_id=user.id.bytes,
        user_name=user.username,
        challenge=_new_challenge(asking).challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[_described(key) for key in passkeys_of(user.id)],
    )
    return options_to_json_dict(options)


def read_new_key(answer: str, asking: Asking) -> NewKey:
    """Raises WrongPasskey."""
    challenge = _spend_challenge(answer, asking)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise WrongPasskey from error
    return NewKey(
        made.credential_id, made.credential_public_key, made.sign_count, _transports(answer)
    )


def ask_for_answer(asking: Asking) -> dict[str, Any]:
    """What the browser hands to the device."""
    options = generate_authentication_options(
        rp_id=site.name,
        challenge=_new_challenge(asking).challenge,
        allow_credentials=[_described(key) for key in passkeys_of(asking.user_id)],
        user_verification=_VERIFIED,
    )
    return options_to_json_dict(options)


def spend_answer(answer: str, asking: Asking) -> Passkey:
    """The passkey that answered, once. Raises WrongPasskey."""
    challenge = _spend_challenge(answer, asking)
    try:
        key = _key_of(asking.user_id, base64url_to_bytes(json.loads(answer)["rawId"]))
        proven = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise WrongPasskey from error
    _count_up(key, proven.new_sign_count)
    return key


def _count_up(key: Passkey, count: int) -> None:
    """A copy of the key would count for itself: of two with one count the first is let through."""
    counted = (
        update(Passkey)
        .where(Passkey.id == key.id, Passkey.sign_count == key.sign_count)
        .values(sign_count=count, used_at=now())
        .returning(Passkey.id)
    )
    if db.session.execute(counted).first() is None:
        raise WrongPasskey


def _key_of(user_id: UUID, credential_id: bytes) -> Passkey:
    """Raises WrongPasskey."""
    asked = select(Passkey).where(
        Passkey.user_id == user_id, Passkey.credential_id == credential_id
    )
    key = db.session.scalar(asked.execution_options(populate_existing=True))
    if key is None:
        raise WrongPasskey
    return key


def _new_challenge(asking: Asking) -> PasskeyChallenge:
    old = PasskeyChallenge.made_at < now() - KEPT
    db.session.execute(delete(PasskeyChallenge).where(old))
    question = PasskeyChallenge(
        user_id=asking.user_id,
        use=asking.use,
        challenge=generate_challenge(),
        session_id=asking.session_id,
        command_id=asking.command_id,
        made_at=now(),
        used_at=None,
    )
    db.session.add(question)
    return question


def _spend_challenge(answer: str, asking: Asking) -> bytes:
    """The challenge that the answer names, if it was put to this person, here, for this."""
    try:
        told = json.loads(base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        challenge = base64url_to_bytes(told["challenge"])
    except _BROKEN as error:
        raise WrongPasskey from error
    spent = (
        update(PasskeyChallenge)
        .where(PasskeyChallenge.challenge == challenge, *_put_to(asking))
        .where(PasskeyChallenge.used_at.is_(None), PasskeyChallenge.made_at > now() - LIVES)
        .values(used_at=now())
        .returning(PasskeyChallenge.id)
    )
    if db.session.execute(spent).first() is None:
        raise WrongPasskey
    return challenge


def _put_to(asking: Asking) -> tuple[ColumnElement[bool], ...]:
    asked = PasskeyChallenge
    return (
        asked.user_id == asking.user_id,
        asked.use == asking.use,
        asked.session_id == asking.session_id,
        asked.command_id == asking.command_id,
    )


def _described(key: Passkey) -> PublicKeyCredentialDescriptor:
    known = {kind.value for kind in AuthenticatorTransport}
    transports = [AuthenticatorTransport(t) for t in key.transports if t in known]
    return PublicKeyCredentialDescriptor(id=key.credential_id, transports=transports or None)


def _transports(answer: str) -> list[str]:
    told = json.loads(answer)["response"].get("transports") or []
    known = {kind.value for kind in AuthenticatorTransport}
    return [t for t in told if t in known] if isinstance(told, list) else []


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
