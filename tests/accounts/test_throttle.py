"""Guessing is slow; the owner gets in (S7). The hash is patched: it would take minutes."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from sijinak.accounts import sessions
from sijinak.accounts.models import Role
from sijinak.accounts.passwords import NOBODY
from sijinak.accounts.throttle import PER_ACCOUNT, Guess, TooManyTries, note_success, write_down
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from tests.accounts.doors import account, is_in, sign_in
from tests.factories import PASSWORD
from tests.web.routes import token_of


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The guesses that were compared with a kept password."""
    found: list[str] = []

    def matches(kept: str, password: str) -> bool:
        found.append(kept)
        return password == PASSWORD and kept != NOBODY

    monkeypatch.setattr(sessions, "matches", matches)
    return found


@pytest.mark.parametrize("addresses", [1, 500])
def test_strangers_have_twenty_guesses_an_hour(app: Flask, heard: list[str], addresses: int):
    user = account(app)
    stranger = app.test_client()
    token = token_of(stranger)
    start = now()
    codes: Counter[int] = Counter()
    for number in range(400):  # as many as an hour has nine seconds
        with clock.reading(start + timedelta(seconds=9 * number)):
            answer = stranger.post(
                "/masuk",
                data={
                    "csrf_token": token,
                    "username": user.username,
                    "password": f"guess {number}",
                },
                environ_overrides={
                    "REMOTE_ADDR": f"10.0.{number % addresses // 250}.{number % 250}"
                    if addresses > 1
                    else "10.0.0.1"
                },
            )
        codes[answer.status_code] += 1
    assert set(codes) == {422, 429}
    assert 5 <= len(heard) <= PER_ACCOUNT


@pytest.mark.usefixtures("context")
def test_guesses_from_everywhere_at_once_are_not_heard():
    """The same without HTTP, in one moment, from ever new addresses."""
    heard = 0
    with clock.reading(now()):
        for number in range(2_000):
            guess = Guess(username="vet", address=f"10.{number >> 8}.{number & 255}.1", device=None)
            try:
                with transaction():
                    write_down(guess)
                heard += 1
            except TooManyTries:
                continue
    assert heard == PER_ACCOUNT


@pytest.mark.usefixtures("heard")
def test_the_owner_gets_in_on_a_known_device(app: Flask):
    user = account(app)
    own = app.test_client()
    assert sign_in(own, user.username).status_code == 302
    own.delete_cookie("sijinak")
    for number in range(60):
        with app.app_context():
            try:
                with transaction():
                    write_down(
                        Guess(username=user.username, address=f"10.1.1.{number}", device=None)
                    )
            except TooManyTries:
                continue
    stranger = app.test_client()
    assert sign_in(stranger, user.username).status_code == 429
    assert not is_in(stranger)
    assert sign_in(own, user.username).status_code == 302
    assert is_in(own)


@pytest.mark.usefixtures("heard")
def test_a_device_is_known_to_the_accounts_that_signed_in_on_it(app: Flask):
    """The cookie of one account opens no faster way to guess at another."""
    mine, other = account(app), account(app)
    client = app.test_client()
    sign_in(client, mine.username)
    client.delete_cookie("sijinak")
    for _ in range(PER_ACCOUNT):
        with app.app_context():
            try:
                with transaction():
                    write_down(Guess(username=other.username, address="10.9.9.9", device=None))
            except TooManyTries:
                break
    with app.app_context(), transaction():
        for number in range(PER_ACCOUNT - 5):
            write_down(Guess(username=other.username, address=f"10.8.8.{number}", device=None))
    assert sign_in(client, other.username).status_code == 429


def test_a_known_device_has_no_endless_guesses(app: Flask, heard: list[str]):
    user = account(app)
    client = app.test_client()
    sign_in(client, user.username)
    client.delete_cookie("sijinak")
    heard.clear()
    start = now()
    for number in range(200):
        with clock.reading(start + timedelta(seconds=18 * number)):
            sign_in(client, user.username, f"guess {number}")
    assert 5 <= len(heard) <= PER_ACCOUNT


@pytest.mark.usefixtures("heard")
def test_nobody_waits_for_ever(app: Flask):
    user = account(app)
    client = app.test_client()
    for number in range(8):
        sign_in(client, user.username, f"guess {number}")
    assert sign_in(client, user.username).status_code == 429
    with clock.reading(now() + timedelta(minutes=61)):
        assert sign_in(client, user.username).status_code == 302


def test_a_few_wrong_tries_cost_nothing(app: Flask):
    user = account(app)
    client = app.test_client()
    for _ in range(4):
        assert sign_in(client, user.username, "mistyped").status_code == 422
    assert sign_in(client, user.username).status_code == 302


@pytest.mark.usefixtures("context")
def test_one_subscriber_is_one_origin():
    """A /64 of IPv6 holds more addresses than there are guesses."""
    guesses = [
        Guess(username="vet", address=f"2001:db8::{number:x}", device=None) for number in range(6)
    ]
    with clock.reading(now()), transaction():
        for guess in guesses[:5]:
            write_down(guess)
        with pytest.raises(TooManyTries):
            write_down(guesses[5])


@pytest.mark.usefixtures("context")
def test_a_success_forgives_its_own_place_only():
    with transaction():
        for number in range(PER_ACCOUNT - 1):
            write_down(Guess(username="vet", address=f"10.0.0.{number}", device=None))
        note_success(write_down(Guess(username="vet", address="10.5.5.5", device=None)))
        write_down(Guess(username="vet", address="10.5.5.6", device=None))
        with pytest.raises(TooManyTries):
            write_down(Guess(username="vet", address="10.5.5.7", device=None))


def test_guesses_at_the_same_moment_all_count(app: Flask):
    heard: list[int] = []
    gate = Barrier(8)

    def guess(thread: int) -> None:
        with app.app_context():
            gate.wait()
            for number in range(8):
                try:
                    with transaction():
                        write_down(
                            Guess(username="vet", address=f"10.{thread}.{number}.1", device=None)
                        )
                    heard.append(number)
                except TooManyTries:
                    pass
            db.session.remove()

    threads = [Thread(target=guess, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == PER_ACCOUNT


@pytest.mark.parametrize("state", ["unknown", "closed", "wrong"])
def test_the_answer_and_the_work_tell_nothing(app: Flask, heard: list[str], state: str):
    """A user who does not exist costs one hash as well (T21)."""
    user = account(app, Role.VET, is_active=state != "closed")
    username = "nobody-here" if state == "unknown" else user.username
    password = PASSWORD if state == "closed" else "wrong wrong wrong"
    client = app.test_client()
    answer = sign_in(client, username, password)
    assert len(heard) == 1
    assert (heard[0] == NOBODY) is (state == "unknown")
    assert answer.status_code == 422
    assert "User name or password is wrong." in answer.text or "salah" in answer.text
    assert not is_in(client)
