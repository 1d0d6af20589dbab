"""Movement bans for people: what one touches is shown before it is saved, and after."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Species
from sijinak.areas.models import Level
from sijinak.areas.queries import full_name, place_name, places, regions_within
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.health.bans.checking import check_ban
from sijinak.health.bans.commands import EnterBan, LiftBan
from sijinak.health.bans.models import Ban, Direction
from sijinak.health.bans.queries import ban_by_id, bans, bans_in_force, holds_on
from sijinak.health.bans.services import enter_ban, lift_ban
from sijinak.health.diseases import Disease
from sijinak.permits.ban_schemas import BanSchema, FilledBan, LiftSchema, RevokeSchema
from sijinak.permits.banned import touched_by
from sijinak.permits.commands import RevokePermit
from sijinak.permits.ending import revoke_permit
from sijinak.permits.labels import message_of, standing
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import heads_on
from sijinak.vaccinations import labels as _diseases  # noqa: F401 - names our diseases
from sijinak.web.access import actor, needs, public
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form
from sijinak.web.labels import label, options
from sijinak.web.settings import settings

bp = Blueprint("banning", __name__)
P = Permission
MANY = frozenset({"directions"})
FIELDS = {
    "unknown-area": "region",
    "no-direction": "directions",
    "ends-before-it-begins": "valid_until",
}
FAR = (Level.PROVINCE, Level.REGENCY, Level.CITY)
REVOCABLE = (PermitState.APPROVED, PermitState.ISSUED)


@bp.get("/")
@needs(P.BAN_MANAGE)
def index() -> ResponseReturnValue:
    page = bans(by=actor(), place=place())
    return render_template(
        "bans/index.html", page=listing(page, ".index"), standing=_standing, place_name=place_name
    )


@bp.get("/berlaku")
@public
def in_force() -> ResponseReturnValue:
    """For everybody: where no animal may go today, and by what decree."""
    day = today()
    return render_template(
        "bans/public.html", bans=bans_in_force(day), where=full_name, on=day, directions=Direction
    )


@bp.get("/baru")
@needs(P.BAN_MANAGE)
def new() -> ResponseReturnValue:
    return _form(blank(valid_from=today().isoformat()))


@bp.post("/baru")
@needs(P.BAN_MANAGE)
def create() -> ResponseReturnValue:
    """First what it touches is shown; then the same form saves it."""
    form = read_form(BanSchema(), many=MANY)
    if form.value is None:
        return _form(form), 422
    try:
        check_ban(form.value.ban)
        if not form.value.is_sure:
            return _preview(form, form.value.ban)
        with transaction():
            ban = enter_ban(form.value.ban, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELDS.get(error.code, WHOLE_FORM))), 422
    flash(_("The ban is entered, and applications are checked against it from now on."), "success")
    return redirect(url_for(".show", ban_id=ban.id))


@bp.get("/<uuid:ban_id>")
@needs(P.BAN_MANAGE)
def show(ban_id: UUID) -> ResponseReturnValue:
    return _page(ban_id, blank())


@bp.post("/<uuid:ban_id>/cabut")
@needs(P.BAN_MANAGE)
def lift(ban_id: UUID) -> ResponseReturnValue:
    form = read_form(LiftSchema())
    if form.value is None or form.value.ban_id != ban_id:
        return _page(ban_id, form), 422
    try:
        with transaction():
            lift_ban(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(ban_id, form.refuse(error)), 422
    flash(_("The ban is lifted from today on."), "success")
    return redirect(url_for(".show", ban_id=ban_id))


@bp.post("/<uuid:ban_id>/izin/<uuid:permit_id>")
@needs(P.PERMIT_REVOKE)
def revoke(ban_id: UUID, permit_id: UUID) -> ResponseReturnValue:
    """One permit, with the ban as the reason."""
    ban = ban_by_id(ban_id, by=actor())
    form = read_form(RevokeSchema())
    if form.value is not None and permit_id in {
        permit.id for permit in touched_by(ban, by=actor())
    }:
        reason = _("Movement ban: %(basis)s", basis=ban.legal_basis)
        command = RevokePermit(id=form.value.id, permit_id=permit_id, note=reason)
        try:
            with transaction():
                revoke_permit(command, by=actor())
        except (Conflict, Invalid) as error:
            flash(message_of(error), "error")
        else:
            flash(_("The permit is revoked."), "success")
    return redirect(url_for(".show", ban_id=ban_id))


def _form(form: Form[FilledBan]) -> str:
    species = [("", _("All species")), *options(Species)]
    return render_template(
        "bans/form.html",
        form=form,
        areas=_areas(),
        species=species,
        diseases=options(Disease),
        directions=options(Direction),
    )


def _preview(form: Form[FilledBan], ban: EnterBan) -> str:
    return render_template("bans/preview.html", form=form, ban=ban, **_touched(ban))


def _page(ban_id: UUID, form: Form[LiftBan]) -> str:
    ban = ban_by_id(ban_id, by=actor())
    is_over = ban.lifted_on is not None or (ban.valid_until or today()) < today()
    return render_template(
        "bans/show.html",
        form=form,
        ban=ban,
        is_over=is_over,
        standing=_standing(ban),
        may_revoke=bool(actor().reaches(P.PERMIT_REVOKE)),
        fresh=blank,
        **_touched(ban),
        where=full_name(ban.region),
    )


def _touched(ban: Ban | EnterBan) -> dict[str, object]:
    touched: list[Permit] = touched_by(ban, by=actor())
    return {
        "touched": touched,
        "issued": [permit for permit in touched if permit.state in REVOCABLE],
        "state_of": standing,
        "heads_on": heads_on,
        "place_name": place_name,
        "facts": _facts(ban),
    }


def _facts(ban: Ban | EnterBan) -> dict[str, str]:
    return {
        "area": full_name(ban.region),
        "species": label(ban.species) if ban.species else _("All species"),
        "disease": label(ban.disease),
        "directions": ", ".join(label(Direction(one)).lower() for one in ban.directions),
    }


def _standing(ban: Ban) -> tuple[str, str]:
    """What it is called today, and in which tone."""
    if holds_on(ban, today()):
        return _("In force"), "danger"
    if ban.lifted_on is None and ban.valid_from > today():
        return _("Still to come"), "warning"
    return (_("Lifted"), "neutral") if ban.lifted_on else (_("Over"), "neutral")


def _areas() -> list[tuple[str, str]]:
    """Provinces and regencies everywhere, and everything below our own."""
    home = settings().regency
    near = [(one.code, full_name(one.code)) for one in regions_within(home)]
    far = [(one.code, one.name) for one in places().values() if one.level in FAR]
    return [*near, *sorted(pair for pair in far if pair[0] != home)]
