"""The settings of the running app, for edges."""

from flask import current_app

from sijinak.config import Settings


def settings() -> Settings:
    found: Settings = current_app.extensions["sijinak.settings"]
    return found
