"""Bringing a database to the form that this version needs."""

from typing import Literal

from alembic import command
from alembic.config import Config
from sqlalchemy.types import TypeDecorator

from sijinak.core.model import Id, Model
from sijinak.shipped import shipped


def configuration(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Run what has not been run. Running it again does nothing."""
    command.upgrade(configuration(url), "head")


def check(url: str) -> None:
    """Raises alembic's CommandError when the database and the models differ."""
    command.check(_comparing(url))


def draft(url: str, message: str) -> None:
    """Write a migration that brings the database to the models; read it before you keep it."""
    command.revision(_comparing(url), message, autogenerate=True)


def _comparing(url: str) -> Config:
    config = configuration(url)
    config.attributes.update(metadata=Model.metadata, render_item=_render)
    return config


def _render(kind: str, thing: object, _: object) -> str | Literal[False]:
    """Migrations name the database's types, and never import the application's."""
    if kind != "type" or not isinstance(thing, TypeDecorator):
        return False
    if isinstance(thing, Id):
        return 'sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")'
    return f"sa.{thing.impl!r}"
