"""Animals for programs."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sijinak.animals.queries import animals
from sijinak.animals.schemas import AnimalSchema, RegisterAnimalSchema
from sijinak.animals.services import register_animal
from sijinak.core.db import transaction
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.io import place, read_json, reply

bp = Blueprint("animals_api", __name__)


@bp.get("/")
@needs(Permission.ANIMAL_READ)
def index() -> ResponseReturnValue:
    page = animals(by=actor(), place=place())
    after = str(page.older.after) if page.older else None
    return {"items": AnimalSchema(many=True).dump(page.items), "after": after}


@bp.post("/")
@needs(Permission.ANIMAL_REGISTER)
def create() -> ResponseReturnValue:
    command = read_json(RegisterAnimalSchema())
    with transaction():
        animal = register_animal(command, by=actor())
    return reply(AnimalSchema(), animal, status=201)
