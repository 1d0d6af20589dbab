"""As much of the application as comparing the log needs: no pages, and half of the memory."""

from flask import Flask

from sijinak.audit.verifying.cli import verify
from sijinak.beside_books import BOOK_CHECKS
from sijinak.config import Settings
from sijinak.core.clock import ZONES, clock
from sijinak.core.crypto import keyring
from sijinak.core.db import db, engines_for
from sijinak.core.noting import noting
from sijinak.ledger.checking import book_checks
from sijinak.logged import LOGGED
from sijinak.payments.wallet.policy import policy as wallet_policy
from sijinak.proofs.logkey import logkey

__all__ = ["create_app", "verify"]


def create_app() -> Flask:
    """With the settings and tables that the whole application has, where they are looked at."""
    settings = Settings.from_env()
    app = Flask("sijinak", static_folder=None)
    app.config.from_mapping(engines_for(settings.database))
    app.extensions["sijinak.settings"] = settings
    clock.zone = ZONES[settings.zone]
    keyring.load([settings.data_key, *settings.old_data_keys], settings.lookup_key)
    logkey.load(settings)
    wallet_policy.load(settings)
    noting.wire(LOGGED)
    book_checks.wire(BOOK_CHECKS)
    db.init_app(app)
    return app
