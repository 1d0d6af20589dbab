"""The tag stock in the browser."""

import re
from pathlib import Path
from uuid import UUID

from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal
from sijinak.core.codes import spaced
from sijinak.core.db import db
from sijinak.tagstock.queries import blank_tag, codes_of_run
from tests.animals.factories import make_animal, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_REA, actor_for, make_user, signed_in
from tests.papers import codes_in
from tests.tagstock.factories import fill_bag, make_run, make_stock, move, states

NEW, STEP = "/stok-tag/cetak", "/stok-tag/langkah/"


def test_the_head_of_the_upt_prints_and_receives_a_run(app: Flask, tmp_path: Path):
    with app.app_context():
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    client.set_cookie("bahasa", "en")
    sent = {"id": id_on(client.get(NEW).text), "region": LUNYUK, "layout": "88"}
    refused = form_post(client, NEW, page=NEW, count="2001", **sent)
    assert refused.status_code == 422
    assert "Choose 1 to 2000 tags" in refused.text
    run_url = form_post(client, NEW, page=NEW, count="90", **sent).headers["Location"]
    with app.app_context():
        codes = codes_of_run(UUID(sent["id"]))
    assert sorted(codes_in(client.get(f"{run_url}/tag.pdf").data, tmp_path)) == sorted(codes)
    assert "The PDF was opened 1 time" in client.get(run_url).text
    page = f"{STEP}terima?cetakan={sent['id']}"
    shown = client.get(page).text
    assert re.search(rf'value="{sent["id"]}" selected', shown)
    got = form_post(client, f"{STEP}terima", page=page, id=id_on(shown), region=LUNYUK,
                    run_id=sent["id"], first="", last="", codes="", note="")  # fmt: skip
    assert got.status_code == 302
    with app.app_context():
        assert states(codes) == {"received"}


def test_tags_are_issued_and_both_sides_see_it(app: Flask):
    with app.app_context():
        head, vet = make_user(Role.UPT_HEAD, LUNYUK), make_user(Role.VET, LUNYUK)
        codes = make_stock(90)
    client, officer = signed_in(app, head), signed_in(app, vet)
    for one in (client, officer):
        one.set_cookie("bahasa", "en")
    url = f"{STEP}serahkan"
    sent = {"id": id_on(client.get(url).text), "region": LUNYUK, "holder_id": str(vet.id)}
    refused = form_post(client, url, page=url, count="91", codes="", **sent)
    assert refused.status_code == 422
    assert "Only 90 tags are in this cupboard" in refused.text
    assert 'value="91"' in refused.text
    handed = form_post(client, url, page=url, count="37", codes="", **sent)
    for one in (client, officer):
        paper = one.get(handed.headers["Location"]).text
        assert vet.name in paper
        assert spaced(codes[0]) in paper
    assert re.search(r"<b>37</b>\s*<span>In your bag", officer.get("/stok-tag/tas/").text)
    assert "Blank tags in your bag" in officer.get("/").text
    assert officer.get("/stok-tag/").status_code == 403
    assert vet.name in client.get("/stok-tag/").text


def test_scanned_codes_may_be_addresses_and_wrong_ones_are_named(app: Flask):
    with app.app_context():
        codes, vet = make_stock(3), actor_for(Role.VET, LUNYUK)
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    client.set_cookie("bahasa", "en")
    url = f"{STEP}serahkan"
    sent = {"id": id_on(client.get(url).text), "region": LUNYUK, "holder_id": str(vet.id)}
    wrong = form_post(client, url, page=url, codes=f"{codes[0]}\nABC-1", **sent)
    assert wrong.status_code == 422
    assert "These are not tag codes: ABC-1" in wrong.text
    assert codes[0] in wrong.text
    lines = f"HTTPS://X.GO.ID/T/{codes[0]}\r\n{spaced(codes[1]).lower()}, {codes[1]}\n"
    assert form_post(client, url, page=url, codes=lines, **sent).status_code == 302
    with app.app_context():
        assert states(codes[:2]) == {"issued"}
        assert states(codes[2:]) == {"received"}


def test_an_officer_reports_a_loss_from_the_bag_and_no_office_step(app: Flask):
    with app.app_context():
        vet = make_user(Role.VET, LUNYUK)
        codes = fill_bag(vet, 2)  # type: ignore[arg-type]
        client = signed_in(app, vet)
    client.set_cookie("bahasa", "en")
    assert client.get(f"{STEP}serahkan").status_code == 404
    assert client.get(f"{STEP}lenyap").status_code == 404
    page = client.get(f"/stok-tag/tag/{codes[0]}").text
    assert "Issued to an officer" in page
    url = f"{STEP}hilang"
    sent = {"id": id_on(client.get(url).text), "codes": codes[0]}
    silent = form_post(client, url, page=url, note="", **sent)
    assert silent.status_code == 422
    assert "Write what happened" in silent.text
    assert form_post(client, url, page=url, note="Jatuh di sungai", **sent).status_code == 302
    assert "Jatuh di sungai" in client.get(f"/stok-tag/tag/{codes[0]}").text


def test_a_blank_tag_is_bound_when_an_animal_is_registered_with_it(app: Flask):
    with app.app_context():
        vet = make_user(Role.VET, LUNYUK)
        (code,) = fill_bag(vet, 1)  # type: ignore[arg-type]
        keeper = make_keeper()
        officer = signed_in(app, vet)
    public = app.test_client()
    for client in (officer, public):
        client.set_cookie("bahasa", "en")
    assert "not yet in use" in public.get(f"/t/{code}").text
    scanned = officer.get(f"/t/{code}")
    assert scanned.headers["Location"] == f"/stok-tag/kosong/{code}"
    offered = officer.get(scanned.headers["Location"]).text
    assert f"/ternak/baru?tag={spaced(code)}" in offered
    assert "not from your bag" not in offered
    page = f"/ternak/baru?pemilik={keeper.id}&tag={code}"
    form = officer.get(page).text
    assert code in form.replace("-", "")
    done = form_post(
        officer, "/ternak/baru", page=page, id=id_on(form), keeper_id=str(keeper.id), tag=code,
        village=LUNYUK_REA, species="cattle", sex="male", colour="hitam", verification="seen",
    )  # fmt: skip
    assert done.status_code == 302, done.text
    with app.app_context():
        assert states([code]) == {"applied"}
        assert blank_tag(code) is None
        assert db.session.query(Animal).count() == 1
    assert officer.get(f"/t/{code}").status_code == 200
    assert officer.get(f"/stok-tag/kosong/{code}").status_code == 404
    assert "not yet in use" not in public.get(f"/t/{code}").text


def test_who_scans_a_blank_tag_of_another_bag_is_warned(app: Flask):
    with app.app_context():
        (code,) = make_stock(1)
        officer = signed_in(app, make_user(Role.VET, LUNYUK))
    officer.set_cookie("bahasa", "en")
    assert "not from your bag" in officer.get(f"/t/{code}", follow_redirects=True).text


def test_tags_never_count_as_animals(app: Flask):
    with app.app_context():
        fill_bag(actor_for(Role.VET, LUNYUK), 5)
        make_animal()
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    tile = re.search(r"<b>(\d+)</b>\s*<span>Ternak [^<]*petugas", client.get("/").text)
    assert tile
    assert tile[1] == "1"


def test_strangers_find_no_run_and_no_tag(app: Flask):
    with app.app_context():
        run = make_run(2)
        (code, _) = codes_of_run(run.id)
        move("receive", run_id=run.id)
        stranger = signed_in(app, make_user(Role.UPT_HEAD, "52.04.05"))
        auditor = signed_in(app, make_user(Role.AUDITOR))
    for url in (f"/stok-tag/cetakan/{run.id}", f"/stok-tag/tag/{code}"):
        assert stranger.get(url).status_code == 404
        assert auditor.get(url).status_code == 200
    assert auditor.get(f"/stok-tag/cetakan/{run.id}/tag.pdf").status_code == 403
    assert auditor.get("/stok-tag/").status_code == 200
    assert '/stok-tag/cetak"' not in auditor.get("/stok-tag/").text
    assert auditor.get("/stok-tag/tag?kode=XYZ").status_code == 200
    assert auditor.get(f"/stok-tag/tag?kode={spaced(code)}").status_code == 302


def test_a_blank_tag_leads_to_the_animal_that_gets_it(app: Flask):
    with app.app_context():
        animal, worn = make_animal(make_keeper(person(name="Siti Aminah")))
        (code,) = make_stock(1)
        client = signed_in(app, make_user(Role.VET, LUNYUK))
        clerk = signed_in(app, make_user(Role.TREASURER))
    url, form = f"/label/pasang/{code}", f"/mutasi/ternak/{animal.id}/ganti-tag"
    assert f'action="{url}"' in client.get(f"/stok-tag/kosong/{code}").text
    for wanted in ("Siti", worn):
        assert form in client.get(f"{url}?cari={wanted}").text
    assert form not in client.get(f"{url}?cari=Zulkarnain").text
    assert client.get(f"/label/pasang/{worn}?cari=Siti").status_code == 404
    assert clerk.get(url).status_code == 403
