"""What the checks ask about and answer: plain facts in, findings out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.animals.queries import AnimalFacts
from sijinak.health.diseases import Disease
from sijinak.health.queries import TestResult
from sijinak.permits.models import DocumentKind, ExternalKind, RbtResult
from sijinak.permits.rules.models import DestinationRule, Purpose, Rule, Scope
from sijinak.permits.rules.needs import TestNeed, VaccineNeed, stricter


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


def passes(code: str, **facts: object) -> Finding:
    return Finding(code, Verdict.PASS, facts)


def asks(code: str, **facts: object) -> Finding:
    return Finding(code, Verdict.ASK, facts)


def refuses(code: str, **facts: object) -> Finding:
    return Finding(code, Verdict.REFUSE, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What counts for a species, purpose and way: the rule, and the destination's own."""

    species: Species
    purpose: Purpose
    scope: Scope
    rule: Rule | None
    day: date  # of leaving
    at_destination: Sequence[DestinationRule] = ()
    is_over: bool = False  # the planned day
    rbt_asked: bool | None = None  # as it was when the application was submitted

    @property
    def needs_rbt(self) -> bool:
        if self.rbt_asked is not None:
            return self.rbt_asked
        return any(asked.requires_rbt for asked in self.at_destination)

    @property
    def wants_quota(self) -> bool:
        """What nobody has stated is asked, and takes none."""
        return bool(self.rule and self.rule.needs_quota)

    @property
    def closed(self) -> DestinationRule | None:
        return next((asked for asked in self.at_destination if asked.is_closed), None)

    @property
    def vaccine_needs(self) -> Sequence[VaccineNeed] | None:
        """By disease, the stricter of rule and destination; None when nobody has stated any."""
        of_rule = self.rule.vaccine_needs if self.rule else None
        asked = [n for there in self.at_destination for n in there.vaccine_needs]
        if of_rule is None and not asked:
            return None
        needs = [*(of_rule or ()), *asked]
        diseases = sorted({need.disease for need in needs})
        return [stricter([n for n in needs if n.disease is disease]) for disease in diseases]

    @property
    def test_needs(self) -> Sequence[TestNeed] | None:
        """Each that the rule or the destination asks for; None when nobody has stated any."""
        of_rule = self.rule.test_needs if self.rule else None
        asked = [n for there in self.at_destination for n in there.test_needs]
        return None if of_rule is None and not asked else [*(of_rule or ()), *asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    keeper_id: UUID
    is_firm: bool
    suspended_by: str = ""  # the decree, while it holds
    sale_letter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A dose after which no animal is slaughtered until a day; None: its label was not read."""

    product: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An animal that is to leave; ``animal`` is None when nobody registered the tag."""

    tag: str
    animal: AnimalFacts | None
    doses: Mapping[Disease, Sequence[date]] = field(default_factory=dict)
    withdrawals: Sequence[Withdrawal] = ()
    results: Sequence[TestResult] = ()  # of laboratories, the latest first
    ban: Mapping[str, object] | None = None  # what forbids it to be moved
    is_taken: bool = False  # on another open application
    is_changing_hands: bool = False  # in a mutation that is not finished
    leaving_until: date | None = None  # on an issued permit that still counts
    is_inspected: bool = False
    weight_kg: int | None = None  # measured by the inspector
    rbt: RbtResult | None = None
    female_letter: str = ""  # the veterinarian's, that she is not productive


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
    def reasons(self) -> list[tuple[Finding, int]]:
        """Why animals are refused, the most common first; an animal may have several."""
        return _counted(self.refused, Verdict.REFUSE)

    @property
    def open_points(self) -> list[tuple[Finding, int]]:
        """What is still asked or seen of those that pass, with how many of them."""
        return _counted(self.passing, Verdict.ASK)

    @property
    def refusals(self) -> list[Finding]:
        """What refuses the journey as a whole."""
        return [finding for finding in self.general if finding.verdict is Verdict.REFUSE]

    @property
    def is_possible(self) -> bool:
        return not self.refusals

    @property
    def is_ready(self) -> bool:
        return bool(self.animals) and self.is_possible and not self.refused

    @property
    def documents_needed(self) -> list[DocumentKind]:
        """What the applicant encloses; the sale letter too, where animals are somebody else's."""
        stated = (self.terms.rule.documents if self.terms.rule else None) or []
        needed = [DocumentKind(name) for name in stated]
        if self.for_the_desk and DocumentKind.SALE_LETTER not in needed:
            needed.append(DocumentKind.SALE_LETTER)
        return needed

    @property
    def external_needed(self) -> list[ExternalKind]:
        """What other offices must have written before the animals leave."""
        of_rule = (self.terms.rule.external_papers if self.terms.rule else None) or []
        asked = [*of_rule, *(n for at in self.terms.at_destination for n in at.external_papers)]
        return [ExternalKind(name) for name in dict.fromkeys(asked)]

    @property
    def tests_to_come(self) -> dict[UUID, list[Disease]]:
        """The tests that animals still need before they may leave, by animal."""
        waiting = {"TEST_LATER", "TEST_EXPIRED", "TEST_UNCLEAR"}
        found: dict[UUID, list[Disease]] = {}
        for checked in self.passing:
            for finding in checked.findings:
                if finding.code in waiting and checked.animal:
                    disease = Disease(str(finding.facts["disease"]))
                    found.setdefault(checked.animal.id, []).append(disease)
        return found


def _counted(animals: Iterable[Checked], verdict: Verdict) -> list[tuple[Finding, int]]:
    found: dict[tuple[object, ...], Finding] = {}
    heads: Counter[tuple[object, ...]] = Counter()
    for checked in animals:
        for finding in checked.findings:
            if finding.verdict is verdict:
                about = (finding.facts.get(name) for name in ("disease", "product"))
                said = (finding.code, *about)
                found.setdefault(said, finding)
                heads[said] += 1
    return [(found[said], count) for said, count in heads.most_common()]
