"""Records that may be one animal, for those who decide: the list, the comparison, the merges."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy import select

from sijinak.animals.duplicates.comparing import comparison, name_of
from sijinak.animals.duplicates.labels import rule_name, rule_source, why
from sijinak.animals.duplicates.models import PairState
from sijinak.animals.duplicates.queries import (
    count_open_pairs,
    duplicate_rules,
    merge_by_id,
    merges,
    open_pairs,
    two_records,
)
from sijinak.animals.duplicates.schemas import (
    Decision,
    DecisionSchema,
    SwitchSchema,
    TwoCodesSchema,
    UndoingSchema,
)
from sijinak.animals.duplicates.services import (
    MergeAnimals,
    SameRecord,
    SwitchRule,
    TellApart,
    UnmergeAnimals,
    merge_animals,
    switch_rule,
    tell_apart,
    unmerge_animals,
)
from sijinak.animals.models import Animal
from sijinak.animals.queries import animals_by_ids
from sijinak.areas.queries import full_name
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.pages import village_options
from sijinak.keepers.showing import shows_list
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form
from sijinak.web.settings import settings

bp = Blueprint("duplicates", __name__)
WHICH_STANDS = N_("Choose the record that stands for both.")


@bp.get("/")
@needs(Permission.DUPLICATE_REVIEW)
def index() -> ResponseReturnValue:
    return _index(Form({"desa": request.args.get("desa", "")}))


@bp.get("/bandingkan")
@needs(Permission.DUPLICATE_REVIEW)
def choose() -> ResponseReturnValue:
    """Two codes that somebody typed."""
    typed = {name: request.args.get(name, "") for name in ("kode", "dengan")}
    try:
        two = TwoCodesSchema().load(typed)
    except ValidationError as error:
        return _index(Form({**typed, "desa": ""}, errors=dict(error.messages_dict))), 422
    if two.kode == two.dengan:
        return _index(Form({**typed, "desa": ""}).refuse(SameRecord(), "dengan")), 422
    first, second = sorted((two.kode, two.dengan))
    return redirect(url_for(".show", first_id=first, second_id=second))


@bp.get("/<uuid:first_id>/<uuid:second_id>")
@needs(Permission.DUPLICATE_REVIEW)
def show(first_id: UUID, second_id: UUID) -> ResponseReturnValue:
    return _pair(two_records((first_id, second_id), by=actor()))


@bp.post("/<uuid:first_id>/<uuid:second_id>/berbeda")
@needs(Permission.DUPLICATE_REVIEW)
def differ(first_id: UUID, second_id: UUID) -> ResponseReturnValue:
    animals = two_records((first_id, second_id), by=actor())
    form = read_form(DecisionSchema())
    if form.value is None:
        return _pair(animals, differ=form), 422
    said = form.value
    command = TellApart(
        id=said.id, first_id=first_id, second_id=second_id, state_seen=said.state_seen,
        reason=said.reason,
    )  # fmt: skip
    try:
        with transaction():
            tell_apart(command, by=actor())
    except (Conflict, Invalid) as error:
        return _pair(animals, differ=_again(form, error)), 422
    flash(_("They are two animals. This pair is not proposed again."), "success")
    return redirect(url_for(".index"))


@bp.post("/<uuid:first_id>/<uuid:second_id>/gabung")
@needs(Permission.DUPLICATE_REVIEW)
def join(first_id: UUID, second_id: UUID) -> ResponseReturnValue:
    animals = two_records((first_id, second_id), by=actor())
    form = read_form(DecisionSchema())
    ids = {first_id, second_id}
    if form.value is None or form.value.kept_id not in ids:
        form.errors.setdefault("kept_id", [_(WHICH_STANDS)])
        return _pair(animals, join=form), 422
    said = form.value
    (gone_id,) = ids - {said.kept_id}
    command = MergeAnimals(
        id=said.id, kept_id=form.value.kept_id, gone_id=gone_id, state_seen=said.state_seen,
        reason=said.reason,
    )  # fmt: skip
    try:
        with transaction():
            merge = merge_animals(command, by=actor())
    except (Conflict, Invalid) as error:
        return _pair(animals, join=_again(form, error)), 422
    flash(_("The two records are one animal now. Both stay readable."), "success")
    return redirect(url_for(".merged", merge_id=merge.id))


@bp.get("/gabungan")
@needs(Permission.DUPLICATE_REVIEW)
def all_merges() -> ResponseReturnValue:
    page = merges(by=actor(), place=place())
    ids = {animal_id for merge in page.items for animal_id in (merge.kept_id, merge.gone_id)}
    names = {animal.id: name_of(animal) for animal in _animals(ids)}
    return render_template("duplicates/merges.html", page=listing(page, ".all_merges"), names=names)


@bp.get("/gabungan/<uuid:merge_id>")
@needs(Permission.DUPLICATE_REVIEW)
def merged(merge_id: UUID) -> ResponseReturnValue:
    return _merge(merge_id, blank())


@bp.post("/gabungan/<uuid:merge_id>/urai")
@needs(Permission.DUPLICATE_REVIEW)
def unmerge(merge_id: UUID) -> ResponseReturnValue:
    merge_by_id(merge_id, by=actor())
    form = read_form(UndoingSchema())
    if form.value is None:
        return _merge(merge_id, form), 422
    command = UnmergeAnimals(id=form.value.id, merge_id=merge_id, reason=form.value.reason)
    try:
        with transaction():
            unmerge_animals(command, by=actor())
    except (Conflict, Invalid) as error:
        return _merge(merge_id, _again(form, error)), 422
    flash(_("The merge is taken back: they are two animals again."), "success")
    return redirect(url_for(".merged", merge_id=merge_id))


@bp.get("/aturan")
@needs(Permission.DUPLICATE_REVIEW)
def rules() -> ResponseReturnValue:
    return render_template(
        "duplicates/rules.html",
        rules=duplicate_rules(),
        rule_name=rule_name,
        rule_source=rule_source,
        may_switch=may(actor(), Permission.DUPLICATE_REVIEW, region=settings().regency),
        fresh=blank,
    )


@bp.post("/aturan/<uuid:rule_id>")
@needs(Permission.DUPLICATE_REVIEW)
def switch(rule_id: UUID) -> ResponseReturnValue:
    said = read_form(SwitchSchema()).value
    if said is None:
        raise NotFound(rule_id=str(rule_id))
    command = SwitchRule(
        id=said.id, rule_id=rule_id, is_active=said.is_active, region=settings().regency
    )
    with transaction():
        switch_rule(command, by=actor())
    on, off = _("The rule is used again."), _("The rule is switched off.")
    flash(on if said.is_active else off, "success")
    return redirect(url_for(".rules"))


def tiles(by: Actor) -> Sequence[Tile]:
    """Pairs to decide about, in the actor's area."""
    if not may(by, Permission.DUPLICATE_REVIEW):
        return ()
    count = count_open_pairs(by=by)
    tone = "warning" if count else "neutral"
    name, url = _("Animals that may be registered twice"), url_for("duplicates.index")
    return [Tile(name, thousands(count), url, "scan", tone)]


def _index(form: Form[Any]) -> str:
    village = form.raw.get("desa", "")
    page = open_pairs(by=actor(), village=village, place=place())
    facts = animals_by_ids({i for pair in page.items for i in (pair.first_id, pair.second_id)})
    shows_list(Where.ANIMALS, (one.keeper_id for one in facts.values()), village, {"desa": village})
    return render_template(
        "duplicates/index.html",
        form=form,
        page=listing(page, ".index", desa=village),
        facts=facts,
        why=why,
        full_name=full_name,
        villages=village_options(actor(), Permission.DUPLICATE_REVIEW),
    )


def _pair(
    animals: Sequence[Animal], *, join: Form[Decision] | None = None,
    differ: Form[Decision] | None = None,
) -> str:  # fmt: skip
    shown = comparison(animals)
    kept = {"kept_id": str(shown["better"].id)}
    return render_template(
        "duplicates/compare.html",
        **shown,
        join=join or blank(**kept),
        differ=differ or blank(),
        failed=join or differ or Form(),
        why=why,
        full_name=full_name,
        state=PairState,
    )


def _merge(merge_id: UUID, form: Form[Any]) -> str:
    merge = merge_by_id(merge_id, by=actor())
    return render_template(
        "duplicates/merge.html",
        merge=merge,
        names={animal.id: name_of(animal) for animal in _animals({merge.kept_id, merge.gone_id})},
        form=form,
    )


def _animals(ids: Collection[UUID]) -> Sequence[Animal]:
    return db.session.scalars(select(Animal).where(Animal.id.in_(ids))).all()


def _again(form: Form[Any], error: Conflict | Invalid) -> Form[Any]:
    """What was typed, above it what stood in the way."""
    return form.refuse(error, "reason" if error.code == "needs-reason" else WHOLE_FORM)
