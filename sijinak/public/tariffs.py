"""What does it cost by law: every tariff in force, and a bill worked out before anybody asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields, validate, validates_schema

from sijinak.animals.models import Sex, Species
from sijinak.core.clock import today
from sijinak.public.pages import bp
from sijinak.retribution.claims.interest import percent_text
from sijinak.retribution.policy import policy
from sijinak.retribution.tariffs import labels as _labels  # noqa: F401 - names services and units
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When
from sijinak.retribution.tariffs.queries import Herd, NoTariff, PriceLine, price_of, tariffs_on
from sijinak.retribution.tariffs.view import counts_for, species_name
from sijinak.web.access import public
from sijinak.web.fields import A_NUMBER, CHOOSE
from sijinak.web.i18n import N_
from sijinak.web.io import Form, InputSchema, read_address
from sijinak.web.labels import label

MOST_HEADS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """So many heads, of which so many females; ``rbt``: the destination asks for the test."""

    jenis: Species
    ekor: int
    betina: int = 0
    rbt: bool = False

    @property
    def herd(self) -> Herd:
        heads = {Sex.MALE: self.ekor - self.betina, Sex.FEMALE: self.betina}
        return Herd(species=self.jenis, heads=heads, needs_rbt=self.rbt)


@dataclass(frozen=True, slots=True)
class Answer:
    """No lines: no tariff is entered for these animals."""

    heads: int
    lines: Sequence[PriceLine]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def has_examples(self) -> bool:
        return any(line.is_example for line in self.lines)


class QuestionSchema(InputSchema[Question]):
    makes = Question

    jenis = fields.Enum(Species, by_value=True, required=True, error_messages=CHOOSE)
    ekor = fields.Integer(
        required=True,
        validate=validate.Range(1, MOST_HEADS, error=N_("From 1 to 10,000 heads.")),
        error_messages=A_NUMBER,
    )
    betina = fields.Integer(
        load_default=0,
        validate=validate.Range(0, MOST_HEADS, error=N_("From 0 to 10,000 heads.")),
        error_messages=A_NUMBER,
    )
    rbt = fields.Boolean(load_default=False)

    @validates_schema
    def _not_more_females(self, data: dict[str, int], **_: object) -> None:
        if data.get("betina", 0) > data.get("ekor", MOST_HEADS):
            raise ValidationError(N_("There are more females than heads."), "betina")


@bp.get("/tarif")
@public
def tariffs() -> ResponseReturnValue:
    found = tariffs_on(today())
    form = _form(found)
    answer = _answer(form.value) if form.value else None
    page = render_template(
        "public/tariffs.html",
        services=_by_service(found),
        form=form,
        answer=answer,
        species=_priced(found),
        asks_sex=any(row.sex for row in found if row.service is Service.SHIPPING),
        has_examples=any(row.is_example for row in found),
        today=today(),
        policy=policy,
        percent=percent_text(policy.interest_tenths),
        options_of=lambda found: [(one.value, label(one)) for one in found],
        species_name=species_name,
        counts_for=counts_for,
    )
    return page, 422 if form.errors else 200


def _form(found: Sequence[Tariff]) -> Form[Question]:
    """Empty until somebody asks: an address without heads is no question."""
    first = next(iter(_priced(found)), Species.CATTLE)
    if "ekor" not in request.args:
        return Form({"jenis": first, "ekor": "", "betina": ""})
    return read_address(QuestionSchema(), {})


def _answer(question: Question) -> Answer:
    try:
        return Answer(question.ekor, price_of(question.herd, today()))
    except NoTariff:
        return Answer(question.ekor, ())


def _by_service(found: Sequence[Tariff]) -> list[tuple[Service, list[Tariff]]]:
    """In the order in which people meet them."""
    order = list(Service)
    rows = sorted(found, key=lambda row: (order.index(row.service), row.applies is not When.ALWAYS))
    return [(service, list(group)) for service, group in groupby(rows, lambda row: row.service)]


def _priced(found: Sequence[Tariff]) -> list[Species]:
    """Those that leave at a price; where one tariff is for any species, all of them."""
    leaving = {
        row.species for row in found if row.service is Service.SHIPPING and row.unit is Unit.HEAD
    }
    return [species for species in Species if "" in leaving or species in leaving]
