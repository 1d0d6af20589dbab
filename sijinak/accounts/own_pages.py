"""One's own account: what one may do and where, where one is signed in, and the password."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.delegation_queries import own_running_out
from sijinak.accounts.devices import one_guess
from sijinak.accounts.factor_queries import has_code, passkeys_of
from sijinak.accounts.passwords import POLICIES, Policy
from sijinak.accounts.queries import SignedIn, appointments_of, sessions_of
from sijinak.accounts.schemas import ChangePasswordSchema, read_button
from sijinak.accounts.services import WrongPassword, change_own_password
from sijinak.accounts.sessions import end_other_sessions, end_session
from sijinak.accounts.throttle import TooManyTries
from sijinak.areas.queries import place_name
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.web.access import actor, even_with_an_old_password, signed_in
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.settings import settings

bp = Blueprint("accounts_own", __name__)
bp.add_app_template_global(place_name)
# The first that is found: Edge calls itself Chrome too, and Chrome calls itself Safari.
BROWSERS = ("Edg", "OPR", "SamsungBrowser", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


@bp.app_template_global()
def browser_name(agent: str) -> str:
    """Enough to know one's own telephone again."""
    browser = next((name for name in BROWSERS if name in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    names = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet"}
    found = [names.get(browser, browser), system]
    return ", ".join(name for name in found if name) or _("Unknown browser")


def me() -> SignedIn:
    """Whoever acts, as this feature knows them."""
    who = actor()
    if not isinstance(who, SignedIn):
        raise TypeError("only people have an account of their own")
    return who


@bp.get("/akun")
@signed_in
def account() -> ResponseReturnValue:
    who = me()
    return render_template(
        "accounts/account.html",
        who=who,
        appointments=appointments_of(who.id),
        sessions=sessions_of(who.id),
        running_out=own_running_out(who.id, settings().mandate_warning_days),
        has_code=has_code(who.id),
        passkeys=len(passkeys_of(who.id)),
    )


@bp.post("/akun/sesi/<uuid:session_id>/akhiri")
@signed_in
def end_one(session_id: UUID) -> ResponseReturnValue:
    read_button()
    with transaction():
        end_session(session_id, by=actor())
    flash(_("That device is signed out."), "success")
    return redirect(url_for(".account"))


@bp.post("/akun/sesi/akhiri-lainnya")
@signed_in
def end_others() -> ResponseReturnValue:
    read_button()
    with transaction():
        end_other_sessions(me().session_id, by=me())
    flash(_("Other devices are signed out."), "success")
    return redirect(url_for(".account"))


@bp.get("/akun/sandi")
@even_with_an_old_password
def password() -> ResponseReturnValue:
    return _password_page(blank())


@bp.post("/akun/sandi")
@even_with_an_old_password
def change_password() -> ResponseReturnValue:
    form = read_form(ChangePasswordSchema())
    form.raw.clear()  # passwords are not shown again
    if form.value is None:
        return _password_page(form), 422
    who = me()
    try:
        with one_guess(who.username), transaction():
            change_own_password(form.value, _policy(), by=who, session_id=who.session_id)
    except SijinakError as error:
        name = "current" if isinstance(error, WrongPassword | TooManyTries) else "new"
        status = 429 if isinstance(error, TooManyTries) else 422
        return _password_page(form.refuse(error, name)), status
    flash(_("Your password is changed. Other devices are signed out."), "success")
    return redirect(url_for("home.index"))


def _policy() -> Policy:
    return POLICIES[settings().password_policy]


def _password_page(form: Form[Any]) -> str:
    return render_template(
        "accounts/password.html",
        form=form,
        who=me(),
        four_kinds=_policy().four_kinds,
        valid_days=_policy().valid_days,
    )
