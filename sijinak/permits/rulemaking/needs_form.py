"""The part of the form about vaccinations and tests: a few fields for each disease."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from werkzeug.datastructures import MultiDict

from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method
from sijinak.permits.rules.needs import TestInstead, TestNeed, VaccineNeed
from sijinak.web.fields import A_NUMBER, CHOOSE, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

MOST_DAYS, MOST_DOSES = 3650, 20
LISTS = ("or_methods", "test_methods")


def whole(least: int, most: int) -> fields.Integer:
    within = validate.Range(
        least, most, error=N_("This number is too small or too large. Look at the hint.")
    )
    return fields.Integer(load_default=None, validate=within, error_messages=A_NUMBER)


def _methods() -> fields.List[Method]:
    kind = fields.Enum(Method, by_value=True, error_messages=CHOOSE)
    return fields.List(kind, load_default=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDisease:
    """What was typed about one disease."""

    doses: int | None = None
    least_days: int | None = None
    most_days: int | None = None
    or_methods: list[Method] = field(default_factory=list)
    or_days: int | None = None
    or_pooled: bool = False
    tested: bool = False
    test_methods: list[Method] = field(default_factory=list)
    valid_days: int | None = None
    breeds: str = ""


class OfDiseaseSchema(InputSchema[OfDisease]):
    makes = OfDisease

    doses = whole(1, MOST_DOSES)
    least_days = whole(0, MOST_DAYS)
    most_days = whole(1, MOST_DAYS)
    or_methods = _methods()
    or_days = whole(0, MOST_DAYS)
    or_pooled = fields.Boolean(load_default=False)
    tested = fields.Boolean(load_default=False)
    test_methods = _methods()
    valid_days = whole(0, MOST_DAYS)
    breeds = fields.String(load_default="", validate=validate.Length(max=100, error=TOO_LONG))

    @validates_schema
    def _fits(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("or_methods") and data.get("or_days") is None:
            raise ValidationError(N_("Write how many days old the test may be."), "or_days")
        about_doses = any(data.get(n) is not None for n in ("least_days", "most_days", "or_days"))
        if data.get("doses") is None and (about_doses or data.get("or_methods")):
            raise ValidationError(N_("Write how many doses are needed."), "doses")
        least, most = data.get("least_days"), data.get("most_days")
        if least is not None and most is not None and most < least:
            raise ValidationError(N_("The most days are fewer than the least."), "most_days")


@dataclass
class Needs:
    """What the form says of all diseases, and what is wrong with it."""

    vaccines: tuple[VaccineNeed, ...] = ()
    tests: tuple[TestNeed, ...] = ()
    errors: dict[str, list[str]] = field(default_factory=dict)


def field_names() -> frozenset[str]:
    return frozenset(f"{d.value}-{name}" for d in Disease for name in OfDiseaseSchema().fields)


def read_needs(sent: MultiDict[str, str]) -> Needs:
    needs, found = Needs(), dict[Disease, OfDisease]()
    for disease in Disease:
        typed = {
            name: sent.getlist(f"{disease}-{name}")
            if name in LISTS
            else sent.get(f"{disease}-{name}")
            for name in OfDiseaseSchema().fields
        }
        try:
            found[disease] = OfDiseaseSchema().load({n: v or "" for n, v in typed.items()})
        except ValidationError as error:
            for name, said in error.messages_dict.items():
                needs.errors[f"{disease}-{name}"] = list(_flat(said))
    needs.vaccines = tuple(_vaccine(d, said) for d, said in found.items() if said.doses)
    needs.tests = tuple(_test(d, said) for d, said in found.items() if said.tested)
    return needs


def typed_needs(
    vaccines: Sequence[VaccineNeed], tests: Sequence[TestNeed]
) -> dict[str, str | list[str]]:
    """The needs as somebody would type them."""
    typed: dict[str, str | list[str]] = {}
    for need in vaccines:
        instead = need.or_test
        typed |= _named(need.disease, {
            "doses": need.doses, "least_days": need.least_days, "most_days": need.most_days,
            "or_methods": list(instead.methods) if instead else [],
            "or_days": instead.most_days if instead else None,
            "or_pooled": "true" if instead and instead.is_pooled else None,
        })  # fmt: skip
    for test in tests:
        typed |= _named(test.disease, {
            "tested": "true", "test_methods": list(test.methods), "valid_days": test.valid_days,
            "breeds": ", ".join(test.breeds),
        })  # fmt: skip
    return typed


def _named(disease: Disease, values: Mapping[str, Any]) -> dict[str, str | list[str]]:
    return {
        f"{disease}-{name}": [str(each) for each in value]
        if isinstance(value, list)
        else str(value)
        for name, value in values.items()
        if value is not None
    }


def _vaccine(disease: Disease, said: OfDisease) -> VaccineNeed:
    instead = None
    if said.or_methods and said.or_days is not None:
        instead = TestInstead(
            methods=tuple(said.or_methods), is_pooled=said.or_pooled, most_days=said.or_days
        )
    return VaccineNeed(
        disease=disease,
        doses=said.doses or 0,
        least_days=said.least_days,
        most_days=said.most_days,
        or_test=instead,
    )


def _test(disease: Disease, said: OfDisease) -> TestNeed:
    breeds = (name.strip().lower() for name in said.breeds.split(","))
    return TestNeed(
        disease=disease,
        methods=tuple(said.test_methods),
        valid_days=said.valid_days,
        breeds=tuple(name for name in breeds if name),
    )


def _flat(said: Any) -> Iterator[str]:
    if isinstance(said, Mapping):
        for inner in said.values():
            yield from _flat(inner)
    else:
        yield from map(str, said)
