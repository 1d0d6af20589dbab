"""Whether one animal may leave by its vaccinations and its tests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sijinak.animals.queries import AnimalFacts
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Finding as Found
from sijinak.health.queries import TestResult
from sijinak.permits.findings import Applicant, Candidate, Finding, Terms, asks, passes, refuses
from sijinak.permits.models import RbtResult
from sijinak.permits.rules.models import Purpose
from sijinak.permits.rules.needs import TestInstead, TestNeed, VaccineNeed

RBT: Mapping[Found, RbtResult] = {
    Found.NEGATIVE: RbtResult.NEGATIVE,
    Found.POSITIVE: RbtResult.POSITIVE,
}


def vaccinated(
    terms: Terms, _: Applicant | None, found: Candidate, __: AnimalFacts
) -> Iterable[Finding]:
    if terms.rule is None:
        return
    needs = terms.vaccine_needs
    if needs is None:
        yield asks("DOSES_NOT_STATED", rule=terms.rule.code)
        return
    for need in needs:
        wrong = _dose_wrong(need, terms, found)
        if wrong is None:
            have = len(found.doses.get(need.disease, ()))
            yield passes("DOSES", disease=need.disease, have=have, need=need.doses)
        elif need.or_test is None:
            yield wrong
        elif _stands_in(need.disease, need.or_test, terms, found.results):
            yield passes("TESTED_INSTEAD", disease=need.disease)
        else:
            yield _or_test(wrong, need.or_test)


def _dose_wrong(need: VaccineNeed, terms: Terms, found: Candidate) -> Finding | None:
    """What is wrong with the doses against a disease on the day of leaving; None: nothing."""
    given = [day for day in found.doses.get(need.disease, ()) if day <= terms.day]
    if len(given) < need.doses:
        facts = {"disease": need.disease, "have": len(given), "need": need.doses}
        return refuses("DOSE_MISSING", **facts)
    return _age_wrong(need, (terms.day - max(given)).days) if given else None


def _age_wrong(need: VaccineNeed, days: int) -> Finding | None:
    facts = {"disease": need.disease, "days": days}
    if need.least_days is not None and days < need.least_days:
        return refuses("DOSE_TOO_FRESH", **facts, least=need.least_days)
    if need.most_days is not None and days > need.most_days:
        return refuses("DOSE_TOO_OLD", **facts, most=need.most_days)
    return None


def _stands_in(
    disease: Disease, instead: TestInstead, terms: Terms, results: Sequence[TestResult]
) -> bool:
    """Whether the latest result of the disease is negative, fresh, and of a method that counts."""
    latest = next(
        (r for r in results if r.disease is disease and r.method in instead.methods), None
    )
    return (
        latest is not None
        and latest.result is Found.NEGATIVE
        and (instead.is_pooled or not latest.pooled)
        and 0 <= (terms.day - latest.sampled_on).days <= instead.most_days
    )


def _or_test(wrong: Finding, instead: TestInstead) -> Finding:
    """The same refusal, and the test that would do, too."""
    facts = {**wrong.facts, "methods": tuple(instead.methods), "days": instead.most_days}
    return Finding(f"{wrong.code}_OR_TEST", wrong.verdict, facts)


def not_withheld(
    terms: Terms, _: Applicant | None, found: Candidate, __: AnimalFacts
) -> Iterable[Finding]:
    """After a dose no animal is slaughtered for the days that the label of the vaccine says."""
    if terms.purpose is not Purpose.SLAUGHTER:
        return
    until = [each for each in found.withdrawals if each.until and each.until >= terms.day]
    if until:
        last = max(until, key=lambda each: str(each.until))
        yield refuses("IN_WITHDRAWAL", product=last.product, until=last.until)
    elif unread := [each for each in found.withdrawals if each.until is None]:
        yield asks("WITHDRAWAL_NOT_STATED", product=unread[0].product)


def rbt_tested(
    terms: Terms, _: Applicant | None, found: Candidate, __: AnimalFacts
) -> Iterable[Finding]:
    """Brucellosis by Rose Bengal: what the inspector wrote, or what a laboratory found."""
    if not terms.needs_rbt:
        return
    match found.rbt or _brucellosis(found.results):
        case None:
            yield asks("RBT_LATER")
        case RbtResult.NEGATIVE:
            yield passes("RBT_NEGATIVE")
        case RbtResult.POSITIVE:
            yield refuses("RBT_POSITIVE")
        case RbtResult.NOT_TESTED:
            yield refuses("RBT_MISSING")


def _brucellosis(results: Sequence[TestResult]) -> RbtResult | None:
    latest = next((r for r in results if r.disease is Disease.BRUCELLOSIS), None)
    return RBT.get(latest.result) if latest else None


def tested(
    terms: Terms, _: Applicant | None, found: Candidate, animal: AnimalFacts
) -> Iterable[Finding]:
    if terms.rule is None:
        return
    needs = terms.test_needs
    if needs is None:
        yield asks("TESTS_NOT_STATED", rule=terms.rule.code)
        needs = ()
    for need in needs:
        if need.is_for(animal.breed):
            yield _answer(need, terms, found.results)
    yield from _sick(found.results, {need.disease for need in needs}, terms)


def _answer(need: TestNeed, terms: Terms, results: Sequence[TestResult]) -> Finding:
    """What the latest result that counts for the need says."""
    for result in results:
        if result.disease is need.disease and (not need.methods or result.method in need.methods):
            return _judged(need, terms, result)
    return asks("TEST_LATER", disease=need.disease)


def _judged(need: TestNeed, terms: Terms, result: TestResult) -> Finding:
    facts = {"disease": need.disease, "sampled": result.sampled_on, "number": result.number}
    if result.result is Found.NEGATIVE:
        return _fresh(need, (terms.day - result.sampled_on).days, facts)
    if result.result is Found.POSITIVE:
        return refuses("TEST_POSITIVE", **facts)
    return asks("TEST_UNCLEAR", **facts)


def _fresh(need: TestNeed, days: int, facts: Mapping[str, object]) -> Finding:
    if need.valid_days is None:
        return asks("TEST_DAYS_NOT_STATED", **facts)
    if days > need.valid_days:
        return asks("TEST_EXPIRED", **facts, most=need.valid_days)
    return passes("TEST_NEGATIVE", **facts)


def _sick(results: Sequence[TestResult], asked: set[Disease], terms: Terms) -> Iterator[Finding]:
    """A positive result keeps an animal here, whether the rule asks for the test or not."""
    known: set[Disease] = {Disease.BRUCELLOSIS} if terms.needs_rbt else set()
    for result in results:
        if result.disease in known | asked:
            continue
        known.add(result.disease)
        if result.result is Found.POSITIVE:
            facts = {"sampled": result.sampled_on, "number": result.number}
            yield refuses("TEST_POSITIVE", disease=result.disease, **facts)
