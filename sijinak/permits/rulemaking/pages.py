"""The editor of the rules: versions, a form with a look at what it changes, ends."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Sex, Species
from sijinak.areas.queries import place_name, places
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method
from sijinak.keepers.queries import keeper_facts
from sijinak.permits.labels import sentence
from sijinak.permits.models import DocumentKind, ExternalKind
from sijinak.permits.rule_words import TONES as TOLD_TONES
from sijinak.permits.rule_words import destination_lines, rule_lines
from sijinak.permits.rulemaking.labels import FIELD_OF, TONES
from sijinak.permits.rulemaking.preview import changes_by
from sijinak.permits.rulemaking.queries import (
    Standing,
    destination_versions,
    rule_versions,
    version_by_id,
)
from sijinak.permits.rulemaking.rows import destination_of, rule_of
from sijinak.permits.rulemaking.schemas import (
    EndSchema,
    WithdrawSchema,
    destination_form,
    rule_form,
)
from sijinak.permits.rulemaking.services import (
    end_destination,
    end_rule,
    withdraw_destination,
    withdraw_rule,
    write_destination,
    write_rule,
)
from sijinak.permits.rulemaking.typed import typed_destination, typed_rule
from sijinak.permits.rules.models import (
    ApplicantKind,
    DestinationRule,
    Purpose,
    Rule,
    Scope,
)
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("rulemaking", __name__)


@bp.get("/versi")
@needs(Permission.RULE_MANAGE)
def index() -> ResponseReturnValue:
    return _index(Form())


@bp.get("/baru")
@needs(Permission.RULE_MANAGE)
def new() -> ResponseReturnValue:
    """Empty, or as the version that it follows says."""
    before = _before(Rule)
    return _rule_form(blank(**(typed_rule(before) if before else {})))


@bp.post("/baru")
@needs(Permission.RULE_MANAGE)
def create() -> ResponseReturnValue:
    form = rule_form()
    try:
        if form.value is not None and request.form.get("langkah") == "simpan":
            with transaction():
                write_rule(form.value, by=actor())
            return _done(_("The new version is saved."))
        proposed = rule_of(form.value) if form.value else None
    except (Conflict, Invalid) as error:
        return _rule_form(_refused(form, error)), 422
    if proposed is None:
        return _rule_form(form), 422
    return _rule_form(form, _preview(proposed))


@bp.get("/tujuan/baru")
@needs(Permission.RULE_MANAGE)
def new_destination() -> ResponseReturnValue:
    before = _before(DestinationRule)
    return _destination_form(blank(**(typed_destination(before) if before else {})))


@bp.post("/tujuan/baru")
@needs(Permission.RULE_MANAGE)
def create_destination() -> ResponseReturnValue:
    form = destination_form()
    try:
        if form.value is not None and request.form.get("langkah") == "simpan":
            with transaction():
                write_destination(form.value, by=actor())
            return _done(_("The new version is saved."))
        proposed = destination_of(form.value, by=actor()) if form.value else None
    except (Conflict, Invalid) as error:
        return _destination_form(_refused(form, error)), 422
    if proposed is None:
        return _destination_form(form), 422
    return _destination_form(form, _preview(proposed))


@bp.post("/akhiri")
@needs(Permission.RULE_MANAGE)
def end() -> ResponseReturnValue:
    return _take(EndSchema(), end_rule, _("The last day is saved."))


@bp.post("/tarik")
@needs(Permission.RULE_MANAGE)
def withdraw() -> ResponseReturnValue:
    return _take(WithdrawSchema(), withdraw_rule, _("The version is taken back."))


@bp.post("/tujuan/akhiri")
@needs(Permission.RULE_MANAGE)
def end_there() -> ResponseReturnValue:
    return _take(EndSchema(), end_destination, _("The last day is saved."))


@bp.post("/tujuan/tarik")
@needs(Permission.RULE_MANAGE)
def withdraw_there() -> ResponseReturnValue:
    return _take(WithdrawSchema(), withdraw_destination, _("The version is taken back."))


def _take(schema: Any, take: Callable[..., Any], done: str) -> ResponseReturnValue:
    form: Form[Any] = read_form(schema)
    if form.value is None:
        return _index(form), 422
    try:
        with transaction():
            take(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _index(form.refuse(error)), 422
    return _done(done)


def _done(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".index"))


def _before(kind: type[Any]) -> Any:
    """The version that the address names. Raises NotFound."""
    try:
        version_id = UUID(request.args.get("dari", ""))
    except ValueError:
        return None
    return version_by_id(kind, version_id, by=actor())


def _refused(form: Form[Any], error: Conflict | Invalid) -> Form[Any]:
    return form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))


def _preview(proposed: Rule | DestinationRule) -> dict[str, Any]:
    changes = changes_by(proposed, by=actor())
    keepers = keeper_facts({change.keeper_id for change in changes if change.keeper_id})
    return {"changes": changes, "keepers": keepers, "sentence": sentence}


def _index(form: Form[Any]) -> str:
    return render_template(
        "rulemaking/index.html",
        form=form,
        fresh=blank(),
        today=today(),
        rules=rule_versions(by=actor()),
        destinations=destination_versions(by=actor()),
        standings=Standing,
        tones=TONES,
        told_tones=TOLD_TONES,
        rule_lines=rule_lines,
        destination_lines=destination_lines,
        place_name=place_name,
    )


def _rule_form(form: Form[Any], preview: dict[str, Any] | None = None) -> str:
    return render_template(
        "rulemaking/rule.html",
        form=form,
        preview=preview,
        today=today().isoformat(),
        kinds={
            "species": Species, "purpose": Purpose, "scope": Scope, "sex": Sex,
            "document": DocumentKind, "external": ExternalKind, "applicant": ApplicantKind,
            "disease": Disease, "method": Method,
        },
    )  # fmt: skip


def _destination_form(form: Form[Any], preview: dict[str, Any] | None = None) -> str:
    below = sorted(
        (place.name, code)
        for code, place in places().items()
        if code.count(".") < 2  # noqa: PLR2004
    )
    return render_template(
        "rulemaking/destination.html",
        form=form,
        preview=preview,
        today=today().isoformat(),
        regions=[(code, name) for name, code in below],
        kinds={"external": ExternalKind, "disease": Disease, "method": Method},
    )
