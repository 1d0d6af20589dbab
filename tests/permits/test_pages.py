"""What traders and officers see, and what their forms do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role, User
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, now, today
from sijinak.core.codes import spaced
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.permits.enclosures.queries import documents_of
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.pages import tiles
from sijinak.permits.queries import permits
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.queries import receipt_of
from tests.animals.factories import make_keeper
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK_REA, actor_for, digits_of, make_user, signed_in
from tests.permits.factories import (
    BEKASI,
    LOMBOK_TIMUR,
    SAMARINDA,
    Office,
    enclose,
    inspection,
    make_draft,
    make_herd,
    make_office,
    make_permit,
    pay,
    take,
    walk,
)


class Browser:
    """Asks in a fresh context each time, as a server does: what the test reads is its own."""

    def __init__(self, app: Flask, user: User) -> None:
        self._app, self._client = app, signed_in(app, user)
        self._client.set_cookie("bahasa", "en")  # the Indonesian words may change

    def get(self, url: str) -> TestResponse:
        db.session.rollback()
        with self._app.app_context():
            return self._client.get(url)

    def post(self, url: str, **sent: Any) -> TestResponse:
        db.session.rollback()
        with self._app.app_context():
            return self._client.post(url, **sent)


def browser(app: Flask, who: SignedIn) -> Browser:
    return Browser(app, db.session.get_one(User, who.id))


def send(client: Browser, url: str, **fields: str) -> TestResponse:
    return form_post(client, url, **fields)  # type: ignore[arg-type]


def state_of(permit: Permit) -> PermitState:
    db.session.rollback()
    return db.session.scalars(select(Permit.state).where(Permit.id == permit.id)).one()


def application(codes: list[str], page: str, **fields: str) -> dict[str, str]:
    return {
        "id": id_on(page),
        "species": "cattle",
        "purpose": "slaughter",
        "destination": BEKASI,
        "port": "badas",
        "planned_on": (today() + timedelta(days=7)).isoformat(),
        "vehicle_plate": "EA 1 B",
        "region": LUNYUK_REA,
        "tags": "\n".join(codes),
        **fields,
    }


def test_a_trader_sees_what_would_happen_and_the_price_before_submitting(  # noqa: PLR0915
    context: Flask,
):
    office = make_office()
    client = browser(context, office.trader)
    good, (bare,) = make_herd(office.firm), make_herd(office.firm, 1, doses=0)
    page = client.get("/izin/baru").text
    sent = application([*map(spaced, good), bare.lower()], page)
    answer = send(client, "/izin/baru", **sent)
    assert answer.status_code == 302
    shown = client.get(answer.location).text.replace("\xa0", " ")
    assert "0 of 1 doses" in shown
    assert "Rp 79.500" in shown
    assert "Rp 159.000" in shown
    assert "Perda" in shown
    assert "/kirim" not in shown, "it cannot be submitted yet"
    url = answer.location
    page = client.get(f"{url}/ubah").text
    assert bare in page, "what was typed is still there"
    assert send(client, f"{url}/ubah", **application(good, page)).status_code == 302
    (permit,) = permits(by=office.trader).items
    shown = client.get(url).text
    assert "/kirim" not in shown, "documents are missing"
    assert send(client, f"{url}/kirim", id=id_on(shown)).status_code == 422
    enclose(permit)
    posted = send(client, f"{url}/kirim", id=id_on(client.get(url).text))
    assert posted.status_code == 302
    (permit,) = permits(by=office.trader).items
    assert state_of(permit) is PermitState.SUBMITTED


def test_a_wrong_code_is_named_by_its_line_and_nothing_is_lost(context: Flask):
    office = make_office()
    client = browser(context, office.trader)
    (good,) = make_herd(office.firm, 1)
    page = client.get("/izin/baru").text
    answer = send(client, "/izin/baru", **application([good, "7K3M-XXXX"], page))
    assert answer.status_code == 422
    assert "Line 2: 7K3M-XXXX" in answer.text
    assert good in answer.text
    assert not permits(by=office.trader).items


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("destination", "52.04"), ("destination", "52.04.02"), ("port", "nowhere"),
        ("region", "52.04"), ("planned_on", "tomorrow"), ("species", "cow"), ("tags", ""),
        ("purpose", ""), ("planned_on", "2026-01-31"), ("sale_letter", "12"),
        ("sale_letter", "no number"),
    ],
)  # fmt: skip
def test_bad_input_is_an_answer_and_no_fault(context: Flask, field: str, value: str):
    office = make_office()
    client = browser(context, office.trader)
    sent = application(make_herd(office.firm, 1), client.get("/izin/baru").text, **{field: value})
    answer = send(client, "/izin/baru", **sent)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text


def act(client: Browser, permit: Permit, where: str, **fields: str) -> int:
    shown = client.get(f"/izin/{permit.id}").text
    return send(client, f"/izin/{permit.id}/{where}", id=id_on(shown), **fields).status_code


def test_the_whole_road_by_its_forms(context: Flask):  # noqa: PLR0915 - it is long
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    desk, vet = browser(context, office.desk), browser(context, office.vet)
    assert act(desk, permit, "berkas", decision="no", note="KTP buram") == 302
    assert "KTP buram" in browser(context, office.trader).get(f"/izin/{permit.id}").text
    take("submit", permit, office.trader)
    assert act(desk, permit, "berkas", decision="yes") == 422, "nobody has looked at the documents"
    check_each_document(desk, permit)
    assert act(desk, permit, "berkas", decision="yes") == 302
    page = vet.get(f"/izin/{permit.id}/periksa").text
    wrong = {"result-1": "pass", "weight_kg-1": "310", "result-2": "pass", "weight_kg-2": "299"}
    url = f"/izin/{permit.id}/periksa"
    answer = send(vet, url, id=id_on(page), **wrong)
    assert answer.status_code == 422
    assert "299 kg is too light" in answer.text
    assert 'value="299"' in answer.text
    right = {**wrong, "result-2": "refuse", "reason-2": "Terlalu ringan"}
    assert send(vet, url, id=id_on(page), **right).status_code == 302
    assert act(desk, permit, "tagih") == 302
    assert "/retribusi/" in browser(context, office.trader).get(f"/izin/{permit.id}").text
    pay(permit, office)
    kadis, doctor = browser(context, office.kadis), browser(context, office.doctor)
    assert act(doctor, permit, "skkh", proof_digits=digits_of(office.doctor)) == 302
    digits = digits_of(office.kadis)
    assert act(kadis, permit, "putusan", decision="yes", proof_digits="000000") == 422
    assert act(kadis, permit, "putusan", decision="yes", proof_digits=digits) == 302
    assert act(desk, permit, "terbitkan") == 302
    _look_at_the_letter(context, office, permit)


def check_each_document(desk: Browser, permit: Permit) -> None:
    """One after the other, as the page leads on."""
    url = f"/izin/{permit.id}/dokumen/{documents_of(permit.id)[0].id}"
    while "/dokumen/" in url:
        answer = send(desk, url, id=id_on(desk.get(url).text), decision="yes")
        assert answer.status_code == 302
        url = answer.location


def _look_at_the_letter(app: Flask, office: Office, permit: Permit) -> None:
    shown = browser(app, office.trader).get(f"/izin/{permit.id}").text
    issued = db.session.get_one(Permit, permit.id, populate_existing=True)
    assert str(issued.number) in shown
    assert "Terlalu ringan" in shown
    assert "Nothing more to pay" in shown
    assert str(issued.skkh_number) in shown


def plain(client: Browser, url: str) -> str:
    return client.get(url).text.replace("\xa0", " ")


def test_the_form_offers_no_day_that_is_over_and_names_closed_destinations(context: Flask):
    page = browser(context, make_office().trader).get("/izin/baru").text
    assert f'min="{today().isoformat()}"' in page
    assert re.search(r'value="52.03"[^>]*>[^<]+ \(closed\)<', page)
    assert page.count("(closed)") < 5


def test_a_journey_that_is_not_possible_has_no_green_pill_and_no_price(context: Flask):
    office = make_office()
    draft = make_draft(office, destination=LOMBOK_TIMUR)
    shown = plain(browser(context, office.trader), f"/izin/{draft.id}")
    assert "No cost, because this journey is not possible." in shown
    assert "tone-success" not in shown
    assert "Rp " not in shown


def test_somebody_elses_animal_is_for_the_desk_to_check(context: Flask):
    office = make_office()
    sold = make_herd(make_keeper(), 1)
    permit = make_draft(office, sold, sale_letter="12/LR/2026")
    said = "Registered to somebody else: the permit desk checks sale letter 12/LR/2026."
    shown = plain(browser(context, office.trader), f"/izin/{permit.id}")
    assert said in shown
    assert "1 animal for the permit desk to check" in shown
    assert "For the permit desk" in shown
    assert "tone-success" not in shown
    take("submit", permit, office.trader)
    assert said in plain(browser(context, office.desk), f"/izin/{permit.id}")


def test_the_list_counts_what_passed_and_says_who_and_when_it_is_over(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    desk = browser(context, office.desk)
    assert "2 cattle to" in plain(desk, "/izin/")
    lame = permit.animals[0].animal_id
    with transaction():
        record_inspection(inspection(permit, lame), by=office.vet)
    walk(permit, office, PermitState.ISSUED)
    listed = plain(desk, "/izin/")
    assert "1 cattle to" in listed
    assert f"{office.firm.name} · {permit.number}" in listed
    assert "Expired</span>" not in listed
    with clock.reading(now() + timedelta(days=15)):
        desk = browser(context, actor_for(Role.PERMIT_DESK))
        for url in ("/izin/", f"/izin/{permit.id}"):
            assert re.search("Expired</(span|strong)>", plain(desk, url))
        assert "may leave until" not in plain(desk, f"/izin/{permit.id}")


def test_the_desk_sees_what_it_will_bill(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED, destination=SAMARINDA)
    with transaction():
        record_inspection(inspection(permit, permit.animals[0].animal_id), by=office.vet)
    shown = plain(browser(context, office.desk), f"/izin/{permit.id}")
    shown = shown[: shown.index("/tagih")]
    assert "1 × Rp 79.500 + 1 × Rp 10.000 = <strong>Rp 89.500</strong>" in shown


def test_it_is_your_turn_only_when_there_is_a_step_to_take(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    trader = browser(context, office.trader)
    shown = plain(trader, f"/izin/{permit.id}")
    assert "Your turn" not in shown
    assert "Withdraw?" in shown
    shown = plain(browser(context, office.desk), f"/izin/{permit.id}")
    assert "Your turn" in shown
    assert "Withdraw?" not in shown
    assert (
        send(trader, f"/izin/{permit.id}/batal", id=str(uuid7()), reason="Batal").status_code == 302
    )


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("0", "the weight is between 1 and 2000 kg."),
        ("2001", "the weight is between 1 and 2000 kg."),
        ("320,5", "write the weight in whole kilograms."),
        ("320.5", "write the weight in whole kilograms."),
        ("", "write the weight."),
    ],
)
def test_what_is_wrong_at_the_inspection_names_the_animal(context: Flask, weight: str, said: str):
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    vet = browser(context, office.vet)
    url = f"/izin/{permit.id}/periksa"
    sent = {"id": id_on(vet.get(url).text), "result-1": "pass", "weight_kg-1": weight}
    answer = send(vet, url, **sent)
    assert answer.status_code == 422
    assert f'<a href="#field-weight_kg-1">{spaced(permit.tags[0])}: {said}</a>' in answer.text
    assert (
        f'<a href="#field-result-2">{spaced(permit.tags[1])}: choose the result.</a>' in answer.text
    )


def test_the_inspection_asks_for_the_test_where_the_destination_does(context: Flask):
    office = make_office()
    plain_one = make_permit(office, PermitState.ACCEPTED)
    permit = make_draft(office, destination=SAMARINDA)
    asked = "The destination asks for the brucellosis test; its result is needed"
    assert asked in plain(browser(context, office.trader), f"/izin/{permit.id}")
    walk(permit, office, PermitState.ACCEPTED)
    vet = browser(context, office.vet)
    assert "rbt-1" not in vet.get(f"/izin/{plain_one.id}/periksa").text
    url = f"/izin/{permit.id}/periksa"
    one = {"result-1": "pass", "weight_kg-1": "320"}
    sent = {"id": id_on(vet.get(url).text), **one, "result-2": "refuse"}
    answer = send(vet, url, **sent)
    assert 'href="#field-reason-2"' in answer.text, "no test says why it is refused"
    tested = {"rbt-1": "negative", "rbt-2": "positive", "rbt_number-2": "B-8"}
    answer = send(vet, url, **sent, **tested)
    assert 'href="#field-rbt_number-1"' in answer.text
    answer = send(
        vet,
        url,
        **{**sent, **tested, "rbt_number-1": "B-7", "result-2": "pass", "weight_kg-2": "320"},
    )
    assert "The brucellosis test is positive." in answer.text
    assert send(vet, url, **sent, **tested, **{"rbt_number-1": "B-7"}).status_code == 302
    shown = plain(vet, f"/izin/{permit.id}")
    assert "Brucellosis test: negative (B-7)" in shown
    assert "Brucellosis test: positive (B-8)" in shown


def test_officers_do_not_find_a_draft(context: Flask):
    office = make_office()
    draft = make_draft(office)
    assert browser(context, office.trader).get(f"/izin/{draft.id}").status_code == 200
    for who in office.people[1:]:
        client = browser(context, who)
        assert client.get(f"/izin/{draft.id}").status_code == 404
        assert str(draft.id) not in client.get("/izin/").text


def test_one_paper_leads_to_the_next_and_the_history_says_how_it_was_paid(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.PAID)
    skrd = skrd_of_permit(permit.id)
    assert skrd
    receipt = receipt_of(skrd.id)
    assert receipt
    trader = browser(context, office.trader)
    shown = plain(trader, f"/izin/{permit.id}")
    receipt_url = f"/retribusi/tbp/{receipt.id}"
    for link in (f"/retribusi/{skrd.id}", receipt_url, f"/t/{permit.tags[0]}"):
        assert f'href="{link}"' in shown
    for page in (f"/retribusi/{skrd.id}", receipt_url):
        assert f'href="/izin/{permit.id}"' in plain(trader, page)
    assert f'href="/retribusi/{skrd.id}"' in plain(trader, receipt_url)
    assert f"System: Cash, received by {office.treasurer.name}" in shown
    assert "sijinak worker" not in shown
    client = Browser(context, make_user(Role.VET))
    assert receipt_url not in plain(client, f"/izin/{permit.id}"), "a vet may not open it"


def test_an_animal_that_does_not_pass_needs_its_reason(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    vet = browser(context, office.vet)
    url = f"/izin/{permit.id}/periksa"
    page = vet.get(url).text
    answer = send(vet, url, **{"id": id_on(page), "result-1": "refuse", "result-2": "pass"})
    assert answer.status_code == 422
    for name in ("reason-1", "weight_kg-2"):
        assert f'href="#field-{name}"' in answer.text


def test_a_double_click_is_one_step_and_no_error(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    desk = browser(context, office.desk)
    check_each_document(desk, permit)
    sent = {"id": id_on(desk.get(f"/izin/{permit.id}").text), "decision": "yes"}
    answers = [send(desk, f"/izin/{permit.id}/berkas", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_return_without_a_note_is_asked_for_it(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    desk = browser(context, office.desk)
    assert act(desk, permit, "berkas", decision="no") == 422
    assert state_of(permit) is PermitState.SUBMITTED


def test_who_took_part_before_reads_why_he_has_no_form(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    take("accept", permit, office.desk)
    take("inspect", permit, office.vet)
    shown = browser(context, office.desk).get(f"/izin/{permit.id}").text
    assert "/tagih" in shown
    assert "/tagih" not in browser(context, office.kadis).get(f"/izin/{permit.id}").text


def test_another_traders_application_is_not_there(context: Flask):
    mine, theirs = make_office(), make_office()
    permit = make_permit(theirs, PermitState.SUBMITTED)
    client = browser(context, mine.trader)
    for path in ("", "/ubah", "/surat.pdf"):
        assert client.get(f"/izin/{permit.id}{path}").status_code == 404
    assert send(client, f"/izin/{permit.id}/batal", id="x", reason="x").status_code == 404
    assert theirs.firm.name not in client.get("/izin/").text


def test_no_letter_before_it_is_issued(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.APPROVED)
    assert browser(context, office.trader).get(f"/izin/{permit.id}/surat.pdf").status_code == 404


def test_the_list_shows_first_what_waits(context: Flask):
    office = make_office()
    make_permit(office, PermitState.SUBMITTED)
    assert "Waiting for you" in browser(context, office.desk).get("/izin/").text
    assert "Waiting for you" not in browser(context, office.vet).get("/izin/").text
    assert "Waiting for you" not in browser(context, office.desk).get("/izin/?keadaan=paid").text


def test_rules_say_what_nobody_has_stated(context: Flask):
    shown = browser(context, make_office().trader).get("/izin/aturan").text
    assert "Not stated: ask the Dinas" in shown
    assert "CONTOH" in shown
    assert "300 kg" in shown


@pytest.mark.slow
@pytest.mark.parametrize("state", list(PermitState))
def test_every_reader_sees_the_page_in_every_state(context: Flask, state: PermitState):
    office = make_office()
    permit = make_permit(office, state)
    everybody = [*office.people]
    users = [db.session.get_one(User, one.id) for one in everybody]
    users += [make_user(role) for role in (Role.AUDITOR, Role.CHECKPOINT, Role.PARAMEDIC)]
    for user in users:
        shown = Browser(context, user).get(f"/izin/{permit.id}")
        is_hidden = state is PermitState.DRAFT and user is not users[0]
        assert shown.status_code == (404 if is_hidden else 200), user.username
        assert not re.search(r"%\(\w+\)s", shown.text)


def test_tiles_count_what_waits(context: Flask):
    office: Office = make_office()
    make_permit(office, PermitState.SUBMITTED)
    make_draft(office)
    with context.test_request_context():
        counts = [[tile.value for tile in tiles(one)] for one in office.people]
    # trader, desk, two vets, Kadis, Kabid: what waits; treasurer, post: what is under way
    assert counts == [["1"], ["1"], ["0"], ["0"], ["0"], ["0"], ["1"], ["1"]]


def test_what_comes_next_agrees_with_whose_turn_it_is(context: Flask):
    office = make_office()
    page = browser(context, office.kadis).get(f"/izin/{make_permit(office, PermitState.PAID).id}")
    assert "The veterinarian signs the health letter" in page.text
    assert "cannot be approved yet" in page.text
    assert "approves or rejects" not in page.text


def test_who_was_rejected_reads_until_when_to_appeal(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.REJECTED)
    page = browser(context, office.trader).get(f"/izin/{permit.id}").text
    assert "An appeal can be made until" in page
