"""A wish to be erased is refused, or a second person decides: never both at once."""

from uuid import UUID

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.privacy.erasing import (
    DecideErasure,
    ErasureProposed,
    ProposeErasure,
    drop_erasure,
    propose_erasure,
)
from sijinak.privacy.models import LegalReason, PrivacyRequest, RequestKind, RequestState
from sijinak.privacy.queries import erasures_waiting
from sijinak.privacy.services import AskRequest, RefuseRequest, ask_request, refuse_request
from tests.animals.factories import make_keeper
from tests.browsing import form_post
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for, make_user, signed_in


def test_nobody_refuses_while_a_second_person_is_to_decide(context: Flask):
    dpo, head = actor_for(Role.PRIVACY_OFFICER), actor_for(Role.KADIS)
    request_id = _proposed(dpo)
    assert erasures_waiting(by=head) == 1
    with pytest.raises(ErasureProposed):
        _refuse(request_id, dpo)
    with transaction():
        drop_erasure(DecideErasure(request_id=request_id), by=head)
    _refuse(request_id, dpo)
    assert db.session.get_one(PrivacyRequest, request_id).state is RequestState.REFUSED
    assert erasures_waiting(by=head) == 0


def test_an_erasure_waits_only_for_those_who_reach_it(context: Flask):
    _proposed(actor_for(Role.PRIVACY_OFFICER))
    assert erasures_waiting(by=actor_for(Role.KADIS, LUNYUK)) == 1
    assert erasures_waiting(by=actor_for(Role.KADIS, LUNYUK_ODE)) == 0


def test_what_was_refused_before_waits_for_nobody(context: Flask):
    """A row from before this was forbidden."""
    request_id = _proposed(actor_for(Role.PRIVACY_OFFICER))
    with transaction():
        request = db.session.get_one(PrivacyRequest, request_id)
        request.state, request.legal_reason = RequestState.REFUSED, LegalReason.NOT_PROVEN
        request.answered_at = request.asked_at
    assert erasures_waiting(by=actor_for(Role.KADIS)) == 0


def test_the_page_says_that_a_second_person_comes_first(app: Flask):
    with app.app_context():
        client = signed_in(app, make_user(Role.PRIVACY_OFFICER))
        here = f"/privasi/{_proposed(actor_for(Role.PRIVACY_OFFICER))}"
    assert f"{here}/tolak" not in client.get(here).text
    said = {"id": str(uuid7()), "legal_reason": "not-proven", "answer": "Tidak terbukti"}
    assert form_post(client, f"{here}/tolak", **said).status_code == 422


def _proposed(dpo: SignedIn) -> UUID:
    keeper = make_keeper()
    owner = actor_for(Role.TRADER, keeper_id=keeper.id)
    command = AskRequest(keeper_id=keeper.id, kind=RequestKind.ERASURE, words="Saya berhenti")
    with transaction():
        ask_request(command, by=owner)
    with transaction():
        propose_erasure(ProposeErasure(request_id=command.id), by=dpo)
    return command.id


def _refuse(request_id: UUID, by: SignedIn) -> None:
    command = RefuseRequest(
        request_id=request_id, legal_reason=LegalReason.NOT_PROVEN, answer="Tidak terbukti"
    )
    with transaction():
        refuse_request(command, by=by)
