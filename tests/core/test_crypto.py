"""What is sealed opens only where it was sealed."""

import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import text

from sijinak.core.crypto import Keyring
from sijinak.core.db import db, transaction
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_keeper, person


@pytest.fixture
def keyring() -> Keyring:
    ring = Keyring()
    ring.load(["a" * 32], "l" * 32)
    return ring


def test_a_text_comes_back(keyring: Keyring):
    assert keyring.open(keyring.seal("5204021503800001", "here"), "here") == "5204021503800001"


def test_equal_texts_are_sealed_differently(keyring: Keyring):
    assert keyring.seal("same", "here") != keyring.seal("same", "here")


def test_a_moved_or_altered_text_does_not_open(keyring: Keyring):
    sealed = keyring.seal("secret", "keepers:nik:1")
    with pytest.raises(InvalidTag):
        keyring.open(sealed, "keepers:nik:2")
    for place in range(17, len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(InvalidTag):
            keyring.open(altered, "keepers:nik:1")


def test_a_new_key_seals_and_the_old_one_still_opens(keyring: Keyring):
    before = keyring.seal("secret", "here")
    found = keyring.lookup("nik", "1")
    keyring.load(["b" * 32, "a" * 32], "l" * 32)
    assert keyring.open(before, "here") == "secret"
    assert keyring.seal("secret", "here")[1:5] != before[1:5]
    assert keyring.lookup("nik", "1") == found


def test_look_ups_of_two_kinds_or_keys_differ(keyring: Keyring):
    nik = keyring.lookup("nik", "1")
    assert nik != keyring.lookup("phone", "1")
    keyring.load(["a" * 32], "m" * 32)
    assert nik != keyring.lookup("nik", "1")


def test_a_sealed_nik_moved_to_another_row_does_not_open(context: Flask):
    mine, theirs = make_keeper(), make_keeper(person(name="Orang Lain"))
    with transaction():
        db.session.execute(
            text(
                "UPDATE keepers SET nik_sealed = (SELECT nik_sealed FROM keepers WHERE name = :n)"
            ),
            {"n": theirs.name},
        )
    db.session.expire_all()
    assert db.session.get_one(Keeper, theirs.id).nik
    with pytest.raises(InvalidTag):
        _ = db.session.get_one(Keeper, mine.id).nik


def test_the_database_file_holds_no_nik_and_no_telephone(context: Flask):
    """1,000 canaries; on PostgreSQL the rows are read as text, as a dump shows them."""
    niks = {f"520402150380{n:04d}" for n in range(1, 101)}
    phones = {f"0812345{n:05d}" for n in range(1, 101)}
    for nik, phone in zip(sorted(niks), sorted(phones), strict=True):
        make_keeper(person(nik=nik, phone=phone))
    stored = _stored(context)
    assert b"Abdul Hamid" in stored
    assert not {n for n in niks | phones if n.encode() in stored}


def _stored(app: Flask) -> bytes:
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        stem = re.escape(Path(str(url.database)).name)
        return b"".join(p.read_bytes() for p in folder.iterdir() if re.match(stem, p.name))
    rows: list[str] = []
    for table in ("keepers", "commands", "events"):
        rows += db.session.scalars(text(f"SELECT t::text FROM {table} t")).all()
    return "\n".join(rows).encode()
