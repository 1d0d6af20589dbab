"""What happens to the safety of the house is written down: the 25 kinds, each with its words."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import sijinak
from sijinak.accounts.models import Appointment, Role
from sijinak.accounts.services import (
    AddUser,
    Appoint,
    add_user,
    appoint,
    end_appointment,
    reset_password,
    set_active,
)
from sijinak.audit.labels import EVENTS
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from tests.accounts.doors import account, enrol, sign_in
from tests.animals.factories import make_keeper
from tests.browsing import form_post
from tests.factories import LUNYUK, PASSWORD, make_user, signed_in

PACKAGE = Path(sijinak.__file__).parent
# The first is a line of the trail; what strangers can cause at will is a line of the program's log.
TRAIL: dict[str, tuple[str, ...]] = {
    "sign-in": ("user.signed-in",),
    "sign-in refused": ("user.sign-in-failed",),
    "sign-out": ("user.signed-out",),
    "password changed": ("user.password-changed",),
    "password reset": ("user.password-reset",),
    "second factor": ("user.second-factor-confirmed", "user.second-factor-removed"),
    "second factor wrong": ("user.second-factor-failed",),
    "passkeys": ("user.passkey-added", "user.passkey-removed"),
    "recovery code": ("user.recovery-code-used",),
    "sessions ended elsewhere": ("user.sessions-ended",),
    "accounts": ("user.added", "user.activated", "user.deactivated"),
    "roles": ("user.appointed", "user.appointment-ended"),
    "delegations": ("delegation.given", "delegation.ended"),
    "forged message of a bank": ("payment.message-forged",),
    "phones": ("field.device-enrolled", "field.device-revoked"),
    "keys": ("key.made", "key.retired", "key.revoked"),
    "files taken away": ("export.made",),
    "whole NIK": ("keeper.revealed",),
    "person seen": ("keeper.viewed", "keeper.listed"),
    "rules and tariffs": ("rule.written", "rule.ended", "tariff.approved"),
    "receipt void": ("void.issued",),
    "log and its checkpoints": ("log.checkpoint", "log.mismatch"),
    "erasure": ("privacy.erasure-proposed", "privacy.erased"),
}
LOG = {
    "doors that stay shut": ("request-refused", "request-forged", "sign-in-throttled"),
    "forged QR codes": ("qr-forged",),
}
# Written with a step's or a subject's name in the middle.
PATTERNED = re.compile(r'f"(user|void|key)\.\{')


def test_there_are_25():
    assert len(TRAIL) + len(LOG) == 25


@pytest.mark.parametrize("kind", TRAIL)
def test_the_trail_has_a_word_for_it_and_the_code_writes_it(kind: str, source: str):
    for name in TRAIL[kind]:
        assert name in EVENTS, name
        patterned = any(found == name.split(".")[0] for found in PATTERNED.findall(source))
        assert f'"{name}"' in source or patterned, name


@pytest.mark.parametrize("kind", LOG)
def test_the_log_of_the_program_has_a_word_for_it(kind: str, source: str):
    for word in LOG[kind]:
        assert f'"{word}"' in source, word


@pytest.fixture(scope="session")
def source() -> str:
    labels = set((PACKAGE / "audit").glob("*labels.py"))
    return "\n".join(p.read_text() for p in PACKAGE.rglob("*.py") if p not in labels)


def _at_the_door(app: Flask) -> None:
    user = account(app)
    client = app.test_client()
    sign_in(client, user.username, "salah sekali")
    sign_in(client, "tidak-ada", "salah sekali")
    sign_in(client, user.username)
    form_post(client, "/akun/sandi", current=PASSWORD, new="senja-di-olat-maras-9")
    form_post(client, "/keluar", page="/akun")


def _second_factor(app: Flask) -> None:
    user = account(app)
    _secret, codes = enrol(app, user)
    client = app.test_client()
    sign_in(client, user.username)
    form_post(client, "/masuk/kode", page="/masuk/kode", digits="000000")
    form_post(client, "/masuk/kode", page="/masuk/kode", digits=codes[0])


def _by_an_administrator(app: Flask) -> None:
    with app.app_context(), transaction():
        user, _password = add_user(
            AddUser(
                username="baru", name="Baru", role=Role.VET, region=LUNYUK, decree="SK 1",
                valid_from=today(),
            ),
            by=OPERATOR,
        )  # fmt: skip
        reset_password(user.id, by=OPERATOR)
        set_active(user.id, active=False, by=OPERATOR)
        appoint(
            Appoint(
                user_id=user.id, role=Role.CLERK, region=LUNYUK, decree="SK 2", valid_from=today()
            ),
            by=OPERATOR,
        )
        held = select(Appointment).where(Appointment.user_id == user.id).limit(1)
        end_appointment(db.session.scalars(held).one().id, by=OPERATOR)


def _looking(app: Flask) -> None:
    with app.app_context():
        keeper = make_keeper()
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    clerk.get("/peternak/?nama=abdul")
    clerk.get(f"/peternak/{keeper.id}")
    page = f"/peternak/{keeper.id}"
    form_post(clerk, f"{page}/nik", page=page, reason="Cocokkan KTP")


DONE: dict[Callable[[Flask], None], set[str]] = {
    _at_the_door: {
        *("user.signed-in", "user.sign-in-failed", "user.signed-out", "user.password-changed"),
        "user.sessions-ended",
    },
    _second_factor: {
        *("user.second-factor-confirmed", "user.second-factor-failed"),
        *("user.recovery-code-used", "user.signed-in"),
    },
    _by_an_administrator: {
        *("user.added", "user.password-reset", "user.deactivated", "user.appointed"),
        "user.appointment-ended",
    },
    _looking: {"keeper.viewed", "keeper.listed", "keeper.revealed"},
}


@pytest.mark.parametrize("do", DONE, ids=lambda do: do.__name__)
def test_it_is_written_when_it_happens(app: Flask, do: Callable[[Flask], None]):
    do(app)
    with app.app_context():
        written = {one.name for one in db.session.scalars(select(Event))}
    assert DONE[do] <= written


def test_what_was_typed_at_the_door_is_kept_nowhere(app: Flask):
    client = app.test_client()
    sign_in(client, "NIK5204021503800001", "rahasia-saya-sendiri")
    with app.app_context():
        (event,) = db.session.scalars(select(Event).where(Event.name == "user.sign-in-failed"))
        assert set(event.facts) == {"account", "origin"}
        assert "5204021503800001" not in str(event.facts)


def test_doors_that_stay_shut_are_told_to_the_log(app: Flask, caplog: pytest.LogCaptureFixture):
    with app.app_context():
        user = make_user(Role.TRADER)
        trader = signed_in(app, user)
    stranger = app.test_client()
    with caplog.at_level(logging.WARNING, logger="sijinak.security"):
        assert trader.get("/jejak/").status_code == 403
        assert trader.post("/keluar", data={}).status_code == 400
        for _ in range(7):
            sign_in(stranger, user.username, "salah sekali")
        stranger.get("/V/" + "A" * 60)
    for words in (*LOG["doors that stay shut"], *LOG["forged QR codes"]):
        assert words in caplog.text
    assert str(user.id) in caplog.text
    assert user.username not in caplog.text
