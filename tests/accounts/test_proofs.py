"""Signing asks for a valid mandate and a fresh second factor, once for each command (S28)."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.factors import WrongCode, begin_second_factor, confirm_second_factor
from sijinak.accounts.mandates import AdministratorSigns, Mandate, NoMandate
from sijinak.accounts.models import Appointment, PasskeyUse, ProofKind, Role, SigningProof, User
from sijinak.accounts.passkeys import Asking, WrongPasskey, ask_for_answer
from sijinak.accounts.proofs import Proof, ProofMissing, demand, signing_right
from sijinak.accounts.queries import SignedIn
from sijinak.accounts.sessions import Self
from sijinak.config import Misconfigured, Settings
from sijinak.core.clock import clock, now, today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Permission
from tests.accounts.doors import code_at, wrong_code
from tests.accounts.test_passkeys import enrol_key
from tests.accounts.tokens import SoftToken
from tests.factories import (
    LUNYUK,
    LUNYUK_REA,
    PASSWORD,
    SECRET,
    actor_for,
    proof_of,
    signed_in,
)
from tests.web.test_config import GOOD

DECIDE = Permission.PERMIT_DECIDE


@pytest.fixture(autouse=True)
def _in_app(context: Flask) -> Flask:
    return context


def sign(
    by: SignedIn, proof: Proof | None, command_id: UUID | None = None, region: str = LUNYUK_REA
) -> Mandate:
    with transaction():
        return signing_right(by, DECIDE, region, proof, command_id=command_id or uuid7())


def test_a_code_signs_and_is_written_down():
    kadis, command_id = actor_for(Role.KADIS), uuid7()
    mandate = sign(kadis, proof_of(kadis), command_id)
    assert (mandate.decree, mandate.role_title, mandate.on_behalf_of) == (
        "SK 1/2026", "Kepala Dinas", "",
    )  # fmt: skip
    assert mandate.people == {kadis.id}
    proof = db.session.scalars(select(SigningProof)).one()
    assert (proof.command_id, proof.user_id, proof.kind, proof.decree) == (
        command_id, kadis.id, ProofKind.CODE, "SK 1/2026",
    )  # fmt: skip


@pytest.mark.parametrize("proof", [None, Proof(), Proof(digits="", assertion="")])
def test_nobody_signs_without_a_proof(proof: Proof | None):
    kadis = actor_for(Role.KADIS)
    proof_of(kadis)
    with pytest.raises(ProofMissing):
        sign(kadis, proof)
    assert db.session.scalars(select(SigningProof)).all() == []


def test_a_code_signs_one_thing():
    kadis = actor_for(Role.KADIS)
    proof = proof_of(kadis)
    sign(kadis, proof)
    with pytest.raises(WrongCode):
        sign(kadis, proof)


def test_a_wrong_an_old_and_another_persons_code_sign_nothing():
    kadis, other = actor_for(Role.KADIS), actor_for(Role.KADIS)
    proof_of(kadis)
    with pytest.raises(WrongCode):
        sign(other, proof_of(kadis))  # the other has no telephone at all
    for digits in (wrong_code(SECRET), code_at(SECRET, now() - timedelta(minutes=3)), "123"):
        with pytest.raises(WrongCode):
            sign(kadis, Proof(digits=digits))


def test_a_code_from_paper_lets_in_and_signs_nothing():
    kadis = actor_for(Role.KADIS)
    me = Self(kadis.id, kadis.name)
    with transaction():
        secret = begin_second_factor(PASSWORD, by=me).secret
    with transaction():
        codes = confirm_second_factor(code_at(secret, now()), by=me)
    with pytest.raises(WrongCode):
        sign(kadis, Proof(digits=codes[0]))


def test_one_command_is_proven_once():
    kadis, command_id = actor_for(Role.KADIS), uuid7()
    sign(kadis, proof_of(kadis), command_id)
    with pytest.raises(Clash):
        sign(kadis, proof_of(kadis), command_id)


def test_what_fails_spends_no_code():
    kadis = actor_for(Role.KADIS)
    proof = proof_of(kadis)
    with pytest.raises(RuntimeError), transaction():
        signing_right(kadis, DECIDE, LUNYUK_REA, proof, command_id=uuid7())
        raise RuntimeError
    assert sign(kadis, proof)


def test_a_passkey_signs_the_command_it_was_asked_for(context: Flask):
    kadis, token = actor_for(Role.KADIS), SoftToken()
    enrol_key(signed_in(context, db.session.get_one(User, kadis.id)), token)
    command_id = uuid7()

    def answer(session_id: UUID = kadis.session_id) -> str:
        asking = Asking(
            user_id=kadis.id, use=PasskeyUse.SIGN, session_id=session_id, command_id=command_id
        )
        with transaction():
            return token.answer(ask_for_answer(asking))

    with pytest.raises(WrongPasskey):
        sign(kadis, Proof(assertion=answer()))  # for another command
    with pytest.raises(WrongPasskey):
        sign(kadis, Proof(assertion=answer(uuid7())), command_id)  # from another browser
    sign(kadis, Proof(assertion=answer()), command_id)
    proof = db.session.scalars(select(SigningProof)).one()
    assert proof.kind is ProofKind.PASSKEY
    assert proof.passkey_id


def test_no_proof_helps_without_a_mandate():
    kadis = actor_for(Role.KADIS, LUNYUK)
    with pytest.raises(NoMandate):
        sign(kadis, proof_of(kadis), region="52.04.05.2001")
    held = select(Appointment).where(Appointment.user_id == kadis.id)
    with transaction():
        db.session.scalars(held).one().valid_until = today()
    assert sign(kadis, proof_of(kadis))
    with clock.reading(now() + timedelta(days=1)), pytest.raises(NoMandate):
        sign(kadis, proof_of(kadis))


def test_an_administrator_signs_nothing_whatever_else_they_are():
    kadis = actor_for(Role.KADIS)
    with transaction():
        db.session.add(
            Appointment(
                user_id=kadis.id, role=Role.ADMINISTRATOR, region=LUNYUK, decree="SK 2",
                valid_from=today(),
            )
        )  # fmt: skip
    with pytest.raises(AdministratorSigns):
        sign(kadis, proof_of(kadis))


def test_an_office_may_do_without_and_production_may_not():
    kadis = actor_for(Role.KADIS)
    demand.set(on=False)
    try:
        assert sign(kadis, None).decree == "SK 1/2026"
    finally:
        demand.set(on=True)
    assert Settings.from_env(GOOD).signing_proof
    with pytest.raises(Misconfigured, match="SIGNING_PROOF"):
        Settings.from_env(GOOD | {"SIJINAK_SIGNING_PROOF": "0"})


def test_the_same_command_with_other_digits_is_the_same_command():
    """A form that is sent again brings new digits; what it says has not changed."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Signs:
        id: UUID = field(default_factory=uuid7)
        note: str = ""
        proof: Proof | None = None

    kadis, command_id = actor_for(Role.KADIS), uuid7()
    with transaction():
        assert first_time(Signs(id=command_id, proof=Proof("123456")), by=kadis)
        assert not first_time(Signs(id=command_id, proof=Proof("654321")), by=kadis)
    assert "123456" not in repr(Signs(proof=Proof("123456")))
