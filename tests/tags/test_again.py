"""A label that is printed again retires the old one; a sheet that the printer spoilt does not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.holding import AnimalHeld, holding
from sijinak.animals.models import EndReason, Identifier
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import (
    ProposeTransfer,
    RecordMutation,
    propose_transfer,
    record_mutation,
)
from sijinak.animals.mutations.writing import InOpenMutation
from sijinak.animals.queries import live_tags
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, SijinakError
from sijinak.core.permissions import OPERATOR
from sijinak.tags.queries import relabelled_since
from sijinak.tags.services import AgainWithoutReason, NothingToPrint, PrintLabels, print_labels
from sijinak.tagstock.queries import times_opened
from tests.animals.factories import make_animal, make_keeper
from tests.browsing import form_post, id_on
from tests.conftest import close
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for, make_user, signed_in
from tests.tagstock.factories import make_stock, states


def printed(role: Role = Role.CLERK, **fields: object):
    by = actor_for(role, LUNYUK)
    with transaction():
        return print_labels(PrintLabels(**fields), by=by)  # type: ignore[arg-type]


def named(code: str) -> Identifier:
    asked = select(Identifier).where(Identifier.value == code)
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()


def test_printing_again_gives_a_new_code_and_ends_the_old(context: Flask):
    animal, old = make_animal()
    printed(village=LUNYUK_REA)
    _sheet, ((new, _animal),) = printed(village=LUNYUK_REA, again=True, reason="Luntur")
    assert new.value != old
    assert live_tags([animal.id])[animal.id].value == new.value
    gone = named(old)
    assert (gone.end_reason, gone.replaced_by_id) == (EndReason.REPRINTED, new.id)
    assert gone.ended_at
    assert relabelled_since([animal.id], gone.ended_at, None) == {animal.id}


def test_the_old_code_leads_to_the_record_for_ever_and_says_so(app: Flask):
    with app.app_context():
        _animal, old = make_animal()
        printed(village=LUNYUK_REA)
        _sheet, ((new, _),) = printed(village=LUNYUK_REA, again=True, reason="Luntur")
        officer = signed_in(app, make_user(Role.VET, LUNYUK))
    for client in (officer, app.test_client()):
        client.set_cookie("bahasa", "en")
        answer = client.get(f"/t/{old}")
        assert answer.status_code == 200
        assert "was replaced on" in answer.text
        code = new.value
        assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in answer.text


def test_only_what_was_printed_before_gets_a_new_code(context: Flask):
    keeper = make_keeper()
    first, old = make_animal(keeper)
    printed(keeper_id=keeper.id)
    second, untouched = make_animal(keeper)
    _, rows = printed(keeper_id=keeper.id, again=True, reason="Hilang")
    codes = {animal.id: identifier.value for identifier, animal in rows}
    assert codes[second.id] == untouched
    assert codes[first.id] != old


def test_a_reason_is_asked_for_and_nothing_is_changed_without(context: Flask):
    animal, code = make_animal()
    printed(village=LUNYUK_REA)
    with pytest.raises(AgainWithoutReason):
        printed(village=LUNYUK_REA, again=True, reason=" ")
    assert live_tags([animal.id])[animal.id].value == code
    with pytest.raises(Forbidden):
        printed(Role.TREASURER, village=LUNYUK_REA, again=True, reason="Ingin")


def test_a_stock_tag_needs_no_label_and_is_replaced_by_one_when_asked(context: Flask):
    (code,) = make_stock(1)
    make_animal(tag=code)
    with pytest.raises(NothingToPrint):
        printed(village=LUNYUK_REA)
    printed(village=LUNYUK_REA, again=True, reason="Rusak dimakan")
    assert states([code]) == {"replaced"}


def test_an_animal_that_is_being_sold_or_shipped_keeps_its_code(
    context: Flask, monkeypatch: pytest.MonkeyPatch
):
    animal, code = make_animal()
    buyer = make_keeper()
    printed(village=LUNYUK_REA)
    monkeypatch.setattr(holding, "_holders", {"permit": set})
    with pytest.raises(AnimalHeld):
        printed(village=LUNYUK_REA, again=True, reason="Luntur")
    monkeypatch.setattr(holding, "_holders", {})
    with transaction():
        sale = ProposeTransfer(
            kind=MutationKind.SALE, animal_ids=(animal.id,), to_keeper_id=buyer.id,
            happened_on=today(), price=8_000_000,
        )  # fmt: skip
        propose_transfer(sale, by=OPERATOR)
    with pytest.raises(InOpenMutation):
        printed(village=LUNYUK_REA, again=True, reason="Luntur")
    assert live_tags([animal.id])[animal.id].value == code


def test_the_dead_need_no_label(context: Flask):
    animal, _code = make_animal()
    with transaction():
        command = RecordMutation(
            kind=MutationKind.DEATH, animal_ids=(animal.id,), happened_on=today(),
            details={"cause": "Sakit"},
        )  # fmt: skip
        record_mutation(command, by=OPERATOR)
    with pytest.raises(NothingToPrint):
        printed(village=LUNYUK_REA)


def test_the_same_command_twice_retires_once(context: Flask):
    make_animal()
    clerk = actor_for(Role.CLERK, LUNYUK)
    printed(village=LUNYUK_REA)
    command = PrintLabels(village=LUNYUK_REA, again=True, reason="Hilang")
    codes = set()
    for _ in range(2):
        with transaction():
            _sheet, rows = print_labels(command, by=clerk)
            codes.add(rows[0][0].value)
    assert len(codes) == 1
    assert len(db.session.scalars(select(Identifier)).all()) == 2


def test_two_at_once_leave_every_animal_with_one_code(app: Flask):
    with app.app_context():
        animals = [make_animal()[0].id for _ in range(5)]
        printed(village=LUNYUK_REA)
        clerks = [actor_for(Role.CLERK, LUNYUK) for _ in range(2)]
        close()
    together, outcomes = Barrier(2), list[str]()

    def renew(clerk: object) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    command = PrintLabels(village=LUNYUK_REA, again=True, reason="Hilang")
                    print_labels(command, by=clerk)  # type: ignore[arg-type]
                outcomes.append("done")
            except SijinakError as error:
                outcomes.append(error.code)
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(renew, clerks))
    with app.app_context():
        assert "done" in outcomes
        assert set(outcomes) <= {"done", "labels-changed"}
        assert len(live_tags(animals)) == 5
        replaced = [i for i in db.session.scalars(select(Identifier)) if i.replaced_by_id]
        assert len(replaced) == 5 * outcomes.count("done")


def test_a_jammed_sheet_comes_again_with_the_same_codes_and_is_counted(app: Flask):
    with app.app_context():
        make_animal()
        sheet, ((identifier, animal),) = printed(village=LUNYUK_REA)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        elsewhere = signed_in(app, make_user(Role.CLERK, LUNYUK_ODE))
    for _ in range(2):
        assert clerk.get(f"/label/{sheet.id}/label.pdf").data.startswith(b"%PDF")
    assert elsewhere.get(f"/label/{sheet.id}/label.pdf").status_code == 404
    clerk.set_cookie("bahasa", "en")
    page = clerk.get(f"/label/{sheet.id}").text
    assert "The PDF was opened 2 times" in page
    assert "open the PDF again instead" in page
    with app.app_context():
        assert len(times_opened(sheet.id)) == 2
        assert live_tags([animal.id])[animal.id].value == identifier.value


def test_single_labels_of_a_sheet_are_replaced_in_the_browser(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        (lost, _), (kept, code) = make_animal(keeper), make_animal(keeper)
        stranger, _ = make_animal(village=LUNYUK_ODE)
        sheet, _rows = printed(keeper_id=keeper.id)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    clerk.set_cookie("bahasa", "en")
    page, url = f"/label/{sheet.id}", f"/label/{sheet.id}/baru"
    sent = {"id": id_on(clerk.get(page).text), "layout": "24"}
    nothing = form_post(clerk, url, page=page, reason="Lepas", **sent)
    assert nothing.status_code == 422
    silent = form_post(clerk, url, page=page, animal_ids=[str(lost.id)], reason="", **sent)
    assert silent.status_code == 422
    assert "Write why these animals need new labels." in silent.text
    assert "checked" in silent.text
    ticked = [str(lost.id), str(stranger.id)]
    done = form_post(clerk, url, page=page, animal_ids=ticked, reason="Lepas", **sent)
    assert done.status_code == 302
    with app.app_context():
        assert live_tags([kept.id])[kept.id].value == code
        reasons = [i.end_reason for i in db.session.scalars(select(Identifier)) if i.ended_at]
        assert reasons == [EndReason.REPRINTED], "the stranger is not on this sheet"
