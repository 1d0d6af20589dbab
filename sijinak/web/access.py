"""Every door is shut until it is opened by name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from sijinak.core.errors import Forbidden
from sijinak.core.permissions import Actor, Permission

View = TypeVar("View", bound=Callable[..., Any])
RULES = "sijinak.rules"

login = LoginManager()
login.session_protection = None  # a phone changes its address all day; sessions live on the server
login._session_identifier_generator = str  # noqa: SLF001 - it is hashed at each request all the same


class NoRule(RuntimeError):
    """A route says nothing about who may use it: the app must not start."""


class Duty(StrEnum):
    """What a person must do before anything else; the value is the page where it is done."""

    PASSWORD = "accounts_own.password"  # noqa: S105 - a page
    SECOND_FACTOR = "accounts_factor.show"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may come in: anybody, anybody signed in, or a holder of one of the permissions."""

    public: bool = False
    needs: frozenset[Permission] = frozenset()
    during: frozenset[Duty] = frozenset()  # duties that do not shut this door

    def __str__(self) -> str:
        if self.public:
            return "public"
        if self.needs:
            return " | ".join(sorted(self.needs))
        return " + ".join(
            ["signed-in", *sorted(f"before {duty.name.lower()}" for duty in self.during)]
        )


class SignedIn(Actor, Protocol):
    @property
    def must_change_password(self) -> bool: ...

    @property
    def must_enrol(self) -> bool: ...

    @property
    def roles(self) -> frozenset[StrEnum]:
        """What the person is today: it decides what their pages offer."""


def public(view: View) -> View:
    """Open a view to people who have not signed in."""
    return _with(view, Rule(public=True))


def signed_in(view: View) -> View:
    """Open a view to everybody who has signed in."""
    return _with(view, Rule())


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Open a view to those who hold one of the permissions, wherever that may be."""
    return lambda view: _with(view, Rule(needs=frozenset(permissions)))


def even_with_an_old_password(view: View) -> View:
    """Open a view to people signed in, also to those who must choose a new password first."""
    return _with(view, Rule(during=frozenset(Duty)))


def even_without_second_factor(view: View) -> View:
    """Open a view to people signed in, also to those who must enrol a second factor first."""
    return _with(view, Rule(during=frozenset({Duty.SECOND_FACTOR})))


def _with(view: View, rule: Rule) -> View:
    view.rule = rule  # type: ignore[attr-defined]
    return view


def actor() -> SignedIn:
    return cast("SignedIn", current_user._get_current_object())  # noqa: SLF001


def someone() -> SignedIn | None:
    """Who is signed in, on pages that anybody may see."""
    who: Any = actor()
    return cast("SignedIn", who) if who.is_authenticated else None


def holds(who: Actor, rule: Rule) -> bool:
    return not rule.needs or any(who.reaches(permission) for permission in rule.needs)


def init_app(app: Flask) -> None:
    login.init_app(app)
    app.before_request(_guard)


def close(app: Flask) -> None:
    """Collect the rules of all routes. Raises NoRule when one has none."""
    without = [e for e, view in app.view_functions.items() if not hasattr(view, "rule")]
    if without:
        raise NoRule(f"no rule: {', '.join(sorted(without))}")
    app.extensions[RULES] = {e: cast("Any", view).rule for e, view in app.view_functions.items()}


def rules(app: Flask) -> dict[str, Rule]:
    return cast("dict[str, Rule]", app.extensions[RULES])


def policy(app: Flask) -> list[str]:
    """Every route and who may use it, one line each: the table that a review reads."""
    found = rules(app)
    return [
        f"{route.endpoint}  {','.join(sorted((route.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        f"  {route.rule}  {found[route.endpoint]}"
        for route in sorted(app.url_map.iter_rules(), key=lambda r: (r.endpoint, r.rule))
    ]


def _guard() -> ResponseReturnValue | None:
    rule = rules(current_app)[request.endpoint] if request.endpoint else Rule(public=True)
    if rule.public:
        return None
    who = someone()
    if who is None:
        return _ask_to_sign_in()
    duty = _duty_of(who)
    if duty is not None and duty not in rule.during:
        return _lead_to(duty)
    if not holds(who, rule):
        raise Forbidden(permission=", ".join(sorted(rule.needs)))
    return None


def _duty_of(who: SignedIn) -> Duty | None:
    if who.must_change_password:
        return Duty.PASSWORD
    return Duty.SECOND_FACTOR if who.must_enrol else None


def _lead_to(duty: Duty) -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        raise Forbidden(duty=str(duty))
    return redirect(url_for(duty))


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=target))
