"""What a rule says, line by line, in words; what it leaves unsaid says so."""

from collections.abc import Callable, Iterable, Sequence

from sijinak.permits.models import DocumentKind, ExternalKind
from sijinak.permits.rules.models import DestinationRule, Rule, RuleField, ToldBy
from sijinak.permits.rules.needs import TestNeed, VaccineNeed
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

NOT_STATED = N_("Not stated: ask the Dinas")
NOTHING = N_("Nothing needed")
TONES = {ToldBy.OFFICE: "success", ToldBy.NEWS: "warning", ToldBy.EXAMPLE: "neutral"}
Line = tuple[str, str]


def rule_lines(rule: Rule) -> list[Line]:
    """Every field with what it says."""
    return [(label(name), _said(rule, name)) for name in RuleField]


def destination_lines(there: DestinationRule) -> list[Line]:
    """Only what it asks for beside the rule."""
    said = [
        (_("Vaccinations"), _joined(map(vaccine_words, there.vaccine_needs))),
        (_("Tests"), _joined(map(test_words, there.test_needs))),
        (
            _("Papers of other offices"),
            _joined(label(ExternalKind(n)) for n in there.external_papers),
        ),
        (_("Reason"), there.reason),
    ]
    return [(name, words) for name, words in said if words]


def vaccine_words(need: VaccineNeed) -> str:
    words = [_("%(disease)s: %(doses)s doses", disease=label(need.disease), doses=need.doses)]
    if need.least_days is not None:
        words.append(_("at least %(days)s days before", days=need.least_days))
    if need.most_days is not None:
        words.append(_("at most %(days)s days before", days=need.most_days))
    if instead := need.or_test:
        methods = ", ".join(label(method) for method in instead.methods)
        words.append(
            _("or a pooled test (%(methods)s) at most %(days)s days before", methods=methods,
              days=instead.most_days)
            if instead.is_pooled
            else _("or a test (%(methods)s) at most %(days)s days before", methods=methods,
                   days=instead.most_days)
        )  # fmt: skip
    return ", ".join(words)


def test_words(need: TestNeed) -> str:
    words = [label(need.disease)]
    if need.methods:
        words.append(", ".join(label(method) for method in need.methods))
    words.append(
        _("how long it counts is not stated")
        if need.valid_days is None
        else _("counts %(days)s days", days=need.valid_days)
    )
    if need.breeds:
        words.append(_("only for %(breeds)s", breeds=", ".join(need.breeds)))
    return ", ".join(words)


def _said(rule: Rule, name: RuleField) -> str:
    value = getattr(rule, name)
    if value is None:
        return _(NOT_STATED)
    words = _WORDS[name](rule)
    return words or _(NOTHING)


def _joined(words: Iterable[str]) -> str:
    return "; ".join(words)


def _yes_no(value: bool | None) -> str:  # noqa: FBT001
    return _("Yes") if value else _("No")


def _documents(names: Sequence[str] | None) -> str:
    return _joined(label(DocumentKind(name)) for name in names or ())


def _papers(names: Sequence[str] | None) -> str:
    return _joined(label(ExternalKind(name)) for name in names or ())


def _sexes(rule: Rule) -> str:
    return _joined(label(sex) for sex in rule.stated_sexes)


def _days(days: int | None) -> str:
    return _("%(days)s days", days=days) if days else ""


F = RuleField
_WORDS: dict[RuleField, Callable[[Rule], str]] = {
    F.SEXES: _sexes,
    F.UNPRODUCTIVE_FEMALES: lambda r: (
        _("Yes, with a veterinarian's letter") if r.unproductive_females else _("No")
    ),
    F.MIN_WEIGHT_KG: lambda r: f"{r.min_weight_kg} kg" if r.min_weight_kg else "",
    F.MIN_TEETH: lambda r: _("%(pairs)s pairs", pairs=r.min_teeth) if r.min_teeth else "",
    F.PREGNANT_MAY_LEAVE: lambda r: _("May leave") if r.pregnant_may_leave else _("Stay here"),
    F.VACCINES: lambda r: _joined(map(vaccine_words, r.vaccine_needs or ())),
    F.TESTS: lambda r: _joined(map(test_words, r.test_needs or ())),
    F.ISOLATION_DAYS: lambda r: _days(r.isolation_days),
    F.CLINICAL: lambda r: _yes_no(r.clinical),
    F.DISINFECTION: lambda r: _yes_no(r.disinfection),
    F.DOCUMENTS: lambda r: _documents(r.documents),
    F.EXTERNAL_PAPERS: lambda r: _papers(r.external_papers),
    F.VALIDITY_DAYS: lambda r: _days(r.validity_days),
    F.NEEDS_QUOTA: lambda r: _yes_no(r.needs_quota),
    F.APPLICANT: lambda r: label(r.applicant) if r.applicant else "",
}
