"""Whether one animal may leave by what it is, where it is and whose it is."""

from collections.abc import Iterable

from sijinak.animals.models import AnimalState, Sex, Verification
from sijinak.animals.queries import AnimalFacts
from sijinak.permits.findings import (
    Applicant,
    Candidate,
    Finding,
    Terms,
    asks,
    passes,
    refuses,
)
from sijinak.permits.rules.models import Rule


def here(
    _: Terms, __: Applicant | None, found: Candidate, animal: AnimalFacts
) -> Iterable[Finding]:
    if animal.state is AnimalState.STOLEN:
        yield refuses("REPORTED_STOLEN")
    elif animal.state is not AnimalState.PRESENT:
        yield refuses("NOT_PRESENT", state=animal.state)
    elif found.ban is not None:
        yield refuses("MOVEMENT_BANNED", **found.ban)
    else:
        yield passes("PRESENT")


def seen(_: Terms, __: Applicant | None, ___: Candidate, animal: AnimalFacts) -> Iterable[Finding]:
    if animal.verification is Verification.SEEN:
        yield passes("SEEN")
    else:
        yield refuses("DATA2_ONLY")


def species(
    terms: Terms, _: Applicant | None, __: Candidate, animal: AnimalFacts
) -> Iterable[Finding]:
    if animal.species is not terms.species:
        yield refuses("WRONG_SPECIES", found=animal.species, wanted=terms.species)


def sex(
    terms: Terms, _: Applicant | None, found: Candidate, animal: AnimalFacts
) -> Iterable[Finding]:
    rule = terms.rule
    if rule is None:
        return
    if rule.sexes is None:
        yield asks("SEX_NOT_STATED", rule=rule.code)
    elif rule.takes(animal.sex):
        yield passes("SEX")
    elif animal.sex is Sex.MALE:
        yield refuses("WRONG_SEX", rule=rule.code)
    else:
        yield _female(rule, found)


def _female(rule: Rule, found: Candidate) -> Finding:
    """She is of the sex that stays, unless a veterinarian wrote that she is not productive."""
    if not rule.unproductive_females:
        unsaid = rule.unproductive_females is None
        return refuses("FEMALE_NOT_STATED" if unsaid else "FEMALE_PRODUCTIVE", rule=rule.code)
    if found.female_letter:
        return passes("FEMALE_LETTER", letter=found.female_letter)
    if found.is_inspected:
        return refuses("FEMALE_LETTER_MISSING", rule=rule.code)
    return asks("FEMALE_LETTER_LATER", rule=rule.code)


def old_enough(
    terms: Terms, _: Applicant | None, __: Candidate, animal: AnimalFacts
) -> Iterable[Finding]:
    """The age by its teeth, as the register has them."""
    rule = terms.rule
    if rule is None:
        return
    if rule.min_teeth is None:
        yield asks("AGE_NOT_STATED", rule=rule.code)
    elif rule.min_teeth and animal.teeth is None:
        yield asks("TEETH_LATER", least=rule.min_teeth)
    elif rule.min_teeth:
        facts = {"teeth": animal.teeth, "least": rule.min_teeth, "rule": rule.code}
        young = (animal.teeth or 0) < rule.min_teeth
        yield refuses("UNDERAGE", **facts) if young else passes("TEETH", **facts)


def pregnant(
    terms: Terms, _: Applicant | None, __: Candidate, animal: AnimalFacts
) -> Iterable[Finding]:
    rule = terms.rule
    if rule is None or animal.sex is not Sex.FEMALE or rule.pregnant_may_leave:
        return
    if rule.pregnant_may_leave is None:
        yield asks("PREGNANCY_NOT_STATED", rule=rule.code)
    elif animal.is_pregnant is None:
        yield asks("PREGNANCY_LATER", rule=rule.code)
    elif animal.is_pregnant:
        yield refuses("PREGNANT", rule=rule.code)
    else:
        yield passes("NOT_PREGNANT")


def owned(
    _: Terms, applicant: Applicant | None, __: Candidate, animal: AnimalFacts
) -> Iterable[Finding]:
    """Whose it is, is nobody's business but the applicant's and the office's."""
    if applicant is None:
        yield asks("OWNER_NOT_CHECKED")
    elif animal.keeper_id == applicant.keeper_id:
        yield passes("OWNED")
    elif applicant.sale_letter:
        yield asks("SOLD", letter=applicant.sale_letter)
    else:
        yield refuses("NO_TRANSFER")


def free(
    _: Terms, applicant: Applicant | None, found: Candidate, __: AnimalFacts
) -> Iterable[Finding]:
    if applicant is None:
        return
    if found.is_changing_hands:
        yield refuses("CHANGING_HANDS")
    elif found.is_taken:
        yield refuses("IN_OTHER_APPLICATION")
    elif found.leaving_until is not None:
        yield refuses("ON_VALID_PERMIT", until=found.leaving_until)
    else:
        yield passes("FREE")


def heavy(
    terms: Terms, _: Applicant | None, found: Candidate, __: AnimalFacts
) -> Iterable[Finding]:
    if terms.rule is None:
        return
    least, weight = terms.rule.min_weight_kg, found.weight_kg
    if least is None:
        yield asks("WEIGHT_NOT_STATED", rule=terms.rule.code)
    elif not least:
        return
    elif weight is None:
        yield asks("WEIGHT_LATER", least=least)
    else:
        facts = {"weight": weight, "least": least}
        yield refuses("UNDERWEIGHT", **facts) if weight < least else passes("WEIGHT", **facts)
