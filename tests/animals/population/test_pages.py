"""What officers see of the population, and take away."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from sijinak.accounts.models import Role
from sijinak.animals.models import Sex, Species, Verification
from sijinak.animals.population.cli import population
from sijinak.areas.models import Region
from sijinak.areas.queries import forget_places
from sijinak.core.db import db, transaction
from sijinak.web.tables import plain_text
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, REGENCY, make_user, signed_in


@pytest.fixture
def herd(app: Flask) -> Flask:
    with app.app_context():
        keeper = make_keeper()
        make_animal(keeper)
        make_animal(keeper, sex=Sex.FEMALE, verification=Verification.DECLARED)
        make_animal(keeper, species=Species.GOAT, village=LUNYUK_ODE)
    return app


def browser(app: Flask, role: Role, region: str = REGENCY) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make_user(role, region))


def test_it_opens_with_ones_own_place_and_leads_down_to_villages(herd: Flask):
    client = browser(herd, Role.KADIS)
    page = client.get("/populasi/", follow_redirects=True)
    assert page.request.args["wilayah"] == REGENCY
    assert f'href="/populasi/?wilayah={LUNYUK}"' in page.text
    page = client.get(f"/populasi/?wilayah={LUNYUK}")
    assert f'href="/populasi/?wilayah={LUNYUK_ODE}"' in page.text
    assert f'href="/populasi/?wilayah={REGENCY}"' in page.text
    page = client.get(f"/populasi/?wilayah={LUNYUK_ODE}")
    assert "Kambing" in page.text
    assert "Sapi" not in page.text


def test_an_empty_place_says_so(app: Flask):
    page = browser(app, Role.VET, LUNYUK).get(f"/populasi/?wilayah={LUNYUK_REA}")
    assert page.status_code == 200
    assert 'class="empty"' in page.text


def test_what_is_out_of_reach_is_not_there(herd: Flask):
    client = browser(herd, Role.VET, LUNYUK)
    for path in ("/populasi/", "/populasi/tabel.csv"):
        assert client.get(f"{path}?wilayah={LUNYUK_ODE}").status_code == 200
        for region in (REGENCY, "52.04.08", "52.04.02.9999", "x", "' OR 1=1"):
            assert client.get(path, query_string={"wilayah": region}).status_code == 404
    assert f'value="{REGENCY}"' not in client.get(f"/populasi/?wilayah={LUNYUK}").text
    assert browser(herd, Role.TRADER).get("/populasi/").status_code == 403


def test_the_table_to_take_away_has_every_cell_and_no_formula(herd: Flask):
    with herd.app_context():
        with transaction():
            renamed = update(Region).where(Region.code == LUNYUK_ODE).values(name="=1+1")
            db.session.execute(renamed)
        forget_places()
    answer = browser(herd, Role.VET, LUNYUK).get(f"/populasi/tabel.csv?wilayah={LUNYUK}")
    forget_places()
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == 1 + 3
    assert sum(int(row[8]) for row in rows[1:]) == 3
    assert [row[1][:2] for row in rows if row[0] == LUNYUK_ODE] == ["'="]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"]
)
def test_no_text_becomes_a_formula(text: str):
    assert plain_text(text) == f"'{text}"
    assert plain_text(-1) == -1
    assert plain_text(f"a{text}") == f"a{text}"


def test_the_command_says_whether_the_totals_were_right(herd: Flask):
    answer = herd.test_cli_runner().invoke(population, ["recount"])
    assert answer.output == "3 animals; the kept totals were wrong by 0 heads.\n"
