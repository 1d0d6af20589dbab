"""A checkpoint on demand: before an audit begins, or when somebody wants one on paper now."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.money import thousands
from sijinak.core.permissions import Permission
from sijinak.proofs.models import Why
from sijinak.proofs.services import make_checkpoint
from sijinak.proofs.watching import watched
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _

bp = Blueprint("proofs", __name__)


@bp.post("/buat")
@needs(Permission.LOG_CHECKPOINT)
def make() -> ResponseReturnValue:
    with watched(), transaction():
        checkpoint = make_checkpoint(Why.DEMAND, by=actor())
    size = thousands(checkpoint.size)
    flash(_("The newest checkpoint covers %(size)s lines.", size=size), "success")
    return redirect(url_for("publiclog.index"))
