"""Whether animals may leave: every rule asked, every answer with its reason.

Pure: facts in, findings out. The dry run, the submission and the inspection all ask here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from sijinak.animals.queries import AnimalFacts
from sijinak.permits import animal_checks as animal
from sijinak.permits import health_checks as health
from sijinak.permits.findings import (
    Applicant,
    Candidate,
    Checked,
    Finding,
    Report,
    Terms,
    Verdict,
    asks,
    passes,
    refuses,
)
from sijinak.permits.rules.models import ApplicantKind, Rule, RuleField

__all__ = [
    "Applicant", "Candidate", "Checked", "Finding", "Report", "Terms", "Verdict",
    "check_all", "check_animal",
]  # fmt: skip

AnimalCheck = Callable[[Terms, Applicant | None, Candidate, AnimalFacts], Iterable[Finding]]
# What concerns the journey as a whole, where nobody may have said it yet.
OF_THE_JOURNEY = (
    RuleField.APPLICANT,
    RuleField.ISOLATION_DAYS,
    RuleField.CLINICAL,
    RuleField.DISINFECTION,
    RuleField.DOCUMENTS,
    RuleField.EXTERNAL_PAPERS,
    RuleField.VALIDITY_DAYS,
    RuleField.NEEDS_QUOTA,
)


def check_all(
    terms: Terms,
    applicant: Applicant | None,
    candidates: Iterable[Candidate],
    beside: Iterable[Finding] = (),
) -> Report:
    """``beside`` is what other registers say of the journey; no applicant: anybody asks."""
    general = (
        _has_rule(terms),
        _is_open(terms),
        _may_apply(terms, applicant),
        _is_to_come(terms),
        *(_of_the_journey(terms.rule) if terms.rule else ()),
        *beside,
    )
    animals = tuple(
        Checked(found.tag, found.animal, check_animal(terms, applicant, found))
        for found in candidates
    )
    return Report(terms=terms, general=general, animals=animals)


def check_animal(
    terms: Terms, applicant: Applicant | None, found: Candidate
) -> tuple[Finding, ...]:
    """All findings about one animal; an unknown tag has only one."""
    if found.animal is None:
        return (refuses("NOT_REGISTERED", tag=found.tag),)
    answers = [check(terms, applicant, found, found.animal) for check in _CHECKS]
    return (passes("REGISTERED"), *(a for each in answers for a in each))


def _has_rule(terms: Terms) -> Finding:
    if terms.rule is None:
        return refuses("NO_RULE", species=terms.species, purpose=terms.purpose, scope=terms.scope)
    return passes("RULE", rule=terms.rule.code, basis=terms.rule.legal_basis)


def _is_open(terms: Terms) -> Finding:
    if closed := terms.closed:
        return refuses("DEST_CLOSED", since=closed.valid_from, reason=closed.reason)
    return passes("DEST_OPEN")


def _may_apply(terms: Terms, applicant: Applicant | None) -> Finding:
    if applicant is None:
        return asks("APPLICANT_NOT_CHECKED")
    if applicant.suspended_by:
        return refuses("FIRM_SUSPENDED", decree=applicant.suspended_by)
    only_firms = terms.rule is not None and terms.rule.applicant is ApplicantKind.FIRM
    if terms.rule and only_firms and not applicant.is_firm:
        return refuses("NOT_A_FIRM", rule=terms.rule.code)
    return passes("APPLICANT")


def _is_to_come(terms: Terms) -> Finding:
    return refuses("DAY_OVER") if terms.is_over else passes("DAY")


def _of_the_journey(rule: Rule) -> Iterator[Finding]:
    """What will be seen on the way, and what nobody has stated."""
    if rule.isolation_days:
        yield asks("ISOLATION", days=rule.isolation_days, rule=rule.code)
    if rule.clinical:
        yield asks("CLINICAL_LATER", rule=rule.code)
    if rule.disinfection:
        yield asks("DISINFECTION_LATER", rule=rule.code)
    if missing := tuple(name for name in OF_THE_JOURNEY if getattr(rule, name) is None):
        yield asks("NOT_STATED", rule=rule.code, what=missing)


_CHECKS: Sequence[AnimalCheck] = (
    animal.here,
    animal.seen,
    animal.species,
    animal.sex,
    animal.old_enough,
    animal.pregnant,
    health.vaccinated,
    health.not_withheld,
    animal.owned,
    animal.free,
    animal.heavy,
    health.rbt_tested,
    health.tested,
)
