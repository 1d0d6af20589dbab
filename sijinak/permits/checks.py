"""Whether an animal may leave: every rule asked, every answer with its reason.

Pure: facts in, findings out. The dry look, the submission and the inspection all ask here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from sijinak.animals.models import AnimalState, Sex, Species, Verification
from sijinak.animals.queries import AnimalFacts
from sijinak.permits.models import DestinationRule, Purpose, RbtResult, Rule, Scope
from sijinak.vaccinations.models import Disease


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105
    ASK = "ask"  # nobody has stated it, or it is seen at the inspection: it stops nothing yet
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check; the code and its facts become a sentence at the edge."""

    code: str
    verdict: Verdict
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What counts on a day for a species, purpose and way: the rule, and the destination's own."""

    species: Species
    purpose: Purpose
    scope: Scope
    rule: Rule | None
    at_destination: Sequence[DestinationRule] = ()
    is_over: bool = False  # the planned day
    rbt_asked: bool | None = None  # as it was when the application was submitted

    @property
    def needs_rbt(self) -> bool:
        if self.rbt_asked is not None:
            return self.rbt_asked
        return any(asked.requires_rbt for asked in self.at_destination)

    @property
    def closed(self) -> DestinationRule | None:
        return next((asked for asked in self.at_destination if asked.is_closed), None)

    @property
    def doses(self) -> dict[Disease, int] | None:
        """The least number of doses by disease, the stricter of rule and destination."""
        of_rule = self.rule.vaccines if self.rule else None
        asked = [of_rule or {}, *(rule.vaccines for rule in self.at_destination)]
        if of_rule is None and not any(asked):
            return None
        names = {name for needs in asked for name in needs}
        return {Disease(name): max(needs.get(name, 0) for needs in asked) for name in sorted(names)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    keeper_id: UUID
    is_firm: bool
    suspended_by: str = ""  # the decree, while it holds
    sale_letter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An animal that is to leave; ``animal`` is None when nobody registered the tag."""

    tag: str
    animal: AnimalFacts | None
    doses: Mapping[Disease, Sequence[date]] = field(default_factory=dict)
    is_taken: bool = False  # on another open application
    is_changing_hands: bool = False  # in a mutation that is not finished
    leaving_until: date | None = None  # on an issued permit that still counts
    weight_kg: int | None = None  # measured by the inspector
    rbt: RbtResult | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    tag: str
    animal: AnimalFacts | None
    findings: tuple[Finding, ...]

    @property
    def is_refused(self) -> bool:
        return any(finding.verdict is Verdict.REFUSE for finding in self.findings)

    @property
    def refusal(self) -> Finding:
        """The first reason why it is refused."""
        return next(finding for finding in self.findings if finding.verdict is Verdict.REFUSE)

    @property
    def is_for_the_desk(self) -> bool:
        """It passes only if the permit desk finds the sale letter in order."""
        return not self.is_refused and any(finding.code == "SOLD" for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What would happen: what concerns all, then each animal."""

    terms: Terms
    general: tuple[Finding, ...]
    animals: tuple[Checked, ...]

    @property
    def refused(self) -> list[Checked]:
        return [checked for checked in self.animals if checked.is_refused]

    @property
    def passing(self) -> list[Checked]:
        return [checked for checked in self.animals if not checked.is_refused]

    @property
    def for_the_desk(self) -> list[Checked]:
        return [checked for checked in self.animals if checked.is_for_the_desk]

    @property
    def is_possible(self) -> bool:
        """Nothing refuses the journey as a whole."""
        return not any(finding.verdict is Verdict.REFUSE for finding in self.general)

    @property
    def is_ready(self) -> bool:
        return bool(self.animals) and self.is_possible and not self.refused


def check_all(terms: Terms, applicant: Applicant, candidates: Iterable[Candidate]) -> Report:
    general = (
        _has_rule(terms),
        _is_open(terms),
        _may_apply(terms, applicant),
        _is_to_come(terms),
    )
    animals = tuple(
        Checked(found.tag, found.animal, check_animal(terms, applicant, found))
        for found in candidates
    )
    return Report(terms=terms, general=general, animals=animals)


def check_animal(terms: Terms, applicant: Applicant, found: Candidate) -> tuple[Finding, ...]:
    """All findings about one animal; an unknown tag has only one."""
    if found.animal is None:
        return (_refuse("NOT_REGISTERED", tag=found.tag),)
    answers = [check(terms, applicant, found, found.animal) for check in _CHECKS]
    return (_pass("REGISTERED"), *(a for each in answers for a in each))


def _has_rule(terms: Terms) -> Finding:
    if terms.rule is None:
        return _refuse("NO_RULE", species=terms.species, purpose=terms.purpose, scope=terms.scope)
    return _pass("RULE", rule=terms.rule.code, basis=terms.rule.legal_basis)


def _is_open(terms: Terms) -> Finding:
    if closed := terms.closed:
        return _refuse("DEST_CLOSED", since=closed.valid_from, reason=closed.reason)
    return _pass("DEST_OPEN")


def _may_apply(terms: Terms, applicant: Applicant) -> Finding:
    if applicant.suspended_by:
        return _refuse("FIRM_SUSPENDED", decree=applicant.suspended_by)
    if terms.scope is Scope.OUT_OF_PROVINCE and not applicant.is_firm:
        return _refuse("NOT_A_FIRM")
    return _pass("APPLICANT")


def _is_to_come(terms: Terms) -> Finding:
    return _refuse("DAY_OVER") if terms.is_over else _pass("DAY")


def _here(_: Terms, __: Applicant, ___: Candidate, animal: AnimalFacts) -> Iterable[Finding]:
    if animal.state is AnimalState.STOLEN:
        yield _refuse("REPORTED_STOLEN")
    elif animal.state is not AnimalState.PRESENT:
        yield _refuse("NOT_PRESENT", state=animal.state)
    else:
        yield _pass("PRESENT")


def _seen(_: Terms, __: Applicant, ___: Candidate, animal: AnimalFacts) -> Iterable[Finding]:
    if animal.verification is Verification.SEEN:
        yield _pass("SEEN")
    else:
        yield _refuse("DATA2_ONLY")


def _species(terms: Terms, _: Applicant, __: Candidate, animal: AnimalFacts) -> Iterable[Finding]:
    if animal.species is not terms.species:
        yield _refuse("WRONG_SPECIES", found=animal.species, wanted=terms.species)


def _sex(terms: Terms, _: Applicant, __: Candidate, animal: AnimalFacts) -> Iterable[Finding]:
    if terms.rule is None:
        return
    if terms.rule.sex is None:
        yield _ask("SEX_NOT_STATED", rule=terms.rule.code)
    elif animal.sex is terms.rule.sex:
        yield _pass("SEX")
    else:
        code = "FEMALE_PRODUCTIVE" if animal.sex is Sex.FEMALE else "WRONG_SEX"
        yield _refuse(code, rule=terms.rule.code)


def _vaccinated(terms: Terms, _: Applicant, found: Candidate, __: AnimalFacts) -> Iterable[Finding]:
    if terms.rule is None:
        return
    needed = terms.doses
    if needed is None:
        yield _ask("DOSES_NOT_STATED", rule=terms.rule.code)
        return
    for disease, need in needed.items():
        have = len(found.doses.get(disease, ()))
        facts = {"disease": disease, "have": have, "need": need}
        yield _refuse("DOSE_MISSING", **facts) if have < need else _pass("DOSES", **facts)


def _owned(_: Terms, applicant: Applicant, __: Candidate, animal: AnimalFacts) -> Iterable[Finding]:
    if animal.keeper_id == applicant.keeper_id:
        yield _pass("OWNED")
    elif applicant.sale_letter:
        yield _ask("SOLD", letter=applicant.sale_letter)
    else:
        yield _refuse("NO_TRANSFER")


def _free(_: Terms, __: Applicant, found: Candidate, ___: AnimalFacts) -> Iterable[Finding]:
    if found.is_changing_hands:
        yield _refuse("CHANGING_HANDS")
    elif found.is_taken:
        yield _refuse("IN_OTHER_APPLICATION")
    elif found.leaving_until is not None:
        yield _refuse("ON_VALID_PERMIT", until=found.leaving_until)
    else:
        yield _pass("FREE")


def _heavy(terms: Terms, _: Applicant, found: Candidate, __: AnimalFacts) -> Iterable[Finding]:
    if terms.rule is None:
        return
    least, weight = terms.rule.min_weight_kg, found.weight_kg
    if least is None:
        yield _ask("WEIGHT_NOT_STATED", rule=terms.rule.code)
    elif weight is None:
        yield _ask("WEIGHT_LATER", least=least)
    else:
        facts = {"weight": weight, "least": least}
        yield _refuse("UNDERWEIGHT", **facts) if weight < least else _pass("WEIGHT", **facts)


def _tested(terms: Terms, _: Applicant, found: Candidate, __: AnimalFacts) -> Iterable[Finding]:
    if not terms.needs_rbt:
        return
    match found.rbt:
        case None:
            yield _ask("RBT_LATER")
        case RbtResult.NEGATIVE:
            yield _pass("RBT_NEGATIVE")
        case RbtResult.POSITIVE:
            yield _refuse("RBT_POSITIVE")
        case RbtResult.NOT_TESTED:
            yield _refuse("RBT_MISSING")


_CHECKS: Sequence[Callable[[Terms, Applicant, Candidate, AnimalFacts], Iterable[Finding]]] = (
    _here,
    _seen,
    _species,
    _sex,
    _vaccinated,
    _owned,
    _free,
    _heavy,
    _tested,
)


def _pass(code: str, **facts: object) -> Finding:
    return Finding(code, Verdict.PASS, facts)


def _ask(code: str, **facts: object) -> Finding:
    return Finding(code, Verdict.ASK, facts)


def _refuse(code: str, **facts: object) -> Finding:
    return Finding(code, Verdict.REFUSE, facts)
