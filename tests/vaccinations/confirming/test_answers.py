"""Owners say yes or no, by account, by link or through an officer; silence is neither."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Keeper
from sijinak.keepers.proving import MOST_TRIES, LinkOver, LinkShownBefore
from sijinak.vaccinations.confirming.jobs import ask_after_doses
from sijinak.vaccinations.confirming.models import Channel, Confirmation
from sijinak.vaccinations.confirming.queries import Said, count_waiting, said_of
from sijinak.vaccinations.confirming.services import (
    Answer,
    HowKnownMissing,
    MakeLink,
    OwnAct,
    OwnerHasAnswered,
    WriteDown,
    answer_by_link,
    answer_question,
    make_link,
    try_link,
    write_answer_down,
)
from sijinak.vaccinations.findings.models import Finding, FindingKind
from tests.animals.factories import make_animal, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_REA, actor_for, make_user, signed_in
from tests.vaccinations.factories import doses, vaccinate

ALAS = "52.04.05"


def asked(vet: Actor, *keepers: Keeper) -> list[Confirmation]:
    """Two animals of each owner in one act; the handler ran twice."""
    herd = [make_animal(one)[0].id for one in keepers for _ in range(2)]
    act = vaccinate(doses(herd), by=vet)
    event = db.session.scalars(select(Event).where(Event.subject_id == act.id)).first()
    assert event
    for _ in range(2):
        ask_after_doses(event)
    found = {one.keeper_id: one for one in db.session.scalars(select(Confirmation)).all()}
    return [found[one.id] for one in keepers]


def owner_of(keeper: Keeper) -> SignedIn:
    return actor_for(Role.TRADER, LUNYUK_REA, keeper_id=keeper.id)


def reply(question: Confirmation, by: Actor, *, yes: bool) -> None:
    command = Answer(confirmation_id=question.id, says_yes=yes)
    for _ in range(2):
        with transaction():
            answer_question(command, by=by)


def note(
    question: Confirmation, by: Actor, words: str = "Telepon 10.00", *, yes: bool = True
) -> None:
    with transaction():
        write_answer_down(WriteDown(confirmation_id=question.id, says_yes=yes, words=words), by=by)


def link_to(question: Confirmation, by: Actor) -> str:
    with transaction():
        return make_link(MakeLink(confirmation_id=question.id), by=by)


def denials() -> list[Finding]:
    asked = select(Finding).where(Finding.kind == FindingKind.OWNER_DENIES)
    return list(db.session.scalars(asked))


def test_each_owner_is_asked_once_and_no_is_a_finding(context: Flask):
    vet, (one, other, third) = actor_for(Role.VET, LUNYUK), (make_keeper() for _ in range(3))
    first, second, _ = asked(vet, one, other, third)
    assert said_of(first.act_id) == Said(0, 0, 3)
    assert [count_waiting(by=owner_of(k)) for k in (one, make_keeper())] == [1, 0]
    reply(first, owner_of(one), yes=True)
    reply(second, owner_of(other), yes=False)
    assert said_of(first.act_id) == Said(1, 1, 1)
    (finding,) = denials()
    assert (finding.officer_id, finding.act_id, finding.region) == (
        vet.id,
        first.act_id,
        LUNYUK_REA,
    )
    with pytest.raises(OwnerHasAnswered):
        reply(second, owner_of(other), yes=True)


def test_who_may_not_answer(context: Flask):
    vet, keeper = actor_for(Role.VET, LUNYUK), make_keeper()
    (question,) = asked(vet, keeper)
    with pytest.raises(NotFound):
        reply(question, owner_of(make_keeper()), yes=True)
    with pytest.raises(Forbidden):
        reply(question, vet, yes=True)
    for by, error in (
        (vet, OwnAct),
        (actor_for(Role.VET, ALAS), NotFound),
        (actor_for(Role.KABID), Forbidden),
        (owner_of(keeper), Forbidden),
    ):
        with pytest.raises(error):
            note(question, by)
        with pytest.raises(error):
            link_to(question, by)
    with pytest.raises(HowKnownMissing):
        note(question, actor_for(Role.VET, LUNYUK), "  ")
    assert said_of(question.act_id) == Said(0, 0, 1)


def test_the_owner_has_the_last_word_over_an_officer(context: Flask):
    keeper, officer = make_keeper(), actor_for(Role.PARAMEDIC, LUNYUK)
    (question,) = asked(actor_for(Role.VET, LUNYUK), keeper)
    note(question, officer)
    with pytest.raises(OwnerHasAnswered):
        note(question, actor_for(Role.VET, LUNYUK), yes=False)
    assert not denials()
    reply(question, owner_of(keeper), yes=False)
    assert (question.says_yes, question.channel, len(denials())) == (False, Channel.ACCOUNT, 1)


def test_a_link_asks_for_digits_five_times_and_ends(context: Flask):
    keeper, officer = make_keeper(person()), actor_for(Role.PARAMEDIC, LUNYUK)
    (question,) = asked(actor_for(Role.VET, LUNYUK), keeper)
    old = link_to(question, officer)
    command = MakeLink(confirmation_id=question.id)
    with transaction():
        secret = make_link(command, by=officer)
    with pytest.raises(LinkShownBefore), transaction():
        make_link(command, by=officer)
    with pytest.raises(LinkOver), transaction():
        try_link(old, keeper.nik_tail)
    assert question.token_digest
    assert secret.encode() not in question.token_digest
    with clock.reading(now() + timedelta(days=15)), pytest.raises(LinkOver), transaction():
        try_link(secret, keeper.nik_tail)
    answer = Answer(confirmation_id=question.id, says_yes=True)
    wrong = "0000" if keeper.nik_tail != "0000" else "1111"
    for _ in range(MOST_TRIES):
        with transaction():
            assert answer_by_link(answer, secret, wrong) is None
    with pytest.raises(LinkOver), transaction():
        answer_by_link(answer, secret, keeper.nik_tail)
    assert question.says_yes is None


def open_link(app: Flask, *, yes: bool) -> tuple[FlaskClient, str, str, UUID]:
    with app.app_context():
        keeper = make_keeper(person(name="Abdul Hamid"))
        (question,) = asked(actor_for(Role.VET, LUNYUK), keeper)
        user = make_user(Role.PARAMEDIC, LUNYUK)
    officer, page = signed_in(app, user), f"/vaksinasi/konfirmasi/{question.id}"
    officer.set_cookie("bahasa", "en")
    shown = officer.get(page).text
    made = form_post(officer, f"{page}/tautan", page=page, id=id_on(shown),
                     confirmation_id=str(question.id))  # fmt: skip
    secret = made.text.partition("/y/")[2][:32]
    return app.test_client(), f"/y/{secret}", keeper.nik_tail, question.id


def test_the_owner_answers_on_their_own_phone(app: Flask):
    phone, url, digits, question_id = open_link(app, yes=False)
    phone.set_cookie("bahasa", "en")
    assert "Abdul Hamid" not in phone.get(url).text
    wrong = form_post(phone, url, page=url, digits="12345"[:4] if digits != "1234" else "4321")
    assert wrong.status_code == 422
    assert "Abdul Hamid" not in wrong.text
    asked_page = form_post(phone, url, page=url, digits=digits).text
    assert "Abdul Hamid" in asked_page
    sent = {"id": id_on(asked_page), "digits": digits}
    assert form_post(phone, url, page=url, **sent).status_code == 422
    sent["says_yes"] = "false"
    thanks = form_post(phone, url, page=url, **sent)
    assert "Your answer is recorded" in thanks.text
    assert phone.get(url).status_code == 404
    with app.app_context():
        question = db.session.get_one(Confirmation, question_id)
        assert (question.says_yes, question.channel) == (False, Channel.LINK)
        assert len(denials()) == 1


def test_the_owner_and_the_office_in_the_browser(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        (question,) = asked(actor_for(Role.VET, LUNYUK), keeper)
        trader = signed_in(app, make_user(Role.TRADER, LUNYUK_REA, keeper_id=keeper.id))
        head = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    for one in (trader, head):
        one.set_cookie("bahasa", "en")
    page = f"/vaksinasi/konfirmasi/{question.id}"
    assert page in trader.get("/vaksinasi/konfirmasi/").text
    assert "1 have not answered" in head.get(f"/vaksinasi/{question.act_id}").text
    told = {
        "id": id_on(head.get(page).text),
        "confirmation_id": str(question.id),
        "says_yes": "true",
    }
    refused = form_post(head, f"{page}/tulis", page=page, **told, words="")
    assert refused.status_code == 422
    assert form_post(head, f"{page}/tulis", page=page, **told, words="Telepon").status_code == 302
    sent = {"id": id_on(trader.get(page).text), "confirmation_id": str(question.id)}
    assert form_post(trader, page, page=page, **sent).status_code == 422
    assert form_post(trader, page, page=page, **sent, says_yes="false").status_code == 302
    assert "Denies" in head.get(f"/vaksinasi/konfirmasi/kegiatan/{question.act_id}").text
    assert trader.get(f"/vaksinasi/konfirmasi/kegiatan/{question.act_id}").status_code == 403
