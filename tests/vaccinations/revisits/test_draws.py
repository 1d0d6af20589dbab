"""Draws that anybody can do again, and the visits that follow."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound, SijinakError
from sijinak.core.permissions import Actor
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.models import Vaccination
from sijinak.vaccinations.revisits.drawing import digest_of_seed, share_of
from sijinak.vaccinations.revisits.models import Draw, Revisit, RevisitResult, SeedSource
from sijinak.vaccinations.revisits.queries import draws, population_of, tallies, visits_of
from sijinak.vaccinations.revisits.services import (
    AnnounceDraw,
    DrawDoses,
    DrawnAlready,
    NoteOnVisitMissing,
    NothingToDraw,
    NotOverYet,
    OwnDose,
    RecordRevisit,
    SeedMissing,
    SeedStands,
    SeedTooLate,
    SourceMissing,
    UnknownRegion,
    VisitedAlready,
    VisitInTheFuture,
    WrongDays,
    WrongShare,
    announce_draw,
    draw_doses,
    record_revisit,
)
from tests.animals.factories import make_animal, make_keeper
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_REA, actor_for, make_user, signed_in
from tests.vaccinations.factories import doses, vaccinate

ALAS = "52.04.05"
SEED = "Undian 20-11-2026: 482913"
DOCS = Path(__file__).parents[3] / "docs" / "second-visits.md"


def plan(**fields: Any) -> AnnounceDraw:
    usual = {"region": LUNYUK, "first_day": today() - timedelta(days=1), "last_day": today(),
             "permille": 500, "source": SeedSource.PUBLIC, "seed": SEED,
             "source_words": "Undian negara"}  # fmt: skip
    return AnnounceDraw(**{**usual, **fields})


def announced(command: AnnounceDraw, by: Actor) -> Draw:
    with transaction():
        return announce_draw(command, by=by)


def do(command: DrawDoses, by: Actor) -> Draw:
    with transaction():
        return draw_doses(command, by=by)


@contextmanager
def tomorrow() -> Iterator[None]:
    with clock.reading(now() + timedelta(days=1)):
        yield


def herd_vaccinated(by: Actor, heads: int = 5) -> None:
    keeper = make_keeper()
    vaccinate(doses([make_animal(keeper)[0].id for _ in range(heads)]), by=by)


def drawn_of(draw: Draw) -> list[UUID]:
    asked = select(Revisit.vaccination_id).where(Revisit.draw_id == draw.id)
    return list(db.session.scalars(asked.order_by(Revisit.id)))


def test_anybody_can_draw_again(context: Flask, tmp_path: Path):
    kabid = actor_for(Role.KABID)
    herd_vaccinated(actor_for(Role.VET, LUNYUK), 7)
    draw = announced(plan(), kabid)
    command = DrawDoses(draw_id=draw.id)
    with tomorrow():
        for _ in range(2):
            draw = do(command, kabid)
    check = DOCS.read_text().partition("```python\n")[2].partition("```")[0]
    file = tmp_path / "list.csv"
    file.write_text("".join(f"{one}\n" for one in population_of(draw)))
    told = subprocess.run([sys.executable, "-c", check, file, SEED, "500"], capture_output=True,
                          text=True, check=True).stdout.split()  # fmt: skip
    assert told[:2] == [draw.digest, "7"]
    assert [UUID(one) for one in told[2:]] == drawn_of(draw)
    assert len(drawn_of(draw)) == share_of(7, 500) == 4
    assert population_of(draw) == sorted(db.session.scalars(select(Vaccination.id)))


def test_what_comes_later_is_not_in_the_list(context: Flask):
    kabid, vet = actor_for(Role.KABID), actor_for(Role.VET, LUNYUK)
    herd_vaccinated(vet)
    draw = announced(plan(), kabid)
    with tomorrow():
        do(DrawDoses(draw_id=draw.id), kabid)
        before = population_of(draw)
        keeper = make_keeper()
        late = doses([make_animal(keeper)[0].id], given_at=now() - timedelta(days=1))
        vaccinate(late, by=vet)
        with pytest.raises(DrawnAlready):
            do(DrawDoses(draw_id=draw.id), kabid)
    assert population_of(draw) == before
    assert len(before) == 5


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"region": "52.04.99"}, UnknownRegion),
        ({"first_day": today() + timedelta(days=1)}, WrongDays),
        ({"permille": 0}, WrongShare),
        ({"permille": 1001}, WrongShare),
        ({"source_words": " "}, SourceMissing),
        ({"seed": "12345"}, SeedMissing),
        ({"source": SeedSource.AGREED, "seed": ""}, SeedMissing),
        ({"source": SeedSource.AGREED, "last_day": today() - timedelta(days=1)}, SeedTooLate),
        ({"source": SeedSource.PUBLIC, "last_day": today() - timedelta(days=1)}, SeedTooLate),
    ],
)
def test_what_cannot_be_announced(
    context: Flask, fields: dict[str, Any], error: type[SijinakError]
):
    with pytest.raises(error):
        announced(plan(**fields), actor_for(Role.KABID))


def test_the_seed_cannot_be_changed_and_nobody_draws_too_early(context: Flask):
    kabid = actor_for(Role.KABID)
    fixed = announced(plan(source=SeedSource.AGREED), kabid)
    with pytest.raises(NotOverYet):
        do(DrawDoses(draw_id=fixed.id), kabid)
    with tomorrow():
        with pytest.raises(SeedStands):
            do(DrawDoses(draw_id=fixed.id, seed="another seed"), kabid)
        with pytest.raises(NothingToDraw):
            do(DrawDoses(draw_id=fixed.id), kabid)
        silent = announced(plan(seed=""), kabid)
        with clock.reading(now() + timedelta(days=1)), pytest.raises(SeedMissing):
            do(DrawDoses(draw_id=silent.id), kabid)


def test_who_may_not_draw(context: Flask):
    with pytest.raises(Forbidden):
        announced(plan(), actor_for(Role.UPT_HEAD, LUNYUK))
    with pytest.raises(Forbidden):
        announced(plan(), actor_for(Role.KABID, ALAS))
    draw = announced(plan(), actor_for(Role.KABID))
    with pytest.raises(NotFound):
        do(DrawDoses(draw_id=draw.id), actor_for(Role.AUDITOR, ALAS))
    assert [d.id for d in draws(by=actor_for(Role.VET, LUNYUK_REA)).items] == [draw.id]
    assert list(draws(by=actor_for(Role.VET, ALAS)).items) == []


def visit_to(draw: Draw, by: Actor) -> UUID:
    return visits_of(draw, by=by)[0].revisit.id


def test_a_bad_visit_becomes_a_finding(context: Flask):
    vet, other, kabid = (
        actor_for(Role.VET, LUNYUK),
        actor_for(Role.VET, LUNYUK),
        actor_for(Role.KABID),
    )
    herd_vaccinated(vet)
    draw = announced(plan(permille=300), kabid)

    def record(by: Actor, result: RevisitResult, **fields: Any) -> Revisit:
        usual = {"visited_on": today(), "note": "Tidak ada bekas suntikan."}
        visit = fields.pop("visit", None) or visit_to(draw, other)
        command = RecordRevisit(revisit_id=visit, result=result, **{**usual, **fields})
        with transaction():
            record_revisit(command, by=by)
            return record_revisit(command, by=by)

    with tomorrow():
        do(DrawDoses(draw_id=draw.id), kabid)
        bad, good = RevisitResult.NOT_VACCINATED, RevisitResult.CONFIRMED
        for by, fields, error in (
            (vet, {}, OwnDose),
            (actor_for(Role.VET, ALAS), {}, NotFound),
            (kabid, {}, Forbidden),
            (other, {"note": ""}, NoteOnVisitMissing),
            (other, {"visited_on": today() + timedelta(days=1)}, VisitInTheFuture),
        ):
            with pytest.raises(error):
                record(by, bad, **fields)
        first = record(other, bad)
        with pytest.raises(VisitedAlready):
            record(actor_for(Role.VET, LUNYUK), good, visit=first.id)
        record(other, good, note="")
    (finding,) = db.session.scalars(select(Finding))
    assert (finding.kind, finding.subject_id, finding.officer_id) == (
        FindingKind.NOT_FOUND_AGAIN, first.vaccination_id, vet.id,
    )  # fmt: skip
    tally = tallies([draw.id])[draw.id]
    assert (tally.chosen, tally.confirmed, tally.bad, tally.left) == (2, 1, 1, 0)


def test_a_draw_in_the_browser(app: Flask):
    with app.app_context():
        herd_vaccinated(actor_for(Role.VET, LUNYUK))
        kabid, vet = make_user(Role.KABID), make_user(Role.PARAMEDIC, LUNYUK)
        client, officer = signed_in(app, kabid), signed_in(app, vet)
        before = announced(plan(), actor_for(Role.AUDITOR))
    for one in (client, officer):
        one.set_cookie("bahasa", "en")
    root = "/vaksinasi/kunjungan-ulang"
    url = f"{root}/baru"
    sent = {"id": id_on(client.get(url).text), "region": LUNYUK, "first_day": str(today()),
            "last_day": str(today()), "permille": "200", "source": "agreed",
            "source_words": "Kabid dan inspektorat"}  # fmt: skip
    refused = form_post(client, url, page=url, **sent, seed="123")
    assert refused.status_code == 422
    assert "Kabid dan inspektorat" in refused.text
    page = form_post(client, url, page=url, **sent, seed="rahasia-bersama").headers["Location"]
    waiting = officer.get(page).text
    assert digest_of_seed("rahasia-bersama") in waiting
    assert "rahasia-bersama" not in waiting
    assert str(before.id) in waiting  # the other draw of these days stands beside it


def test_a_drawn_list_and_a_visit_in_the_browser(app: Flask):
    with app.app_context():
        herd_vaccinated(actor_for(Role.VET, LUNYUK))
        kabid, vet = make_user(Role.KABID), make_user(Role.PARAMEDIC, LUNYUK)
        draw_id = announced(plan(seed="rahasia-bersama"), actor_for(Role.KABID)).id
    root = "/vaksinasi/kunjungan-ulang"
    page = f"{root}/{draw_id}"
    with tomorrow():
        with app.app_context():
            client, officer = signed_in(app, kabid), signed_in(app, vet)
        form = {"id": id_on(client.get(page).text), "draw_id": str(draw_id)}
        assert form_post(client, page, page=page, **form).status_code == 302
        assert "rahasia-bersama" in officer.get(page).text
        assert len(officer.get(f"{page}/daftar.csv").text.split()) == 5
        with app.app_context():
            draw = db.session.get_one(Draw, draw_id)
            visit = f"{root}/kunjungan/{visit_to(draw, actor_for(Role.VET, LUNYUK))}"
        told = {
            "id": id_on(officer.get(visit).text), "revisit_id": visit.rsplit("/", 1)[-1],
            "result": "not-found", "visited_on": str(today()), "note": "",
        }  # fmt: skip
        assert form_post(officer, visit, page=visit, **told).status_code == 422
        told["note"] = "Kandang kosong"
        assert form_post(officer, visit, page=visit, **told).status_code == 302
        assert "Kandang kosong" in officer.get(visit).text
