"""Phones for people: those in one's reach and one's own, what they brought, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.money import thousands
from sijinak.core.paging import Page
from sijinak.core.permissions import Actor, Permission
from sijinak.field.device_labels import gaps_text, kind_name, reason_text
from sijinak.field.device_schemas import Asking, AskingSchema, Revoking, RevokingSchema
from sijinak.field.devices import RevokeDevice, RevokeReason, revoke_device
from sijinak.field.models import Device
from sijinak.field.phones import Phone, PhoneState, phones_of
from sijinak.field.queries import (
    SILENT,
    Gap,
    count_silent,
    device_by_id,
    devices,
    gaps_of,
    records_of,
    resend_from,
    silent_phones,
)
from sijinak.field.resending import AskAgain, ask_again
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.i18n import ngettext
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import options

bp = Blueprint("phones", __name__)
TONES = {PhoneState.OK: "success", PhoneState.REVOKED: "danger"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A phone as a line of the list."""

    device: Device
    phone: Phone
    gaps: Sequence[Gap]

    @property
    def days_left(self) -> int:
        """Begun days count."""
        left = self.phone.expires_at - now()
        return -(-left // timedelta(days=1)) if self.phone.state is PhoneState.OK else 0

    @property
    def tone(self) -> str:
        return TONES.get(self.phone.state, "warning")

    @property
    def is_silent(self) -> bool:
        return bool(self.device.unsent) and self.device.seen_at < now() - SILENT

    @property
    def missing(self) -> str:
        return gaps_text(self.gaps)


@bp.get("/")
@needs(Permission.FIELD_OVERSEE, Permission.FIELD_PHONE)
def index() -> ResponseReturnValue:
    silent = request.args.get("pilih") == "diam"
    page = (silent_phones if silent else devices)(by=actor(), place=place())
    return render_template(
        "field/office/devices_index.html",
        page=listing(page, ".index", pilih="diam" if silent else ""),
        shown=_shown(page),
        silent=silent,
        form=blank(),
        oversees=bool(actor().reaches(Permission.FIELD_OVERSEE)),
    )


@bp.get("/<uuid:device_id>")
@needs(Permission.FIELD_OVERSEE, Permission.FIELD_PHONE)
def show(device_id: UUID) -> ResponseReturnValue:
    return _page(device_id, blank())


@bp.post("/<uuid:device_id>/cabut")
@needs(Permission.FIELD_OVERSEE, Permission.FIELD_PHONE)
def revoke(device_id: UUID) -> ResponseReturnValue:
    device_by_id(device_id, by=actor())
    form: Form[Revoking] = read_form(RevokingSchema())
    if form.value is None:
        return _page(device_id, form, 422)
    command = RevokeDevice(id=form.value.id, device_id=device_id, reason=form.value.reason)
    with transaction():
        revoke_device(command, by=actor())
    flash(_("The phone is revoked. It hears so when it next finds the network, and forgets."))
    return redirect(url_for(".show", device_id=device_id))


@bp.post("/<uuid:device_id>/minta-ulang")
@needs(Permission.FIELD_OVERSEE)
def ask_one(device_id: UUID) -> ResponseReturnValue:
    _ask(read_form(AskingSchema()), device_id)
    return redirect(url_for(".show", device_id=device_id))


@bp.post("/minta-ulang")
@needs(Permission.FIELD_OVERSEE)
def ask_all() -> ResponseReturnValue:
    _ask(read_form(AskingSchema()), None)
    return redirect(url_for(".index"))


def tiles(who: Actor) -> list[Tile]:
    if not who.reaches(Permission.FIELD_OVERSEE):
        return []
    silent = count_silent(by=who)
    url = url_for("phones.index", pilih="diam")
    told = _("Phones silent for 7 days with unsent records")
    return [Tile(told, thousands(silent), url, "device-mobile", "warning")] if silent else []


def _ask(form: Form[Asking], device_id: UUID | None) -> None:
    if form.value is None:
        flash(_("Nothing was asked. Open this page anew and try again."))
        return
    with transaction():
        asked = ask_again(AskAgain(id=form.value.id, device_id=device_id), by=actor())
    flash(
        ngettext(
            "%(n)s phone is asked for what it sent. It answers when it finds the network.",
            "%(n)s phones are asked for what they sent. They answer when they find the network.",
            asked,
        )
    )


def _page(device_id: UUID, form: Form[Revoking], status: int = 200) -> ResponseReturnValue:
    device = device_by_id(device_id, by=actor())
    page = records_of(device_id, place())
    shown = render_template(
        "field/office/devices_show.html",
        form=form,
        one=_shown(Page([device]))[0],
        page=listing(page, ".show", device_id=device_id),
        asked_from=resend_from(device_id),
        reasons=options(RevokeReason),
        kind_name=kind_name,
        reason_text=reason_text,
        may_ask=bool(actor().reaches(Permission.FIELD_OVERSEE)),
        asking=blank(),
    )
    return shown, status


def _shown(page: Page[Device]) -> list[Shown]:
    ids = [device.id for device in page.items]
    known = phones_of(ids)
    return [Shown(device, known[device.id], gaps_of(device)) for device in page.items]
