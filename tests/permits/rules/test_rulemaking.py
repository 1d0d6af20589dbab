"""The office writes rules: versions that stay, a look at what they change, ends, withdrawals."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.animals.models import Sex, Species
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.health.diseases import Disease
from sijinak.permits.commands import RecordInspection
from sijinak.permits.inspecting import MayNotPass, record_inspection
from sijinak.permits.models import Permit
from sijinak.permits.rulebook import report_on, terms_for, terms_of
from sijinak.permits.rulemaking.commands import (
    EndVersion,
    WithdrawVersion,
    WriteDestination,
    WriteRule,
)
from sijinak.permits.rulemaking.preview import changes_by
from sijinak.permits.rulemaking.queries import (
    Standing,
    destination_versions,
    last_rule,
    rule_versions,
)
from sijinak.permits.rulemaking.rows import (
    EndsBeforeStart,
    StartsTooEarly,
    VersionOver,
    VersionThere,
    destination_of,
    rule_of,
)
from sijinak.permits.rulemaking.services import (
    InForceAlready,
    end_destination,
    end_rule,
    withdraw_rule,
    write_destination,
    write_rule,
)
from sijinak.permits.rules.models import DestinationRule, Purpose, Rule, Scope
from sijinak.permits.rules.needs import TestNeed, VaccineNeed
from tests.browsing import form_post
from tests.factories import LUNYUK_REA, REGENCY, actor_for, make_user, signed_in
from tests.permits.factories import (
    BATAM,
    BEKASI,
    Office,
    inspected,
    make_draft,
    make_herd,
    make_office,
    take,
)

pytestmark = pytest.mark.usefixtures("context")
CODE = "POTONG-SAPI-LUAR"


@pytest.fixture
def office() -> Office:
    return make_office()


def written(**changes: Any) -> WriteRule:
    """A version for slaughter out of the province, from tomorrow."""
    columns: dict[str, Any] = {
        "code": CODE, "species": Species.CATTLE, "purpose": Purpose.SLAUGHTER,
        "scope": Scope.OUT_OF_PROVINCE, "sexes": (Sex.MALE,), "min_weight_kg": 350,
        "vaccines": (VaccineNeed(disease=Disease.PMK, doses=2),), "tests": (),
        "legal_basis": "SE 9/2026 angka 3", "source": "Salinan SE",
        "valid_from": today() + timedelta(days=1),
    }  # fmt: skip
    return WriteRule(**{**columns, **changes})


def there(**changes: Any) -> WriteDestination:
    columns: dict[str, Any] = {
        "region": BEKASI, "legal_basis": "SE Jabar 1/2026", "source": "Salinan SE",
        "valid_from": today(), "tests": (TestNeed(disease=Disease.LSD, valid_days=7),),
    }  # fmt: skip
    return WriteDestination(**{**columns, **changes})


def save(command: WriteRule, office: Office) -> Rule:
    with transaction():
        return write_rule(command, by=office.kabid)


def least_weight(on: date) -> int | None:
    moment = now().replace(year=on.year, month=on.month, day=on.day, hour=4)
    with clock.reading(moment):
        rule = terms_of(Species.CATTLE, Purpose.SLAUGHTER, LUNYUK_REA, BEKASI).rule
    return rule.min_weight_kg if rule else None


def test_a_new_version_counts_from_its_first_day_and_the_old_one_stays(office: Office):
    old = last_rule(Species.CATTLE, Purpose.SLAUGHTER, Scope.OUT_OF_PROVINCE)
    rule = save(written(), office)
    assert old
    assert (rule.replaces_id, old.valid_until) == (old.id, None)
    assert (least_weight(today()), least_weight(today() + timedelta(days=1))) == (300, 350)
    standing = {v.row.id: v.standing for v in rule_versions(by=office.kabid)}
    assert (standing[old.id], standing[rule.id]) == (Standing.IN_FORCE, Standing.COMING)


def test_an_ended_version_does_not_bring_back_the_one_before(office: Office):
    rule = save(written(valid_from=today()), office)
    with transaction():
        end_rule(
            EndVersion(version_id=rule.id, last_day=today(), because="Dicabut"), by=office.kabid
        )
    assert (least_weight(today()), least_weight(today() + timedelta(days=1))) == (350, None)


def test_a_version_that_is_not_in_force_is_taken_back_and_another_may_be_written(office: Office):
    rule = save(written(), office)
    with transaction():
        withdraw_rule(WithdrawVersion(version_id=rule.id, because="Salah ketik"), by=office.kabid)
    assert least_weight(today() + timedelta(days=1)) == 300
    again = save(written(min_weight_kg=325), office)
    assert least_weight(again.valid_from) == 325
    names = [e.name for e in db.session.query(Event).where(Event.subject_type == "permit_rules")]
    assert names == ["rule.written", "rule.withdrawn", "rule.written"]


REFUSED: dict[str, tuple[Callable[[Office], object], type[Exception]]] = {
    "yesterday": (
        lambda o: write_rule(written(valid_from=today() - timedelta(days=1)), by=o.kabid),
        StartsTooEarly,
    ),
    "backwards": (
        lambda o: write_rule(written(valid_until=today()), by=o.kabid), EndsBeforeStart,
    ),
    "no basis": (lambda o: write_rule(written(legal_basis=""), by=o.kabid), Invalid),
    "a trader": (lambda o: write_rule(written(), by=o.trader), Forbidden),
    "the desk": (lambda o: write_destination(there(), by=o.desk), Forbidden),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_written(office: Office, case: str):
    attempt, error = REFUSED[case]
    with pytest.raises(error), transaction():
        attempt(office)
    assert db.session.query(Rule).where(Rule.replaces_id.is_not(None)).count() == 0


def test_a_version_in_force_or_followed_is_neither_taken_back_nor_ended(office: Office):
    first = save(written(valid_from=today()), office)
    back = WithdrawVersion(version_id=first.id, because="x")
    with pytest.raises(InForceAlready), transaction():
        withdraw_rule(back, by=office.kabid)
    save(written(), office)
    with pytest.raises(VersionThere), transaction():
        write_rule(written(), by=office.kabid)
    end = EndVersion(version_id=first.id, last_day=today(), because="x")
    with pytest.raises(VersionOver), transaction():
        end_rule(end, by=office.kabid)
    with pytest.raises(VersionOver), transaction():
        withdraw_rule(back, by=office.kabid)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE permit_rules SET min_weight_kg = 1",
        "UPDATE permit_rules SET valid_from = '2030-01-01'",
        "DELETE FROM permit_rules",
        "UPDATE destination_rules SET is_closed = NOT is_closed",
        "DELETE FROM destination_rules",
    ],
)
def test_the_database_keeps_versions_as_they_were_written(change: str):
    with (
        db.engine.connect() as connection,
        pytest.raises(SQLAlchemyError, match=r"never altered|append-only"),
    ):
        connection.exec_driver_sql(change)


def submitted(office: Office, **fields: Any) -> Permit:
    permit = make_draft(office, **fields)
    take("submit", permit, office.trader)
    return permit


def test_an_application_is_judged_by_the_versions_it_was_submitted_under(office: Office):
    permit, draft = submitted(office), make_draft(office, make_herd(office.firm))
    save(written(valid_from=today(), vaccines=(VaccineNeed(disease=Disease.LSD, doses=1),)), office)
    with transaction():
        write_destination(there(requires_rbt=True), by=office.kabid)
    pinned, fresh = terms_for(permit), terms_for(draft)
    assert pinned.rule
    assert fresh.rule
    assert (pinned.rule.min_weight_kg, fresh.rule.min_weight_kg) == (300, 350)
    assert (pinned.needs_rbt, fresh.needs_rbt) == (False, True)
    assert not report_on(permit).refused
    assert {c.refusal.code for c in report_on(draft).refused} == {"DOSE_MISSING"}


def test_a_destination_that_was_closed_meanwhile_is_closed_for_all(office: Office):
    permit = submitted(office)
    with transaction():
        closing = there(is_closed=True, reason="PMK", tests=())
        write_destination(closing, by=office.kabid)
    assert terms_for(permit).closed
    with transaction():
        end = EndVersion(version_id=closing.id, last_day=today(), because="Reda")
        end_destination(end, by=office.kabid)
    with clock.reading(now() + timedelta(days=1)):
        assert not terms_for(permit).closed


def test_what_a_destination_asks_for_is_one_version_after_the_other(office: Office):
    batam = next(v.row for v in destination_versions(by=office.kabid) if v.row.region == BATAM)
    with transaction():
        write_destination(there(region=BATAM, follows=batam.id), by=office.kabid)
    terms = terms_of(Species.CATTLE, Purpose.SLAUGHTER, LUNYUK_REA, BATAM)
    assert [n.disease for n in terms.test_needs or ()] == [Disease.LSD]
    assert not terms.needs_rbt
    with pytest.raises(Conflict), transaction():
        write_destination(there(region=BATAM, follows=batam.id), by=office.kabid)


def test_the_look_says_which_animals_would_change_and_writes_nothing(office: Office):
    once, twice = make_herd(office.firm, 1), make_herd(office.firm, 1, doses=2)
    pinned = submitted(office, tags=[*once, *twice])
    make_draft(office, make_herd(office.firm, 1))
    make_draft(office, make_herd(office.firm, 1, doses=2))
    before = db.session.query(Rule).count()
    found = changes_by(rule_of(written()), by=office.kabid)
    assert [(c.permit_id, c.is_pinned) for c in found] == [(None, False), (pinned.id, True)]
    assert [(t.tag, t.is_refused, t.why.code) for t in found[1].animals] == [
        (once[0], True, "DOSE_MISSING")
    ]
    assert (db.session.query(Rule).count(), list(db.session.new)) == (before, [])
    closing = destination_of(there(is_closed=True, reason="LSD", tests=()), by=office.kabid)
    assert {c.general[0].why.code for c in changes_by(closing, by=office.kabid)} == {"DEST_CLOSED"}
    assert db.session.query(DestinationRule).where(DestinationRule.region == BEKASI).count() == 0


def test_the_look_shows_what_would_pass_again(office: Office):
    make_draft(office, make_herd(office.firm, 1, doses=0))
    (change,) = changes_by(rule_of(written(vaccines=())), by=office.kabid)
    assert [(t.is_refused, t.why.code) for t in change.animals] == [(False, "DOSE_MISSING_OR_TEST")]


def test_only_those_who_manage_rules_see_versions():
    for role in (Role.TRADER, Role.PERMIT_DESK, Role.KADIS, Role.AUDITOR):
        with pytest.raises(Forbidden):
            rule_versions(by=actor_for(role, REGENCY))


def test_a_female_leaves_only_with_the_letter_that_she_is_not_productive(office: Office):
    (cow,) = make_herd(office.firm, 1, sex=Sex.FEMALE)
    (bull,) = make_herd(office.firm, 1)
    permit = submitted(office, tags=[cow, bull])
    take("accept", permit, office.desk)
    lines = [inspected(permit, a.animal_id, passed=True, weight_kg=320) for a in permit.animals]
    with pytest.raises(MayNotPass) as error, transaction():
        record_inspection(
            RecordInspection(permit_id=permit.id, animals=tuple(lines)), by=office.vet
        )
    assert error.value.facts["tag"] == cow
    lines[0] = replace(lines[0], female_letter="7/DRH/2026")
    with transaction():
        command = RecordInspection(permit_id=permit.id, animals=tuple(lines))
        record_inspection(command, by=office.vet)
    assert permit.animals[0].female_letter == "7/DRH/2026"


class Editor:
    """The office's browser."""

    def __init__(self, app: Flask) -> None:
        self.client = signed_in(app, make_user(Role.KABID))
        self.client.set_cookie("bahasa", "en")

    def send(self, url: str, **sent: object) -> TestResponse:
        return form_post(self.client, url, page="/izin/aturan/baru", **sent)


def filled(**more: object) -> dict[str, object]:
    return {
        "id": str(uuid7()), "code": CODE, "species": "cattle", "purpose": "slaughter",
        "scope": "out-of-province", "min_weight_kg": "0", "pmk-doses": "2", "pmk-least_days": "14",
        "pmk-or_methods": ["pcr", "elisa-nsp"], "pmk-or_days": "3", "jembrana-tested": "true",
        "jembrana-breeds": "Bali, PO", "sexes": ["male", "female"], "documents_stated": "true",
        "needs_quota": "false", "legal_basis": "SE 9/2026", "source": "Salinan",
        "valid_from": (today() + timedelta(days=1)).isoformat(), **more,
    }  # fmt: skip


def test_the_form_looks_first_and_saves_on_request(app: Flask):
    editor, said = Editor(app), filled()
    looked = editor.send("/izin/aturan/baru", **said, langkah="lihat")
    assert looked.status_code == 200
    assert "No open application would be judged otherwise" in looked.text
    assert 'value="simpan"' in looked.text
    with app.app_context():
        assert db.session.query(Rule).where(Rule.valid_from > today()).count() == 0
    assert editor.send("/izin/aturan/baru", **said, langkah="simpan").status_code == 302
    with app.app_context():
        rule = db.session.query(Rule).where(Rule.valid_from > today()).one()
        assert (rule.min_weight_kg, rule.needs_quota, rule.documents) == (0, False, [])
        assert (rule.min_teeth, rule.tests) == (
            None,
            [{"disease": "jembrana", "breeds": ["bali", "po"]}],
        )
        assert rule.vaccine_needs
        (need,) = rule.vaccine_needs
        assert (need.doses, need.least_days) == (2, 14)
        assert need.or_test
        assert len(need.or_test.methods) == 2
        version = rule.id
    shown = editor.client.get(f"/izin/aturan/baru?dari={version}").text
    assert 'value="14"' in shown
    assert "bali, po" in shown
    assert "SE 9/2026" in editor.client.get("/izin/aturan/versi").text


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "yesterday": ({"valid_from": "2020-01-01"}, "A rule begins today or later"),
    "no doses": ({"pmk-doses": ""}, "Write how many doses are needed."),
    "no days": ({"pmk-or_days": ""}, "Write how many days old the test may be."),
    "no basis": ({"legal_basis": ""}, "Fill this in."),
    "no weight": ({"min_weight_kg": "berat"}, "This is not a number."),
    "no code": ({"code": "potong sapi"}, "Use capital letters, digits and hyphens."),
}


@pytest.mark.parametrize("case", WRONG)
def test_bad_input_stays_and_says_what_to_do(app: Flask, case: str):
    changes, sentence = WRONG[case]
    page = Editor(app).send("/izin/aturan/baru", **filled(**changes), langkah="simpan")
    assert page.status_code == 422
    assert sentence in page.text
    assert "Salinan" in page.text


def test_a_destination_is_closed_by_the_form_and_opened_again(app: Flask):
    editor = Editor(app)
    said = {
        "id": str(uuid7()), "region": BEKASI, "is_closed": "true", "legal_basis": "SE 1",
        "source": "Salinan", "valid_from": today().isoformat(), "lsd-tested": "true",
    }  # fmt: skip
    page = editor.send("/izin/aturan/tujuan/baru", **said, langkah="simpan")
    assert (page.status_code, "Write why it is closed." in page.text) == (422, True)
    done = editor.send("/izin/aturan/tujuan/baru", **said, reason="PMK", langkah="simpan")
    assert done.status_code == 302
    with app.app_context():
        rule = db.session.query(DestinationRule).where(DestinationRule.region == BEKASI).one()
        assert (rule.is_closed, rule.test_needs[0].disease) == (True, Disease.LSD)
    sent = {
        "id": str(uuid7()), "version_id": str(rule.id), "last_day": today().isoformat(),
        "because": "Reda",
    }  # fmt: skip
    assert editor.send("/izin/aturan/tujuan/akhiri", **sent).status_code == 302
    with app.app_context():
        assert db.session.get_one(DestinationRule, rule.id).valid_until == today()
