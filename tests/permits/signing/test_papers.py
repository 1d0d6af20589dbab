"""Papers: made once, kept whole, and found out when anybody alters them."""

import random
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.animals.models import EndReason, Identifier, IdentifierKind
from sijinak.animals.queries import live_tags
from sijinak.core.clock import clock, now
from sijinak.core.codes import new_tag_code
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.storage import storage
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.signing.jobs import make_missing, make_paper, sign_status_lists
from sijinak.permits.signing.keys import known_keys, public_keys
from sijinak.permits.signing.models import PaperOrder, PaperType, SignedPaper
from sijinak.permits.signing.proving import Fault, key_of, prove
from sijinak.permits.signing.qr import base32_in, read
from sijinak.permits.signing.queries import being_made, paper_of, papers_of, status_list, status_of
from sijinak.permits.signing.statuslist import PaperStatus, read_list
from sijinak.permits.signing.verifying import Verdict, verify
from tests.papers import codes_in
from tests.permits.factories import Office, deliver, make_office, make_permit, take
from tests.permits.signing.raw import altered, without_guards

KIND = {"issue": PaperType.RECOMMENDATION, "certify": PaperType.HEALTH_LETTER}


@pytest.fixture
def office(context: Flask) -> Office:
    return make_office()


@pytest.fixture
def permit(office: Office) -> Permit:
    permit = make_permit(office, PermitState.ISSUED)
    deliver()
    return permit


def _content(paper: SignedPaper) -> bytes:
    return storage.store.get(key_of(paper))


def _qr_of(paper: SignedPaper, folder: Path) -> str:
    texts = [text for text in codes_in(_content(paper), folder) if "/V/" in text]
    (text,) = set(texts)
    return base32_in(text, "http://127.0.0.1:8000")


def test_both_letters_are_signed_and_stored_before_they_are_released(permit: Permit):
    papers = papers_of(permit.id)
    assert {paper.kind for paper in papers} == set(PaperType)
    for paper in papers:
        content = _content(paper)
        assert (paper.sha256, paper.size) == (sha256(content).digest(), len(content))
        assert prove(paper).faults == ()
    assert being_made(permit.id) == []


def test_a_paper_is_being_made_until_the_worker_made_it(office: Office):
    permit = make_permit(office, PermitState.APPROVED)
    deliver()
    take("issue", permit, office.desk)
    assert being_made(permit.id) == [PaperType.RECOMMENDATION]
    deliver()
    assert being_made(permit.id) == []


def test_the_code_on_paper_says_what_was_signed(permit: Permit, tmp_path: Path):
    for paper in papers_of(permit.id):
        kid, facts, raw = read(_qr_of(paper, tmp_path), public_keys(known_keys()))
        assert (kid.hex(), raw) == (paper.kid, paper.qr)
        assert facts.permit_id == permit.id
        assert facts.heads == len(facts.animals or ()) == 2
        assert (facts.plate, facts.port) == (permit.vehicle_plate, permit.port)
        assert verify(_qr_of(paper, tmp_path)).verdict is Verdict.VALID


def _event(permit: Permit, action: str) -> Event:
    asked = select(Event).where(Event.subject_id == permit.id, Event.name == f"permit.{action}")
    return db.session.scalars(asked).one()


def test_made_twice_is_made_once(permit: Permit):
    before = [(paper.id, paper.sha256) for paper in papers_of(permit.id)]
    for action in ("certify", "issue"):
        make_paper(_event(permit, action))
    assert [(paper.id, paper.sha256) for paper in papers_of(permit.id)] == before


def test_a_worker_that_died_after_storing_leaves_nothing_that_hurts(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    permit = make_permit(office, PermitState.APPROVED)
    deliver()
    take("issue", permit, office.desk)
    event = _event(permit, "issue")
    with monkeypatch.context() as patch:
        patch.setattr("sijinak.permits.signing.jobs.keep_paper", _die)
        with pytest.raises(RuntimeError):
            make_paper(event)
    assert being_made(permit.id) == [PaperType.RECOMMENDATION]
    with clock.reading(now() + timedelta(hours=2)):  # though the delivery was given up
        make_missing()
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    assert prove(paper).faults == ()
    orders = select(PaperOrder).where(PaperOrder.permit_id == permit.id)
    assert len(db.session.scalars(orders).all()) == 2


def _die(*_: object, **__: object) -> None:
    raise RuntimeError


def test_an_extension_replaces_the_paper(permit: Permit, office: Office):
    old = paper_of(permit.id, PaperType.RECOMMENDATION)
    take("extend", permit, office.kadis)
    deliver()
    db.session.refresh(permit)
    new = paper_of(permit.id, PaperType.RECOMMENDATION)
    assert (old.version, new.version) == (1, 2)
    assert status_of(old, permit) is PaperStatus.REPLACED
    assert status_of(new, permit) is PaperStatus.VALID
    assert prove(old).faults == prove(new).faults == ()


def test_the_list_says_what_became_of_a_paper(permit: Permit, office: Office):
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    sign_status_lists()
    assert _listed(paper) is PaperStatus.VALID
    take("revoke", permit, office.kadis)
    deliver()  # a revocation is published at once
    assert _listed(paper) is PaperStatus.REVOKED


def _listed(paper: SignedPaper) -> PaperStatus:
    found = status_list(paper.status_list)
    assert found
    said = read_list(found.body, public_keys(known_keys()))
    assert len(found.body) < 1000  # 131,072 papers, nearly all valid
    return said.status(paper.status_index)


def test_a_list_is_signed_anew_only_when_something_changed_or_a_day_is_over(permit: Permit):
    sign_status_lists()
    first = status_list(1)
    assert first
    body = first.body
    sign_status_lists()
    again = status_list(1)
    assert again
    assert again.body == body


def test_a_lost_file_is_found(permit: Permit):
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    storage.store.delete(key_of(paper))
    assert prove(paper).faults == (Fault.FILE_GONE,)


ROW_CHANGES = {
    "number": "'524/999999/REK/2026-X'",
    "size": "size + 1",
    "kid": "'0000000000000000'",
    "signed_with": "'bsre'",
    "status_index": "status_index + 1",
    "status_list": "7",
    "version": "9",
    "made_at": "'2020-01-01 00:00:00+00'",
    "sha256": "seal",
    "qr": "seal",
    "seal": "qr",
}
PERMIT_CHANGES = {
    "vehicle_plate": "'DR 666 XX'",
    "valid_until": "'2099-12-31'",
    "destination": "'21.71'",
    "region": "'52.04.09'",
    "port": "'lembar'",
    "species": "'horse'",
    "number": "'524/999999/REK/2026-X'",
}


def test_every_altered_value_is_found(permit: Permit, tmp_path: Path):
    """Of the paper's row, of the permit's, and of the animals on it."""
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    text, line = _qr_of(paper, tmp_path), permit.animals[0]
    changes = [("signed_papers", paper.id, *change) for change in ROW_CHANGES.items()]
    changes += [("permits", permit.id, *change) for change in PERMIT_CHANGES.items()]
    changes += [("permit_animals", line.id, "passed", "false")]
    for table, row_id, column, value in changes:
        with altered(table, row_id, column, value):
            found = verify(text)
            assert found.verdict in {Verdict.STORE_ALTERED, Verdict.NOT_KEPT}, (table, column)
        assert verify(text).verdict is Verdict.VALID, (table, column)


def test_a_label_that_was_replaced_later_is_no_fault(permit: Permit, tmp_path: Path):
    text = _qr_of(paper_of(permit.id, PaperType.RECOMMENDATION), tmp_path)
    animal_id = permit.animals[0].animal_id
    with transaction():
        worn = live_tags([animal_id])[animal_id]
        worn.ended_at, worn.end_reason = now(), EndReason.LOST
        db.session.add(
            Identifier(
                animal_id=animal_id,
                kind=IdentifierKind.TAG,
                value=new_tag_code(),
                given_at=now(),
            )
        )
    assert verify(text).verdict is Verdict.VALID


def test_the_file_of_another_permit_is_found(permit: Permit, office: Office):
    other = make_permit(office, PermitState.ISSUED)
    deliver()
    mine, theirs = (paper_of(p.id, PaperType.RECOMMENDATION) for p in (permit, other))
    storage.store.put(key_of(mine), _content(theirs))
    assert prove(mine).faults == (Fault.FILE,)


def test_a_deleted_row_is_missed(permit: Permit, tmp_path: Path):
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    text = _qr_of(paper, tmp_path)
    with without_guards("signed_papers") as connection:
        connection.exec_driver_sql("DELETE FROM signed_papers WHERE kind = 'recommendation'")
    assert verify(text).verdict is Verdict.NOT_KEPT


def _stored_mutants(content: bytes, count: int) -> Iterator[bytes]:
    dice = random.Random(31)  # noqa: S311
    for _ in range(count):
        place = dice.randrange(len(content))
        match dice.randrange(3):
            case 0:
                flipped = bytes([content[place] ^ 1 << dice.randrange(8)])
                yield content[:place] + flipped + content[place + 1 :]
            case 1:
                yield content[:place]
            case _:
                yield content + dice.randbytes(1 + place % 50)


def test_whatever_is_altered_in_the_file_is_found(permit: Permit, tmp_path: Path):
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    text, content = _qr_of(paper, tmp_path), _content(paper)
    for mutant in _stored_mutants(content, 60):
        storage.store.put(key_of(paper), mutant)
        assert verify(text).verdict is Verdict.STORE_ALTERED
    storage.store.put(key_of(paper), content)
    assert verify(text).verdict is Verdict.VALID


def test_the_skrd_lies_inside_the_letter(permit: Permit, tmp_path: Path):
    source = tmp_path / "letter.pdf"
    source.write_bytes(_content(paper_of(permit.id, PaperType.RECOMMENDATION)))
    subprocess.run(["pdfdetach", "-save", "1", "-o", tmp_path / "skrd.pdf", source], check=True)
    said = subprocess.run(
        ["pdftotext", tmp_path / "skrd.pdf", "-"], check=True, capture_output=True, text=True
    )
    assert "SURAT KETETAPAN RETRIBUSI DAERAH" in said.stdout.upper()


def test_nothing_is_written_for_a_permit_that_was_revoked_meanwhile(office: Office):
    permit = make_permit(office, PermitState.APPROVED)
    deliver()
    take("issue", permit, office.desk)
    take("revoke", permit, office.kadis)
    deliver()
    assert [paper.kind for paper in papers_of(permit.id)] == [PaperType.HEALTH_LETTER]
