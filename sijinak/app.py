"""Where everything is put together. Nothing else imports this, but the ways to start."""

from flask import Flask, g, request, url_for

from sijinak.accounts.passkeys import site
from sijinak.accounts.proofs import demand
from sijinak.accounts.queries import there_are_demo_accounts
from sijinak.accounts.signing_pages import signing_ways
from sijinak.animals.hanging import hanging
from sijinak.animals.holding import holding
from sijinak.animals.timeline import timeline
from sijinak.beside_books import BOOK_CHECKS
from sijinak.blueprints import BLUEPRINTS, TILES
from sijinak.config import Misconfigured, Settings
from sijinak.core import numbering as _numbering  # noqa: F401
from sijinak.core import once as _once  # noqa: F401
from sijinak.core import tlog as _tlog  # noqa: F401
from sijinak.core.clock import ZONES, clock
from sijinak.core.crypto import keyring
from sijinak.core.db import db, engines_for
from sijinak.core.events import events
from sijinak.core.noting import noting
from sijinak.core.storage import storage
from sijinak.field import models as _field  # noqa: F401
from sijinak.field.receipts import signer
from sijinak.files import models as _files  # noqa: F401
from sijinak.files.pictures import limits
from sijinak.ledger.checking import book_checks
from sijinak.logged import LOGGED
from sijinak.menu import NAVIGATION
from sijinak.notices.policy import post
from sijinak.payments.adapters.registry import registry
from sijinak.payments.adapters.tools import tools_for
from sijinak.payments.billing import billing
from sijinak.payments.discrepancies.beside import beside_cases
from sijinak.payments.discrepancies.effects import effects
from sijinak.payments.discrepancies.legal import sla
from sijinak.payments.wallet.policy import policy as wallet_policy
from sijinak.permits.beside import beside
from sijinak.permits.policy import policy
from sijinak.permits.signing.keys import keyplace, there_are_demo_keys
from sijinak.privacy.obstacles import audited
from sijinak.privacy.policy import policy as privacy_policy
from sijinak.proofs.logkey import logkey
from sijinak.retribution.policy import policy as bill_policy
from sijinak.retribution.receipts.choosing import choosing
from sijinak.retribution.receipts.policy import policy as receipt_policy
from sijinak.retribution.receipts.road import road
from sijinak.retribution.searching import searching
from sijinak.shipped import shipped
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.policy import policy as treasury_policy
from sijinak.web import access, assets, errors, formats, home, i18n, labels, security, shell
from sijinak.web.office import contact_of, whom_to_ask
from sijinak.wiring import (
    AUDITED,
    BESIDE,
    BILLS,
    CASE_TELLERS,
    EFFECTS,
    HANGING,
    HOLDING,
    PERMITS_NUMBERED,
    ROAD,
    SUBSCRIPTIONS,
    TIMELINE,
)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_env()
    app = Flask("sijinak", template_folder=str(shipped("templates")), static_folder=None)
    app.config.from_mapping(security.configuration(settings))
    app.config.from_mapping(engines_for(settings.database))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["sijinak.settings"] = settings
    app.extensions[home.TILES] = TILES
    app.jinja_env.globals["signing_ways"] = signing_ways
    configure(settings)
    db.init_app(app)
    for part in (i18n, formats, labels, assets, errors, shell):
        part.init_app(app)
    security.init_app(app, settings)
    access.init_app(app)
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
    app.context_processor(lambda: _frame(settings))
    access.close(app)
    return app


def configure(settings: Settings) -> None:
    """Each part of the program that keeps a setting or a table of its own is told."""
    _tell(settings)
    _wire()


def _tell(settings: Settings) -> None:
    clock.zone = ZONES[settings.zone]
    keyring.load([settings.data_key, *settings.old_data_keys], settings.lookup_key)
    signer.load(settings.secret_key)
    logkey.load(settings)
    post.load(settings)
    demand.set(on=settings.signing_proof)
    site.set(settings.public_url)
    registry.load(settings.payment_adapters, tools_for(settings))
    billing.set(settings.regency)
    treasury_policy.load(settings)
    bank_accounts.load(settings.bank_accounts)
    storage.load(settings.storage, settings.data_dir)
    keyplace.load(settings.key_dir, settings.data_dir, in_production=settings.in_production)
    policy.load(settings)
    wallet_policy.load(settings)
    bill_policy.load(settings)
    receipt_policy.load(settings)
    sla.load(settings)
    privacy_policy.load(settings)
    limits.set(settings.max_upload_mb, settings.max_picture_megapixels)


def _wire() -> None:
    events.wire(SUBSCRIPTIONS)
    noting.wire(LOGGED)
    hanging.wire(HANGING)
    timeline.wire(TIMELINE)
    holding.wire(HOLDING)
    beside.wire(BESIDE)
    billing.wire(BILLS)
    book_checks.wire(BOOK_CHECKS)
    effects.wire(EFFECTS)
    beside_cases.wire(choosing, CASE_TELLERS)
    road.wire(ROAD)
    searching.wire(PERMITS_NUMBERED)
    audited.wire(AUDITED)


def wsgi() -> Flask:
    """The application as a server runs it: production looks once more into the database."""
    app = create_app()
    settings: Settings = app.extensions["sijinak.settings"]
    if settings.in_production:
        with app.app_context():
            if there_are_demo_accounts():
                raise Misconfigured("the database has demo accounts: close them, or start anew")
            if there_are_demo_keys():
                raise Misconfigured("demo keys sign papers: sijinak keys make, then retire them")
    return app


def _frame(settings: Settings) -> dict[str, object]:
    """What every page shows around its own matter."""
    who = None if g.get("bare") else access.someone()
    return {
        "me": who,
        "locale": i18n.locale(),
        "nav": home.links(NAVIGATION, who) if who else [],
        "contact": contact_of(settings),
        "whom_to_ask": whom_to_ask,
        "settings_regency": settings.government.removeprefix("Pemerintah "),
        "other_locale_url": _other_locale_url(),
    }


def _other_locale_url() -> str:
    other = next(known for known in i18n.LOCALES if known != i18n.locale())
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return url_for("accounts.language", locale=other, next=here)
