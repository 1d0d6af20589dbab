"""Working papers: what auditors wrote, for auditors alone, and what an audit concluded."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from sijinak.accounts.models import Role
from sijinak.audit.desk.commands import AddPart, CloseFile, OpenFile, WriteNote
from sijinak.audit.desk.filing import FileClosed, add_part, close_file, open_file
from sijinak.audit.desk.noted import file_by_id, notes, notes_about, parts_of
from sijinak.audit.desk.services import write_note
from sijinak.audit.findings.hits import Hit
from sijinak.audit.findings.models import AuditFinding, Outcome
from sijinak.audit.findings.queries import notes_of
from sijinak.audit.findings.services import AdvanceFinding, advance_finding
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.files.papers import Paper
from sijinak.retribution.models import Skrd
from sijinak.web.labels import label
from tests.animals.factories import make_keeper, person
from tests.audit.desk.standing import of_desk
from tests.audit.findings.factories import noted
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in
from tests.retribution.factories import make_skrd
from tests.retribution.receipts.ways import paid_in_cash

ALAS = "52.04.05"
pytestmark = pytest.mark.usefixtures("context")


def test_a_note_is_for_auditors_alone_and_only_in_their_region():
    receipt = paid_in_cash(make_skrd())
    auditor, far = actor_for(Role.AUDITOR), actor_for(Role.AUDITOR, LUNYUK_ODE)
    note = WriteNote(subject_type="receipts", subject_id=receipt.id, words="Lembar kedua hilang")
    with transaction():
        write_note(note, by=auditor)
    with transaction():
        write_note(note, by=auditor)  # sent twice
    (kept,) = notes_about("receipts", receipt.id, by=auditor)
    assert (kept.words, kept.by_name) == (note.words, auditor.name)
    assert not notes(by=far).items
    for role in (Role.TREASURER, Role.KADIS):
        with pytest.raises(Forbidden):
            notes_about("receipts", receipt.id, by=actor_for(role))
    for strange in ("receipts", "passkeys"):
        with pytest.raises(NotFound), transaction():
            write_note(WriteNote(subject_type=strange, subject_id=receipt.id, words="x"), by=far)


def test_an_audit_collects_concludes_and_is_closed_for_good():
    ids = of_desk(paid_in_cash(make_skrd()))
    auditor, file_id = actor_for(Role.AUDITOR), ids["/audit/berkas/"]["file_id"]
    sample_id = ids["/audit/sampel/"]["sample_id"]
    again = AddPart(file_id=file_id, subject_type="audit_samples", subject_id=sample_id)
    with transaction():
        add_part(again, by=auditor)  # it lies there already
    found = file_by_id(file_id, by=auditor)
    assert [one.part.subject_type for one in parts_of(found)] == ["audit_notes", "audit_samples"]
    with transaction():
        close_file(CloseFile(file_id=file_id, conclusion="Wajar"), by=auditor)
    with pytest.raises(FileClosed), transaction():
        add_part(AddPart(**{**again_of(again), "subject_id": file_id}), by=auditor)
    for change in ("state = 'open', closed_at = NULL", "conclusion = 'Lain'"):
        with db.engine.connect() as raw, pytest.raises(SQLAlchemyError, match="closed stays"):
            raw.exec_driver_sql(f"UPDATE audit_files SET {change}")


def again_of(command: AddPart) -> dict[str, object]:
    return {"file_id": command.file_id, "subject_type": command.subject_type}


def test_what_lies_on_the_desk_is_shown_and_printed(app: Flask):
    receipt = paid_in_cash(make_skrd())
    ids = of_desk(receipt)
    client = signed_in(app, make_user(Role.AUDITOR))
    sample, note = ids["/audit/sampel/"], ids["/audit/catatan/"]
    for path in (
        f"sampel/{sample['sample_id']}", f"sampel/{sample['sample_id']}/lembar",
        f"sampel/kupon/{sample['item_id']}", f"tbp/{receipt.id}",
        f"catatan/receipts/{receipt.id}", f"berkas/{ids['/audit/berkas/']['file_id']}",
    ):  # fmt: skip
        answer = client.get(f"/audit/{path}")
        assert answer.status_code == 200, path
        assert "Catatan rahasia" in answer.text, path
    listed = client.get(f"/audit/sampel/{sample['sample_id']}/daftar.csv")
    assert listed.text == f"{receipt.number},{receipt.amount}\n"
    assert client.get(f"/audit/catatan/lampiran/{note['note_id']}").status_code == 200
    paper = f"/audit/sampel/kupon/{sample['item_id']}/lampiran/{sample['result_id']}"
    assert client.get(paper).data == b"large"


def test_a_finding_stands_in_the_file_with_evidence_answer_and_closing(app: Flask):
    receipt = paid_in_cash(make_skrd())
    auditor, office = actor_for(Role.AUDITOR), actor_for(Role.KADIS)
    hit = Hit(
        subject="receipts", subject_id=receipt.id, amount=79_500, region=LUNYUK,
        facts={"missing": 3}, evidence=(("keepers", receipt.keeper_id), ("skrd", receipt.skrd_id)),
    )  # fmt: skip
    assert noted(hit) == 1
    finding = db.session.scalars(select(AuditFinding).order_by(AuditFinding.id)).one()
    scan = Paper(b"%PDF-1.7 %%EOF")
    with transaction():
        advance_finding(
            AdvanceFinding(
                finding_id=finding.id, action="answer", words="Lembar kedua terselip", paper=scan
            ),
            by=office,
        )
        advance_finding(
            AdvanceFinding(
                finding_id=finding.id, action="close", words="Lembar sudah dilihat",
                outcome=Outcome.EXPLAINED,
            ),
            by=auditor,
        )  # fmt: skip
    file_id = of_desk(receipt)["/audit/berkas/"]["file_id"]
    with transaction():
        part = AddPart(file_id=file_id, subject_type="audit_findings", subject_id=finding.id)
        add_part(part, by=auditor)
    page = signed_in(app, make_user(Role.AUDITOR)).get(f"/audit/berkas/{file_id}").text
    skrd = db.session.get_one(Skrd, receipt.skrd_id)
    answer = next(one for one in notes_of(finding) if one.file_id)
    for told in (
        label(finding.severity), label(finding.state), "Rp 79.500",
        receipt.number, skrd.number, "Jumlah yang hilang", "Lembar kedua terselip", office.name,
        f"lampiran-{answer.id}.pdf", "Lembar sudah dilihat", label(Outcome.EXPLAINED),
    ):  # fmt: skip
        assert str(told) in page, told
    assert receipt.payer_name not in page  # nobody is shown whom the trail does not name


def test_a_part_out_of_reach_is_said_to_be_one_and_the_rest_is_shown(app: Flask):
    receipt = paid_in_cash(make_skrd())
    sample_id, note_id = (
        of_desk(receipt)[f"/audit/{place}/"][name]
        for place, name in (("sampel", "sample_id"), ("catatan", "note_id"))
    )
    auditor, near = actor_for(Role.AUDITOR), make_keeper(person(village=f"{ALAS}.2001"))
    audit = OpenFile(title="Berkas Alas", region=ALAS, first_day=today(), last_day=today())
    mine = WriteNote(subject_type="keepers", subject_id=near.id, words="Catatan dekat")
    with transaction():
        open_file(audit, by=auditor)
        write_note(mine, by=auditor)
        for kind, one in (("audit_samples", sample_id), ("audit_notes", note_id),
                          ("audit_notes", mine.id)):  # fmt: skip
            add_part(AddPart(file_id=audit.id, subject_type=kind, subject_id=one), by=auditor)
    page = signed_in(app, make_user(Role.AUDITOR, ALAS)).get(f"/audit/berkas/{audit.id}")
    assert page.status_code == 200
    assert "Catatan dekat" in page.text
    assert page.text.count("<article") == 3
    for hidden in ("Catatan rahasia", "Kampanye rahasia", receipt.number):
        assert hidden not in page.text, hidden
