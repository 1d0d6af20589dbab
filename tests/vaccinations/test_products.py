"""Labels: who writes them down, what stays unknown, and that no editor overwrites another."""

from dataclasses import replace

import pytest
from flask import Flask
from marshmallow import ValidationError
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.once import SaidOtherwise
from sijinak.core.permissions import Actor
from sijinak.vaccinations.amounts import Degrees, Millilitres, written
from sijinak.vaccinations.models import Disease, Product
from sijinak.vaccinations.products import (
    ColdestAboveWarmest,
    Label,
    ProductChangedMeanwhile,
    ProductNameTaken,
    WriteLabel,
    label_of,
    mark_of,
    write_label,
)
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.vaccinations.factories import product

NEW = Label(name="Aftovax", disease=Disease.PMK, source="Brosur 2026", doses={"cattle": 2000})


def write(command: WriteLabel, by: Actor) -> Product:
    with transaction():
        return write_label(command, by=by)


def change(**fields: object) -> WriteLabel:
    """Of lumpyvac, as somebody sees it now."""
    found = product()
    label = replace(label_of(found), **fields)  # type: ignore[arg-type]
    return WriteLabel(product_id=found.id, seen=mark_of(found), label=label)


def test_a_vet_adds_a_product_and_what_is_unknown_stays_so(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    command = WriteLabel(label=NEW)
    made = write(command, vet)
    assert write(command, vet).id == made.id
    assert (made.withdrawal_days, made.interval_days, made.route) == (None, None, None)
    assert [(dose.species, dose.microlitres) for dose in made.doses] == [("cattle", 2000)]
    with pytest.raises(SaidOtherwise):
        write(replace(command, label=replace(NEW, name="Other")), vet)
    with pytest.raises(ProductNameTaken):
        write(WriteLabel(label=replace(NEW, name="AFTOVAX")), vet)
    with pytest.raises(ColdestAboveWarmest):
        write(WriteLabel(label=replace(NEW, name="X", coldest=80, warmest=20)), vet)
    for role in (Role.PARAMEDIC, Role.UPT_HEAD, Role.AUDITOR):
        with pytest.raises(Forbidden):
            write(WriteLabel(label=NEW), actor_for(role))
    with pytest.raises(NotFound):
        write(WriteLabel(product_id=uuid7(), label=NEW), vet)


def test_a_change_is_told_with_before_and_after(context: Flask):
    command = change(doses={"cattle": 2500, "goat": 1000}, withdrawal_days=None)
    saved = write(command, actor_for(Role.KABID))
    assert label_of(saved).doses == {"cattle": 2500, "goat": 1000}
    event = db.session.scalars(select(Event).where(Event.name == "product.changed")).one()
    assert event.facts["before"] == {"dose_buffalo": 1000, "dose_cattle": 1000, "dose_goat": None,
                                     "withdrawal_days": 21}  # fmt: skip
    assert event.facts["after"] == {"dose_buffalo": None, "dose_cattle": 2500, "dose_goat": 1000,
                                    "withdrawal_days": None}  # fmt: skip


def test_of_two_editors_the_second_is_told(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    first, second = change(interval_days=180), change(withdrawal_days=0)
    write(first, vet)
    with pytest.raises(ProductChangedMeanwhile):
        write(second, vet)
    assert product().interval_days == 180


@pytest.mark.parametrize(("typed", "microlitres"), [("2", 2000), ("0,5", 500), ("1.25", 1250)])
def test_millilitres_with_comma_or_point(typed: str, microlitres: int):
    assert Millilitres().deserialize(typed) == microlitres
    assert written(microlitres, digits=3) == typed.replace(".", ",")


@pytest.mark.parametrize("typed", ["0", "-1", "1,2345", "101", "2 ml", "1,", "٢"])
def test_what_is_no_dose(typed: str):
    with pytest.raises(ValidationError):
        Millilitres().deserialize(typed)


def test_degrees_below_zero():
    assert Degrees().deserialize("-0,5") == -5
    assert written(-5, digits=1) == "-0,5"


def test_the_form_keeps_what_was_typed_and_unknown_reads_see_the_label(app: Flask):
    with app.app_context():
        found = product("jdvacc")
        client = signed_in(app, make_user(Role.VET, LUNYUK))
        reader = signed_in(app, make_user(Role.PARAMEDIC, LUNYUK))
    for one in (client, reader):
        one.set_cookie("bahasa", "en")
    show = f"/vaksinasi/vaksin/{found.id}"
    assert "see the label" in reader.get(show).text
    assert reader.get(f"{show}/ubah").status_code == 403
    shown = client.get(f"{show}/ubah").text
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    sent = {"id": id_on(shown), "product_id": str(found.id), "seen": seen, "name": "JDVacc",
            "disease": "jembrana", "source": "Label 2026", "is_active": "true"}  # fmt: skip
    wrong = form_post(client, f"{show}/ubah", page=f"{show}/ubah", ml_cattle="dua", **sent)
    assert wrong.status_code == 422
    assert 'value="dua"' in wrong.text
    saved = form_post(client, f"{show}/ubah", page=f"{show}/ubah", ml_cattle="2,5", **sent)
    assert saved.status_code == 302
    assert "2,5 ml" in reader.get(show).text
    new = "/vaksinasi/vaksin/baru"
    made = form_post(client, new, page=new, id=id_on(client.get(new).text), name="Baru",
                     disease="se", source="x", is_active="true")  # fmt: skip
    assert "Baru" in client.get(made.headers["Location"]).text
    assert "Baru" in reader.get("/vaksinasi/vaksin/").text
