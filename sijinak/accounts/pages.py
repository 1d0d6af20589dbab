"""Signing in and out, and one's own account."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer

from sijinak.accounts.models import User
from sijinak.accounts.passwords import POLICIES
from sijinak.accounts.queries import SignedIn, sessions_of, signed_in_by
from sijinak.accounts.schemas import ChangePasswordSchema
from sijinak.accounts.services import WrongPassword, change_own_password
from sijinak.accounts.sessions import SEEN_EVERY, end_session, note_seen, person_with, start_session
from sijinak.accounts.throttle import Guess, TooManyTries, note_success, write_down
from sijinak.config import Settings
from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.web.access import actor, even_with_an_old_password, login, public, signed_in, someone
from sijinak.web.i18n import COOKIE, LOCALES
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.messages import message_for
from sijinak.web.security import is_own_path

bp = Blueprint("accounts", __name__)
DEVICE = "sijinak_device"
A_YEAR = 365 * 24 * 3600
LONGEST_NAME, LONGEST_PASSWORD = 64, 256


def settings() -> Settings:
    found: Settings = current_app.extensions["sijinak.settings"]
    return found


@login.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    return signed_in_by(token, timedelta(minutes=settings().session_idle_minutes))


@bp.before_app_request
def _note_seen() -> None:
    """A session that is used stays open; a row a minute is enough to know it."""
    who = someone() if session.get("_user_id") and request.endpoint != "assets.show" else None
    if isinstance(who, SignedIn) and now() - who.seen_at > SEEN_EVERY:
        with transaction():
            note_seen(who.session_id)


@bp.get("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    if someone():
        return redirect(_target())
    return render_template("accounts/sign_in.html", form=blank())


@bp.post("/masuk")
@public
def enter() -> ResponseReturnValue:
    username = request.form.get("username", "").strip()[:LONGEST_NAME]
    form: Form[None] = Form({"username": username})
    try:
        user = _checked(username, request.form.get("password", "")[:LONGEST_PASSWORD])
    except TooManyTries as error:
        form.errors[WHOLE_FORM] = [message_for(error.code, error.facts)]
        return render_template("accounts/sign_in.html", form=form), 429
    if user is None:
        form.errors[WHOLE_FORM] = [_("User name or password is wrong.")]
        return render_template("accounts/sign_in.html", form=form), 422
    return _let_in(user)


def _checked(username: str, password: str) -> User | None:
    """The guess is written down before it is checked, so that many at once are all counted."""
    address = request.remote_addr or ""
    with transaction():
        attempt = write_down(Guess(username=username, address=address, device=_device_of(username)))
    user = person_with(username, password)
    if user is not None:
        with transaction():
            note_success(attempt)
    return user


def _let_in(user: User) -> ResponseReturnValue:
    with transaction():
        token = start_session(
            user,
            device=request.user_agent.string,
            lifetime=timedelta(hours=settings().session_hours),
        )
    session.clear()
    who = _load(token)
    login_user(who)
    response = redirect(_target())
    known = _serializer().dumps(user.username)
    response.set_cookie(
        DEVICE, known, max_age=A_YEAR, httponly=True, secure=request.is_secure, samesite="Lax"
    )
    return response


@bp.post("/keluar")
@even_with_an_old_password
def sign_out() -> ResponseReturnValue:
    who = actor()
    if isinstance(who, SignedIn):
        with transaction():
            end_session(who.session_id, by=who)
    logout_user()
    session.clear()
    response = redirect(url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    flash(_("You have signed out."), "success")
    return response


@bp.get("/akun")
@signed_in
def account() -> ResponseReturnValue:
    return render_template("accounts/account.html", sessions=sessions_of(actor().id))


@bp.post("/akun/sesi/<uuid:session_id>/akhiri")
@signed_in
def end_other(session_id: UUID) -> ResponseReturnValue:
    with transaction():
        end_session(session_id, by=actor())
    flash(_("That device is signed out."), "success")
    return redirect(url_for(".account"))


@bp.get("/akun/sandi")
@even_with_an_old_password
def password() -> ResponseReturnValue:
    return render_template("accounts/password.html", form=blank())


@bp.post("/akun/sandi")
@even_with_an_old_password
def change_password() -> ResponseReturnValue:
    form = read_form(ChangePasswordSchema())
    form.raw.clear()  # passwords are not shown again
    if form.value is None:
        return render_template("accounts/password.html", form=form), 422
    who = actor()
    try:
        with transaction():
            change_own_password(
                form.value,
                POLICIES[settings().password_policy],
                by=who,
                session_id=who.session_id,  # type: ignore[attr-defined]
            )
    except SijinakError as error:
        name = "current" if isinstance(error, WrongPassword) else "new"
        return render_template("accounts/password.html", form=form.refuse(error, name)), 422
    flash(_("Your password is changed. Other devices are signed out."), "success")
    return redirect(url_for("home.index"))


@bp.get("/bahasa/<locale>")
@public
def language(locale: str) -> ResponseReturnValue:
    """Remember the language; back to where the person was."""
    response = redirect(_target())
    if locale in LOCALES:
        response.set_cookie(COOKIE, locale, max_age=A_YEAR, samesite="Lax", secure=request.is_secure)
    return response


def _target() -> str:
    wanted = request.args.get("next")
    return wanted if wanted and is_own_path(wanted) else url_for("home.index")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="device")


def _device_of(username: str) -> str | None:
    """The device's cookie, if it signed in to this very account before."""
    cookie = request.cookies.get(DEVICE, "")
    try:
        known = _serializer().loads(cookie)
    except BadSignature:
        return None
    return cookie if known == username.lower() else None
