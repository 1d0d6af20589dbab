"""The forms of the rule editor. What is left empty is not stated."""

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from sijinak.animals.models import Sex, Species
from sijinak.areas.schemas import KNOWN_REGION
from sijinak.permits.models import DocumentKind, ExternalKind
from sijinak.permits.rulemaking.commands import (
    EndVersion,
    WithdrawVersion,
    WriteDestination,
    WriteRule,
)
from sijinak.permits.rulemaking.needs_form import field_names, read_needs, whole
from sijinak.permits.rules.models import ApplicantKind, Purpose, Scope
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import Form, InputSchema, T

LISTS = frozenset({"sexes", "documents", "external_papers"})
BESIDE = frozenset({"csrf_token", "langkah", "dari"}) | field_names()
CODE = validate.Regexp(
    r"^[A-Z0-9]+(-[A-Z0-9]+)*$", error=N_("Use capital letters, digits and hyphens.")
)


def _text(most: int, **more: Any) -> fields.String:
    length = validate.Length(max=most, error=TOO_LONG)
    return fields.String(validate=length, error_messages=REQUIRED, **more)


def _choice(kind: type[Any], **more: Any) -> fields.Enum[Any]:
    return fields.Enum(kind, by_value=True, error_messages=CHOOSE, **more)


def _choices(kind: type[Any]) -> fields.List[Any]:
    return fields.List(_choice(kind), load_default=list)


def _yes_no() -> fields.Boolean:
    return fields.Boolean(load_default=None, error_messages=CHOOSE)


class _RuleSchema(InputSchema[WriteRule]):
    makes = WriteRule

    id = fields.UUID(required=True)
    code = fields.String(
        required=True,
        validate=[validate.Length(max=40, error=TOO_LONG), CODE],
        error_messages=REQUIRED,
    )
    species = _choice(Species, required=True)
    purpose = _choice(Purpose, required=True)
    scope = _choice(Scope, required=True)
    sexes = _choices(Sex)
    unproductive_females = _yes_no()
    min_weight_kg = whole(0, 2000)
    min_teeth = whole(0, 4)
    pregnant_may_leave = _yes_no()
    vaccines_stated = fields.Boolean(load_default=False)
    tests_stated = fields.Boolean(load_default=False)
    isolation_days = whole(0, 365)
    clinical = _yes_no()
    disinfection = _yes_no()
    documents = _choices(DocumentKind)
    documents_stated = fields.Boolean(load_default=False)
    external_papers = _choices(ExternalKind)
    external_papers_stated = fields.Boolean(load_default=False)
    validity_days = whole(1, 365)
    needs_quota = _yes_no()
    applicant = _choice(ApplicantKind, load_default=None)
    legal_basis = _text(500, required=True)
    source = _text(1000, required=True)
    valid_from = fields.Date(required=True, error_messages=A_DAY)
    valid_until = fields.Date(load_default=None, error_messages=A_DAY)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> WriteRule:
        said = dict(data)
        for name in ("documents", "external_papers"):
            listed = tuple(said[name])
            said[name] = listed if said.pop(f"{name}_stated") or listed else None
        said["sexes"] = tuple(said["sexes"]) or None
        said.pop("vaccines_stated")
        said.pop("tests_stated")
        return WriteRule(**said)


class _DestinationSchema(InputSchema[WriteDestination]):
    makes = WriteDestination

    id = fields.UUID(required=True)
    region = fields.String(required=True, validate=KNOWN_REGION, error_messages=CHOOSE)
    follows = fields.UUID(load_default=None)
    requires_rbt = fields.Boolean(load_default=False)
    external_papers = _choices(ExternalKind)
    is_closed = fields.Boolean(load_default=False)
    reason = _text(300, load_default="")
    legal_basis = _text(500, required=True)
    source = _text(1000, required=True)
    valid_from = fields.Date(required=True, error_messages=A_DAY)
    valid_until = fields.Date(load_default=None, error_messages=A_DAY)

    @validates_schema
    def _says_why(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("is_closed") and not data.get("reason"):
            raise ValidationError(N_("Write why it is closed."), "reason")

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> WriteDestination:
        return WriteDestination(**{**data, "external_papers": tuple(data["external_papers"])})


class EndSchema(InputSchema[EndVersion]):
    makes = EndVersion

    id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)
    last_day = fields.Date(required=True, error_messages=A_DAY)
    because = _text(300, required=True)


class WithdrawSchema(InputSchema[WithdrawVersion]):
    makes = WithdrawVersion

    id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)
    because = _text(300, required=True)


def rule_form() -> Form[WriteRule]:
    """What was sent, with its needs by disease; a need that was written states the rest, too."""
    form = _read(_RuleSchema())
    needs = read_needs(request.form)
    form.errors |= needs.errors
    if form.value is None or form.errors:
        form.value = None
        return form
    stated = {name: bool(request.form.get(f"{name}_stated")) for name in ("vaccines", "tests")}
    columns = {name: getattr(form.value, name) for name in WriteRule.__dataclass_fields__}
    columns["vaccines"] = needs.vaccines if stated["vaccines"] or needs.vaccines else None
    columns["tests"] = needs.tests if stated["tests"] or needs.tests else None
    form.value = WriteRule(**columns)
    return form


def destination_form() -> Form[WriteDestination]:
    form = _read(_DestinationSchema())
    needs = read_needs(request.form)
    form.errors |= needs.errors
    if form.value is None or form.errors:
        form.value = None
        return form
    columns = {name: getattr(form.value, name) for name in WriteDestination.__dataclass_fields__}
    columns |= {"vaccines": needs.vaccines, "tests": needs.tests}
    form.value = WriteDestination(**columns)
    return form


def _read(schema: InputSchema[T]) -> Form[T]:
    """As read_form does, but for the fields of the diseases; lists keep all that was chosen."""
    kept: dict[str, Any] = {
        name: request.form.getlist(name) if name in LISTS or name.endswith("_methods") else value
        for name, value in request.form.items()
        if name != "csrf_token"
    }
    sent = {name: value for name, value in kept.items() if name not in BESIDE}
    try:
        return Form(kept, schema.load(sent))
    except ValidationError as error:
        said = {name: list(_words(found)) for name, found in error.messages_dict.items()}
        return Form(kept, errors=said)


def _words(found: Any) -> list[str]:
    if isinstance(found, Mapping):
        return [words for inner in found.values() for words in _words(inner)]
    return [str(words) for words in found]
