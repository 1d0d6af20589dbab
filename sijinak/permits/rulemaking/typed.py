"""A version as somebody would type it, for the form of the one that follows."""

from datetime import timedelta
from typing import Any

from sijinak.core.clock import today
from sijinak.permits.rulemaking.needs_form import typed_needs
from sijinak.permits.rules.models import DestinationRule, Rule, RuleField

LISTS = (RuleField.SEXES, RuleField.DOCUMENTS, RuleField.EXTERNAL_PAPERS)
NEEDS = (RuleField.VACCINES, RuleField.TESTS)


def typed_rule(rule: Rule) -> dict[str, Any]:
    typed: dict[str, Any] = {
        name: _word(getattr(rule, name)) for name in RuleField if name not in (*LISTS, *NEEDS)
    }
    for name in LISTS:
        typed[name.value] = getattr(rule, name) or []
    for name in (RuleField.DOCUMENTS, RuleField.EXTERNAL_PAPERS, *NEEDS):
        typed[f"{name}_stated"] = "" if getattr(rule, name) is None else "true"
    typed |= typed_needs(rule.vaccine_needs or (), rule.test_needs or ())
    names = ("code", "species", "purpose", "scope", "legal_basis", "source")
    return {**typed, **{name: str(getattr(rule, name)) for name in names}, **_days(rule)}


def typed_destination(rule: DestinationRule) -> dict[str, Any]:
    return {
        "region": rule.region,
        "follows": str(rule.id),
        "requires_rbt": _word(rule.requires_rbt),
        "external_papers": rule.external_papers,
        "is_closed": _word(rule.is_closed),
        "reason": rule.reason,
        "legal_basis": rule.legal_basis,
        "source": rule.source,
        **typed_needs(rule.vaccine_needs, rule.test_needs),
        **_days(rule),
    }


def _days(rule: Rule | DestinationRule) -> dict[str, str]:
    """The next one begins tomorrow, or after the first day of the one that it follows."""
    first = max(today(), rule.valid_from) + timedelta(days=1)
    until = rule.valid_until
    last = until.isoformat() if until is not None and until >= first else ""
    return {"valid_from": first.isoformat(), "valid_until": last}


def _word(value: bool | str | int | None) -> str:  # noqa: FBT001
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)
