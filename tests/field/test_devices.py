"""Phones: who may enrol one, who opens it again, and what a revoked one can still do."""

import random
from base64 import b64encode
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from sijinak.accounts.models import Appointment, Role, User
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.paging import START
from sijinak.field.devices import (
    EnrolDevice,
    RevokeDevice,
    RevokeReason,
    device_of,
    enrol_device,
    revoke_device,
)
from sijinak.field.models import Device, FieldRecord, ResendRequest, Verdict
from sijinak.field.queries import gaps_of, records_of, resend_from
from sijinak.field.resending import AskAgain, ask_again, note_resent
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.field.doors import phone_with_outbox, send
from tests.field.phones import RECOVERY, Handset, handset, officer
from tests.field.records import keep_records

ALAS = "52.04.05"
PAGES = "/lapangan/kantor/ponsel/"


def _events(name: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.name == name)))


def _revoke(phone: Handset, by: object, **fields: object) -> Device:
    command = {"id": uuid7(), "device_id": phone.id, "reason": RevokeReason.LOST, **fields}
    with transaction():
        return revoke_device(RevokeDevice(**command), by=by)  # type: ignore[arg-type]


def test_an_officer_enrols_a_phone(app: Flask):
    user = officer(app)
    phone = Handset(signed_in(app, user))
    answer = phone.enrol()
    assert answer.status_code == 201
    assert answer.json is not None
    assert set(answer.json) == {
        "device", "token", "expires_at", "server_time", "user", "receipt_keys", "villages",
    }  # fmt: skip
    assert ["52.04.02.2001", "Lunyuk Rea, Lunyuk"] in answer.json["villages"]
    assert all(code.startswith(LUNYUK) for code, _ in answer.json["villages"])
    state = phone.ask("/status")
    assert state.json is not None
    assert (state.json["state"], state.json["gaps"], state.json["resend_from"]) == ("ok", [], None)
    with app.app_context():
        kept = db.session.get_one(Device, phone.id)
        assert phone.token.encode() not in kept.token_digest
        assert RECOVERY.encode() not in kept.recovery_sealed
        assert kept.recovery == RECOVERY
        (event,) = _events("field.device-enrolled")
        assert (event.actor_id, event.region) == (user.id, LUNYUK)


def test_a_lost_answer_is_asked_for_again(app: Flask):
    """The new token works, the one that never arrived does not; one phone, one line."""
    phone = handset(app)
    first = dict(phone.header)
    assert phone.enrol().status_code == 200
    with app.app_context():
        assert device_of(first["Authorization"]) is None
        assert device_of(phone.header["Authorization"]) is not None
        assert len(_events("field.device-enrolled")) == 1


def test_a_new_signing_key_needs_the_old_recovery_key(app: Flask):
    phone = handset(app)
    again = Handset(phone.browser, id=phone.id)
    other = again.enrol(recovery=b64encode(b"x" * 32).decode())
    assert (other.status_code, other.json["type"]) == (409, "other-keys")  # type: ignore[index]
    assert phone.ask("/status").status_code == 200
    assert again.enrol().status_code == 200
    with app.app_context():
        assert len(_events("field.device-rekeyed")) == 1
        found = device_of(again.header["Authorization"])
        assert found is not None
        assert b64encode(found.public_key).decode() == again.wish()["public_key"]


@pytest.mark.parametrize("role", [Role.TRADER, Role.KADIS, Role.AUDITOR, Role.VILLAGE_HEAD])
def test_without_field_work_no_phone(app: Flask, role: Role):
    assert Handset(signed_in(app, officer(app, role))).enrol().status_code == 403
    with app.app_context():
        who = actor_for(role)
        command = EnrolDevice(
            id=uuid7(), name="x", platform="x", public_key=b"", recovery="", app="1"
        )
        with transaction(), pytest.raises(Forbidden):
            enrol_device(command, by=who, days=1)


def test_bad_keys_are_refused(app: Flask):
    phone = Handset(signed_in(app, officer(app)))
    bad: tuple[dict[str, object], ...] = (
        {"public_key": "AAAA"},
        {"public_key": "no base64!"},
        {"recovery": "AAAA"},
        {"recovery": None},
        {"user_id": str(uuid7())},
        {"name": ""},
        {"name": "x" * 61},
        {"id": "7"},
    )
    for changes in bad:
        assert phone.enrol(**changes).status_code == 422, changes


def test_the_phone_of_somebody_else(app: Flask):
    phone, other = handset(app), signed_in(app, officer(app))
    stranger = Handset(other, key=phone.key, id=phone.id)
    for answer in (
        stranger.enrol(),
        stranger.by_its_user("renew"),
        stranger.by_its_user("recovery"),
    ):
        assert (answer.status_code, answer.json["type"]) == (403, "other-owner")  # type: ignore[index]
    assert phone.ask("/status").status_code == 200


def test_its_user_renews_it_and_gets_its_recovery_key(app: Flask):
    user = officer(app)
    phone = handset(app, user)
    before = phone.token
    renewed = phone.by_its_user("renew")
    assert renewed.json is not None
    assert renewed.json["token"] != before
    assert phone.ask("/status").status_code == 401
    phone.token = renewed.json["token"]
    assert phone.ask("/status").status_code == 200
    assert phone.by_its_user("recovery").json == {"recovery": RECOVERY}
    with app.app_context():
        assert len(_events("field.device-renewed")) == 1
        (event,) = _events("field.recovery-handed-out")
        assert event.actor_id == user.id
        assert RECOVERY not in str(event.facts)


def test_an_old_sign_in_opens_no_keys(app: Flask):
    phone = handset(app)
    with clock.reading(now() + timedelta(minutes=16)):
        for action in ("renew", "recovery"):
            answer = phone.by_its_user(action)
            assert (answer.status_code, answer.json["type"]) == (403, "sign-in-again")  # type: ignore[index]


def test_a_revoked_phone_gets_no_pack_and_no_new_token(app: Flask):
    """S23: at once, and for everything but handing over what it holds."""
    phone = handset(app)
    assert phone.ask("/pack").status_code == 200
    with app.app_context():
        _revoke(phone, actor_for(Role.UPT_HEAD, LUNYUK))
    refused = phone.ask("/pack")
    assert (refused.status_code, refused.json["type"]) == (401, "device-revoked")  # type: ignore[index]
    for answer in (phone.enrol(), phone.by_its_user("renew"), phone.by_its_user("recovery")):
        assert answer.json["type"] == "device-revoked"  # type: ignore[index]
    assert phone.ask("/status").json["state"] == "revoked"  # type: ignore[index]
    assert phone.ask("/wiped", method="POST").status_code == 415
    assert phone.ask("/wiped", method="POST", json={}).status_code == 204
    with app.app_context():
        assert db.session.get_one(Device, phone.id).wiped_at is not None
        assert len(_events("field.device-wiped")) == 1


def test_who_revokes(app: Flask):
    user = officer(app)
    phone = handset(app, user)
    with app.app_context():
        for by in (
            actor_for(Role.UPT_HEAD, ALAS),
            actor_for(Role.VET, LUNYUK),
            actor_for(Role.KADIS),
            actor_for(Role.TRADER, LUNYUK),
        ):
            with pytest.raises(NotFound):
                _revoke(phone, by)
        head, command_id = actor_for(Role.UPT_HEAD, LUNYUK), uuid7()
        first = _revoke(phone, head, id=command_id).revoked_at
        with clock.reading(now() + timedelta(hours=1)):
            assert _revoke(phone, head, id=command_id).revoked_at == first
            assert _revoke(phone, head).revoked_at == first
        (event,) = _events("field.device-revoked")
        assert event.facts == {"reason": "lost"}


def test_whose_account_is_closed_or_who_does_other_work(app: Flask):
    closed, moved = officer(app), officer(app)
    phones = [handset(app, closed), handset(app, moved)]
    with app.app_context(), transaction():
        db.session.execute(update(User).where(User.id == closed.id).values(is_active=False))
        of_moved = Appointment.user_id == moved.id
        db.session.execute(update(Appointment).where(of_moved).values(ended_at=now()))
    for phone in phones:
        answer = phone.ask("/pack")
        assert (answer.status_code, answer.json["type"]) == (401, "account-closed")  # type: ignore[index]
        assert phone.ask("/status").json["state"] == "closed"  # type: ignore[index]


def test_a_token_expires(app: Flask):
    phone = handset(app)
    with clock.reading(now() + timedelta(days=91)):
        answer = phone.ask("/pack")
        assert (answer.status_code, answer.json["type"]) == (401, "device-expired")  # type: ignore[index]
        assert phone.ask("/status").json["state"] == "expired"  # type: ignore[index]


def test_guessers_are_slowed_and_others_are_not(app: Flask):
    phone = handset(app)
    guesser = Handset(phone.browser, id=phone.id)
    for token in ("", "x", phone.token[:-1], phone.token + "=", "A" * 43):
        guesser.token = token
        assert guesser.ask("/status").json["type"] == "device-unknown"  # type: ignore[index]
    other_id = Handset(phone.browser, token=phone.token)
    assert other_id.ask("/status").status_code == 401
    answers = {guesser.ask("/status").status_code for _ in range(60)}
    assert answers == {401, 429}
    assert phone.ask("/status").status_code == 200


def test_the_cookie_alone_is_no_phone(app: Flask):
    phone = handset(app)
    assert phone.browser.get("/api/v1/field/pack").status_code == 401


def test_missing_numbers(app: Flask):
    """What a phone's row says is what is missing among its records, in whatever order they came."""
    dice = random.Random(5204)  # noqa: S311 - the same ones every time
    phone, box = phone_with_outbox(app)
    for _ in range(40):
        box.add("temperature", {"tenths": 43})
    some = dice.sample(box.records[:-1], 25)
    for start in range(0, 25, 5):
        told = send(phone, box.batch(some[start : start + 5]))["gaps"]
        with app.app_context():
            seqs = sorted(db.session.scalars(select(FieldRecord.seq)))
            device = db.session.get_one(Device, phone.id)
            expected = [
                (before + 1, seq - 1)
                for before, seq in zip([0, *seqs], seqs, strict=False)
                if seq > before + 1
            ]
            assert gaps_of(device) == expected
        asked = phone.ask("/status").json
        assert asked is not None
        assert [tuple(gap) for gap in told] == [tuple(gap) for gap in asked["gaps"]] == expected


def test_records_stand_in_the_order_in_which_they_came(app: Flask):
    """The phone makes their ids, by a clock that may be wrong by years."""
    phone = handset(app)
    with app.app_context():
        keep_records(phone.id, range(1, 31))
        with clock.reading(now() - timedelta(days=900)):
            keep_records(phone.id, range(31, 41), received_at=now() + timedelta(days=901))
        first = records_of(phone.id)
        second = records_of(phone.id, first.older or START)
        back = records_of(phone.id, second.newer or START)
    assert [one.seq for one in first.items] == list(range(40, 15, -1))
    assert [one.seq for one in second.items] == list(range(15, 0, -1))
    assert [one.seq for one in back.items] == [one.seq for one in first.items]


def test_asking_again_after_a_restore(app: Flask):
    phone, far = handset(app), handset(app, officer(app, region=ALAS))
    with app.app_context():
        keep_records(phone.id, [1, 2])
        head, vet = actor_for(Role.UPT_HEAD, LUNYUK), actor_for(Role.VET)
        with transaction(), pytest.raises(Forbidden):
            ask_again(AskAgain(id=uuid7()), by=vet)
        with transaction(), pytest.raises(NotFound):
            ask_again(AskAgain(id=uuid7(), device_id=far.id), by=head)
        command = AskAgain(id=uuid7())
        for times in (1, 0):
            with transaction():
                assert ask_again(command, by=head) == times
        assert (resend_from(phone.id), resend_from(far.id)) == (3, None)
    assert phone.ask("/status").json["resend_from"] == 3  # type: ignore[index]
    with app.app_context():
        with transaction():
            note_resent(phone.id, first_seq=9, repeats=False)  # new work: it has not heard yet
        assert resend_from(phone.id) == 3
        with transaction():
            note_resent(phone.id, first_seq=3, repeats=False)
        assert resend_from(phone.id) is None
        assert db.session.scalars(select(ResendRequest.done_at)).one() is not None


def test_the_office_sees_what_is_missing(app: Flask):
    user = officer(app)
    phone, far = handset(app, user), handset(app, officer(app, region=ALAS))
    with app.app_context():
        keep_records(phone.id, [1, 2, 6])
        keep_records(phone.id, [7], Verdict.REVIEW)
        told = update(Device).where(Device.id == phone.id)
        with transaction():
            db.session.execute(told.values(unsent=4, seen_at=now() - timedelta(days=8)))
        head = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        trader = signed_in(app, make_user(Role.TRADER))
    page = head.get(PAGES).text
    assert "3–5" in page
    assert str(phone.id) in page
    assert str(far.id) not in page
    assert str(phone.id) in head.get(f"{PAGES}?pilih=diam").text
    assert f"{PAGES}?pilih=diam" in head.get("/").text  # the tile of the first page
    one = head.get(f"{PAGES}{phone.id}").text
    assert "3–5" in one
    assert "Ponsel dinas 3" in one
    assert head.get(f"{PAGES}{far.id}").status_code == 404
    assert trader.get(PAGES).status_code == 403
    own = phone.browser.get(PAGES).text
    assert str(phone.id) in own
    assert "minta-ulang" not in own


def test_revoking_on_the_page(app: Flask):
    """A vet whose phone is lost revokes it on another one; nobody's phone but his."""
    user = officer(app)
    phone, other = handset(app, user), handset(app)
    browser = signed_in(app, user)
    page = f"{PAGES}{phone.id}"
    refused = form_post(browser, f"{page}/cabut", page=page, id=uuid7())
    assert refused.status_code == 422
    done = form_post(
        browser, f"{page}/cabut", page=page, id=id_on(browser.get(page).text), reason="lost"
    )
    assert done.status_code == 302
    assert phone.ask("/pack").status_code == 401
    foreign = form_post(browser, f"{PAGES}{other.id}/cabut", id=uuid7(), reason="lost")
    assert foreign.status_code == 404
    assert other.ask("/pack").status_code == 200


def test_asking_again_on_the_page(app: Flask):
    phones = [handset(app), handset(app)]
    with app.app_context():
        head = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    one = f"{PAGES}{phones[0].id}"
    form_post(head, f"{one}/minta-ulang", page=one, id=uuid7())
    with app.app_context():
        assert [resend_from(phone.id) for phone in phones] == [1, None]
    form_post(head, f"{PAGES}minta-ulang", page=PAGES, id=uuid7())
    with app.app_context():
        assert [resend_from(phone.id) for phone in phones] == [1, 1]
    assert form_post(vet, f"{PAGES}minta-ulang", id=uuid7()).status_code == 403
