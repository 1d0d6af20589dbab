"""The pages of findings: who sees them, what an error keeps, and what a file may be."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.audit.findings.catalogue import CHECKS
from sijinak.audit.findings.models import AuditFinding, FindingState, Outcome
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from tests.audit.findings.factories import advance, make_finding
from tests.browsing import form_post
from tests.factories import actor_for, make_user, signed_in

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF\n"
READERS = {Role.AUDITOR, Role.KABID, Role.KADIS, Role.TREASURER}


@pytest.mark.parametrize("role", Role)
def test_auditors_and_those_who_answer_see_findings(app: Flask, role: Role):
    with app.app_context():
        finding, client = make_finding(), signed_in(app, make_user(role))
    pages = ["/audit/temuan/", "/audit/temuan/diperiksa", f"/audit/temuan/{finding.id}"]
    wanted = 200 if role in READERS else 403
    assert [client.get(page).status_code for page in pages] == [wanted] * len(pages)
    asked = form_post(client, "/audit/temuan/periksa-sekarang", id=uuid7())
    assert asked.status_code == (302 if role is Role.AUDITOR else 403)


def test_the_office_answers_the_auditor_closes_and_all_of_it_can_be_read(app: Flask):
    with app.app_context():
        finding = make_finding()
        office, auditor = (signed_in(app, make_user(r)) for r in (Role.KADIS, Role.AUDITOR))
    page = f"/audit/temuan/{finding.id}"
    _send(office, page, finding, action="answer", words="Map ada di gudang.")
    assert "Map ada di gudang." in auditor.get(page).text
    _send(auditor, page, finding, action="close", words="Cocok.", outcome="explained")
    with app.app_context():
        assert db.session.get_one(AuditFinding, finding.id).state is FindingState.CLOSED
    assert 'name="action" value="reopen"' in auditor.get(page).text
    assert 'name="action" value="reopen"' not in office.get(page).text


def test_who_closes_without_an_answer_says_why_and_everybody_reads_it(app: Flask):
    with app.app_context():
        finding = make_finding()
        office, auditor = (signed_in(app, make_user(r)) for r in (Role.KADIS, Role.AUDITOR))
    page = f"/audit/temuan/{finding.id}"
    assert 'name="because"' in auditor.get(page).text
    assert 'name="because"' not in office.get(page).text
    sent = {"id": str(uuid7()), "finding_id": str(finding.id), "words": "Cocok."}
    sent |= {"action": "close", "outcome": "explained"}
    refused = form_post(auditor, page, **sent)
    assert refused.status_code == 422
    assert "field-because" in refused.text
    _send(auditor, page, finding, action="close", words="Cocok.", outcome="explained",
          because="Kantor bubar.")  # fmt: skip
    assert "Kantor bubar." in office.get(page).text
    assert "tanpa jawaban" in office.get("/audit/temuan/?keadaan=closed").text


def test_an_error_keeps_what_was_typed(app: Flask):
    with app.app_context():
        finding, auditor = make_finding(), signed_in(app, make_user(Role.AUDITOR))
    sent = {"id": str(uuid7()), "finding_id": str(finding.id), "action": "close"}
    answer = form_post(auditor, f"/audit/temuan/{finding.id}", **sent, words="Panjang lebar")
    assert answer.status_code == 422
    assert "Panjang lebar" in answer.text
    assert "field-outcome" in answer.text


def test_an_attachment_is_read_by_those_who_see_the_finding(app: Flask):
    with app.app_context():
        finding = make_finding()
        auditor, vet = (signed_in(app, make_user(r)) for r in (Role.AUDITOR, Role.VET))
    page = f"/audit/temuan/{finding.id}"
    sent = {"id": str(uuid7()), "finding_id": str(finding.id), "action": "note", "words": "Ini."}
    answer = form_post(auditor, page, **sent, paper=(BytesIO(PDF), "bukti.pdf"))
    assert answer.status_code == 302, answer.text
    link = auditor.get(page).text.partition(f"{page}/lampiran/")[2][:36]
    assert auditor.get(f"{page}/lampiran/{link}").data == PDF
    assert vet.get(f"{page}/lampiran/{link}").status_code == 403


def test_the_list_is_narrowed_by_each_filter(app: Flask):
    with app.app_context():
        person = actor_for(Role.COLLECTOR)
        make_finding(people=[person.id])
        advance(make_finding(), "close", actor_for(Role.AUDITOR), Outcome.PROVEN)
        client = signed_in(app, make_user(Role.AUDITOR))
    for asked, number in {
        "": 2, "cek=by-hand": 2, "cek=voids-person": 0, "berat=high": 2, "berat=low": 0,
        "keadaan=closed": 1, f"orang={person.id}": 1, "wilayah=52.04.02": 2, "wilayah=52.04.05": 0,
        "dari=2020-01-01&sampai=2020-01-02": 0, "dari=2020-01-01": 2, "dari=besok&orang=x": 2,
    }.items():  # fmt: skip
        assert client.get(f"/audit/temuan/?{asked}").text.count("Kuitansi tidak ada") == number


def test_the_catalogue_names_every_check_and_its_false_alarms(app: Flask):
    with app.app_context():
        client = signed_in(app, make_user(Role.AUDITOR))
    text = client.get("/audit/temuan/diperiksa").text
    assert all(f'id="{code}"' in text for code in CHECKS)


def _send(client: FlaskClient, page: str, finding: AuditFinding, **said: str) -> None:
    sent = form_post(client, page, id=uuid7(), finding_id=finding.id, **said)
    assert sent.status_code == 302


def test_a_double_click_on_a_step_is_no_error(app: Flask):
    with app.app_context():
        finding, auditor = make_finding(), signed_in(app, make_user(Role.AUDITOR))
    page = f"/audit/temuan/{finding.id}"
    sent = {"id": str(uuid7()), "finding_id": str(finding.id), "words": "Cocok."}
    sent |= {"action": "close", "outcome": "explained", "because": "Kantor bubar."}
    answers = [form_post(auditor, page, **sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
