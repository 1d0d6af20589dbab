"""The log as anybody may see it."""

from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.db import db
from sijinak.core.merkle import leaf_hash, verify_inclusion
from sijinak.core.signednote import open_note, read_checkpoint, read_proof, words_of
from sijinak.core.tlog import LogCheckpoint
from sijinak.permits.models import PermitState
from sijinak.permits.queries import public_code
from sijinak.permits.signing.models import SignedPaper
from sijinak.proofs import jobs
from sijinak.proofs.logkey import logkey
from sijinak.public.comparing import size_of
from sijinak.retribution.checks import public_code as paper_code
from sijinak.retribution.models import Skrd
from tests.browsing import Browser
from tests.factories import make_user, signed_in
from tests.permits.factories import deliver, make_office, make_permit
from tests.proofs.test_checkpoints import a_receipt, alarms, break_root, checkpoint, with_harm


@pytest.fixture
def anybody(context: Flask) -> Browser:
    return Browser(context, context.test_client())


def proved(text: str) -> str:
    """What the file says, when it holds by the key that we publish."""
    proof = read_proof(text)
    signed = read_checkpoint(open_note(proof.note, [logkey.signer.vkey]))
    assert proof.leaf is not None
    verify_inclusion(proof.index, signed.size, leaf_hash(proof.leaf), list(proof.path), signed.root)
    return proof.leaf.decode()


def test_before_the_first_checkpoint_the_page_says_so(anybody: Browser):
    page = anybody.get("/catatan")
    assert page.status_code == 200
    assert '<svg class="qr' not in page.text
    assert anybody.get("/catatan/terbaru").status_code == 404
    assert logkey.signer.vkey in anybody.get("/catatan/kunci").text


def test_the_newest_checkpoint_is_there_for_people_and_programs(anybody: Browser):
    a_receipt()
    made = checkpoint()
    page = anybody.get("/catatan").text
    for word in words_of(made.root).split("-"):
        assert f"<code>{word}</code>" in page
    assert made.note.splitlines()[-1] in page
    assert logkey.signer.vkey in page
    for path in ("/catatan/terbaru", f"/catatan/{made.size}"):
        answer = anybody.get(path)
        assert answer.mimetype == "text/plain"
        assert answer.text == made.note
    for path in (f"/catatan/{made.size + 1}", "/catatan/99999999999999999999", "/catatan/x"):
        assert anybody.get(path).status_code == 404


def test_a_proof_of_consistency_is_text(anybody: Browser):
    made = []
    for _ in range(2):
        a_receipt()
        made.append(checkpoint())
    sizes = f"dari={made[0].size}&ke={made[1].size}"
    lines = anybody.get(f"/catatan/keselarasan?{sizes}").text.splitlines()
    assert lines[0].startswith(f"old {made[0].size} ")
    assert lines[1].startswith(f"new {made[1].size} ")
    assert len(lines) > 2
    for bad in ("", "?dari=1&ke=x", f"?dari={made[1].size}&ke={made[0].size}", "?dari=-1&ke=2"):
        assert anybody.get(f"/catatan/keselarasan{bad}").status_code == 404


@pytest.mark.parametrize(
    ("change", "tone"),
    [
        (lambda words: words, "success"),
        (lambda words: words.lower().replace("-", " "), "success"),
        (lambda words: words[:9], "success"),  # so much stands on a receipt
        (lambda words: words[:-1] + ("2" if words[-1] == "1" else "1"), "danger"),
        (lambda words: words[5:] + words[:5], "danger"),
    ],
)
def test_a_paper_is_compared(anybody: Browser, change: Any, tone: str):
    a_receipt()
    made = checkpoint()
    typed = {"ukuran": f" {made.size} baris", "kata": change(words_of(made.root))}
    page = anybody.get("/catatan", query_string=typed).text
    assert f"banner tone-{tone}" in page
    other = anybody.get("/catatan", query_string={**typed, "ukuran": made.size + 1}).text
    assert "banner tone-danger" in other


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("1096", 1096), ("1.096", 1096), (" 1 096", 1096), ("1\xa0096", 1096),
        ("1.096 baris", 1096), ("1.234.567 BARIS.", 1_234_567), ("1.096:", 1096),
        ("10.96", None), ("1,5", None), ("-1", None), ("seribu", None), ("", None),
        ("1" * 19, None), ("\u0661\u0660", None),
    ],
)  # fmt: skip
def test_a_size_is_read_as_papers_and_people_write_it(typed: str, size: int | None):
    assert size_of(typed) == size


@pytest.mark.parametrize(
    "typed",
    [
        {"ukuran": "10.96", "kata": "7K3M-9QX4"},
        {"ukuran": "seribu", "kata": "7K3M-9QX4"},
        {"ukuran": "1" * 19, "kata": "7K3M-9QX4"},
        {"ukuran": "", "kata": "7K3M-9QX4"},
        {"ukuran": "1096", "kata": ""},
        {"ukuran": "1096", "kata": "7K3M"},  # too little to say anything
        {"ukuran": "1096", "kata": "7K3M-9QX"},
        {"ukuran": "1096", "kata": "<b>"},
    ],
)
def test_what_nobody_can_read_is_kept_and_is_no_alarm(anybody: Browser, typed: dict[str, str]):
    for _ in range(61):  # nor does it count as a guess
        answer = anybody.get("/catatan", query_string=typed)
    assert answer.status_code == 200
    assert "banner tone-danger" not in answer.text
    assert 'class="field wrong"' in answer.text
    assert typed["ukuran"] in answer.text
    assert "<b>" not in answer.text.split("<main")[1]


def test_who_guesses_is_stopped(anybody: Browser):
    a_receipt()
    made = checkpoint()
    for _ in range(60):
        anybody.get(f"/catatan?ukuran={made.size}&kata=AAAA-BBBB-CCCC")
    assert anybody.get("/catatan").status_code == 429


def test_a_receipt_says_where_it_stands_and_hands_out_its_proof(anybody: Browser):
    receipt = a_receipt()
    code = paper_code(receipt)
    skrd = db.session.get_one(Skrd, receipt.skrd_id)
    assert f"/R/{code}/bukti" not in anybody.get(f"/R/{code}").text
    assert anybody.get(f"/R/{code}/bukti").status_code == 409
    jobs.merge()
    assert f"/R/{code}/bukti" not in anybody.get(f"/R/{code}").text
    checkpoint()
    assert f'href="/R/{code}/bukti"' in anybody.get(f"/R/{code}").text
    answer = anybody.get(f"/r/{code.lower()}/bukti")
    name = answer.headers["Content-Disposition"]
    assert name == f'attachment; filename="{receipt.number.replace("/", "-")}.tlog-proof"'
    leaf = proved(answer.text)
    assert leaf.startswith("receipts|1|")
    assert receipt.number in leaf
    for personal in (receipt.payer_name, receipt.issued_by_name, skrd.payer_name):
        assert personal
        assert personal not in answer.text
        assert personal not in leaf
    assert anybody.get(f"/R/{'0' * 26}/bukti").status_code == 404


def test_a_permit_and_its_paper_hand_out_proofs_without_names(anybody: Browser):
    office = make_office()
    permit = make_permit(office, PermitState.ISSUED)
    deliver()
    paper = db.session.query(SignedPaper).filter_by(permit_id=permit.id).first()
    checkpoint()
    assert f"/I/{public_code(permit)}/bukti" in anybody.get(f"/I/{public_code(permit)}").text
    of_permit = proved(anybody.get(f"/I/{public_code(permit)}/bukti").text)
    assert permit.number
    assert permit.number in of_permit
    assert paper is not None
    page = anybody.get(f"/H/{paper_code(paper)}", follow_redirects=True).text
    assert f"/H/{paper_code(paper)}/bukti" in page
    of_paper = proved(anybody.get(f"/H/{paper_code(paper)}/bukti").text)
    assert paper.sha256.hex() in of_paper
    names = {office.firm.name, permit.inspected_by_name, permit.certified_by_name}
    for personal in filter(None, names | {permit.decided_by_name}):
        assert personal not in of_permit + of_paper


def test_a_broken_log_hands_out_nothing(anybody: Browser):
    receipt = a_receipt()
    made = checkpoint()
    with_harm(break_root, receipt)
    for path in (f"/R/{paper_code(receipt)}/bukti", "/catatan/terbaru", f"/catatan/{made.size}"):
        assert anybody.get(path).status_code == 503
    assert "banner tone-danger" in anybody.get("/catatan").text
    assert alarms() == 1


def test_an_auditor_makes_one_now_and_a_vet_does_not(context: Flask):
    auditor = Browser(context, signed_in(context, make_user(Role.AUDITOR)))
    vet = Browser(context, signed_in(context, make_user(Role.VET)))
    assert "/catatan/buat" in auditor.get("/catatan").text
    assert "/catatan/buat" not in vet.get("/catatan").text
    assert vet.send("/catatan/buat").status_code == 403
    assert auditor.send("/catatan/buat").status_code == 302
    assert db.session.query(LogCheckpoint).count() == 1
