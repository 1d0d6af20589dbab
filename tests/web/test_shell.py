"""The kept frame of the hottest page: the same page, and nobody else's name or token in it."""

import re

from flask import Flask

from sijinak.accounts.models import Role
from tests.animals.factories import make_animal
from tests.browsing import form_post
from tests.factories import LUNYUK, make_user, signed_in

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_the_frame_and_the_plain_page_are_the_same(app: Flask):
    with app.app_context():
        _, tag = make_animal()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    framed = vet.get(f"/t/{tag}").text
    app.debug = True
    plain = vet.get(f"/t/{tag}").text
    assert framed.split() == plain.split()


def test_two_people_of_one_kind_get_their_own_names_tokens_and_addresses(app: Flask):
    with app.app_context():
        tags = [make_animal()[1] for _ in range(2)]
        people = [make_user(Role.VET, LUNYUK, name=f"drh. <b>{n}</b>") for n in ("Ayu", "Budi")]
        clients = [signed_in(app, person) for person in people]
    pairs = zip(clients, tags, strict=True)
    first, second = (client.get(f"/t/{tag}").text for client, tag in pairs)
    assert "drh. &lt;b&gt;Ayu" in first
    assert "Ayu" not in second
    assert tags[0] not in second
    found = TOKEN.search(second)
    assert found
    assert found[1] not in first
    answer = clients[1].post("/keluar", data={"csrf_token": found[1]})
    assert answer.status_code == 302, "the token in the frame is the person's own"


def test_a_message_is_shown_once_on_the_framed_page(app: Flask):
    with app.app_context():
        _, tag = make_animal()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    vet.get(f"/t/{tag}")
    form_post(vet, "/akun/sesi/akhiri-lainnya")
    with_message, without = vet.get(f"/t/{tag}").text, vet.get(f"/t/{tag}").text
    assert 'role="status"' in with_message
    assert 'role="status"' not in without


def test_the_language_changes_the_frame(app: Flask):
    with app.app_context():
        _, tag = make_animal()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    assert "Beranda" in vet.get(f"/t/{tag}").text
    vet.set_cookie("bahasa", "en")
    assert "Beranda" not in vet.get(f"/t/{tag}").text
