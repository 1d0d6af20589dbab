"""Vaccinations for programs and phones."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.permissions import Permission
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our errors
from sijinak.vaccinations.queries import act_by_id, act_is_known
from sijinak.vaccinations.schemas import ActSchema, RecordVaccinationsSchema
from sijinak.vaccinations.services import record_vaccinations
from sijinak.web.access import actor, needs
from sijinak.web.io import read_json, reply

bp = Blueprint("vaccinations_api", __name__)


@bp.post("")
@bp.post("/")
@needs(Permission.VACCINATION_RECORD)
def create() -> ResponseReturnValue:
    """201 with the act; 200 when the same was sent before."""
    command = read_json(RecordVaccinationsSchema())
    with transaction():
        known = act_is_known(command.id)
        act = record_vaccinations(command, by=actor())
    return reply(ActSchema(), act_by_id(act.id, by=actor()), status=200 if known else 201)


@bp.get("/<uuid:act_id>")
@needs(Permission.VACCINATION_READ)
def show(act_id: UUID) -> ResponseReturnValue:
    return reply(ActSchema(), act_by_id(act_id, by=actor()))
