"""Domain errors become answers here, and nowhere else."""

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from sijinak.core.db import db
from sijinak.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    SijinakError,
    Unavailable,
    Unproven,
)
from sijinak.core.ids import uuid7
from sijinak.core.watchlog import warn
from sijinak.web.access import someone
from sijinak.web.messages import heading_for, message_for

log = logging.getLogger(__name__)

STATUS: dict[type[SijinakError], HTTPStatus] = {
    Unproven: HTTPStatus.UNAUTHORIZED,
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
BY_CODE = {"too-many-tries": HTTPStatus.TOO_MANY_REQUESTS}
RETRY_AFTER = "30"
# SQLSTATE classes of a database that cannot store: connection, resources, operator, system.
_STORAGE = ("08", "53", "57", "58")


class BadData(Invalid):
    """The database cannot hold what came, though no schema refused it."""

    code = "invalid-input"


def init_app(app: Flask) -> None:
    for kind in (SijinakError, ValidationError, HTTPException, DBAPIError, NoConnection):
        app.register_error_handler(kind, _answer)


def problem_of(error: Exception) -> dict[str, Any]:
    """The error as RFC 9457 has it."""
    more: dict[str, Any] = {}
    facts: dict[str, object] = {}
    match error:
        case SijinakError():
            status, code, facts = _status_of(error), error.code, error.facts
        case ValidationError():
            status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-input"
            more = {"errors": error.messages_dict}
        case CSRFError():
            status, code = HTTPStatus.BAD_REQUEST, "csrf"
        case HTTPException():
            status = HTTPStatus(error.code or 500)
            code = f"http-{status.value}"
        case _:
            raise error
    detail = message_for(code, facts)
    return {"type": code, "title": status.phrase, "status": status.value, "detail": detail, **more}


def _status_of(error: SijinakError) -> HTTPStatus:
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _answer(error: Exception) -> ResponseReturnValue:
    if isinstance(error, SecurityError):  # a host name that is not ours: no page can be drawn
        return Response("400 Bad Request", HTTPStatus.BAD_REQUEST, content_type="text/plain")
    if isinstance(error, DBAPIError | NoConnection):
        db.session().invalidate()  # a dead connection must not fail again when the answer is sent
        error = _of_the_database(error)
    if isinstance(error, HTTPException) and (error.code or 500) < HTTPStatus.BAD_REQUEST:
        return error
    problem = problem_of(error)
    _watch(error, problem["status"])
    if problem["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
        problem["reference"] = str(uuid7())
        log.error("answered %s, reference %s", problem["status"], problem["reference"])
    response = _written(problem)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _watch(error: Exception, status: int) -> None:
    """Refusals that somebody who watches over the house wants to see."""
    forged = isinstance(error, CSRFError)
    if forged or status in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}:
        who = someone()
        facts = {"route": request.endpoint, "method": request.method, "actor": who and who.id}
        warn("request-forged" if forged else "request-refused", status=status, **facts)


def _of_the_database(error: DBAPIError | NoConnection) -> SijinakError:
    """A full disk, a lock that does not open, a server that is down: 503. Other faults are ours."""
    if isinstance(error, DataError):  # a NUL in a text, a number beyond all use
        return BadData()
    code = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if not isinstance(error, OperationalError | NoConnection) and code[:2] not in _STORAGE:
        raise error
    log.error("database: %s %s", type(error).__name__, getattr(error, "orig", ""))
    return Unavailable()


def _written(problem: dict[str, Any]) -> Response:
    if request.path.startswith("/api/"):
        response = jsonify(problem)
        response.content_type = "application/problem+json"
    else:
        g.bare = problem["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR  # ask the database nothing
        shown = {**problem, "title": heading_for(problem["type"], problem["status"])}
        response = make_response(render_template("errors/problem.html", problem=shown))
    response.status_code = problem["status"]
    if problem["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER
    return response
