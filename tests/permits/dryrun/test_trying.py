"""The dry run says what the application would hear, costs nothing and writes nothing."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from sijinak.accounts.models import Role, User
from sijinak.animals.imports.table import UnreadableList
from sijinak.animals.models import Animal, Identifier, Sex, Species, Verification
from sijinak.core.clock import today
from sijinak.core.codes import spaced
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.ids import uuid7
from sijinak.core.model import Model
from sijinak.keepers.models import Keeper
from sijinak.permits.beside import Asked
from sijinak.permits.checks import Report, Verdict
from sijinak.permits.dryrun.lists import tags_in, texts_of
from sijinak.permits.dryrun.trying import Tried, try_list
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.rulebook import asked_by, report_on
from sijinak.permits.rules.models import Purpose
from tests.animals.factories import make_animal, make_keeper, person
from tests.browsing import form_post
from tests.factories import LUNYUK_REA, make_user, signed_in
from tests.permits.factories import BATAM, BEKASI, Office, make_draft, make_herd, make_office

UNKNOWN = "0000000000"


@pytest.fixture
def office(context: Flask) -> Office:
    return make_office()


def asked(office: Office, tags: list[str], **changes: Any) -> Asked:
    columns: dict[str, Any] = {
        "keeper_id": office.firm.id, "species": Species.CATTLE, "purpose": Purpose.SLAUGHTER,
        "origin": LUNYUK_REA, "destination": BEKASI, "planned_on": today() + timedelta(days=7),
        "tags": tags,
    }  # fmt: skip
    return Asked(**{**columns, **changes})


def mixed(office: Office, heads: int = 2) -> list[str]:
    """Animals of every fate."""
    good = make_herd(office.firm, heads)
    bare = make_herd(office.firm, 1, doses=0)
    cow = make_herd(office.firm, 1, sex=Sex.FEMALE)
    theirs = make_herd(make_keeper(person(name="Tetangga")), 1)
    _, declared = make_animal(office.firm, verification=Verification.DECLARED)
    return [*good, *bare, *cow, *theirs, declared, UNKNOWN]


def told(report: Report) -> dict[str, list[tuple[str, Verdict]]]:
    return {c.tag: [(f.code, f.verdict) for f in c.findings] for c in report.animals}


def rows() -> dict[str, int]:
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Model.metadata.tables.items()
    }


@contextmanager
def statements() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("destination", [BEKASI, BATAM])
def test_it_says_what_the_application_would_hear(office: Office, destination: str):
    tags = mixed(office)
    draft = make_draft(office, tags, destination=destination)
    tried = try_list(asked(office, tags, destination=destination, port="badas"), by=office.trader)
    real = report_on(draft)
    assert told(tried.report) == told(real)
    assert tried.report.general == real.general
    assert asked_by(draft).tags == tags
    assert {c.tag for c in tried.report.refused} >= {UNKNOWN}


def test_nothing_is_written_by_it(office: Office):
    tags = mixed(office)
    before = rows()
    with statements() as said:
        try_list(asked(office, tags), by=office.trader)
        try_list(asked(office, tags, keeper_id=None, is_public=True), by=None)
    assert rows() == before
    assert not [s for s in said if s.split()[0].upper() in {"INSERT", "UPDATE", "DELETE"}]


def test_ten_times_the_animals_are_not_one_question_more(office: Office):
    few, many = (asked(office, make_herd(office.firm, heads)) for heads in (2, 20))
    counts = []
    for wanted in (few, few, many):
        with statements() as said:
            try_list(wanted, by=office.trader)
        counts.append(len(said))
    assert counts[1] == counts[2] <= 25


def test_it_costs_what_passes_by_component(office: Office):
    tags = mixed(office, heads=3)
    tried = try_list(asked(office, tags, destination=BEKASI), by=office.trader)
    (line,) = tried.price or ()
    heads = len(tried.report.passing)
    assert (line.heads, tried.total) == (heads, heads * line.unit_amount)
    tested = try_list(
        asked(office, make_herd(office.firm, 1, doses=2), destination=BATAM), by=office.trader
    )
    assert len(tested.price or ()) == 2


def test_reasons_are_counted_and_the_most_common_comes_first(office: Office):
    tags = [*make_herd(office.firm, 3, doses=0), UNKNOWN]
    tried = try_list(asked(office, tags), by=office.trader)
    assert [(f.code, n) for f, n in tried.report.reasons] == [
        ("DOSE_MISSING_OR_TEST", 3), ("NOT_REGISTERED", 1),
    ]  # fmt: skip


def test_a_trader_tries_for_nobody_else(office: Office):
    with pytest.raises(Forbidden):
        try_list(asked(office, [UNKNOWN], keeper_id=make_office().firm.id), by=office.trader)


def test_anybody_learns_only_what_the_public_page_of_a_tag_shows(office: Office):
    (tag,) = make_herd(office.firm, 1, sex=Sex.FEMALE)
    _secret(tag, teeth=1, is_pregnant=True)
    tried = try_list(asked(office, [tag], keeper_id=None, is_public=True), by=None)
    (checked,) = tried.report.animals
    assert checked.animal
    assert (checked.animal.teeth, checked.animal.is_pregnant) == (None, None)
    assert len(checked.animal.village) == 8, "no more than the kecamatan"
    own = try_list(asked(office, [tag]), by=office.trader)
    assert own.report.animals[0].animal
    assert own.report.animals[0].animal.is_pregnant


def _secret(tag: str, **columns: Any) -> None:
    with transaction():
        found = db.session.query(Animal).join(Identifier, Identifier.animal_id == Animal.id)
        animal = found.where(Identifier.value == tag).one()
        for name, value in columns.items():
            setattr(animal, name, value)


@pytest.mark.usefixtures("context")
def test_codes_are_read_as_people_write_them():
    a, b = "7K3M9QX45J", UNKNOWN
    typed = f" 7k3m-9qx4-5j,{b}\n HTTPS://X.ID/T/{a}\nhttp://127.0.0.1:8000/t/{b};sapi\t"
    found = tags_in([typed])
    assert (found.codes, found.unread) == ((a, b), ("sapi",))


class Upload:
    def __init__(self, filename: str, content: bytes) -> None:
        self.filename, self.stream = filename, io.BytesIO(content)


def test_a_list_may_carry_names_beside_the_codes():
    listed = f"No;Nama;Kode\n1;Si Putih;{spaced('7K3M9QX45J')}\n2;Si Hitam;{UNKNOWN}\n".encode()
    assert tags_in(texts_of(Upload("ternak.csv", listed))).codes == ("7K3M9QX45J", UNKNOWN)
    assert tags_in(texts_of(Upload("ternak.TXT", UNKNOWN.encode()))).codes == (UNKNOWN,)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"x", "list-kind"),
        ("a.txt", b"\xff\xfe\xff", "list-not-utf8"),
        ("a.xlsx", b"no zip", "list-not-xlsx"),
        ("a.csv", b"x" * (1024 * 1024 + 1), "list-too-large"),
        ("a.txt", b"x" * (1024 * 1024 + 1), "list-too-large"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(name: str, content: bytes, code: str):
    with pytest.raises(UnreadableList) as error:
        texts_of(Upload(name, content))
    assert error.value.code == code


def filled(tags: list[str], **more: object) -> dict[str, object]:
    return {
        "species": "cattle", "purpose": "slaughter", "destination": BEKASI, "region": LUNYUK_REA,
        "port": "badas", "planned_on": (today() + timedelta(days=7)).isoformat(),
        "tags": "\n".join(tags), **more,
    }  # fmt: skip


def trader_of(keeper: Keeper) -> User:
    return make_user(Role.TRADER, keeper_id=keeper.id)


def test_the_trader_s_page_leads_to_a_draft_of_what_passes(app: Flask):
    with app.app_context():
        office = make_office()
        tags, user = mixed(office), trader_of(office.firm)
        good = tags[:2]
    client = signed_in(app, user)
    client.set_cookie("bahasa", "en")
    page = form_post(client, "/izin/uji/", page="/izin/uji/", **filled(tags))
    assert page.status_code == 200
    assert page.text.index("DOSE_MISSING_OR_TEST") < page.text.index('id="passing"')
    assert "NO_TRANSFER" in page.text
    sent = {**filled(good), "id": str(uuid7()), "tags": ",".join(good)}
    assert form_post(client, "/izin/baru", page="/izin/uji/", **sent).status_code == 302
    with app.app_context():
        permit = db.session.query(Permit).one()
        assert (permit.state, permit.tags) == (PermitState.DRAFT, good)


def test_what_was_typed_and_uploaded_stays_when_something_is_wrong(app: Flask):
    with app.app_context():
        user = trader_of(make_office().firm)
    client = signed_in(app, user)
    client.set_cookie("bahasa", "en")
    upload = (io.BytesIO(f"{UNKNOWN}\nkerbau\n".encode()), "daftar.txt")
    sent = {**filled(["7K3M9QX45J"], destination=""), "file": upload}
    page = form_post(client, "/izin/uji/", page="/izin/uji/", **sent)
    assert page.status_code == 422
    assert f"7K3M9QX45J\n{UNKNOWN}\nkerbau" in page.text.replace("\r", "")
    assert "These are no tag codes: kerbau" in page.text


def test_without_an_account_it_works_and_says_what_is_not_looked_at(app: Flask):
    with app.app_context():
        office = make_office()
        (good,) = make_herd(office.firm, 1)
        (theirs,) = make_herd(make_keeper(person(name="Rahasia Sekali")), 1)
        before = rows()
    client = app.test_client()
    client.set_cookie("bahasa", "en")
    page = form_post(
        client, "/uji-izin", page="/uji-izin", **filled([good, theirs], region="", port="")
    )
    assert page.status_code == 200
    assert "2 animals pass" in page.text
    assert "Whose it is, and whether it stands on another application" in page.text
    assert "Rahasia" not in page.text
    with app.app_context():
        assert rows() == before


def test_who_tries_codes_is_stopped(app: Flask):
    client = app.test_client()
    sent = filled([UNKNOWN], region="", port="")
    answers = [
        form_post(client, "/uji-izin", page="/uji-izin", **sent).status_code for _ in range(61)
    ]
    assert answers == [*[200] * 60, 429]


def test_five_hundred_tags_stay_readable(app: Flask):
    with app.app_context():
        office = make_office()
        tags = make_herd(office.firm, 30)
        tried: Tried = try_list(asked(office, tags), by=office.trader)
        assert tried.heads == 30
        user = trader_of(office.firm)
    client = signed_in(app, user)
    page = form_post(client, "/izin/uji/", page="/izin/uji/", **filled(tags)).text
    begin = page.index('class="tag-list"')
    assert page.rindex("<details", 0, begin) > page.index('id="passing"')
    folded = page[begin : page.index("</details>", begin)]
    assert folded.count('class="code"') == 30
