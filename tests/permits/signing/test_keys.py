"""Keys: files that nobody else reads, rotation, and what happens when one is lost or stolen."""

import stat
from base64 import b32encode
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import PermitState
from sijinak.permits.signing.cli import keys_group
from sijinak.permits.signing.jobs import sign_status_lists
from sijinak.permits.signing.keeping import MakeKey, ensure_demo_keys, make_key
from sijinak.permits.signing.keyfiles import (
    KeyFileMissing,
    UnfitKey,
    certificate_in,
    key_in,
    new_key,
    path_of,
    self_signed,
)
from sijinak.permits.signing.keys import (
    NoSigningKey,
    keyplace,
    known_keys,
    newest,
    signing_key,
    there_are_demo_keys,
)
from sijinak.permits.signing.models import KeyUse, PaperType
from sijinak.permits.signing.queries import paper_of
from sijinak.permits.signing.verifying import Verdict, verify
from tests.factories import REGENCY
from tests.permits.factories import deliver, make_office, make_permit, take
from tests.permits.signing.raw import altered


def _made(use: KeyUse = KeyUse.QR) -> str:
    with transaction():
        command = MakeKey(use=use, office="Dinas", place="Kabupaten", region=REGENCY)
        return make_key(command, by=OPERATOR).kid


def _run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(keys_group, words)


def test_a_key_is_a_file_for_its_owner_alone(context: Flask):
    kid = _made()
    path = path_of(keyplace.folder, KeyUse.QR, kid)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(KeyUse.QR).kid == kid
    path.chmod(0o640)
    keyplace.load("", str(keyplace.folder.parent), in_production=False)
    with pytest.raises(KeyFileMissing):
        signing_key(KeyUse.QR)


def test_the_newest_key_signs_and_the_old_ones_stay_known(context: Flask):
    first, second = _made(), _made()
    assert signing_key(KeyUse.QR).kid == second
    assert {kid.hex() for kid in known_keys()} == {first, second}


def test_demo_keys_are_made_once_and_never_in_production(context: Flask):
    with transaction():
        assert ensure_demo_keys(REGENCY, by=OPERATOR) == 2
        assert ensure_demo_keys(REGENCY, by=OPERATOR) == 0
    assert there_are_demo_keys()
    keyplace.in_production = True
    with pytest.raises(NoSigningKey):
        signing_key(KeyUse.QR)
    with transaction():
        assert ensure_demo_keys(REGENCY, by=OPERATOR) == 0


def test_a_key_that_somebody_wrote_into_the_table_is_no_key(context: Flask):
    kid = _made()
    row = newest(KeyUse.QR)
    assert row
    changes = {"spki": "seal", "valid_until": "'2099-01-01'", "is_demo": "NOT is_demo"}
    for column, value in changes.items():
        with altered("paper_keys", row.id, column, value):
            assert newest(KeyUse.QR) is None
            assert known_keys() == {}
    assert signing_key(KeyUse.QR).kid == kid


def test_only_p256_in_pem_with_its_own_certificate_is_taken(context: Flask):
    other = generate_private_key(SECP384R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for unfit in (pem, b"", b"-----BEGIN PRIVATE KEY-----\n"):
        with pytest.raises(UnfitKey):
            key_in(unfit)
    der = self_signed(new_key(), office="A", place="B", is_demo=False)
    certificate = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    with pytest.raises(UnfitKey):
        certificate_in(certificate, new_key())


def test_a_revoked_key_makes_its_papers_say_so_and_a_retired_one_later(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ISSUED)
    deliver()
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    text = b32encode(paper.qr).decode().rstrip("=")
    new = _made()
    assert verify(text).verdict is Verdict.VALID  # rotated: the old one holds
    sign_status_lists()
    last = now() + timedelta(days=3)
    assert _run(context, "retire", paper.kid, "--until", f"{last:%Y-%m-%d}").exit_code == 0
    assert verify(text).verdict is Verdict.VALID
    with clock.reading(last + timedelta(days=1)):
        assert verify(text).verdict is Verdict.KEY_OVER
    assert _run(context, "revoke", paper.kid, "--reason", "Laptop hilang").exit_code == 0
    db.session.expire_all()
    assert verify(text).verdict is Verdict.KEY_REVOKED
    take("extend", permit, office.kadis)
    deliver()
    assert paper_of(permit.id, PaperType.RECOMMENDATION).kid == new


def test_keys_are_made_and_listed_on_the_command_line(context: Flask, tmp_path: Path):
    assert _run(context, "make", "qr").exit_code == 0
    source = tmp_path / "own.pem"
    own = new_key()
    source.write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert _run(context, "make", "pdf", "--key", str(source)).exit_code == 0
    again = _run(context, "make", "pdf", "--key", str(source))
    assert again.exit_code == 1
    assert "sudah ada" in again.output
    listed = _run(context, "list").output.splitlines()
    assert [line.split("\t")[1:3] for line in listed] == [["qr", "signs"], ["pdf", "signs"]]
    assert _run(context, "revoke", "00", "--reason", "x").exit_code == 1
