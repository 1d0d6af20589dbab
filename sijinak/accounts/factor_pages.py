"""The second factor of one's own account."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.devices import one_guess
from sijinak.accounts.factor_queries import second_factor_of, unused_recovery_codes
from sijinak.accounts.factors import (
    SecondFactorOff,
    SecondFactorOn,
    WrongCode,
    begin_second_factor,
    confirm_second_factor,
    key_uri,
    remove_second_factor,
)
from sijinak.accounts.models import SecondFactor
from sijinak.accounts.own_pages import me
from sijinak.accounts.schemas import DigitsSchema, PasswordSchema, RemoveSecondFactorSchema
from sijinak.accounts.throttle import TooManyTries
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.core.qr import qr_svg
from sijinak.web.access import even_without_second_factor, signed_in
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("accounts_factor", __name__)


@bp.get("/akun/faktor-kedua")
@even_without_second_factor
def show() -> ResponseReturnValue:
    return _page(blank())


@bp.post("/akun/faktor-kedua/mulai")
@even_without_second_factor
def begin() -> ResponseReturnValue:
    form = read_form(PasswordSchema())
    form.raw.clear()
    if form.value is None:
        return _page(form), 422
    try:
        with one_guess(me().username), transaction():
            begin_second_factor(form.value.password, by=me())
    except SijinakError as error:
        return _refused(form, error)
    return redirect(url_for(".show"))


@bp.post("/akun/faktor-kedua/pastikan")
@even_without_second_factor
def confirm() -> ResponseReturnValue:
    """The codes for paper are in this answer, and never again."""
    form = read_form(DigitsSchema())
    form.raw.clear()
    if form.value is None:
        return _page(form), 422
    try:
        with one_guess(me().username), transaction():
            codes = confirm_second_factor(form.value.digits, by=me())
    except SijinakError as error:
        return _refused(form, error)
    return render_template("accounts/recovery_codes.html", codes=codes)


@bp.post("/akun/faktor-kedua/hapus")
@signed_in
def remove() -> ResponseReturnValue:
    form = read_form(RemoveSecondFactorSchema())
    form.raw.clear()
    if form.value is None:
        return _page(form), 422
    try:
        with one_guess(me().username), transaction():
            remove_second_factor(form.value, by=me())
    except SijinakError as error:
        return _refused(form, error)
    flash(_("The second factor is removed."), "success")
    return redirect(url_for("accounts_own.account"))


def _refused(form: Form[Any], error: SijinakError) -> ResponseReturnValue:
    if isinstance(error, TooManyTries):
        return _page(form.refuse(error)), 429
    if isinstance(error, SecondFactorOn | SecondFactorOff):
        return _page(form.refuse(error, WHOLE_FORM)), 409
    name = "digits" if isinstance(error, WrongCode) else "password"
    return _page(form.refuse(error, name)), 422


def _page(form: Form[Any]) -> str:
    factor = second_factor_of(me().id)
    if factor is not None and factor.confirmed_at is not None:
        left = unused_recovery_codes(me().id)
        return render_template("accounts/factor_on.html", form=form, factor=factor, left=left)
    if factor is not None:
        return _enrolment(form, factor)
    return render_template("accounts/factor_off.html", form=form, who=me())


def _enrolment(form: Form[Any], factor: SecondFactor) -> str:
    """The secret as a picture for the telephone's camera, and as text to type."""
    drawing = qr_svg(key_uri(factor, me().username), level="M")
    secret = factor.secret
    return render_template(
        "accounts/factor_begun.html",
        form=form,
        drawing=f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}",
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )
