"""The person, the counter and the protection officer in the browser."""

import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import select

import sijinak
from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.keepers.models import Keeper
from sijinak.privacy import labels
from sijinak.privacy.models import PrivacyRequest, RequestState
from sijinak.privacy.queries import LOOKS
from tests.animals.factories import make_animal, make_keeper, person
from tests.browsing import form_post
from tests.factories import LUNYUK, make_user, signed_in


def test_the_owner_sees_who_looked_in_words_and_takes_a_copy(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Ahmad Kanari", phone="6281234509876"))
        _animal, tag = make_animal(keeper)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK, name="Hasanuddin"))
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
        other = signed_in(app, make_user(Role.TRADER, keeper_id=make_keeper().id))
    clerk.get(f"/t/{tag}")
    form_post(clerk, f"/peternak/{keeper.id}/nik", reason="Cocokkan KTP")
    page = owner.get("/data-saya/").text
    assert "Hasanuddin" in page
    assert "Cocokkan KTP" in page
    assert "Hasanuddin" in owner.get("/data-saya/dilihat").text
    assert owner.get("/data-saya/diubah").status_code == 200
    assert "Hasanuddin" not in other.get("/data-saya/").text
    packed = zipfile.ZipFile(io.BytesIO(form_post(owner, "/data-saya/salinan").data))
    copy = json.loads(packed.read("data.json"))
    assert copy["keepers"][0]["phone"] == "6281234509876"
    assert {"keeper.viewed", "keeper.revealed"} <= {one["name"] for one in copy["events"]}
    assert keeper.nik in packed.read("baca.html").decode()
    with app.app_context():
        made = select(Event).where(Event.name == "privacy.copy-made")
        assert db.session.scalars(made).one().facts == {"own": True}


def test_the_owner_reads_in_whose_lists_the_name_stood(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        make_animal(keeper)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK, name="Hasanuddin"))
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
        other = signed_in(app, make_user(Role.TRADER, keeper_id=make_keeper().id))
    owner.get("/ternak/")  # one's own is no look
    assert "nama Anda" not in owner.get("/data-saya/dilihat").text
    clerk.get("/ternak/")
    seen = owner.get("/data-saya/dilihat").text
    assert "Hasanuddin" in seen
    assert "melihat nama Anda dalam daftar ternak" in seen
    assert "daftar ternak" not in other.get("/data-saya/dilihat").text


def test_a_request_runs_against_the_clock_until_it_is_answered(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Ahmad Kanari"))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        dpo = signed_in(app, make_user(Role.PRIVACY_OFFICER))
    said = {"id": str(uuid7()), "kind": "correction", "words": "Dusun saya Beru", "identity": ""}
    assert form_post(clerk, f"/privasi/peternak/{keeper.id}", **said).status_code == 422
    said["identity"] = "KTP dilihat"
    assert form_post(clerk, f"/privasi/peternak/{keeper.id}", **said).status_code == 302
    here = f"/privasi/{said['id']}"
    assert "Dusun saya Beru" in dpo.get(here).text
    assert clerk.get(here).status_code == 403
    with clock.reading(now() + timedelta(hours=73)):
        with app.app_context():
            colleague = signed_in(app, make_user(Role.PRIVACY_OFFICER))
        first = colleague.get("/").text
        assert "1 terlambat" in first or "1 late" in first
    answered = {"id": str(uuid7()), "answer": "Sudah dibetulkan oleh UPT"}
    assert form_post(dpo, f"{here}/jawab", **answered).status_code == 302
    with app.app_context():
        request = db.session.get_one(PrivacyRequest, UUID(said["id"]))
        assert (request.state, request.answer) == (RequestState.ANSWERED, answered["answer"])
        assert b"Sudah" not in (request.answer_sealed or b"")
    assert form_post(dpo, f"{here}/tolak", id=str(uuid7())).status_code == 422


def test_the_officer_asks_who_saw_whom_and_what_an_account_read(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Ahmad Kanari"))
        user = make_user(Role.CLERK, LUNYUK, name="Hasanuddin")
        clerk = signed_in(app, user)
        dpo = signed_in(app, make_user(Role.PRIVACY_OFFICER))
    clerk.get(f"/peternak/{keeper.id}")
    clerk.get("/peternak/?nama=kanari")
    since = today().isoformat()
    assert "Hasanuddin" in dpo.get(f"/privasi/cari/{keeper.id}?sejak={since}").text
    assert "Ahmad Kanari" in dpo.get("/privasi/cari?nama=kanari").text
    found = dpo.get(f"/privasi/cari?akun={user.username}&sejak={since}").text
    assert "Hasanuddin" in found
    leak = dpo.get(f"/privasi/insiden?akun={user.username}&sejak={since}").text
    assert "Ahmad Kanari" in leak
    lines = dpo.get(f"/privasi/insiden.csv?akun={user.username}&sejak={since}").text
    assert f"{keeper.id};Ahmad Kanari;1;1" in lines
    nobody = today() + timedelta(days=1)
    later = dpo.get(f"/privasi/insiden?akun={user.username}&sejak={nobody}").text
    assert "Ahmad Kanari" not in later


def test_an_erased_keeper_cannot_be_changed_or_asked_for(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Ahmad Kanari"))
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
        dpo = signed_in(app, make_user(Role.PRIVACY_OFFICER))
        head = signed_in(app, make_user(Role.KABID))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    said = {"id": str(uuid7()), "kind": "erasure", "words": "Saya berhenti beternak"}
    assert form_post(owner, "/data-saya/permintaan", **said).status_code == 302
    here = f"/privasi/{said['id']}"
    for who, step, status in (
        (dpo, "hapus", 302), (dpo, "setuju", 403), (head, "setuju", 302), (head, "setuju", 422),
    ):  # fmt: skip
        assert form_post(who, f"{here}/{step}", id=str(uuid7())).status_code == status, step
    assert owner.get("/data-saya/").status_code == 302  # the account is closed
    assert clerk.get(f"/peternak/{keeper.id}/ubah").status_code in {200, 404}
    with app.app_context():
        assert db.session.get_one(Keeper, keeper.id).name == "(dihapus)"
        names = [one.name for one in db.session.scalars(select(Event))]
        assert {"privacy.asked", "privacy.erasure-proposed", "privacy.erased"} <= set(names)


def test_each_change_of_a_keeper_has_a_sentence():
    """People do not read codes."""
    source = "".join(one.read_text() for one in Path(sijinak.__file__).parent.rglob("*.py"))
    recorded = set(re.findall(r'record\(\s*"([a-z.-]+)",\s*(?:keeper|group|firm),', source))
    assert {"keeper.member-added", "keeper.suspended", "keeper.brand-ended"} <= recorded
    for name in recorded - {*LOOKS, "keeper.amended"}:
        told = Event(name=name, facts={"reason": "Masa berlaku habis"})
        said = labels.change_sentence(told, "Hasanuddin")
        assert name in labels.CHANGES
        assert said.startswith("Hasanuddin")
