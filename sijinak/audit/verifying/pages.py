"""The last verifications, and how anybody makes one of their own."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.audit.verifying.faults import Code
from sijinak.audit.verifying.labels import FAULTS
from sijinak.audit.verifying.queries import ALTERED, last_verifications
from sijinak.core.clock import now
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _

bp = Blueprint("verifying", __name__)
OVERDUE = timedelta(hours=36)
COMMAND = 'sijinak audit verify --anchor "1234 7K3M-9QX4-…" --anchor catatan.note'


@bp.get("/")
@needs(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    last = last_verifications(by=actor())
    newest = last[0] if last else None
    return render_template(
        "audit/verifying.html",
        last=last,
        newest=newest,
        is_altered=newest is not None and newest.name == ALTERED,
        is_overdue=newest is None or newest.happened_at < now() - OVERDUE,
        named=named,
        altered=ALTERED,
        command=COMMAND,
    )


def named(code: str) -> str:
    return _(FAULTS[Code(code)]) if code in set(Code) else code
