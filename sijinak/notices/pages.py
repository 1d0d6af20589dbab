"""Who is written to when the day is closed, and what went when."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.notices.ending import ask_ending, confirm_ending, drop_ending
from sijinak.notices.labels import FIELD_OF, TONES
from sijinak.notices.models import NOTICE_FLOW, Notice, NoticeAddress
from sijinak.notices.policy import post
from sijinak.notices.queries import address_by_id, addresses, notice_by_id, notices
from sijinak.notices.schemas import (
    AddAddressSchema,
    AskEndingSchema,
    DecideEndingSchema,
    SendAgainSchema,
)
from sijinak.notices.services import add_address, send_again
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, InputSchema, T, blank, listing, place, read_form
from sijinak.web.messages import message_for

bp = Blueprint("notices", __name__)
P = Permission


@bp.get("/")
@needs(P.LOG_CHECKPOINT)
def index() -> ResponseReturnValue:
    return _index(blank())


@bp.post("/alamat")
@needs(P.LOG_CHECKPOINT)
def add() -> ResponseReturnValue:
    form = read_form(AddAddressSchema())
    if form.value is None:
        return _index(form), 422
    try:
        with transaction():
            add_address(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _index(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    flash(_("The address is listed: the next checkpoint goes there, too."), "success")
    return redirect(url_for(".index"))


@bp.post("/alamat/<uuid:address_id>/akhiri")
@needs(P.LOG_CHECKPOINT)
def end(address_id: UUID) -> ResponseReturnValue:
    """Asked for here, and done by a second person."""
    done = _("A second person has to agree. Until then it is written to as before.")
    return _step(address_id, AskEndingSchema(address_id=address_id), ask_ending, done)


@bp.post("/alamat/<uuid:address_id>/setuju")
@needs(P.LOG_CHECKPOINT)
def confirm(address_id: UUID) -> ResponseReturnValue:
    done = _("After today nothing goes to this address any more. A last message tells it so.")
    return _step(address_id, DecideEndingSchema(address_id=address_id), confirm_ending, done)


@bp.post("/alamat/<uuid:address_id>/tidak-jadi")
@needs(P.LOG_CHECKPOINT)
def drop(address_id: UUID) -> ResponseReturnValue:
    done = _("The address stays listed.")
    return _step(address_id, DecideEndingSchema(address_id=address_id), drop_ending, done)


@bp.get("/<uuid:notice_id>")
@needs(P.LOG_CHECKPOINT)
def show(notice_id: UUID) -> ResponseReturnValue:
    notice = notice_by_id(notice_id, by=actor())
    return render_template(
        "notices/show.html",
        notice=notice,
        email=masked(notice.email),
        tones=TONES,
        may_resend=_may_resend(notice),
        form=blank(),
    )


@bp.post("/<uuid:notice_id>/kirim-ulang")
@needs(P.LOG_CHECKPOINT)
def resend(notice_id: UUID) -> ResponseReturnValue:
    notice_by_id(notice_id, by=actor())
    form = read_form(SendAgainSchema(notice_id=notice_id))
    if form.value is not None:
        try:
            with transaction():
                send_again(form.value, by=actor())
            flash(_("It is on its way again."), "success")
        except Conflict as error:
            flash(message_for(error.code, error.facts), "error")
    return redirect(url_for(".show", notice_id=notice_id))


def _step(
    address_id: UUID, schema: InputSchema[T], take: Callable[..., NoticeAddress], done: str
) -> ResponseReturnValue:
    address_by_id(address_id, by=actor())
    form = read_form(schema)
    if form.value is not None:
        try:
            with transaction():
                take(form.value, by=actor())
            flash(done, "success")
        except Conflict as error:
            flash(message_for(error.code, error.facts), "error")
    return redirect(url_for(".index"))


def masked(email: str) -> str:
    """Enough to know it again."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def _may_resend(notice: Notice) -> bool:
    return any(step.action == "send-again" for step in NOTICE_FLOW.steps_from(notice.state))


def _index(form: Form[Any]) -> str:
    return render_template(
        "notices/index.html",
        addresses=addresses(by=actor()),
        notices=listing(notices(place(), by=actor()), ".index"),
        masked=masked,
        tones=TONES,
        form=form,
        sends=post.sends,
    )
