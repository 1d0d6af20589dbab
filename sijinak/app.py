"""Where everything is put together. Nothing else imports this, but the ways to start."""

from flask import Flask, g, request, url_for

from sijinak.accounts import factor_pages, own_pages, user_pages
from sijinak.accounts import pages as accounts_pages
from sijinak.accounts.queries import there_are_demo_accounts
from sijinak.animals import api as animals_api
from sijinak.animals import number_pages as animals_number_pages
from sijinak.animals import pages as animals_pages
from sijinak.animals import record_pages as animals_record_pages
from sijinak.animals import seeing as animals_seeing
from sijinak.animals import weighing_pages as animals_weighing_pages
from sijinak.animals.duplicates import pages as duplicates_pages
from sijinak.animals.hanging import hanging
from sijinak.animals.holding import holding
from sijinak.animals.imports import pages as animals_import_pages
from sijinak.animals.imports import repairing as animals_import_repairs
from sijinak.animals.mutations import linking as mutations_linking
from sijinak.animals.mutations import pages as mutations_pages
from sijinak.animals.mutations import proposing as mutations_proposing
from sijinak.animals.mutations import recording as mutations_recording
from sijinak.animals.photos import pages as photos_pages
from sijinak.animals.population import pages as population_pages
from sijinak.animals.skkt import pages as sheets_pages
from sijinak.animals.stocktake import pages as stocktake_pages
from sijinak.animals.stocktake import scanning_pages
from sijinak.animals.timeline import timeline
from sijinak.animals.villageday import pages as villageday_pages
from sijinak.audit import pages as audit_pages
from sijinak.config import Misconfigured, Settings
from sijinak.core import numbering as _numbering  # noqa: F401
from sijinak.core import once as _once  # noqa: F401
from sijinak.core.clock import ZONES, clock
from sijinak.core.crypto import keyring
from sijinak.core.db import db, engines_for
from sijinak.core.events import events
from sijinak.core.permissions import Permission
from sijinak.core.storage import storage
from sijinak.field import api as field_api
from sijinak.field import app_pages as field_app
from sijinak.field import device_api as field_device_api
from sijinak.field import device_pages as field_phones
from sijinak.field import models as _field  # noqa: F401
from sijinak.field import review_pages as field_reviews
from sijinak.field.receipts import signer
from sijinak.files import models as _files  # noqa: F401
from sijinak.files.pictures import limits
from sijinak.keepers import brand_pages as keepers_brand_pages
from sijinak.keepers import form_pages as keepers_form_pages
from sijinak.keepers import group_pages as keepers_group_pages
from sijinak.keepers import pages as keepers_pages
from sijinak.keepers import suspension_pages as keepers_suspension_pages
from sijinak.payments import api as payments_api
from sijinak.payments.adapters.registry import registry
from sijinak.permits import pages as permits_pages
from sijinak.permits import steps as permits_steps
from sijinak.public import pages as public_pages
from sijinak.public import papers as public_papers
from sijinak.retribution import counter as retribution_counter
from sijinak.retribution import pages as retribution_pages
from sijinak.shipped import shipped
from sijinak.tags import alarm_pages as tags_alarms
from sijinak.tags import pages as tags_pages
from sijinak.tagstock import desk as tagstock_desk
from sijinak.tagstock import pages as tagstock_pages
from sijinak.tagstock.printers import pages as tags_printers
from sijinak.vaccinations import api as vaccinations_api
from sijinak.vaccinations import due_pages as _due_pages  # noqa: F401 - on their blueprint
from sijinak.vaccinations import finding_pages as vaccination_findings
from sijinak.vaccinations import officer_pages as vaccination_officers
from sijinak.vaccinations import pages as vaccinations_pages
from sijinak.vaccinations import product_pages as products_pages
from sijinak.vaccinations.campaigns import outbreak_pages as outbreaks_pages
from sijinak.vaccinations.campaigns import pages as campaigns_pages
from sijinak.vaccinations.campaigns import village_pages as campaigns_villages
from sijinak.vaccinations.confirming import linking as confirming_linking
from sijinak.vaccinations.confirming import pages as confirming_pages
from sijinak.vaccinations.coverage import pages as coverage_pages
from sijinak.vaccinations.revisits import pages as revisits_pages
from sijinak.vaccinations.stock import desk as vaccinestock_desk
from sijinak.vaccinations.stock import pages as vaccinestock_pages
from sijinak.vaccinations.stock import store_pages as vaccinestock_stores
from sijinak.vaccinations.visits import act_pages as _act_pages  # noqa: F401 - on their blueprint
from sijinak.vaccinations.visits import pages as visits_pages
from sijinak.vaccinations.visits import withdraw_pages as visits_withdrawals
from sijinak.web import access, assets, errors, formats, health, home, i18n, labels, security, shell
from sijinak.web.home import Entry, TileMaker
from sijinak.web.i18n import N_
from sijinak.wiring import HANGING, HOLDING, SUBSCRIPTIONS, TIMELINE

BLUEPRINTS = (
    (home.bp, "/"),
    (health.bp, "/"),
    (accounts_pages.bp, "/"),
    (own_pages.bp, "/"),
    (factor_pages.bp, "/"),
    (user_pages.bp, "/"),
    (keepers_pages.bp, "/peternak"),
    (keepers_form_pages.bp, "/peternak"),
    (keepers_group_pages.bp, "/peternak"),
    (keepers_brand_pages.bp, "/peternak"),
    (keepers_suspension_pages.bp, "/peternak"),
    (animals_pages.bp, "/ternak"),
    (animals_seeing.bp, "/ternak"),
    (animals_record_pages.bp, "/ternak"),
    (animals_number_pages.bp, "/ternak"),
    (animals_weighing_pages.bp, "/ternak"),
    (photos_pages.bp, "/ternak"),
    (animals_import_pages.bp, "/ternak/impor"),
    (mutations_pages.bp, "/mutasi"),
    (mutations_recording.bp, "/mutasi"),
    (mutations_proposing.bp, "/mutasi"),
    (mutations_linking.bp, "/m"),
    (animals_import_repairs.bp, "/ternak/impor"),
    (population_pages.bp, "/populasi"),
    (villageday_pages.bp, "/hari-desa"),
    (animals_api.bp, "/api/v1/animals"),
    (duplicates_pages.bp, "/ganda"),
    (stocktake_pages.bp, "/opname"),
    (scanning_pages.bp, "/opname"),
    (sheets_pages.bp, "/skkt"),
    (tags_pages.bp, "/label"),
    (tags_printers.bp, "/label/printer"),
    (tags_alarms.bp, "/label/peringatan"),
    (tagstock_pages.bp, "/stok-tag"),
    (tagstock_pages.bag_bp, "/stok-tag/tas"),
    (tagstock_desk.bp, "/stok-tag/langkah"),
    (vaccinations_pages.bp, "/vaksinasi"),
    (campaigns_pages.bp, "/vaksinasi/kampanye"),
    (campaigns_villages.bp, "/vaksinasi/kampanye"),
    (outbreaks_pages.bp, "/vaksinasi/wabah"),
    (visits_pages.bp, "/vaksinasi/hasil"),
    (visits_withdrawals.bp, "/vaksinasi/hasil"),
    (coverage_pages.bp, "/vaksinasi/cakupan"),
    (products_pages.bp, "/vaksinasi/vaksin"),
    (vaccinestock_pages.bp, "/vaksinasi/stok"),
    (vaccinestock_stores.bp, "/vaksinasi/stok"),
    (vaccinestock_desk.bp, "/vaksinasi/stok"),
    (vaccination_findings.bp, "/vaksinasi/temuan"),
    (vaccination_officers.bp, "/vaksinasi/temuan/petugas"),
    (revisits_pages.bp, "/vaksinasi/kunjungan-ulang"),
    (confirming_pages.bp, "/vaksinasi/konfirmasi"),
    (confirming_linking.bp, "/y"),
    (vaccinations_api.bp, "/api/v1/vaccinations"),
    (permits_steps.bp, "/izin"),
    (retribution_pages.bp, "/retribusi"),
    (retribution_counter.bp, "/retribusi"),
    (payments_api.bp, "/api/v1/payments"),
    (field_device_api.bp, "/api/v1/field"),
    (field_phones.bp, "/lapangan/kantor/ponsel"),
    (field_api.bp, "/api/v1/field"),
    (field_reviews.bp, "/lapangan/kantor"),
    (field_app.bp, "/lapangan"),
    (audit_pages.bp, "/jejak"),
    (public_pages.bp, "/"),
    (public_papers.bp, "/"),
)

TILES: tuple[TileMaker, ...] = (
    animals_pages.tiles,
    mutations_pages.tiles,
    vaccinations_pages.tiles,
    vaccination_findings.tiles,
    revisits_pages.tiles,
    confirming_pages.tiles,
    sheets_pages.tiles,
    permits_pages.tiles,
    retribution_counter.tiles,
    tagstock_pages.tiles,
    tags_alarms.tiles,
    vaccinestock_pages.tiles,
    duplicates_pages.tiles,
    stocktake_pages.tiles,
    field_phones.tiles,
    field_reviews.tiles,
)

# On a phone the first four stand under the thumb, the rest behind "More".
NAVIGATION = (
    Entry(N_("Home"), "home.index", "home", None),
    Entry(N_("Animals"), "animals.index", "animal", Permission.ANIMAL_READ),
    Entry(N_("Permits"), "permits.index", "file-certificate", Permission.PERMIT_READ),
    Entry(N_("Retribution"), "retribution.index", "receipt", Permission.SKRD_READ),
    Entry(N_("Vaccinations"), "vaccinations.index", "vaccine", Permission.VACCINATION_READ),
    Entry(N_("Field app"), "fieldapp.index", "device-mobile", Permission.FIELD_WORK),
    Entry(N_("Mutations"), "mutations.index", "arrow-right", Permission.MUTATION_READ),
    Entry(N_("Village day"), "villageday.index", "clipboard", Permission.ANIMAL_REGISTER),
    Entry(N_("Population"), "population.index", "chart-bar", Permission.POPULATION_READ),
    Entry(N_("Keepers"), "keepers.index", "users", Permission.KEEPER_READ),
    Entry(N_("SKKT"), "sheets.index", "file-text", Permission.SHEET_READ),
    Entry(N_("QR labels"), "tags.index", "qrcode", Permission.TAG_PRINT),
    Entry(N_("Your bag"), "bag.index_of_bag", "tag", Permission.TAG_HOLD),
    Entry(N_("Tag stock"), "tagstock.index", "clipboard", Permission.TAG_STOCK),
    Entry(
        N_("Vaccine stock"),
        "vaccinestock.index",
        "vaccine",
        (Permission.VACCINE_STOCK, Permission.AUDIT_READ),
    ),
    Entry(N_("Stock-take"), "stocktake.index", "clipboard-check", Permission.STOCKTAKE_HOLD),
    Entry(N_("Registered twice?"), "duplicates.index", "scan", Permission.DUPLICATE_REVIEW),
    Entry(
        N_("Phones"),
        "phones.index",
        "device-mobile",
        (Permission.FIELD_OVERSEE, Permission.FIELD_WORK),
    ),
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
    signer.load(settings.secret_key)
    registry.load(settings.payment_adapters)
    storage.load(settings.storage, settings.data_dir)
    limits.set(settings.max_upload_mb, settings.max_picture_megapixels)
    db.init_app(app)
    for part in (i18n, formats, labels, assets, errors, shell):
        part.init_app(app)
    security.init_app(app, settings)
    access.init_app(app)
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
    app.context_processor(lambda: _frame(settings))
    events.wire(SUBSCRIPTIONS)
    hanging.wire(HANGING)
    timeline.wire(TIMELINE)
    holding.wire(HOLDING)
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
