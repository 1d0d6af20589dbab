"""Each rule lets pass what it should, and refuses what it should."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sijinak.animals.models import AnimalState, Sex, Species, Verification
from sijinak.animals.queries import AnimalFacts
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.permits.checks import (
    Applicant,
    Candidate,
    Finding,
    Terms,
    Verdict,
    check_all,
    check_animal,
)
from sijinak.permits.labels import FINDINGS, sentence
from sijinak.permits.loading import load_rules
from sijinak.permits.models import DestinationRule, Purpose, RbtResult, Rule, Scope
from sijinak.permits.rulebook import report_on, rules_on, terms_of
from sijinak.vaccinations.models import Disease
from tests.animals.factories import make_animal, make_keeper, person
from tests.factories import LUNYUK_REA
from tests.permits.factories import (
    BATAM,
    BEKASI,
    LOMBOK_TENGAH,
    LOMBOK_TIMUR,
    SAMARINDA,
    make_draft,
    make_herd,
    make_office,
)

pytestmark = pytest.mark.usefixtures("context")

DAY = date(2026, 11, 1)
FIRM = Applicant(keeper_id=uuid7(), is_firm=True)
RULE = Rule(
    code="R", species=Species.CATTLE, purpose=Purpose.SLAUGHTER, scope=Scope.OUT_OF_PROVINCE,
    sex=Sex.MALE, min_weight_kg=300, vaccines={"pmk": 1}, legal_basis="Perda", source="test",
    valid_from=DAY, valid_until=None,
)  # fmt: skip
TERMS = Terms(
    species=Species.CATTLE, purpose=Purpose.SLAUGHTER, scope=Scope.OUT_OF_PROVINCE, rule=RULE
)
BULL = AnimalFacts(
    id=uuid7(), tag="7K3M9QX45J", species=Species.CATTLE, sex=Sex.MALE, breed="", colour="",
    birth_date=None, teeth=None, is_pregnant=None, verification=Verification.SEEN, seen_at=None,
    state=AnimalState.PRESENT,
    village=LUNYUK_REA, keeper_id=FIRM.keeper_id, keeper_name="CV",
)  # fmt: skip
GOOD = Candidate(tag=BULL.tag, animal=BULL, doses={Disease.PMK: [DAY]}, weight_kg=300)


def rule(**changes: object) -> Terms:
    columns = {c.name: getattr(RULE, c.name) for c in Rule.__table__.columns if c.name != "id"}
    return replace(TERMS, rule=Rule(**{**columns, **changes}))


def there(**changes: object) -> Terms:
    columns = {
        "region": BATAM, "requires_rbt": False, "vaccines": {}, "is_closed": False, "reason": "",
        "source": "test", "valid_from": DAY, "valid_until": None,
    }  # fmt: skip
    return replace(TERMS, at_destination=[DestinationRule(**{**columns, **changes})])


def codes(found: tuple[Finding, ...], verdict: Verdict) -> list[str]:
    return [finding.code for finding in found if finding.verdict is verdict]


def test_a_good_animal_passes_every_check():
    found = check_animal(TERMS, FIRM, GOOD)
    assert {finding.verdict for finding in found} == {Verdict.PASS}
    assert [finding.code for finding in found] == [
        "REGISTERED", "PRESENT", "SEEN", "SEX", "DOSES", "OWNED", "FREE", "WEIGHT",
    ]  # fmt: skip


TESTED = there(requires_rbt=True)
REFUSALS = {
    "NOT_REGISTERED": (TERMS, FIRM, replace(GOOD, animal=None)),
    "DATA2_ONLY": (
        TERMS, FIRM, replace(GOOD, animal=replace(BULL, verification=Verification.DECLARED)),
    ),
    "WRONG_SPECIES": (TERMS, FIRM, replace(GOOD, animal=replace(BULL, species=Species.BUFFALO))),
    "FEMALE_PRODUCTIVE": (TERMS, FIRM, replace(GOOD, animal=replace(BULL, sex=Sex.FEMALE))),
    "WRONG_SEX": (rule(sex=Sex.FEMALE), FIRM, GOOD),
    "DOSE_MISSING": (TERMS, FIRM, replace(GOOD, doses={Disease.LSD: [DAY]})),
    "NO_TRANSFER": (TERMS, replace(FIRM, keeper_id=uuid7()), GOOD),
    "REPORTED_STOLEN": (TERMS, FIRM, replace(GOOD, animal=replace(BULL, state=AnimalState.STOLEN))),
    "NOT_PRESENT": (TERMS, FIRM, replace(GOOD, animal=replace(BULL, state=AnimalState.DEAD))),
    "CHANGING_HANDS": (TERMS, FIRM, replace(GOOD, is_changing_hands=True)),
    "IN_OTHER_APPLICATION": (TERMS, FIRM, replace(GOOD, is_taken=True)),
    "ON_VALID_PERMIT": (TERMS, FIRM, replace(GOOD, leaving_until=DAY)),
    "RBT_POSITIVE": (TESTED, FIRM, replace(GOOD, rbt=RbtResult.POSITIVE)),
    "RBT_MISSING": (TESTED, FIRM, replace(GOOD, rbt=RbtResult.NOT_TESTED)),
    "UNDERWEIGHT": (TERMS, FIRM, replace(GOOD, weight_kg=299)),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSALS)
def test_one_thing_wrong_is_one_refusal(code: str):
    found = check_animal(*REFUSALS[code])
    assert codes(found, Verdict.REFUSE) == [code]


GENERAL = {
    "NO_RULE": (replace(TERMS, rule=None), FIRM),
    "DEST_CLOSED": (there(is_closed=True), FIRM),
    "NOT_A_FIRM": (TERMS, replace(FIRM, is_firm=False)),
    "FIRM_SUSPENDED": (TERMS, replace(FIRM, suspended_by="SK 5/2026")),
    "DAY_OVER": (replace(TERMS, is_over=True), FIRM),
}


@pytest.mark.parametrize("code", GENERAL)
def test_what_concerns_all_stops_the_application(code: str):
    report = check_all(*GENERAL[code], [GOOD])
    assert codes(report.general, Verdict.REFUSE) == [code]
    assert not report.is_ready


def test_an_application_that_is_right_is_ready_and_one_without_animals_is_not():
    assert check_all(TERMS, FIRM, [GOOD]).is_ready
    assert not check_all(TERMS, FIRM, []).is_ready
    bad = replace(GOOD, animal=None)
    report = check_all(TERMS, FIRM, [GOOD, bad])
    assert (len(report.passing), len(report.refused), report.is_ready) == (1, 1, False)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sex": None}, "SEX_NOT_STATED"),
        ({"vaccines": None}, "DOSES_NOT_STATED"),
        ({"min_weight_kg": None}, "WEIGHT_NOT_STATED"),
    ],
)
def test_what_nobody_has_stated_is_asked_and_stops_nothing(changes: dict[str, object], code: str):
    found = check_animal(rule(**changes), FIRM, GOOD)
    assert codes(found, Verdict.ASK) == [code]
    assert not codes(found, Verdict.REFUSE)


def test_before_the_inspection_the_weight_is_only_announced():
    found = check_animal(TERMS, FIRM, replace(GOOD, weight_kg=None))
    assert codes(found, Verdict.ASK) == ["WEIGHT_LATER"]


def test_before_the_inspection_the_brucellosis_test_is_only_announced():
    assert codes(check_animal(TESTED, FIRM, GOOD), Verdict.ASK) == ["RBT_LATER"]
    tested = replace(GOOD, rbt=RbtResult.NEGATIVE)
    assert codes(check_animal(TESTED, FIRM, tested), Verdict.ASK) == []
    assert not replace(TESTED, rbt_asked=False).needs_rbt, "what counted at submission"


def test_a_person_may_ship_inside_the_province():
    inside = replace(TERMS, scope=Scope.IN_PROVINCE)
    assert check_all(inside, replace(FIRM, is_firm=False), [GOOD]).is_ready


def test_with_a_sale_letter_it_is_the_desk_that_says_whether_it_passes():
    found = check_animal(TERMS, replace(FIRM, keeper_id=uuid7(), sale_letter="12/2026"), GOOD)
    assert codes(found, Verdict.ASK) == ["SOLD"]


def test_the_stricter_of_rule_and_destination_counts():
    terms = there(vaccines={"pmk": 2, "lsd": 1})
    assert terms.doses == {Disease.LSD: 1, Disease.PMK: 2}
    found = check_animal(terms, FIRM, GOOD)
    missing = [f.facts["disease"] for f in found if f.code == "DOSE_MISSING"]
    assert missing == [Disease.LSD, Disease.PMK]
    assert there(vaccines={"pmk": 0}).doses == {Disease.PMK: 1}


def test_every_finding_has_a_sentence_and_every_sentence_a_finding():
    cases = [*REFUSALS.values(), *((t, a, GOOD) for t, a in GENERAL.values())]
    cases += [(rule(sex=None, vaccines=None, min_weight_kg=None), FIRM, GOOD)]
    cases += [(TERMS, replace(FIRM, keeper_id=uuid7(), sale_letter="1"), GOOD)]
    cases += [(TERMS, FIRM, replace(GOOD, weight_kg=None)), (TERMS, FIRM, GOOD)]
    cases += [(TESTED, FIRM, GOOD), (TESTED, FIRM, replace(GOOD, rbt=RbtResult.NEGATIVE))]
    found: set[str] = set()
    for terms, applicant, candidate in cases:
        report = check_all(terms, applicant, [candidate])
        for finding in (*report.general, *report.animals[0].findings):
            assert "%(" not in sentence(finding)
            found.add(finding.code)
    assert found == set(FINDINGS)


def test_the_rules_that_come_with_the_program():
    def of(purpose: Purpose, destination: str, species: Species = Species.CATTLE) -> Terms:
        return terms_of(species, purpose, LUNYUK_REA, destination)

    out, inside = of(Purpose.SLAUGHTER, BEKASI), of(Purpose.SLAUGHTER, LOMBOK_TENGAH)
    assert out.rule
    assert inside.rule
    assert (out.rule.min_weight_kg, inside.rule.min_weight_kg) == (300, 250)
    assert of(Purpose.BREEDING, BEKASI).doses == {Disease.PMK: 2}
    assert of(Purpose.SLAUGHTER, BATAM).doses == {Disease.PMK: 2}
    assert of(Purpose.SLAUGHTER, BATAM).needs_rbt
    assert not out.needs_rbt
    assert of(Purpose.SLAUGHTER, SAMARINDA).needs_rbt
    assert of(Purpose.SLAUGHTER, LOMBOK_TIMUR).closed
    assert not inside.closed
    buffalo = of(Purpose.SLAUGHTER, BEKASI, Species.BUFFALO)
    assert buffalo.rule
    assert buffalo.rule.min_weight_kg is None
    assert of(Purpose.SLAUGHTER, BEKASI, Species.HORSE).rule is None


def test_rules_are_loaded_once_and_an_ended_one_stays_ended():
    with transaction():
        found = next(r for r in rules_on(DAY) if r.code == "POTONG-SAPI-LUAR")
        found.valid_until = DAY
    with transaction():
        assert load_rules(by=OPERATOR) == 0
    assert terms_of(Species.CATTLE, Purpose.SLAUGHTER, LUNYUK_REA, BEKASI).rule is None


def test_a_later_rule_counts_from_its_first_day():
    columns = {c.name: getattr(RULE, c.name) for c in Rule.__table__.columns if c.name != "id"}
    with transaction():
        db.session.add(Rule(**{**columns, "min_weight_kg": 275, "valid_from": DAY}))

    def least(on: date) -> int | None:
        moment = now().replace(year=on.year, month=on.month, day=on.day, hour=4)
        with clock.reading(moment):
            found = terms_of(Species.CATTLE, Purpose.SLAUGHTER, LUNYUK_REA, BEKASI).rule
        return found.min_weight_kg if found else None

    assert (least(DAY - timedelta(days=1)), least(DAY)) == (300, 275)


def test_the_dry_look_reads_what_is_in_the_registers():
    office = make_office()
    neighbour = make_keeper(person(name="Tetangga"))
    (good,) = make_herd(office.firm, 1)
    (theirs,) = make_herd(neighbour, 1)
    (bare,) = make_herd(office.firm, 1, doses=0)
    _, declared = make_animal(office.firm, verification=Verification.DECLARED)
    unknown = "0000000000"
    report = report_on(make_draft(office, [good, theirs, bare, declared, unknown]))
    found = {checked.tag: codes(checked.findings, Verdict.REFUSE) for checked in report.animals}
    assert found == {
        good: [],
        theirs: ["NO_TRANSFER"],
        bare: ["DOSE_MISSING"],
        declared: ["DATA2_ONLY", "DOSE_MISSING"],
        unknown: ["NOT_REGISTERED"],
    }
