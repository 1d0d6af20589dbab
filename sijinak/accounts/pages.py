"""Signing in and out."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from sijinak.accounts import labels as _labels  # noqa: F401 - names roles and errors
from sijinak.accounts.devices import A_YEAR, guess_at, one_guess, remember_device
from sijinak.accounts.factor_queries import (
    has_code,
    is_asked_at_sign_in,
    passkeys_of,
    user_to_admit,
)
from sijinak.accounts.factors import WrongCode, spend_code
from sijinak.accounts.models import PasskeyUse, Role, User
from sijinak.accounts.passkeys import Asking, ask_for_answer, site, spend_answer
from sijinak.accounts.passwords import POLICIES
from sijinak.accounts.queries import SignedIn, Terms, signed_in_by
from sijinak.accounts.schemas import SecondStep, SecondStepSchema, SignInSchema, read_button
from sijinak.accounts.sessions import SEEN_EVERY, end_session, note_seen, person_with, start_session
from sijinak.accounts.throttle import TooManyTries, note_failure, note_success, write_down
from sijinak.config import Misconfigured, Settings
from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError
from sijinak.web.access import even_with_an_old_password, login, public, someone
from sijinak.web.i18n import COOKIE, LOCALES
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.security import is_own_path
from sijinak.web.settings import settings

bp = Blueprint("accounts", __name__)
TERMS = "sijinak.terms"
# Between the password and the code from the telephone.
HALF_IN = "half_in"
HALF_IN_LIVES = timedelta(minutes=5)


@bp.record_once
def _set_terms(state: BlueprintSetupState) -> None:
    given: Settings = state.app.extensions["sijinak.settings"]
    names = [name.strip() for name in given.require_second_factor.split(",") if name.strip()]
    if unknown := set(names) - {role.value for role in Role}:
        raise Misconfigured(f"SIJINAK_REQUIRE_SECOND_FACTOR: no role is called {min(unknown)}")
    state.app.extensions[TERMS] = Terms(
        timedelta(minutes=given.session_idle_minutes),
        POLICIES[given.password_policy].valid_days,
        frozenset(Role(name) for name in names),
    )


@login.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    return signed_in_by(token, current_app.extensions[TERMS])


@bp.before_app_request
def _note_seen() -> None:
    """A session that is used stays open; a row a minute is enough to know it."""
    who = someone() if session.get("_user_id") and request.endpoint != "assets.show" else None
    if not isinstance(who, SignedIn) or now() - who.seen_at <= SEEN_EVERY:
        return
    try:
        with transaction():
            note_seen(who.session_id)
    except SQLAlchemyError as error:  # a full disk still lets people read
        current_app.logger.warning("session not renewed: %s", type(error).__name__)


@bp.get("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    if someone():
        return redirect(_target())
    return render_template("accounts/sign_in.html", form=blank())


@bp.post("/masuk")
@public
def enter() -> ResponseReturnValue:
    form = read_form(SignInSchema())
    form.raw.pop("password", None)
    if form.value is None:
        return _sign_in_again(form)
    try:
        user = _checked(form.value.username.strip(), form.value.password)
    except TooManyTries as error:
        return _sign_in_again(form.refuse(error), 429)
    if user is None:
        form.errors[WHOLE_FORM] = [_("User name or password is wrong.")]
        return _sign_in_again(form)
    return _ask_for_code(user) if is_asked_at_sign_in(user.id) else _let_in(user)


def _sign_in_again(form: Form[Any], status: int = 422) -> ResponseReturnValue:
    return render_template("accounts/sign_in.html", form=form), status


def _checked(username: str, password: str) -> User | None:
    """The guess is written down before it is checked, so that many at once are all counted.

    Where a second factor is asked for, only the right code makes it count no more.
    """
    with transaction():
        attempt = write_down(guess_at(username))
    user = person_with(username, password)
    if user is None:
        with transaction():
            note_failure(attempt, username)
    elif not is_asked_at_sign_in(user.id):
        with transaction():
            note_success(attempt)
    return user


def _ask_for_code(user: User) -> ResponseReturnValue:
    session.clear()
    session[HALF_IN] = [user.id.hex, now().timestamp(), uuid4().hex]
    return redirect(url_for(".second_step", next=request.args.get("next")))


@bp.get("/masuk/kode")
@public
def second_step() -> ResponseReturnValue:
    user = _half_in()
    if user is None:
        return redirect(url_for(".sign_in", next=request.args.get("next")))
    return _second_step(user, blank())


@bp.post("/masuk/kode")
@public
def enter_code() -> ResponseReturnValue:
    user = _half_in()
    if user is None:
        flash(_("That took too long. Please sign in again."), "info")
        return redirect(url_for(".sign_in", next=request.args.get("next")))
    form = read_form(SecondStepSchema())
    form.raw.clear()
    if form.value is None:
        return _second_step(user, form), 422
    try:
        with one_guess(user.username), transaction():
            _check_second_step(user, form.value)
    except SijinakError as error:
        status = 429 if isinstance(error, TooManyTries) else 422
        return _second_step(user, form.refuse(error, "digits")), status
    return _let_in(user)


@bp.post("/masuk/kode/kunci-sandi")
@public
def ask_passkey() -> ResponseReturnValue:
    """For the script of the second step: the question for this browser's person."""
    user = _half_in()
    read_button()
    if user is None or not passkeys_of(user.id):
        return {"message": _("That took too long. Please sign in again.")}, 422
    with transaction():
        return ask_for_answer(_asking(user))


def _second_step(user: User, form: Form[Any]) -> str:
    return render_template(
        "accounts/second_step.html",
        form=form,
        has_code=has_code(user.id),
        has_passkey=bool(site.name and passkeys_of(user.id)),
    )


def _check_second_step(user: User, step: SecondStep) -> None:
    """Raises WrongCode, WrongPasskey."""
    if step.proof_assertion:
        spend_answer(step.proof_assertion, _asking(user))
    elif not spend_code(user.id, step.digits):
        raise WrongCode


def _asking(user: User) -> Asking:
    """In this browser: the mark in its cookie stands for the session that is not there yet."""
    mark = UUID(session[HALF_IN][2])
    return Asking(user_id=user.id, use=PasskeyUse.SIGN_IN, session_id=mark)


def _half_in() -> User | None:
    """Who gave the right password some minutes ago, unless it was changed since."""
    if HALF_IN not in session:
        return None
    user_id, at, _mark = session[HALF_IN]
    since = datetime.fromtimestamp(at, UTC)
    return user_to_admit(UUID(user_id), since) if now() - since < HALF_IN_LIVES else None


def _let_in(user: User) -> ResponseReturnValue:
    """A new session, in a cookie that keeps nothing of what was there before."""
    lifetime = timedelta(hours=settings().session_hours)
    with transaction():
        token = start_session(user, device=request.user_agent.string, lifetime=lifetime)
    session.clear()
    login_user(_load(token))
    response = current_app.make_response(redirect(_target()))
    remember_device(response, user.username)
    return response


@bp.post("/keluar")
@even_with_an_old_password
def sign_out() -> ResponseReturnValue:
    who = someone()
    if isinstance(who, SignedIn):
        with transaction():
            end_session(who.session_id, by=who)
    logout_user()
    session.clear()
    response = redirect(url_for("accounts.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    flash(_("You have signed out."), "success")
    return response


@bp.get("/bahasa/<locale>")
@public
def language(locale: str) -> ResponseReturnValue:
    """Remember the language; back to where the person was."""
    response = redirect(_target())
    if locale in LOCALES:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(COOKIE, locale, max_age=A_YEAR, samesite="Lax", secure=secure)
    return response


def _target() -> str:
    wanted = request.args.get("next")
    return wanted if wanted and is_own_path(wanted) else url_for("home.index")
