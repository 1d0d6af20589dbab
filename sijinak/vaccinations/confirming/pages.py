"""The owner's answer: on the owner's account, and what the office does to get one."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals import labels as _animal_labels  # noqa: F401 - names species
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.core.qr import qr_path
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows_list
from sijinak.vaccinations import labels as _diseases  # noqa: F401 - names our diseases
from sijinak.vaccinations.confirming import labels as _labels  # noqa: F401 - names our ways
from sijinak.vaccinations.confirming.queries import (
    acts_of,
    count_waiting,
    question_by_id,
    questions_of,
    said_of,
    waiting,
)
from sijinak.vaccinations.confirming.schemas import AnswerSchema, MakeLinkSchema, WriteDownSchema
from sijinak.vaccinations.confirming.services import (
    LINK_LIVES,
    answer_question,
    make_link,
    write_answer_down,
)
from sijinak.vaccinations.queries import act_by_id
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.messages import message_for
from sijinak.web.settings import settings

bp = Blueprint("vaccinations_confirming", __name__)
P = Permission
ASKS = N_(
    "Were your animals vaccinated? Please answer with the last four digits of your NIK. %(url)s"
)


@bp.app_template_global("owners_said")
def _owners_said(act_id: UUID) -> object:
    """For the page of an act, which stands below this feature."""
    return said_of(act_id)


@bp.get("/")
@needs(P.VACCINATION_CONFIRM)
def index() -> ResponseReturnValue:
    page = waiting(by=actor(), place=place())
    return render_template(
        "confirming/index.html",
        page=listing(page, ".index"),
        acts=acts_of(page.items),
        full_name=full_name,
    )


@bp.get("/kegiatan/<uuid:act_id>")
@needs(P.REVISIT_RECORD, P.FINDING_READ)
def act(act_id: UUID) -> ResponseReturnValue:
    rows = questions_of(act_id, by=actor())
    shows_list(Where.DUE, (keeper.id for _asked, keeper in rows))
    return render_template(
        "confirming/act.html",
        rows=rows,
        act=act_by_id(act_id, by=actor()).act,
        said=said_of(act_id),
    )


@bp.get("/<uuid:confirmation_id>")
@needs(P.VACCINATION_CONFIRM, P.REVISIT_RECORD, P.FINDING_READ)
def show(confirmation_id: UUID) -> ResponseReturnValue:
    return _page(confirmation_id, blank())


@bp.post("/<uuid:confirmation_id>")
@needs(P.VACCINATION_CONFIRM)
def answer(confirmation_id: UUID) -> ResponseReturnValue:
    form = read_form(AnswerSchema())
    if form.value is None or form.value.confirmation_id != confirmation_id:
        return _page(confirmation_id, form), 422
    try:
        with transaction():
            answer_question(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(confirmation_id, form.refuse(error, "says_yes")), 422
    flash(_("Thank you. Your answer is recorded."), "success")
    return redirect(url_for(".index"))


@bp.post("/<uuid:confirmation_id>/tulis")
@needs(P.REVISIT_RECORD)
def write_down(confirmation_id: UUID) -> ResponseReturnValue:
    form = read_form(WriteDownSchema())
    if form.value is None or form.value.confirmation_id != confirmation_id:
        return _page(confirmation_id, form), 422
    try:
        with transaction():
            asked = write_answer_down(form.value, by=actor())
    except (Conflict, Invalid) as error:
        field = "words" if error.code == "how-known-missing" else "says_yes"
        return _page(confirmation_id, form.refuse(error, field)), 422
    flash(_("What the owner said is recorded."), "success")
    return redirect(url_for(".act", act_id=asked.act_id))


@bp.post("/<uuid:confirmation_id>/tautan")
@needs(P.REVISIT_RECORD)
def link(confirmation_id: UUID) -> ResponseReturnValue:
    """Shown this once: nothing but its digest is kept."""
    found = question_by_id(confirmation_id, by=actor())
    form = read_form(MakeLinkSchema())
    if form.value is None or form.value.confirmation_id != confirmation_id:
        return _page(confirmation_id, blank()), 422
    try:
        with transaction():
            secret = make_link(form.value, by=actor())
    except (Conflict, Invalid) as error:
        flash(message_for(error.code, error.facts), "error")
        return redirect(url_for(".show", confirmation_id=confirmation_id))
    way = url_for("vaccinations_linking.show", secret=secret)
    url = settings().public_url.rstrip("/") + way
    return render_template(
        "confirming/link.html",
        question=found,
        url=url,
        qr=qr_path(url, level="M"),
        days=LINK_LIVES.days,
        whatsapp="https://wa.me/?text=" + quote(_(ASKS, url=url), safe=""),
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """Of the owner: doses that wait for an answer."""
    count = count_waiting(by=by) if may(by, P.VACCINATION_CONFIRM) else 0
    url = url_for("vaccinations_confirming.index")
    name = _("Vaccinations that wait for your answer")
    return [Tile(name, thousands(count), url, "vaccine", "warning")] if count else ()


def _page(confirmation_id: UUID, form: Form[Any]) -> str:
    question = question_by_id(confirmation_id, by=actor())
    is_owner = may(actor(), P.VACCINATION_CONFIRM, keeper_id=question.keeper.id)
    return render_template(
        "confirming/show.html",
        question=question,
        form=form,
        link_id=str(uuid7()),
        is_owner=is_owner,
        is_own=question.act.vaccinator_id == actor().id,
        may_write=not is_owner and may(actor(), P.REVISIT_RECORD, region=question.act.region),
        full_name=full_name,
    )
