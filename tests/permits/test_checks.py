"""Each rule lets pass what it should, and refuses what it should."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sijinak.animals.models import AnimalState, Sex, Species, Verification
from sijinak.animals.queries import AnimalFacts
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.health.lab.models import Finding as Found
from sijinak.health.lab.models import Method
from sijinak.health.queries import TestResult
from sijinak.permits.checks import (
    Applicant,
    Candidate,
    Finding,
    Terms,
    Verdict,
    check_all,
    check_animal,
)
from sijinak.permits.finding_words import FINDINGS
from sijinak.permits.findings import Withdrawal
from sijinak.permits.labels import sentence
from sijinak.permits.loading import load_rules
from sijinak.permits.models import DocumentKind, ExternalKind, RbtResult
from sijinak.permits.rulebook import report_on, rules_on, terms_of
from sijinak.permits.rules.models import ApplicantKind, DestinationRule, Purpose, Rule, Scope
from sijinak.permits.rules.needs import TestInstead, TestNeed, VaccineNeed, stricter, told
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
    sexes=["male"], unproductive_females=False, min_weight_kg=300, min_teeth=0,
    pregnant_may_leave=False, vaccines=[{"disease": "pmk", "doses": 1}], tests=[],
    isolation_days=0, clinical=False, disinfection=False, documents=[], external_papers=[],
    validity_days=14, needs_quota=False, applicant=ApplicantKind.FIRM, legal_basis="Perda",
    source="test", valid_from=DAY, valid_until=None,
)  # fmt: skip
TERMS = Terms(
    species=Species.CATTLE, purpose=Purpose.SLAUGHTER, scope=Scope.OUT_OF_PROVINCE, rule=RULE,
    day=DAY + timedelta(days=20),
)  # fmt: skip
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
        "region": BATAM, "requires_rbt": False, "vaccines": [], "tests": [], "external_papers": [],
        "is_closed": False, "reason": "", "source": "test", "valid_from": DAY, "valid_until": None,
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
COW = replace(GOOD, animal=replace(BULL, sex=Sex.FEMALE, is_pregnant=False))
PREGNANT = replace(GOOD, animal=replace(BULL, sex=Sex.FEMALE, is_pregnant=True))
BOTH = ["male", "female"]
PMK_TEST = {"methods": ["pcr", "elisa-nsp"], "is_pooled": True, "most_days": 3}


def doses(**need: object) -> Terms:
    return rule(vaccines=[{"disease": "pmk", "doses": 1, **need}])


def jembrana(**need: object) -> Terms:
    return rule(tests=[{"disease": "jembrana", **need}])


def result(
    disease: Disease = Disease.JEMBRANA,
    found: Found = Found.NEGATIVE,
    days: int = 2,
    **more: object,
) -> TestResult:
    """Of a sample so many days before the day of leaving."""
    columns: dict[str, object] = {
        "disease": disease, "method": Method.ELISA, "result": found, "pooled": False,
        "sampled_on": TERMS.day - timedelta(days=days), "tested_on": TERMS.day, "number": "LHU 7",
    }  # fmt: skip
    return TestResult(**{**columns, **more})  # type: ignore[arg-type]


def with_results(*results: TestResult) -> Candidate:
    return replace(GOOD, results=results)


PCR = result(Disease.PMK, method=Method.PCR, pooled=True)
BARE = replace(GOOD, doses={})
REFUSALS = {
    "NOT_REGISTERED": (TERMS, FIRM, replace(GOOD, animal=None)),
    "DATA2_ONLY": (
        TERMS, FIRM, replace(GOOD, animal=replace(BULL, verification=Verification.DECLARED)),
    ),
    "WRONG_SPECIES": (TERMS, FIRM, replace(GOOD, animal=replace(BULL, species=Species.BUFFALO))),
    "FEMALE_PRODUCTIVE": (TERMS, FIRM, replace(GOOD, animal=replace(BULL, sex=Sex.FEMALE))),
    "WRONG_SEX": (rule(sexes=["female"]), FIRM, GOOD),
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
    "FEMALE_NOT_STATED": (rule(unproductive_females=None), FIRM, COW),
    "FEMALE_LETTER_MISSING": (
        rule(unproductive_females=True), FIRM, replace(COW, is_inspected=True),
    ),
    "UNDERAGE": (rule(min_teeth=2), FIRM, replace(GOOD, animal=replace(BULL, teeth=1))),
    "PREGNANT": (
        rule(sexes=BOTH), FIRM, PREGNANT,
    ),
    "MOVEMENT_BANNED": (
        TERMS, FIRM, replace(GOOD, ban={"disease": Disease.SE, "basis": "SK 1/2026"}),
    ),
    "DOSE_TOO_FRESH": (doses(least_days=21), FIRM, GOOD),
    "DOSE_TOO_OLD": (doses(most_days=19), FIRM, GOOD),
    "DOSE_MISSING_OR_TEST": (doses(or_test=PMK_TEST), FIRM, BARE),
    "DOSE_TOO_FRESH_OR_TEST": (doses(least_days=21, or_test=PMK_TEST), FIRM, GOOD),
    "DOSE_TOO_OLD_OR_TEST": (doses(most_days=19, or_test=PMK_TEST), FIRM, GOOD),
    "IN_WITHDRAWAL": (
        TERMS, FIRM, replace(GOOD, withdrawals=[Withdrawal(product="A", until=TERMS.day)]),
    ),
    "TEST_POSITIVE": (TERMS, FIRM, with_results(result(found=Found.POSITIVE))),
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


UNSAID = {
    "SEX_NOT_STATED": (rule(sexes=None), GOOD),
    "DOSES_NOT_STATED": (rule(vaccines=None), GOOD),
    "WEIGHT_NOT_STATED": (rule(min_weight_kg=None), GOOD),
    "AGE_NOT_STATED": (rule(min_teeth=None), GOOD),
    "TESTS_NOT_STATED": (rule(tests=None), GOOD),
    "PREGNANCY_NOT_STATED": (rule(sexes=BOTH, pregnant_may_leave=None), COW),
    "TEST_DAYS_NOT_STATED": (jembrana(), with_results(result())),
    "WITHDRAWAL_NOT_STATED": (
        TERMS, replace(GOOD, withdrawals=[Withdrawal(product="A", until=None)]),
    ),
}  # fmt: skip
LATER = {
    "WEIGHT_LATER": (TERMS, replace(GOOD, weight_kg=None)),
    "RBT_LATER": (TESTED, GOOD),
    "TEETH_LATER": (rule(min_teeth=2), GOOD),
    "FEMALE_LETTER_LATER": (rule(unproductive_females=True), COW),
    "PREGNANCY_LATER": (
        rule(sexes=BOTH), replace(COW, animal=replace(BULL, sex=Sex.FEMALE)),
    ),
    "TEST_LATER": (jembrana(valid_days=7), GOOD),
    "TEST_EXPIRED": (jembrana(valid_days=7), with_results(result(days=8))),
    "TEST_UNCLEAR": (jembrana(valid_days=7), with_results(result(found=Found.UNCLEAR))),
}  # fmt: skip


@pytest.mark.parametrize("code", [*UNSAID, *LATER])
def test_what_nobody_has_stated_or_seen_yet_is_asked_and_stops_nothing(code: str):
    terms, candidate = {**UNSAID, **LATER}[code]
    found = check_animal(terms, FIRM, candidate)
    assert codes(found, Verdict.ASK) == [code]
    assert not codes(found, Verdict.REFUSE)


def test_what_nobody_has_stated_of_the_journey_is_named_in_one_sentence():
    unsaid = rule(isolation_days=None, documents=None, needs_quota=None)
    report = check_all(unsaid, FIRM, [GOOD])
    assert codes(report.general, Verdict.ASK) == ["NOT_STATED"]
    (finding,) = [f for f in report.general if f.verdict is Verdict.ASK]
    assert finding.facts["what"] == ("isolation_days", "documents", "needs_quota")
    assert report.is_ready


PASSING = [
    (rule(sexes=BOTH), COW),
    (rule(unproductive_females=True), replace(COW, female_letter="12/drh", is_inspected=True)),
    (rule(sexes=BOTH, pregnant_may_leave=True), PREGNANT),
    (rule(min_teeth=2), replace(GOOD, animal=replace(BULL, teeth=2))),
    (rule(min_weight_kg=0), replace(GOOD, weight_kg=None)),
    (doses(least_days=20, most_days=20), GOOD),
    (doses(or_test=PMK_TEST), replace(BARE, results=(PCR,))),
    (jembrana(valid_days=7), with_results(result(days=7))),
    (jembrana(valid_days=7, breeds=["bali"]), GOOD),
    (TERMS, replace(GOOD, withdrawals=[Withdrawal(product="A", until=TERMS.day - timedelta(1))])),
    (replace(TERMS, purpose=Purpose.BREEDING),
     replace(GOOD, withdrawals=[Withdrawal(product="A", until=TERMS.day)])),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(PASSING)))
def test_what_just_fits_passes_without_a_question(case: int):
    terms, candidate = PASSING[case]
    found = check_animal(terms, FIRM, candidate)
    assert not codes(found, Verdict.REFUSE)
    assert not codes(found, Verdict.ASK)


@pytest.mark.parametrize(
    "results",
    [
        [result(Disease.PMK, method=Method.PCR, days=4)],  # too old
        [result(Disease.PMK, method=Method.PCR, days=-1)],  # of after the day
        [result(Disease.PMK, method=Method.MICROSCOPY)],  # a method that does not count
        [result(Disease.PMK, Found.UNCLEAR, method=Method.PCR), PCR],  # the latest counts
        [result(Disease.LSD, method=Method.PCR)],
    ],
)
def test_only_a_fresh_negative_test_of_the_right_kind_stands_for_a_dose(results: list[TestResult]):
    found = check_animal(doses(or_test=PMK_TEST), FIRM, replace(BARE, results=results))
    assert codes(found, Verdict.REFUSE) == ["DOSE_MISSING_OR_TEST"]


def test_a_pool_speaks_for_an_animal_only_where_the_rule_takes_pools():
    alone = doses(or_test={**PMK_TEST, "is_pooled": False})
    found = check_animal(alone, FIRM, replace(BARE, results=(PCR,)))
    assert codes(found, Verdict.REFUSE) == ["DOSE_MISSING_OR_TEST"]


def test_a_laboratory_s_brucellosis_test_counts_until_the_inspector_says_otherwise():
    lab = result(Disease.BRUCELLOSIS, method=Method.RBT)
    assert not codes(check_animal(TESTED, FIRM, with_results(lab)), Verdict.ASK)
    bad = replace(with_results(lab), rbt=RbtResult.POSITIVE)
    assert codes(check_animal(TESTED, FIRM, bad), Verdict.REFUSE) == ["RBT_POSITIVE"]
    sick = result(Disease.BRUCELLOSIS, Found.POSITIVE, method=Method.RBT)
    assert codes(check_animal(TERMS, FIRM, with_results(sick)), Verdict.REFUSE) == ["TEST_POSITIVE"]


def test_anybody_learns_nothing_of_owners_and_other_applications():
    secret = replace(GOOD, is_taken=True, is_changing_hands=True, leaving_until=DAY)
    report = check_all(TERMS, None, [secret])
    assert codes(report.general, Verdict.ASK) == ["APPLICANT_NOT_CHECKED"]
    assert codes(report.animals[0].findings, Verdict.ASK) == ["OWNER_NOT_CHECKED"]
    assert not codes(report.animals[0].findings, Verdict.REFUSE)


def test_the_report_names_documents_papers_and_tests_to_come():
    terms = rule(documents=["application"], external_papers=["kh11"], tests=[{"disease": "lsd"}])
    terms = replace(terms, at_destination=there(external_papers=["dpmptsp"]).at_destination)
    report = check_all(terms, replace(FIRM, keeper_id=uuid7(), sale_letter="12/2026"), [GOOD])
    assert report.documents_needed == [DocumentKind.APPLICATION, DocumentKind.SALE_LETTER]
    assert report.external_needed == [ExternalKind.KH11, ExternalKind.DPMPTSP]
    assert report.tests_to_come == {BULL.id: [Disease.LSD]}


def test_what_counted_at_submission_counts():
    tested = replace(GOOD, rbt=RbtResult.NEGATIVE)
    assert codes(check_animal(TESTED, FIRM, tested), Verdict.ASK) == []
    assert not replace(TESTED, rbt_asked=False).needs_rbt


def test_a_person_may_ship_where_the_rule_lets_anybody():
    inside = rule(applicant=ApplicantKind.ANYBODY)
    assert check_all(inside, replace(FIRM, is_firm=False), [GOOD]).is_ready


def test_with_a_sale_letter_it_is_the_desk_that_says_whether_it_passes():
    found = check_animal(TERMS, replace(FIRM, keeper_id=uuid7(), sale_letter="12/2026"), GOOD)
    assert codes(found, Verdict.ASK) == ["SOLD"]


def test_the_stricter_of_rule_and_destination_counts():
    asked = [{"disease": "pmk", "doses": 2, "least_days": 14}, {"disease": "lsd", "doses": 1}]
    terms = there(vaccines=asked)
    found = check_animal(terms, FIRM, GOOD)
    missing = [(f.facts["disease"], f.facts["need"]) for f in found if f.code == "DOSE_MISSING"]
    assert missing == [(Disease.LSD, 1), (Disease.PMK, 2)]
    strict = stricter(
        [
            VaccineNeed.read({"disease": "pmk", "doses": 1, "most_days": 180, "or_test": PMK_TEST}),
            VaccineNeed.read(
                {"disease": "pmk", "doses": 2, "least_days": 14, "most_days": 365,
                 "or_test": {"methods": ["pcr"], "is_pooled": False, "most_days": 7}}
            ),
        ]
    )  # fmt: skip
    assert (strict.doses, strict.least_days, strict.most_days) == (2, 14, 180)
    assert strict.or_test == TestInstead(methods=(Method.PCR,), is_pooled=False, most_days=3)
    plain = VaccineNeed.read({"disease": "pmk", "doses": 1})
    assert stricter([strict, plain]).or_test is None


@pytest.mark.parametrize("need", [
    VaccineNeed(disease=Disease.PMK, doses=2, least_days=14),
    VaccineNeed(disease=Disease.PMK, doses=1, or_test=TestInstead(
        methods=(Method.PCR,), is_pooled=False, most_days=3)),
    TestNeed(disease=Disease.JEMBRANA, breeds=("bali",)),
    TestNeed(disease=Disease.LSD, methods=(Method.PCR, Method.ELISA), valid_days=0),
])  # fmt: skip
def test_a_need_comes_back_from_json_as_it_was(need: VaccineNeed | TestNeed):
    (kept,) = told([need])
    assert type(need).read(json.loads(json.dumps(kept))) == need


OF_OTHER_REGISTERS = {
    "QUOTA_LEFT",
    "QUOTA_UNKNOWN",
    "QUOTA_WAITING",
    "KEEPER_BLOCKED",
    "PUBLIC_LOOK",
}


def test_every_finding_has_a_sentence_and_every_sentence_a_finding():
    cases: list[tuple[Terms, Applicant | None, Candidate]] = [*REFUSALS.values()]
    cases += [*((t, a, GOOD) for t, a in GENERAL.values())]
    cases += [(t, FIRM, c) for t, c in (*UNSAID.values(), *LATER.values(), *PASSING)]
    cases += [(TERMS, replace(FIRM, keeper_id=uuid7(), sale_letter="1"), GOOD), (TERMS, None, GOOD)]
    cases += [(TESTED, FIRM, replace(GOOD, rbt=RbtResult.NEGATIVE))]
    cases += [
        (rule(isolation_days=14, clinical=True, disinfection=True, documents=None), FIRM, GOOD)
    ]
    found: set[str] = set()
    for terms, applicant, candidate in cases:
        report = check_all(terms, applicant, [candidate])
        for finding in (*report.general, *report.animals[0].findings):
            assert "%(" not in sentence(finding)
            found.add(finding.code)
    assert found == set(FINDINGS) - OF_OTHER_REGISTERS


def test_the_rules_that_come_with_the_program():
    def of(purpose: Purpose, destination: str, species: Species = Species.CATTLE) -> Terms:
        return terms_of(species, purpose, LUNYUK_REA, destination)

    out, inside = of(Purpose.SLAUGHTER, BEKASI), of(Purpose.SLAUGHTER, LOMBOK_TENGAH)
    assert out.rule
    assert inside.rule
    assert (out.rule.min_weight_kg, inside.rule.min_weight_kg) == (300, 250)
    assert [n.doses for n in of(Purpose.BREEDING, BEKASI).vaccine_needs or ()] == [2]
    assert [n.doses for n in of(Purpose.SLAUGHTER, BATAM).vaccine_needs or ()] == [2]
    assert len(of(Purpose.SLAUGHTER, BATAM).test_needs or ()) == 4
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
        bare: ["DOSE_MISSING_OR_TEST"],
        declared: ["DATA2_ONLY", "DOSE_MISSING_OR_TEST"],
        unknown: ["NOT_REGISTERED"],
    }
