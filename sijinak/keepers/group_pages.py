"""The members of a group for people."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.keepers.grouping import MemberNoMore, add_member, end_membership
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.pages import LONGEST_SEARCH
from sijinak.keepers.queries import facts_of, keeper_by_id, members_of
from sijinak.keepers.schemas import AddMemberSchema, EndMembershipSchema
from sijinak.keepers.search import search_keepers
from sijinak.keepers.showing import shows_list
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

bp = Blueprint("keepers_groups", __name__)


@bp.get("/<uuid:keeper_id>/anggota")
@needs(Permission.KEEPER_READ)
def index(keeper_id: UUID) -> ResponseReturnValue:
    return _page(_group(keeper_id), blank(since=today().isoformat()))


@bp.post("/<uuid:keeper_id>/anggota")
@needs(Permission.KEEPER_REGISTER)
def create(keeper_id: UUID) -> ResponseReturnValue:
    group = _group(keeper_id)
    form = read_form(AddMemberSchema(group_id=group.id))
    if form.value is None:
        return _page(group, form), 422
    try:
        with transaction():
            add_member(form.value, by=actor())
    except (Conflict, Invalid) as error:
        field = "since" if error.code == "day-to-come" else "keeper_id"
        return _page(group, form.refuse(error, field)), 422
    flash(_("The member is added."), "success")
    return redirect(url_for(".index", keeper_id=group.id))


@bp.get("/<uuid:keeper_id>/anggota/<uuid:membership_id>/akhiri")
@needs(Permission.KEEPER_REGISTER)
def ending(keeper_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    return _end_page(_group(keeper_id), membership_id, blank(until=today().isoformat()))


@bp.post("/<uuid:keeper_id>/anggota/<uuid:membership_id>/akhiri")
@needs(Permission.KEEPER_REGISTER)
def end(keeper_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    group = _group(keeper_id)
    form = read_form(EndMembershipSchema(membership_id=membership_id))
    if form.value is None:
        return _end_page(group, membership_id, form), 422
    try:
        with transaction():
            end_membership(form.value, by=actor())
    except MemberNoMore as error:
        return _page(group, form.refuse(error)), 422
    except (Conflict, Invalid) as error:
        return _end_page(group, membership_id, form.refuse(error, "until")), 422
    flash(_("The membership has ended."), "success")
    return redirect(url_for(".index", keeper_id=group.id))


def _group(keeper_id: UUID) -> Keeper:
    group = keeper_by_id(keeper_id, by=actor())
    if group.kind is not KeeperKind.GROUP:
        raise NotFound(keeper_id=str(keeper_id))
    return group


def _page(group: Keeper, form: Form[Any]) -> str:
    """With a name in the address: who could be added."""
    name = request.args.get("nama", "").strip()[:LONGEST_SEARCH]
    members = members_of(group.id)
    there = {member.id for _membership, member in members}
    found = search_keepers(name, by=actor()) if name else []
    candidates = [k for k in found if k.kind is not KeeperKind.GROUP and k.id not in there]
    shows_list(Where.KEEPERS, (k.id for k in (*(k for _m, k in members), *candidates)))
    if len(candidates) == 1:
        form.raw.setdefault("keeper_id", str(candidates[0].id))
    return render_template(
        "keepers/members.html",
        group=group,
        members=members,
        candidates=candidates,
        name=name,
        form=form,
        facts_of=facts_of,
        full_name=full_name,
        may_change=may(actor(), Permission.KEEPER_REGISTER, region=group.village),
    )


def _end_page(group: Keeper, membership_id: UUID, form: Form[Any]) -> str:
    member = next((k for m, k in members_of(group.id) if m.id == membership_id), None)
    if member is None:
        raise NotFound(membership_id=str(membership_id))
    return render_template(
        "keepers/step.html",
        form=form,
        title=_("End the membership"),
        lead=_("%(member)s in %(group)s", member=member.name, group=group.name),
        back_url=url_for(".index", keeper_id=group.id),
        asks="until",
        button_label=_("End the membership"),
    )
