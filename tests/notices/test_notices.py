"""Messages that go out: once for one reason, whatever the mail server does."""

import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event, events
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.notices import jobs
from sijinak.notices.ending import (
    AddressEnded,
    AskEnding,
    DecideEnding,
    EndingAsked,
    NoEndingAsked,
    SameEnder,
    ask_ending,
    confirm_ending,
    drop_ending,
)
from sijinak.notices.mailing import EMAIL, Letter, Refused, Smtp, carrier_of, written
from sijinak.notices.models import Notice, NoticeAddress, NoticeState, Purpose
from sijinak.notices.policy import post
from sijinak.notices.progress import MOST_ATTEMPTS, take_notice
from sijinak.notices.services import (
    AddAddress,
    AddressKnown,
    Message,
    NotAnEmail,
    SendAgain,
    TwoLines,
    add_address,
    queue_notices,
    send_again,
)
from tests.browsing import Browser, id_on
from tests.core.test_outbound import certificate
from tests.factories import actor_for, make_user, signed_in
from tests.notices.mailserver import MailServer, mail_server

EMAIL_OF = "inspektorat@sumbawa.example"
NOTE = "sijinak.example/log\n7\n…\n\n— sijinak.example/log abc\n"
TOLD = Message(
    reason="books-closed:2026-11-22",
    subject="Titik periksa catatan 22-11-2026",
    body="Isi surat.\n.baris dengan titik\n",
    attachments={"catatan-7.note": NOTE},
)


@pytest.fixture
def address(context: Flask) -> NoticeAddress:
    with transaction():
        return add_address(AddAddress(who="Inspektorat", email=EMAIL_OF), by=OPERATOR)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as house:
        use(house)
        yield house


def use(house: MailServer) -> None:
    post.carrier = Smtp(
        url=house.url,
        sender="sijinak@sumbawa.example",
        internal=frozenset({"127.0.0.1"}),
        patience=5,
    )


def queue() -> Notice:
    with transaction():
        (notice,) = queue_notices(TOLD, Purpose.CHECKPOINT, by=OPERATOR)
    return notice


def state_of(notice: Notice) -> NoticeState:
    db.session.expire_all()
    return db.session.get_one(Notice, notice.id).state


def later(minutes: float) -> AbstractContextManager[None]:
    return clock.reading(now() + timedelta(minutes=minutes))


def test_a_message_goes_out_once(address: NoticeAddress, server: MailServer):
    notice = queue()
    with transaction():
        assert queue_notices(TOLD, Purpose.CHECKPOINT, by=OPERATOR) == []
    while events.deliver_next():
        pass
    jobs.sweep()
    assert state_of(notice) is NoticeState.SENT
    (letter,) = [message_from_string(text, policy=default) for text in server.letters]
    assert letter["To"] == f"Inspektorat <{EMAIL_OF}>"
    assert letter["Message-ID"] == f"<{notice.id}@sumbawa.example>"
    assert letter["Subject"] == TOLD.subject
    body, note = letter.iter_parts()
    assert body.get_content().splitlines() == TOLD.body.splitlines()
    assert note.get_content() == NOTE.encode()
    assert note.get_filename() == "catatan-7.note"


def test_no_trail_and_no_table_says_the_address(address: NoticeAddress, server: MailServer):
    queue()
    while events.deliver_next():
        pass
    for event in db.session.scalars(select(Event).order_by(Event.id)):
        assert EMAIL_OF not in str(event.facts)
    assert EMAIL_OF.encode() not in address.email_sealed
    assert address.email == EMAIL_OF


def test_what_is_refused_for_good_is_not_tried_again(address: NoticeAddress):
    with mail_server(RCPT="550 nobody of that name") as house:
        use(house)
        notice = queue()
        jobs.send_notice(notice.id)
        assert state_of(notice) is NoticeState.FAILED
        with later(600):
            jobs.sweep()
        assert len([line for line in house.heard if line.startswith("rcpt")]) == 1
    assert "nobody" not in db.session.get_one(Notice, notice.id).last_error
    with mail_server() as house:  # a person put it right
        use(house)
        with transaction():
            send_again(SendAgain(notice_id=notice.id), by=OPERATOR)
        jobs.sweep()
        assert state_of(notice) is NoticeState.SENT
        assert len(house.letters) == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"RCPT": "450 try later"},
        {"MAIL": "451 try later"},
        {"DATA": "451 try later"},
        {"DATA": "hang up"},
        {"hello": "hang up"},
        {"letter": "452 full"},
    ],
)
def test_what_did_not_leave_leaves_later(address: NoticeAddress, answers: dict[str, str]):
    with mail_server(None, None, **answers) as house:
        use(house)
        notice = queue()
        jobs.send_notice(notice.id)
        assert state_of(notice) is NoticeState.QUEUED
        house.answers.clear()
        house.letters.clear()
        jobs.sweep()  # not yet
        assert house.letters == []
        with later(2):
            jobs.sweep()
        assert state_of(notice) is NoticeState.SENT
        assert len(house.letters) == 1


def test_a_server_that_is_down_is_asked_again_and_not_for_ever(address: NoticeAddress):
    with mail_server() as house:
        use(house)
    notice = queue()
    for hours in range(MOST_ATTEMPTS - 1):
        with later(hours * 200):
            jobs.sweep()
        assert state_of(notice) is NoticeState.QUEUED
    with later(MOST_ATTEMPTS * 200):
        jobs.sweep()
    assert state_of(notice) is NoticeState.FAILED


def test_a_lost_answer_is_unknown_and_comes_again_under_the_same_name(address: NoticeAddress):
    with mail_server(letter="hang up") as house:
        use(house)
        notice = queue()
        jobs.send_notice(notice.id)
        assert state_of(notice) is NoticeState.UNKNOWN
        house.answers.clear()
        with later(2):
            jobs.sweep()
        assert state_of(notice) is NoticeState.SENT
        names = {message_from_string(text)["Message-ID"] for text in house.letters}
    assert len(house.letters) == 2
    assert len(names) == 1


def test_two_workers_send_one_letter_and_a_dead_one_leaves_its_lease(
    address: NoticeAddress, server: MailServer
):
    notice = queue()
    with transaction():
        assert take_notice(notice.id, by=OPERATOR)
    jobs.send_notice(notice.id)
    assert server.letters == []
    with later(6):
        jobs.sweep()
    assert len(server.letters) == 1


def test_without_a_mail_server_it_is_kept(address: NoticeAddress, tmp_path: Path):
    post.carrier = carrier_of("", "", tmp_path / "outbox", frozenset())
    notice = queue()
    jobs.sweep()
    assert state_of(notice) is NoticeState.KEPT
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.name == f"{notice.id}.eml"
    assert file.stat().st_mode & 0o077 == 0
    assert "Inspektorat" in file.read_text()


def test_a_server_elsewhere_must_speak_tls(address: NoticeAddress, server: MailServer):
    post.carrier = Smtp(url=server.url, sender="a@b.example", patience=5)
    notice = queue()
    jobs.sweep()
    assert state_of(notice) is NoticeState.QUEUED
    assert not any(line.upper().startswith("MAIL") for line in server.heard)


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_tls_is_spoken_and_a_false_certificate_hears_nothing(
    address: NoticeAddress, tmp_path: Path, scheme: str
):
    file, trusting = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    at_once, later_on = (context, None) if scheme == "smtps" else (None, context)
    with mail_server(tls=at_once, starttls=later_on) as house:
        url = f"{scheme}://localhost:{house.port}"
        post.carrier = Smtp(url=url, sender="a@b.example", patience=5)
        notice = queue()
        jobs.sweep()
        assert state_of(notice) is NoticeState.QUEUED
        assert not any(line.lower().startswith(("mail", "rcpt", "data")) for line in house.heard)
        post.carrier = Smtp(url=url, sender="a@b.example", patience=5, tls=trusting)
        with later(2):
            jobs.sweep()
        assert state_of(notice) is NoticeState.SENT
        assert len(house.letters) == 1
        assert at_once or house.heard.index("(safe)") < house.heard.index("DATA")


@pytest.mark.parametrize(
    "canary",
    ["a\r\nBcc: all@evil.example", "a\nBcc: x", "a\rb", "a\x00b", "a\x0bb", "a\x85b", "a\u2028b"],
)
def test_no_head_line_becomes_two(context: Flask, canary: str):
    for email in (f"{canary}@b.example", f"a@b.example{canary}", canary):
        with transaction(), pytest.raises(NotAnEmail):
            add_address(AddAddress(who="BPKAD", email=email), by=OPERATOR)
    with transaction(), pytest.raises(TwoLines):
        add_address(AddAddress(who=canary, email="a@b.example"), by=OPERATOR)
    with transaction(), pytest.raises(TwoLines):
        told = Message(reason="x", subject=canary, body="")
        queue_notices(told, Purpose.CHECKPOINT, by=OPERATOR)
    if canary.isascii() and ("\r" in canary or "\n" in canary):
        letter = Letter(name="n", to="a@b.example", who="w", subject=canary, body="", at=now())
        with pytest.raises(ValueError, match="linefeed"):
            written(letter, "s@b.example")
        with mail_server() as house:
            use(house)
            with pytest.raises(Refused):
                post.carrier.carry(letter)  # type: ignore[union-attr]
            assert house.heard == []


@pytest.mark.parametrize(
    "email",
    ["a@b", "@b.example", "a@", "a b@c.example", "<a@b.example>", "a@b.example>", "a@-b.example",
     "a..b@c.example", ".a@b.example", "ä@b.example", f"{'a' * 65}@b.example",
     "a@b.example,c@d.example", f"a@{'b' * 250}.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(email: str):
    assert not EMAIL.fullmatch(email)


def test_addresses_begin_and_end(address: NoticeAddress, server: MailServer):
    with transaction(), pytest.raises(AddressKnown):
        add_address(AddAddress(who="Lagi", email=EMAIL_OF.upper()), by=OPERATOR)
    end(address)
    queue()  # today is its last day
    with later(24 * 60), transaction():
        told = Message(reason="another", subject="s", body="")
        assert queue_notices(told, Purpose.CHECKPOINT, by=OPERATOR) == []
        add_address(AddAddress(who="Inspektorat", email=EMAIL_OF), by=OPERATOR)
        assert len(queue_notices(told, Purpose.CHECKPOINT, by=OPERATOR)) == 1


def test_one_person_alone_ends_no_address_and_the_end_is_told_to_it(
    address: NoticeAddress, server: MailServer
):
    treasurer, auditor = actor_for(Role.TREASURER), actor_for(Role.AUDITOR)
    asking, deciding = AskEnding(address_id=address.id), DecideEnding(address_id=address.id)
    with pytest.raises(NoEndingAsked), transaction():
        confirm_ending(deciding, by=auditor)
    with transaction():
        ask_ending(asking, by=treasurer)
        ask_ending(asking, by=treasurer)  # the same click
    with pytest.raises(EndingAsked), transaction():
        ask_ending(AskEnding(address_id=address.id), by=auditor)
    with pytest.raises(SameEnder), transaction():
        confirm_ending(deciding, by=treasurer)
    assert queue().who == "Inspektorat"  # it is written to as before
    with transaction():
        confirm_ending(deciding, by=auditor)
        confirm_ending(deciding, by=auditor)
    for decide in (confirm_ending, drop_ending):
        with pytest.raises(AddressEnded), transaction():
            decide(DecideEnding(address_id=address.id), by=auditor)
    while events.deliver_next():
        pass
    last = message_from_string(server.letters[-1], policy=default)
    assert (last["To"], len(server.letters)) == (f"Inspektorat <{EMAIL_OF}>", 2)
    assert "tidak lagi menerima" in last["Subject"]
    told = select(Event.name, Event.actor_id).where(Event.subject_id == address.id)
    assert [tuple(row) for row in db.session.execute(told.order_by(Event.id))][1:] == [
        ("notice.address-ending-asked", treasurer.id), ("notice.address-ended", auditor.id),
    ]  # fmt: skip


def test_who_does_not_agree_keeps_it_listed(address: NoticeAddress):
    treasurer, auditor = actor_for(Role.TREASURER), actor_for(Role.AUDITOR)
    with transaction():
        ask_ending(AskEnding(address_id=address.id), by=treasurer)
    with transaction():
        drop_ending(DecideEnding(address_id=address.id), by=auditor)
    with pytest.raises(NoEndingAsked), transaction():
        confirm_ending(DecideEnding(address_id=address.id), by=auditor)
    assert queue().who == "Inspektorat"


@pytest.mark.parametrize(
    "past_us",
    [
        "UPDATE notice_addresses SET email_lookup = email_sealed",
        "UPDATE notice_addresses SET who = 'Bukan Inspektorat'",
        "UPDATE notice_addresses SET until = since",
        "UPDATE notice_addresses SET until = since, ended_by = ending_asked_by",
        "DELETE FROM notice_addresses",
    ],
)
def test_the_database_knows_the_second_person(address: NoticeAddress, past_us: str):
    with transaction():
        ask_ending(AskEnding(address_id=address.id), by=actor_for(Role.TREASURER))
    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.exec_driver_sql(past_us)


def test_an_end_is_an_end(address: NoticeAddress):
    end(address)
    for back in ("until = NULL, ended_by = NULL", "ended_by = ending_asked_at"):
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE notice_addresses SET {back}")


def end(address: NoticeAddress) -> None:
    with transaction():
        ask_ending(AskEnding(address_id=address.id), by=OPERATOR)
    with transaction():
        confirm_ending(DecideEnding(address_id=address.id), by=actor_for(Role.AUDITOR))


def test_a_vet_keeps_no_addresses(context: Flask):
    with transaction(), pytest.raises(Forbidden):
        add_address(AddAddress(who="x", email=EMAIL_OF), by=actor_for(Role.VET))


def test_the_page_lists_adds_ends_and_sends_again(context: Flask, tmp_path: Path):
    post.carrier = carrier_of("", "", tmp_path, frozenset())
    keeper = Browser(context, signed_in(context, make_user(Role.TREASURER)))
    shown = keeper.get("/pemberitahuan/").text
    sent = {"id": id_on(shown), "who": "BPKAD", "email": EMAIL_OF}
    assert keeper.send("/pemberitahuan/alamat", **{**sent, "email": "x"}).status_code == 422
    assert keeper.send("/pemberitahuan/alamat", **sent).status_code == 302
    assert keeper.send("/pemberitahuan/alamat", **{**sent, "id": uuid7()}).status_code == 422
    shown = keeper.get("/pemberitahuan/").text
    assert "BPKAD" in shown
    assert EMAIL_OF not in shown
    notice = queue()
    jobs.sweep()
    page = f"/pemberitahuan/{notice.id}"
    assert "baris dengan titik" in keeper.get(page).text
    assert EMAIL_OF not in keeper.get(page).text
    assert keeper.send(f"{page}/kirim-ulang", id=uuid7()).status_code == 302
    assert state_of(notice) is NoticeState.QUEUED
    jobs.sweep()
    assert state_of(notice) is NoticeState.KEPT


def test_two_people_end_an_address_on_the_page(address: NoticeAddress, context: Flask):
    keeper = Browser(context, signed_in(context, make_user(Role.TREASURER)))
    here = f"/pemberitahuan/alamat/{address.id}"
    assert keeper.send(f"{here}/akhiri", id=uuid7()).status_code == 302
    assert f"{here}/setuju" not in keeper.get("/pemberitahuan/").text
    assert keeper.send(f"{here}/setuju", id=uuid7()).status_code == 403
    assert keeper.send(f"{here}/tidak-jadi", id=uuid7()).status_code == 302
    assert keeper.send(f"{here}/akhiri", id=uuid7()).status_code == 302
    second = Browser(context, signed_in(context, make_user(Role.AUDITOR)))
    assert f"{here}/setuju" in second.get("/pemberitahuan/").text
    assert second.send(f"{here}/setuju", id=uuid7()).status_code == 302
    assert second.send(f"{here}/setuju", id=uuid7()).status_code == 302  # told that it was ended
    db.session.expire_all()
    assert db.session.get_one(NoticeAddress, address.id).until is not None
    assert f"{here}/" not in second.get("/pemberitahuan/").text
