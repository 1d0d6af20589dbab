"""What anybody may see, and what nobody can count through."""

import re
from datetime import date

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    IdentifierKind,
    Precision,
    Sex,
)
from sijinak.animals.naming import end, give_tag
from sijinak.animals.queries import identifier_of
from sijinak.core.codes import new_tag_code, parse_tag_code, spaced
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import PermitState
from sijinak.permits.queries import public_code
from sijinak.public.words import STATES
from sijinak.retribution.checks import public_code as paper_code
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.shipped import shipped
from sijinak.web.fields import NOT_A_CODE
from sijinak.web.messages import MESSAGES
from tests.animals.factories import make_animal
from tests.animals.states import become
from tests.factories import LUNYUK, make_user, signed_in
from tests.permits.factories import make_office, make_permit


def test_a_scan_shows_the_animal_and_no_owner(app: Flask):
    with app.app_context():
        _, tag = make_animal(colour="merah bata", hamlet="Brang Rea")
    for address in (f"/t/{tag}", f"/T/{tag}", f"/T/{spaced(tag).lower()}"):
        page = app.test_client().get(address)
        assert page.status_code == 200
        assert "merah bata" in page.text
        for personal in ("Abdul Hamid", "Brang Rea", "/peternak/"):
            assert personal not in page.text


def test_an_officer_sees_the_record(app: Flask):
    with app.app_context():
        animal, tag = make_animal(hamlet="Brang Rea")
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
        auditor = signed_in(app, make_user(Role.AUDITOR))
    page, looked_at = vet.get(f"/t/{tag}").text, auditor.get(f"/t/{tag}").text
    for shown in ("Abdul Hamid", "Brang Rea"):
        assert shown in page
    results = f"/vaksinasi/hasil/baru?ternak={animal.id}", f"/vaksinasi/hasil/reaksi/{animal.id}"
    for deed in (f"/vaksinasi/baru?kode={tag}", *results):
        assert f'href="{deed}"' in page
        assert vet.get(deed).status_code == 200
        assert deed not in looked_at


def retag(animal: Animal, tag: str) -> str:
    """The animal's new code."""
    with transaction():
        old = identifier_of(IdentifierKind.TAG, tag)
        assert old
        end(old, EndReason.LOST, by=OPERATOR, region=animal.village)
        db.session.flush()
        new = give_tag(animal, "", by=OPERATOR)
        db.session.flush()
        old.replaced_by_id = new.id
    return new.value


def test_a_replaced_tag_says_for_ever_by_which_one(app: Flask):
    with app.app_context():
        animal, first = make_animal(colour="merah bata")
        second = retag(animal, first)
        third = retag(animal, second)
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    for client in (vet, app.test_client()):
        client.set_cookie("bahasa", "en")
        for old in (first, second):
            page = client.get(f"/t/{old}")
            assert page.status_code == 200
            assert f"The tag {spaced(old)} was replaced on" in page.text
            assert f"by {spaced(third)}." in page.text
            assert "merah bata" in page.text
        assert "was replaced" not in client.get(f"/t/{third}").text


@pytest.mark.parametrize("state", [state for state in STATES if state is not AnimalState.MERGED])
def test_an_animal_that_is_not_there_says_so_to_everybody(app: Flask, state: AnimalState):
    with app.app_context():
        animal, tag = make_animal()
        become(animal, state)
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    for client in (vet, app.test_client()):
        client.set_cookie("bahasa", "en")
        page = client.get(f"/t/{tag}").text
        assert STATES[state] in page
        assert ("tone-danger" in page) is (state is AnimalState.STOLEN)
        for offered in ("/vaksinasi/baru", "/terlihat"):
            assert offered not in page
    assert "Abdul Hamid" not in app.test_client().get(f"/t/{tag}").text


def test_an_officer_with_a_code_that_nobody_wears_is_led_on(app: Flask):
    with app.app_context():
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
        auditor = signed_in(app, make_user(Role.AUDITOR))
    code = new_tag_code()
    for client, offered in ((vet, True), (auditor, False), (app.test_client(), False)):
        page = client.get(f"/t/{code}")
        assert page.status_code == 404
        assert (f"/ternak/baru?nomor={code}" in page.text) is offered
    assert {vet.get(f"/t/{new_tag_code()}").status_code for _ in range(70)} == {404}


def test_the_scan_page_leads_to_the_whole_record(app: Flask):
    with app.app_context():
        animal, tag = make_animal()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    assert f'href="/ternak/{animal.id}/"' in vet.get(f"/t/{tag}").text
    assert str(animal.id) not in app.test_client().get(f"/t/{tag}").text


def test_a_wrong_code_says_what_a_code_looks_like(app: Flask):
    answer = app.test_client().get("/t/7K3M9QX4R")
    assert answer.status_code == 422
    assert "7K3M-9QX4-5J" in answer.text


@pytest.mark.parametrize("text", [NOT_A_CODE, MESSAGES["not-a-tag-code"]])
def test_the_example_of_a_code_is_one(text: str):
    (shown,) = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b", text)
    assert spaced(parse_tag_code(shown)) == shown


def test_no_page_shows_a_code_that_is_none():
    folder = shipped("templates")
    texts = [path.read_text() for path in [*folder.rglob("*.html"), *folder.rglob("*.typ")]]
    shown = {code for text in texts for code in re.findall(r"\b\w{4}-\w{4}-[0-9A-Z]{2}\b", text)}
    assert {spaced(parse_tag_code(code)) for code in shown} == shown != set()


def test_a_code_that_is_wrong_or_not_there_stays_in_the_form(app: Flask):
    client, nowhere = app.test_client(), spaced(new_tag_code())
    wrong = client.get("/cek?kode=7K3M-9QX4-XX")
    missing = client.get(f"/cek?kode={nowhere}", follow_redirects=True)
    for answer, status, typed in ((wrong, 422, "7K3M-9QX4-XX"), (missing, 404, nowhere)):
        assert answer.status_code == status
        assert f'value="{typed}"' in answer.text
        assert 'id="error-kode"' in answer.text
        assert 'action="/cek"' in answer.text


def test_the_record_shows_what_was_stored(app: Flask):
    with app.app_context():
        _, tag = make_animal(
            eartag="ID52040220260001", sex=Sex.FEMALE, birth_date=date(2023, 8, 15),
            birth_precision=Precision.ESTIMATED, teeth=2, calvings=3, is_pregnant=True,
        )  # fmt: skip
        _, bare = make_animal(birth_date=date(2023, 8, 15), birth_precision=Precision.MONTH)
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    vet.set_cookie("bahasa", "en")
    rows = [
        ("Species", "Cattle"), ("Breed", "Sapi Bali"), ("Ear tag", "ID52040220260001"),
        ("Born", "about Aug 2023, estimated"), ("Poel (pairs)", "2"), ("Calvings", "3"),
        ("Pregnant", "Yes"),
    ]  # fmt: skip
    page = vet.get(f"/t/{tag}").text
    for name, value in rows:
        assert f"<dt>{name}</dt><dd>{value}</dd>" in page
    page = vet.get(f"/t/{bare}").text
    assert "<dt>Born</dt><dd>Aug 2023</dd>" in page
    for name in ("Ear tag", "Poel (pairs)", "Calvings", "Pregnant"):
        assert name not in page


def test_nobody_counts_through_the_codes(app: Flask):
    client = app.test_client()
    answers = [client.get(f"/t/{new_tag_code()}").status_code for _ in range(80)]
    assert answers.count(404) == 60
    assert set(answers[60:]) == {429}
    forged = client.get(f"/t/{new_tag_code()}", headers={"X-Forwarded-For": "203.0.113.7"})
    assert forged.status_code == 429, "an address that anybody can write does not help"


def test_scanning_what_exists_is_never_limited(app: Flask):
    with app.app_context():
        _, tag = make_animal()
    client = app.test_client()
    assert {client.get(f"/t/{tag}").status_code for _ in range(150)} == {200}


def test_papers_are_checked_without_names(app: Flask):
    with app.app_context():
        office = make_office()
        permit = make_permit(office, PermitState.ISSUED)
        skrd = skrd_of_permit(permit.id)
        assert skrd
        receipt = receipt_of(skrd.id)
        assert receipt
        firm = office.firm.name
        addresses = {
            f"/I/{public_code(permit)}": str(permit.number),
            f"/R/{paper_code(receipt)}": receipt.number,
            f"/S/{paper_code(skrd)}": skrd.number,
        }
    client = app.test_client()
    for address, number in addresses.items():
        for spelling in (address, address.lower()):
            page = client.get(spelling)
            assert page.status_code == 200, spelling
            assert number in page.text
            assert firm not in page.text
    for letter in "IRS":
        assert client.get(f"/{letter}/{'0' * 32}").status_code == 404
        assert client.get(f"/{letter}/x").status_code == 404


def test_a_permit_that_is_not_issued_is_not_public(app: Flask):
    with app.app_context():
        code = public_code(make_permit(make_office(), PermitState.APPROVED))
    assert app.test_client().get(f"/I/{code}").status_code == 404


def test_the_tariff_is_public_with_its_basis(app: Flask):
    page = app.test_client().get("/tarif").text
    assert "79.500" in page
    assert "Perda" in page


def test_a_stolen_animal_gets_no_green_badge_and_no_label(app: Flask):
    with app.app_context():
        animal, tag = make_animal()
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    assert "tone-success" in clerk.get(f"/t/{tag}").text
    assert "/label?pemilik=" in clerk.get(f"/t/{tag}").text
    with app.app_context():
        become(animal, AnimalState.STOLEN)
    for page in (f"/t/{tag}", f"/ternak/{animal.id}/"):
        text = clerk.get(page).text
        assert 'class="status tone-success"' not in text
        assert "/label?pemilik=" not in text
    assert f'href="/mutasi/ternak/{animal.id}"' in clerk.get(f"/ternak/{animal.id}/").text
