"""Every door is shut until it is opened by name."""

from collections.abc import Callable
from dataclasses import dataclass
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


class NoRule(RuntimeError):
    """A route says nothing about who may use it: the app must not start."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may come in: anybody, anybody signed in, or a holder of one of the permissions."""

    public: bool = False
    needs: frozenset[Permission] = frozenset()
    while_changing_password: bool = False


class SignedIn(Actor, Protocol):
    @property
    def must_change_password(self) -> bool: ...


def public(view: View) -> View:
    """Open a view to people who have not signed in."""
    return _with(view, Rule(public=True, while_changing_password=True))


def signed_in(view: View) -> View:
    """Open a view to everybody who has signed in."""
    return _with(view, Rule())


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Open a view to those who hold one of the permissions, wherever that may be."""
    return lambda view: _with(view, Rule(needs=frozenset(permissions)))


def even_with_an_old_password(view: View) -> View:
    """Open a view to people signed in who must choose a new password first."""
    return _with(view, Rule(while_changing_password=True))


def _with(view: View, rule: Rule) -> View:
    view.rule = rule  # type: ignore[attr-defined]
    return view


def actor() -> SignedIn:
    return cast("SignedIn", current_user._get_current_object())  # noqa: SLF001


def someone() -> SignedIn | None:
    """Who is signed in, on pages that anybody may see."""
    return actor() if current_user.is_authenticated else None


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
    app.extensions[RULES] = {e: view.rule for e, view in app.view_functions.items()}  # type: ignore[attr-defined]


def rules(app: Flask) -> dict[str, Rule]:
    return cast("dict[str, Rule]", app.extensions[RULES])


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    rule = rules(current_app)[request.endpoint]
    if rule.public:
        return None
    who = someone()
    if who is None:
        return _ask_to_sign_in()
    if who.must_change_password and not rule.while_changing_password:
        return redirect(url_for("accounts.password"))
    if not holds(who, rule):
        raise Forbidden(permission=", ".join(sorted(rule.needs)))
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=target))
