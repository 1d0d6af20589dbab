"""Deciding about two records in a browser."""

from datetime import date

from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.queries import live_tags
from sijinak.core.codes import spaced
from sijinak.core.db import db, transaction
from tests.animals.duplicates.herds import merge, search, two_records
from tests.animals.factories import make_animal, make_keeper
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, REGENCY, make_user, signed_in


def codes_of(*animals: Animal) -> list[str]:
    tags = live_tags([animal.id for animal in animals])
    return [spaced(tags[animal.id].value) for animal in animals]


def test_a_pair_is_compared_and_told_apart(app: Flask):
    with app.app_context():
        one, other = two_records(birth_date=date(2024, 1, 1))
        with transaction():
            db.session.get_one(Animal, other.id).horns = "patah"
        search()
        codes = codes_of(one, other)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        elsewhere = signed_in(app, make_user(Role.CLERK, LUNYUK_ODE))
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    url = f"/ganda/{one.id}/{other.id}"
    assert url in clerk.get("/ganda/").text
    assert url not in elsewhere.get("/ganda/").text
    assert (elsewhere.get(url).status_code, vet.get(url).status_code) == (404, 403)
    page = clerk.get(url).text
    assert all(code in page for code in codes)
    assert "patah" in page
    told = {"id": id_on(page), "state_seen": "open"}
    assert form_post(clerk, f"{url}/berbeda", **told, reason="").status_code == 422
    assert form_post(clerk, f"{url}/berbeda", **told, reason="tanduk").status_code == 302
    assert url not in clerk.get("/ganda/").text
    late = form_post(
        clerk, f"{url}/gabung", **{**told, "id": str(one.id)}, kept_id=str(one.id), reason="x"
    )
    assert late.status_code == 422
    assert 'value="different"' in late.text


def test_a_pair_is_merged_and_the_merge_taken_back(app: Flask):
    with app.app_context():
        one, other = two_records()
        codes = codes_of(one, other)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    url = f"/ganda/{one.id}/{other.id}"
    told = {"id": id_on(clerk.get(url).text), "state_seen": "open", "reason": "Satu sapi"}
    assert form_post(clerk, f"{url}/gabung", **told).status_code == 422
    stranger = {**told, "kept_id": "00000000-0000-0000-0000-000000000001"}
    assert form_post(clerk, f"{url}/gabung", **stranger).status_code == 422
    done = form_post(clerk, f"{url}/gabung", **told, kept_id=str(other.id))
    merged = done.headers["Location"]
    assert clerk.get(url).status_code == 200
    assert all(code in clerk.get("/ganda/gabungan").text for code in codes)
    with app.app_context():
        assert db.session.get_one(Animal, one.id).merged_into_id == other.id
    undo = {"id": id_on(clerk.get(merged).text)}
    assert form_post(clerk, f"{merged}/urai", **undo, reason="").status_code == 422
    assert form_post(clerk, f"{merged}/urai", **undo, reason="dua").status_code == 302
    with app.app_context():
        assert db.session.get_one(Animal, one.id).state is AnimalState.PRESENT


def test_what_stands_in_the_way_is_said_and_what_was_typed_stays(app: Flask):
    with app.app_context():
        one, other = make_animal()[0], make_animal()[0]
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    url = f"/ganda/{one.id}/{other.id}"
    told = {"id": id_on(clerk.get(url).text), "state_seen": "open", "kept_id": str(one.id)}
    refused = form_post(clerk, f"{url}/gabung", **told, reason="Sapi belang itu")
    assert refused.status_code == 422
    assert "Sapi belang itu" in refused.text


def test_two_codes_lead_to_the_comparison(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        one, other = make_animal(keeper, eartag="5204 0017")[0], make_animal(keeper)[0]
        code = codes_of(other)[0]
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    first, second = sorted((one.id, other.id))
    found = clerk.get(f"/ganda/bandingkan?kode=5204 0017&dengan={code}")
    assert found.headers["Location"] == f"/ganda/{first}/{second}"
    for wrong in (f"kode={code}&dengan={code}", f"kode={code}&dengan=XX", "kode=&dengan="):
        assert clerk.get(f"/ganda/bandingkan?{wrong}").status_code == 422


def test_rules_are_shown_to_reviewers_and_switched_by_those_of_the_regency(app: Flask):
    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        office = signed_in(app, make_user(Role.CLERK, REGENCY))
    assert "same-owner" in clerk.get("/ganda/aturan").text
    page = office.get("/ganda/aturan").text
    rule = page.partition('action="/ganda/aturan/')[2]
    action = f"/ganda/aturan/{rule.partition(chr(34))[0]}"
    told = {"id": id_on(rule), "is_active": "false"}
    assert form_post(clerk, action, **told).status_code == 403
    assert form_post(office, action, **told).status_code == 302
    assert 'value="true"' in office.get("/ganda/aturan").text


def test_the_merge_is_told_in_the_life_of_the_animal(app: Flask):
    with app.app_context():
        kept, gone = two_records()
        done = merge(kept, gone)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    link = f"/ganda/gabungan/{done.id}"
    assert link in clerk.get(f"/ternak/{kept.id}/riwayat").text
    assert link not in vet.get(f"/ternak/{kept.id}/riwayat").text
    assert clerk.get(f"/ternak/{gone.id}/").status_code == 200


def test_a_merged_code_says_so_and_only_what_is_comparable_is_compared(app: Flask):
    with app.app_context():
        one, other = two_records(birth_date=date(2024, 1, 1))
        codes = codes_of(one, other)
        clerk = signed_in(app, make_user(Role.CLERK, REGENCY))
    clerk.set_cookie("bahasa", "en")
    page = clerk.get(f"/ganda/{one.id}/{other.id}").text
    row = page.partition("Codes and numbers")[2].partition("</tr>")[0]
    assert codes[0] in row
    assert "Same" not in row
    assert "Same" in page.partition("Colour")[2].partition("</tr>")[0]
    rules = clerk.get("/ganda/aturan").text
    assert "The double cards of before 2020" in rules
    assert "same-owner</dd>" not in rules
    with app.app_context():
        merge(one, other)
    old = codes[1].replace("-", "")
    assert "was merged on" in clerk.get(f"/t/{old}").text
