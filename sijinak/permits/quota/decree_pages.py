"""Decrees as forms: rehearsed first, then written into the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Species
from sijinak.areas.queries import destinations, place_name
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.files.answers import paper_answer, sent_paper
from sijinak.files.papers import Paper
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_document
from sijinak.permits.quota.labels import FIELD_OF
from sijinak.permits.quota.ledger import file_of_decree
from sijinak.permits.quota.lines import line_at, line_of_account
from sijinak.permits.quota.looking import account_to_change
from sijinak.permits.quota.models import QuotaAccount
from sijinak.permits.quota.rehearsing import Effect, effect_of
from sijinak.permits.quota.schemas import (
    RECORD,
    AdjustQuotaSchema,
    FreezeQuotaSchema,
    GrantQuotaSchema,
    TransferQuotaSchema,
)
from sijinak.permits.quota.services import (
    adjust_quota,
    freeze_quota,
    grant_quota,
    transfer_quota,
)
from sijinak.permits.rules.models import Purpose, Scope
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import options

bp = Blueprint("quota_decrees", __name__)
LISTS = ("species", "purpose", "scope", "heads")
ROWS = 6
PROVINCE = 2  # letters of a province in a region's code
# What a decree usually gives: the form begins with these lines.
USUAL = (
    (Species.CATTLE, Purpose.SLAUGHTER, Scope.OUT_OF_PROVINCE),
    (Species.BUFFALO, Purpose.SLAUGHTER, Scope.OUT_OF_PROVINCE),
    (Species.CATTLE, Purpose.BREEDING, Scope.OUT_OF_PROVINCE),
    (Species.CATTLE, Purpose.SLAUGHTER, Scope.IN_PROVINCE),
)


@bp.get("/baru")
@needs(Permission.QUOTA_MANAGE)
def new() -> ResponseReturnValue:
    return _grant_form(blank(year=str(today().year)), [])


@bp.post("/baru")
@needs(Permission.QUOTA_MANAGE)
def create() -> ResponseReturnValue:
    form = read_form(GrantQuotaSchema(), many=frozenset(LISTS))

    def effects(command: Any) -> list[Effect]:
        lines = [(line_at(command.year, command.origin, s), s.heads) for s in command.shares]
        return [effect_of(line, heads) for line, heads in lines]

    return _carry(form, _grant_form, effects, grant_quota, url_for("quota.index"))


@bp.get("/keputusan/<uuid:decree_id>/berkas")
@needs(Permission.QUOTA_READ)
def file(decree_id: UUID) -> ResponseReturnValue:
    return paper_answer(file_of_decree(decree_id, by=actor()), "keputusan-kuota")


@bp.get("/<uuid:account_id>/ubah")
@needs(Permission.QUOTA_MANAGE)
def change(account_id: UUID) -> ResponseReturnValue:
    return _drawn("adjust", account_id)(blank(), [])


@bp.post("/<uuid:account_id>/ubah")
@needs(Permission.QUOTA_MANAGE)
def adjust(account_id: UUID) -> ResponseReturnValue:
    account = account_to_change(account_id, by=actor())
    return _carry(
        read_form(AdjustQuotaSchema(account_id)),
        _drawn("adjust", account_id),
        lambda command: [effect_of(line_of_account(account), command.heads)],
        adjust_quota,
        url_for("quota.show", account_id=account_id),
    )


@bp.get("/<uuid:account_id>/pindah")
@needs(Permission.QUOTA_MANAGE)
def moving(account_id: UUID) -> ResponseReturnValue:
    account = account_to_change(account_id, by=actor())
    here = {name: getattr(account, name) for name in ("origin", "species", "purpose", "scope")}
    return _drawn("transfer", account_id)(blank(year=str(account.year), **here), [])


@bp.post("/<uuid:account_id>/pindah")
@needs(Permission.QUOTA_MANAGE)
def transfer(account_id: UUID) -> ResponseReturnValue:
    account = account_to_change(account_id, by=actor())

    def effects(command: Any) -> list[Effect]:
        there = may(actor(), Permission.QUOTA_MANAGE, region=command.to.origin)
        into = [effect_of(command.to, command.heads)] if there else []
        return [effect_of(line_of_account(account), -command.heads), *into]

    return _carry(
        read_form(TransferQuotaSchema(account_id)),
        _drawn("transfer", account_id),
        effects,
        transfer_quota,
        url_for("quota.show", account_id=account_id),
    )


@bp.get("/<uuid:account_id>/beku")
@needs(Permission.QUOTA_MANAGE)
def freezing(account_id: UUID) -> ResponseReturnValue:
    account = account_to_change(account_id, by=actor())
    turned = "false" if account.is_frozen else "true"
    return _drawn("freeze", account_id)(blank(is_frozen=turned), [])


@bp.post("/<uuid:account_id>/beku")
@needs(Permission.QUOTA_MANAGE)
def freeze(account_id: UUID) -> ResponseReturnValue:
    account = account_to_change(account_id, by=actor())
    return _carry(
        read_form(FreezeQuotaSchema(account_id)),
        _drawn("freeze", account_id),
        lambda c: [effect_of(line_of_account(account), 0, freeze=c.is_frozen)],
        freeze_quota,
        url_for("quota.show", account_id=account_id),
    )


def _carry(
    form: Form[Any],
    draw: Callable[[Form[Any], Sequence[Effect]], str],
    effects: Callable[[Any], Sequence[Effect]],
    deed: Callable[..., object],
    then: str,
) -> ResponseReturnValue:
    """Show what would change, or do it."""
    if form.value is None:
        return draw(form, []), 422
    if form.raw.get("step") != RECORD:
        return draw(form, effects(form.value))
    try:
        sent = sent_paper("file")  # a picture is made small before the transaction begins
        with transaction():
            deed(_with_file(form.value, sent), by=actor())
    except (Conflict, Invalid) as error:
        return draw(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM)), []), 422
    flash(_("The decree is in the ledger."), "success")
    return redirect(then)


def _with_file(command: Any, sent: Paper | Picture | None) -> Any:
    """The command, and with it the file of its decree."""
    if sent is None:
        return command
    kept = keep_document(sent, by=actor())
    return replace(command, paper=replace(command.paper, file_id=kept.id))


def _drawn(kind: str, account_id: UUID) -> Callable[[Form[Any], Sequence[Effect]], str]:
    account = account_to_change(account_id, by=actor())
    return lambda form, effects: render_template(
        "quota/change.html",
        kind=kind,
        form=form,
        effects=effects,
        account=account,
        origins=_neighbours(account) if kind == "transfer" else [],
        place_name=place_name,
        **_choices(),
    )


def _grant_form(form: Form[Any], effects: Sequence[Effect]) -> str:
    return render_template(
        "quota/grant.html",
        form=form,
        effects=effects,
        rows=_rows(),
        origins=_own(),
        place_name=place_name,
        **_choices(),
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "species_options": options(Species),
        "purposes": options(Purpose),
        "scopes": options(Scope),
    }


def _rows() -> list[tuple[str, ...]]:
    """The lines as they were sent, or as they usually are."""
    sent = list(zip(*(request.form.getlist(name) for name in LISTS), strict=False))
    if sent:
        return sent
    usual = [(*map(str, one), "") for one in USUAL]
    return [*usual, *[usual[0]] * (ROWS - len(usual))]


def _own() -> list[tuple[str, str]]:
    found = [p for p in destinations() if may(actor(), Permission.QUOTA_MANAGE, region=p.code)]
    return [(place.code, place.name) for place in found]


def _neighbours(account: QuotaAccount) -> list[tuple[str, str]]:
    """Regencies of the province, among them its own."""
    found = [p for p in destinations() if p.code[:PROVINCE] == account.origin[:PROVINCE]]
    return [(place.code, place.name) for place in found]
