"""Where everything is put together. Nothing else imports this, but the ways to start."""

from datetime import timedelta

from flask import Flask, g, request, url_for

from sijinak.accounts import factor_pages, own_pages, user_pages
from sijinak.accounts import pages as accounts_pages
from sijinak.accounts.queries import there_are_demo_accounts
from sijinak.animals import api as animals_api
from sijinak.animals import pages as animals_pages
from sijinak.animals import seeing as animals_seeing
from sijinak.animals.imports import jobs as import_jobs
from sijinak.animals.imports import pages as animals_import_pages
from sijinak.audit import pages as audit_pages
from sijinak.config import Misconfigured, Settings
from sijinak.core import numbering as _numbering  # noqa: F401
from sijinak.core import once as _once  # noqa: F401
from sijinak.core.clock import ZONES, clock
from sijinak.core.crypto import keyring
from sijinak.core.db import db, engines_for
from sijinak.core.events import Subscriptions, events
from sijinak.core.permissions import Permission
from sijinak.core.schedule import Schedule
from sijinak.keepers import pages as keepers_pages
from sijinak.payments import api as payments_api
from sijinak.payments import jobs as payment_jobs
from sijinak.payments.adapters.registry import registry
from sijinak.permits import jobs as permit_jobs
from sijinak.permits import pages as permits_pages
from sijinak.permits import steps as permits_steps
from sijinak.public import pages as public_pages
from sijinak.public import papers as public_papers
from sijinak.retribution import counter as retribution_counter
from sijinak.retribution import jobs as retribution_jobs
from sijinak.retribution import pages as retribution_pages
from sijinak.shipped import shipped
from sijinak.tags import pages as tags_pages
from sijinak.vaccinations import api as vaccinations_api
from sijinak.vaccinations import pages as vaccinations_pages
from sijinak.web import access, assets, errors, formats, health, home, i18n, labels, security, shell
from sijinak.web.home import Entry, TileMaker
from sijinak.web.i18n import N_

BLUEPRINTS = (
    (home.bp, "/"),
    (health.bp, "/"),
    (accounts_pages.bp, "/"),
    (own_pages.bp, "/"),
    (factor_pages.bp, "/"),
    (user_pages.bp, "/"),
    (keepers_pages.bp, "/peternak"),
    (animals_pages.bp, "/ternak"),
    (animals_seeing.bp, "/ternak"),
    (animals_import_pages.bp, "/ternak/impor"),
    (animals_api.bp, "/api/v1/animals"),
    (tags_pages.bp, "/label"),
    (vaccinations_pages.bp, "/vaksinasi"),
    (vaccinations_api.bp, "/api/v1/vaccinations"),
    (permits_steps.bp, "/izin"),
    (retribution_pages.bp, "/retribusi"),
    (retribution_counter.bp, "/retribusi"),
    (payments_api.bp, "/api/v1/payments"),
    (audit_pages.bp, "/jejak"),
    (public_pages.bp, "/"),
    (public_papers.bp, "/"),
)

SUBSCRIPTIONS: Subscriptions = {
    "payment.started": [payment_jobs.start],
    "money.received": [retribution_jobs.allocate],
    "skrd.paid": [payment_jobs.stop_for, permit_jobs.note_paid],
    "skrd.cancelled": [permit_jobs.note_cancelled],
}

SCHEDULE: Schedule = (
    (timedelta(seconds=3), payment_jobs.sweep),
    (timedelta(hours=1), import_jobs.sweep_uploads),
)

TILES: tuple[TileMaker, ...] = (
    animals_pages.tiles,
    vaccinations_pages.tiles,
    permits_pages.tiles,
    retribution_counter.tiles,
)

# On a phone the first four stand under the thumb, the rest behind "More".
NAVIGATION = (
    Entry(N_("Home"), "home.index", "home", None),
    Entry(N_("Animals"), "animals.index", "animal", Permission.ANIMAL_READ),
    Entry(N_("Permits"), "permits.index", "file-certificate", Permission.PERMIT_READ),
    Entry(N_("Retribution"), "retribution.index", "receipt", Permission.SKRD_READ),
    Entry(N_("Vaccinations"), "vaccinations.index", "vaccine", Permission.VACCINATION_READ),
    Entry(N_("Keepers"), "keepers.index", "users", Permission.KEEPER_READ),
    Entry(N_("QR labels"), "tags.index", "qrcode", Permission.TAG_PRINT),
    Entry(N_("Audit trail"), "audit.index", "history", Permission.AUDIT_READ),
    Entry(N_("Users"), "users.index", "users", Permission.USER_MANAGE),
    Entry(N_("Account"), "accounts_own.account", "user", None),  # the last one
)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_env()
    app = Flask("sijinak", template_folder=str(shipped("templates")), static_folder=None)
    app.config.from_mapping(security.configuration(settings))
    app.config.from_mapping(engines_for(settings.database))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["sijinak.settings"] = settings
    app.extensions[home.TILES] = TILES
    clock.zone = ZONES[settings.zone]
    old_keys = [key for key in settings.data_keys_old.split(",") if key]
    keyring.load([settings.data_key, *old_keys], settings.lookup_key)
    registry.load(settings.payment_adapters)
    db.init_app(app)
    for part in (i18n, formats, labels, assets, errors, shell):
        part.init_app(app)
    security.init_app(app, settings)
    access.init_app(app)
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
    app.context_processor(lambda: _frame(settings))
    events.wire(SUBSCRIPTIONS)
    access.close(app)
    return app


def wsgi() -> Flask:
    """The application as a server runs it: production looks once more into the database."""
    app = create_app()
    settings: Settings = app.extensions["sijinak.settings"]
    if settings.in_production:
        with app.app_context():
            if there_are_demo_accounts():
                raise Misconfigured("the database has demo accounts: close them, or start anew")
    return app


def _frame(settings: Settings) -> dict[str, object]:
    """What every page shows around its own matter."""
    who = None if g.get("bare") else access.someone()
    return {
        "me": who,
        "locale": i18n.locale(),
        "nav": home.links(NAVIGATION, who) if who else [],
        "settings_regency": settings.government.removeprefix("Pemerintah "),
        "other_locale_url": _other_locale_url(),
    }


def _other_locale_url() -> str:
    other = next(known for known in i18n.LOCALES if known != i18n.locale())
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return url_for("accounts.language", locale=other, next=here)
