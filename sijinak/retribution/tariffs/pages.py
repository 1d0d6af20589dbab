"""Tariffs for those who keep them: what counts, what is proposed, and lists of the Perda."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Sex, Species
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.retribution.policy import policy
from sijinak.retribution.tariffs import labels as _labels  # noqa: F401 - names services and units
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When
from sijinak.retribution.tariffs.queries import (
    before,
    count_to_approve,
    tariff_book,
    tariff_by_id,
    versions_of,
    wants_review,
)
from sijinak.retribution.tariffs.schemas import ApproveSchema, ProposalSchema, RefuseSchema
from sijinak.retribution.tariffs.services import (
    approve_tariffs,
    propose_tariffs,
    refuse_tariff,
)
from sijinak.retribution.tariffs.view import counts_for, species_name, standing
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

bp = Blueprint("tariffs", __name__)
FIELD_OF = {
    "tariff-known": "valid_from",
    "tariff-days-turned": "valid_until",
    "tariff-in-past": "past_why",
}
KEPT = (
    "code", "service", "component", "species", "sex", "unit", "applies", "perda", "article",
    "law_code", "source",
)  # fmt: skip


@bp.get("/")
@needs(Permission.TARIFF_MANAGE, Permission.TREASURY_READ)
def index() -> ResponseReturnValue:
    return _index(blank())


@bp.get("/baru")
@needs(Permission.TARIFF_MANAGE)
def new() -> ResponseReturnValue:
    """Another version begins with what the last one says."""
    try:
        last = tariff_by_id(UUID(request.args.get("dari", "")), by=actor())
    except ValueError:
        return _form(blank(unit=Unit.HEAD, applies=When.ALWAYS, valid_from=today().isoformat()))
    typed = {name: str(getattr(last, name)) for name in KEPT}
    return _form(blank(**typed, amount=str(last.amount), valid_from=today().isoformat()))


@bp.post("/baru")
@needs(Permission.TARIFF_MANAGE)
def propose() -> ResponseReturnValue:
    form = read_form(ProposalSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            propose_tariffs(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, "_schema"))), 422
    flash(_("The tariff is proposed. Another person must approve it."), "success")
    return redirect(url_for(".index"))


@bp.get("/<uuid:tariff_id>")
@needs(Permission.TARIFF_MANAGE, Permission.TREASURY_READ)
def show(tariff_id: UUID) -> ResponseReturnValue:
    return _show(tariff_by_id(tariff_id, by=actor()), blank())


@bp.post("/setujui")
@needs(Permission.TARIFF_MANAGE)
def approve() -> ResponseReturnValue:
    form = read_form(ApproveSchema(), many=frozenset({"tariff_ids"}))
    if form.value is None:
        return _index(form), 422
    try:
        with transaction():
            approved = approve_tariffs(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _index(form.refuse(error)), 422
    flash(_("%(count)s tariffs are approved.", count=len(approved)), "success")
    return redirect(url_for(".index"))


@bp.post("/<uuid:tariff_id>/tolak")
@needs(Permission.TARIFF_MANAGE)
def refuse(tariff_id: UUID) -> ResponseReturnValue:
    tariff = tariff_by_id(tariff_id, by=actor())
    form = read_form(RefuseSchema())
    if form.value is None or form.value.tariff_id != tariff.id:
        return _show(tariff, form), 422
    try:
        with transaction():
            refuse_tariff(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _show(tariff, form.refuse(error)), 422
    flash(_("The proposal is refused."), "success")
    return redirect(url_for(".index"))


def tiles(by: Actor) -> Sequence[Tile]:
    """Tariffs that wait for this person as the second one."""
    if not may(by, Permission.TARIFF_MANAGE, region=policy.regency):
        return []
    if not (count := count_to_approve(by=by)):
        return []
    where = url_for("tariffs.index", _anchor="proposed")
    return [Tile(_("Tariffs to approve"), thousands(count), where, "file-text", "warning")]


def _may_keep() -> bool:
    return may(actor(), Permission.TARIFF_MANAGE, region=policy.regency)


def _index(form: Form[Any]) -> str:
    book = tariff_book(today(), by=actor())
    return render_template(
        "tariffs/index.html",
        book=book,
        form=form,
        own=[row.id for row in book.proposed if row.proposed_by == actor().id],
        stale=[row for row in book.in_force if wants_review(row)],
        species_name=species_name,
        replaced={row.id: before(row) for row in book.proposed},
        may_keep=_may_keep(),
    )


def _show(tariff: Tariff, form: Form[Any]) -> str:
    return render_template(
        "tariffs/show.html",
        tariff=tariff,
        form=form,
        versions=versions_of(tariff),
        standing=standing,
        is_own=tariff.proposed_by == actor().id,
        wants_review=wants_review(tariff),
        species_name=species_name,
        counts_for=counts_for,
        replaced=before(tariff) if tariff.approved_by is None else None,
        may_keep=_may_keep(),
    )


def _form(form: Form[Any]) -> str:
    require(actor(), Permission.TARIFF_MANAGE, region=policy.regency)
    enums = {"Service": Service, "Species": Species, "Sex": Sex, "Unit": Unit, "When": When}
    return render_template("tariffs/form.html", form=form, types=enums)
