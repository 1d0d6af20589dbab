"""Passkeys of one's own account, and what a browser asks before it asks a passkey."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.devices import one_guess
from sijinak.accounts.factor_queries import passkeys_of
from sijinak.accounts.models import PasskeyUse
from sijinak.accounts.own_pages import me
from sijinak.accounts.passkey_schemas import AddPasskeySchema, CommandSchema, RemovePasskeySchema
from sijinak.accounts.passkey_services import add_passkey, begin_passkey, remove_passkey
from sijinak.accounts.passkeys import Asking, WrongPasskey, ask_for_answer, site
from sijinak.accounts.schemas import PasswordSchema
from sijinak.accounts.services import WrongPassword
from sijinak.accounts.throttle import TooManyTries
from sijinak.core.db import transaction
from sijinak.core.errors import NotFound, SijinakError
from sijinak.web.access import even_without_second_factor, signed_in
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.messages import message_for

bp = Blueprint("accounts_passkeys", __name__)


@bp.get("/akun/kunci-sandi")
@even_without_second_factor
def index() -> ResponseReturnValue:
    return _page(blank())


@bp.post("/akun/kunci-sandi/mulai")
@even_without_second_factor
def begin() -> ResponseReturnValue:
    """For the page's script: what the device is asked, once the password is right."""
    form = read_form(PasswordSchema())
    if form.value is None:
        return {"message": _("Enter the password.")}, 422
    try:
        with one_guess(me().username), transaction():
            return begin_passkey(form.value.password, by=me())
    except SijinakError as error:
        status = 429 if isinstance(error, TooManyTries) else 422
        return {"message": message_for(error.code, error.facts)}, status


@bp.post("/akun/kunci-sandi")
@even_without_second_factor
def add() -> ResponseReturnValue:
    form = read_form(AddPasskeySchema())
    form.raw.pop("answer", None)
    if form.value is None:
        return _page(form), 422
    try:
        with transaction():
            codes = add_passkey(form.value, by=me())
    except WrongPasskey as error:
        return _page(form.refuse(error)), 422
    if codes:
        return render_template("accounts/recovery_codes.html", codes=codes)
    flash(_("The passkey is added."), "success")
    return redirect(url_for(".index"))


@bp.get("/akun/kunci-sandi/<uuid:passkey_id>/hapus")
@signed_in
def removing(passkey_id: UUID) -> ResponseReturnValue:
    return _removing_page(passkey_id, blank())


@bp.post("/akun/kunci-sandi/<uuid:passkey_id>/hapus")
@signed_in
def remove(passkey_id: UUID) -> ResponseReturnValue:
    form = read_form(RemovePasskeySchema(passkey_id))
    form.raw.clear()
    if form.value is None:
        return _removing_page(passkey_id, form), 422
    try:
        with one_guess(me().username), transaction():
            remove_passkey(form.value, by=me())
    except (WrongPassword, TooManyTries) as error:
        status = 429 if isinstance(error, TooManyTries) else 422
        return _removing_page(passkey_id, form.refuse(error, "password")), status
    flash(_("The passkey is removed."), "success")
    return redirect(url_for(".index"))


@bp.post("/akun/kunci-sandi/tanda-tangan")
@signed_in
def ask_to_sign() -> ResponseReturnValue:
    """For the script of a form that signs: the question for the one command of that form."""
    form = read_form(CommandSchema())
    if form.value is None or not passkeys_of(me().id):
        return {"message": _("There is no passkey for this.")}, 422
    asking = Asking(
        user_id=me().id,
        use=PasskeyUse.SIGN,
        session_id=me().session_id,
        command_id=form.value.command_id,
    )
    with transaction():
        return ask_for_answer(asking)


def _page(form: Form[Any]) -> str:
    return render_template(
        "accounts/passkeys.html", form=form, who=me(), keys=passkeys_of(me().id), site=site
    )


def _removing_page(passkey_id: UUID, form: Form[Any]) -> str:
    key = next((key for key in passkeys_of(me().id) if key.id == passkey_id), None)
    if key is None:
        raise NotFound(passkey_id=str(passkey_id))
    return render_template("accounts/passkey_remove.html", form=form, key=key)
