"""No column can be written by adding it to a form (S4), and secrets stay out of logs (S37)."""

import logging
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Appointment, RecoveryCode, Role, SecondFactor, User
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from tests.accounts.doors import account, code_at, enrol, is_in, sign_in
from tests.browsing import form_post
from tests.factories import LUNYUK, PASSWORD, signed_in

FORMS: dict[str, dict[str, Any]] = {
    "/pengguna/baru": {
        "name": "drh. Sari", "username": "drh.sari", "role": "vet", "region": LUNYUK,
        "decree": "SK 5", "valid_from": "2026-01-01", "id": "new",
    },
    "/pengguna/{user}/penunjukan": {
        "role": "vet", "region": LUNYUK, "decree": "SK 5", "valid_from": "2026-01-01", "id": "new",
    },
    "/akun/sandi": {"current": PASSWORD, "new": "perahu-kecil-di-teluk-saleh"},
    "/akun/faktor-kedua/mulai": {"password": PASSWORD},
    "/akun/faktor-kedua/pastikan": {"digits": "123456"},
    "/akun/faktor-kedua/hapus": {"password": PASSWORD, "digits": "123456"},
    "/akun/sesi/akhiri-lainnya": {},
    "/pengguna/{user}/sandi": {},
    "/pengguna/{user}/tutup": {},
    "/pengguna/{user}/buka": {},
    "/pengguna/{user}/keluarkan": {},
    "/masuk": {"username": "nobody", "password": PASSWORD},
}  # fmt: skip
OPTIONAL = {"keeper_id", "valid_until", "decree"}
COLUMNS = sorted(
    {c.name for m in (User, Appointment, SecondFactor, RecoveryCode) for c in m.__table__.columns}
)


def _rows(app: Flask) -> list[object]:
    with app.app_context():
        return [
            tuple(row)
            for model in (User, Appointment, SecondFactor)
            for row in db.session.execute(select(model.__table__).order_by(model.__table__.c.id))
        ]


@pytest.mark.parametrize("path", FORMS)
def test_an_extra_field_is_refused_and_changes_nothing(app: Flask, path: str):
    victim = account(app)
    client = signed_in(app, account(app, Role.ADMINISTRATOR))
    if path == "/masuk":
        client = app.test_client()
    url, page = path.format(user=victim.id), "/masuk" if path == "/masuk" else "/akun/sandi"
    before = _rows(app)
    for column in set(COLUMNS) - set(FORMS[path]) - OPTIONAL:
        fields = {k: str(uuid7()) if v == "new" else v for k, v in FORMS[path].items()}
        answer = form_post(client, url, page=page, **{**fields, column: "1"})
        assert answer.status_code == 422, f"{path} took {column}"
    assert _rows(app) == before


def test_a_field_given_twice_is_read_once(app: Flask):
    """Parameter pollution: the first counts, and it is the one that was checked."""
    client = signed_in(app, account(app, Role.ADMINISTRATOR))
    fields = {**FORMS["/pengguna/baru"], "id": str(uuid7()), "region": [LUNYUK, "52"]}
    assert form_post(client, "/pengguna/baru", **fields).status_code == 201
    with app.app_context():
        regions = set(db.session.scalars(select(Appointment.region)))
    assert regions == {LUNYUK, "52.04"}


def test_secrets_and_personal_data_stay_out_of_logs_and_addresses(
    app: Flask, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    user = account(app)
    secret, codes = enrol(app, user)
    canaries = [
        "5204029912880001", "081299887766", PASSWORD, "canary-password-9", secret, codes[0],
        user.name,
    ]  # fmt: skip
    client = app.test_client()
    answers = [
        sign_in(client, "5204029912880001", "081299887766"),
        sign_in(client, user.username, "canary-password-9"),
        sign_in(client, user.username),
        form_post(client, "/masuk/kode", page="/masuk/kode", digits=codes[0]),
        form_post(client, "/akun/sandi", current="canary-password-9", new="081299887766"),
        client.get("/akun"),
    ]
    assert is_in(client)
    admin = signed_in(app, account(app, Role.ADMINISTRATOR))
    answers.append(
        form_post(
            admin, "/pengguna/baru", page="/pengguna/baru", **{**FORMS["/pengguna/baru"], "id": "x"}
        )
    )
    written = caplog.text + " ".join(
        a.headers.get("Location", "") + a.request.path for a in answers
    )
    assert [c for c in canaries if c in written] == []
    with app.app_context():  # it is told, without saying who
        failed = select(func.count()).where(Event.name == "user.sign-in-failed")
        assert (db.session.scalar(failed) or 0) >= 2
    assert code_at(secret, user.password_changed_at) not in written
    for answer in answers:
        assert "canary-password-9" not in answer.text
        assert PASSWORD not in answer.text
