"""The edges of every feature: pages and API routes with their addresses, tiles, nothing else."""

from sijinak.accounts import delegation_pages, factor_pages, own_pages, passkey_pages, user_pages
from sijinak.accounts import pages as accounts_pages
from sijinak.animals import api as animals_api
from sijinak.animals import number_pages as animals_number_pages
from sijinak.animals import pages as animals_pages
from sijinak.animals import record_pages as animals_record_pages
from sijinak.animals import seeing as animals_seeing
from sijinak.animals import weighing_pages as animals_weighing_pages
from sijinak.animals.duplicates import pages as duplicates_pages
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
from sijinak.animals.villageday import pages as villageday_pages
from sijinak.audit import pages as audit_pages
from sijinak.audit.desk import file_pages as audit_file_pages
from sijinak.audit.desk import note_pages as audit_note_pages
from sijinak.audit.desk import pages as audit_desk_pages
from sijinak.audit.desk import people_pages as audit_people_pages
from sijinak.audit.desk import sample_pages as audit_sample_pages
from sijinak.audit.exports import pages as export_pages
from sijinak.audit.findings import pages as audit_findings_pages
from sijinak.audit.verifying import pages as verifying_pages
from sijinak.emoney import pages as emoney_pages
from sijinak.emoney import purse_pages as emoney_purse
from sijinak.field import api as field_api
from sijinak.field import app_pages as field_app
from sijinak.field import checkpoint_api as field_checkpoint_api
from sijinak.field import device_api as field_device_api
from sijinak.field import device_pages as field_phones
from sijinak.field import inspection_api as field_inspections
from sijinak.field import review_pages as field_reviews
from sijinak.health.lab import pages as lab_pages
from sijinak.keepers import brand_pages as keepers_brand_pages
from sijinak.keepers import form_pages as keepers_form_pages
from sijinak.keepers import group_pages as keepers_group_pages
from sijinak.keepers import pages as keepers_pages
from sijinak.keepers import suspension_pages as keepers_suspension_pages
from sijinak.ledger import pages as ledger_pages
from sijinak.notices import pages as notices_pages
from sijinak.payments import api as payments_api
from sijinak.payments.discrepancies import pages as discrepancies_pages
from sijinak.payments.wallet import pages as wallet_pages
from sijinak.permits import banning_pages as banning
from sijinak.permits import enclosure_pages as _enclosure_pages  # noqa: F401 - on their blueprint
from sijinak.permits import external_pages as _external_pages  # noqa: F401 - on their blueprint
from sijinak.permits import inspection_pages as _inspection_pages  # noqa: F401 - on their blueprint
from sijinak.permits import pages as permits_pages
from sijinak.permits import queue_pages as _queue_pages  # noqa: F401 - on their blueprint
from sijinak.permits import request_pages as _request_pages  # noqa: F401 - on their blueprint
from sijinak.permits import steps as permits_steps
from sijinak.permits.arrivals import chasing_pages as arrivals_chasing
from sijinak.permits.arrivals import door as arrivals_door
from sijinak.permits.arrivals import pages as arrivals_pages
from sijinak.permits.checkpoint import pages as checkpoint_pages
from sijinak.permits.dryrun import pages as dryrun_pages
from sijinak.permits.quota import decree_pages as quota_decrees
from sijinak.permits.quota import pages as quota_pages
from sijinak.permits.rulemaking import pages as rulemaking_pages
from sijinak.permits.signing import api as papers_api
from sijinak.permits.signing import pages as papers_pages
from sijinak.permits.slots import pages as slots_pages
from sijinak.privacy import own_pages as privacy_own
from sijinak.privacy import pages as privacy_pages
from sijinak.privacy import search_pages as privacy_search
from sijinak.proofs import pages as proofs_pages
from sijinak.public import dryrun as public_dryrun
from sijinak.public import log as public_log
from sijinak.public import pages as public_pages
from sijinak.public import papers as public_papers
from sijinak.public import proofs as public_proofs
from sijinak.public import quota as public_quota
from sijinak.public import signed as public_signed
from sijinak.public import tariffs as _public_tariffs  # noqa: F401 - on their blueprint
from sijinak.reports import file_pages as _report_files  # noqa: F401 - on their blueprint
from sijinak.reports import pages as reports_pages
from sijinak.retribution import counter as retribution_counter
from sijinak.retribution import pages as retribution_pages
from sijinak.retribution import paying as _paying  # noqa: F401 - on their blueprint
from sijinak.retribution.claims import pages as claims_pages
from sijinak.retribution.receipts import door as receipt_door
from sijinak.retribution.receipts import list_pages as _list_pages  # noqa: F401 - on their blueprint
from sijinak.retribution.receipts import pages as receipts_pages
from sijinak.retribution.tariffs import pages as tariffs_pages
from sijinak.retribution.tariffs import sheet_pages as _sheet_pages  # noqa: F401 - on their blueprint
from sijinak.tags import alarm_pages as tags_alarms
from sijinak.tags import pages as tags_pages
from sijinak.tagstock import desk as tagstock_desk
from sijinak.tagstock import pages as tagstock_pages
from sijinak.tagstock.printers import pages as tags_printers
from sijinak.tracing import pages as tracing_pages
from sijinak.treasury.cash import closing_pages as _closing_pages  # noqa: F401 - on their blueprint
from sijinak.treasury.cash import float_pages as _float_pages  # noqa: F401 - on their blueprint
from sijinak.treasury.cash import handover_pages as _handover_pages  # noqa: F401 - on their blueprint
from sijinak.treasury.cash import pages as cash_pages
from sijinak.treasury.deposits import pages as deposits_pages
from sijinak.treasury.desk import pages as desk_pages
from sijinak.treasury.desk import tiles as desk_tiles
from sijinak.treasury.holidays import pages as holidays_pages
from sijinak.treasury.matching import file_pages as bank_file_pages
from sijinak.treasury.matching import pages as reconciliation_pages
from sijinak.treasury.refunds import pages as refunds_pages
from sijinak.treasury.statements import pages as statements_pages
from sijinak.treasury.tickets import block_pages as _block_pages  # noqa: F401 - on their blueprint
from sijinak.treasury.tickets import pages as tickets_pages
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
from sijinak.web import health, home
from sijinak.web.home import TileMaker

BLUEPRINTS = (
    (home.bp, "/"),
    (health.bp, "/"),
    (accounts_pages.bp, "/"),
    (own_pages.bp, "/"),
    (factor_pages.bp, "/"),
    (passkey_pages.bp, "/"),
    (delegation_pages.bp, "/"),
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
    (ledger_pages.bp, "/buku"),
    (wallet_pages.bp, "/dompet"),
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
    (lab_pages.bp, "/lab"),
    (quota_pages.bp, "/kuota"),
    (quota_decrees.bp, "/kuota"),
    (slots_pages.bp, "/izin"),
    (permits_steps.bp, "/izin"),
    (papers_pages.bp, "/izin"),
    (papers_api.bp, "/api/v1/permits"),
    (rulemaking_pages.bp, "/izin/aturan"),
    (dryrun_pages.bp, "/izin/uji"),
    (arrivals_pages.bp, "/izin"),
    (arrivals_chasing.bp, "/izin"),
    (arrivals_door.bp, "/tiba"),
    (banning.bp, "/larangan"),
    (tracing_pages.bp, "/telusur"),
    (emoney_pages.bp, "/emoney"),
    (emoney_purse.bp, "/emoney/saldo"),
    (retribution_pages.bp, "/retribusi"),
    (claims_pages.bp, "/retribusi"),
    (tariffs_pages.bp, "/retribusi/tarif"),
    (retribution_counter.bp, "/retribusi"),
    (receipts_pages.bp, "/retribusi"),
    (receipt_door.bp, "/b"),
    (discrepancies_pages.bp, "/retribusi/selisih"),
    (refunds_pages.bp, "/retribusi/pengembalian"),
    (cash_pages.bp, "/kas"),
    (deposits_pages.bp, "/setoran"),
    (tickets_pages.bp, "/karcis"),
    (holidays_pages.bp, "/hari-libur"),
    (payments_api.bp, "/api/v1/payments"),
    (desk_pages.bp, "/bendahara"),
    (reconciliation_pages.bp, "/rekonsiliasi"),
    (statements_pages.bp, "/rekonsiliasi/koran"),
    (field_device_api.bp, "/api/v1/field"),
    (field_phones.bp, "/lapangan/kantor/ponsel"),
    (field_api.bp, "/api/v1/field"),
    (field_inspections.bp, "/api/v1/field"),
    (field_reviews.bp, "/lapangan/kantor"),
    (field_app.bp, "/lapangan"),
    (field_app.checkpoint_bp, "/periksa"),
    (field_checkpoint_api.bp, "/api/v1/checkpoint"),
    (checkpoint_pages.bp, "/izin/pos"),
    (reports_pages.bp, "/laporan"),
    (audit_pages.bp, "/jejak"),
    (audit_desk_pages.bp, "/audit"),
    (audit_people_pages.bp, "/audit"),
    (audit_sample_pages.bp, "/audit/sampel"),
    (audit_note_pages.bp, "/audit/catatan"),
    (audit_file_pages.bp, "/audit/berkas"),
    (privacy_own.bp, "/data-saya"),
    (privacy_pages.bp, "/privasi"),
    (privacy_search.bp, "/privasi"),
    (export_pages.bp, "/audit/ekspor"),
    (audit_findings_pages.bp, "/audit/temuan"),
    (verifying_pages.bp, "/audit/keutuhan"),
    (public_pages.bp, "/"),
    (public_papers.bp, "/"),
    (public_proofs.bp, "/"),
    (public_log.bp, "/"),
    (proofs_pages.bp, "/catatan"),
    (notices_pages.bp, "/pemberitahuan"),
    (public_dryrun.bp, "/"),
    (public_quota.bp, "/"),
    (public_signed.bp, "/"),
)

TILES: tuple[TileMaker, ...] = (
    delegation_pages.tiles,
    animals_pages.tiles,
    mutations_pages.tiles,
    vaccinations_pages.tiles,
    vaccination_findings.tiles,
    audit_desk_pages.tiles,
    audit_sample_pages.tiles,
    audit_findings_pages.tiles,
    revisits_pages.tiles,
    confirming_pages.tiles,
    sheets_pages.tiles,
    lab_pages.tiles,
    permits_pages.tiles,
    arrivals_chasing.tiles,
    emoney_pages.tiles,
    retribution_counter.tiles,
    tariffs_pages.tiles,
    discrepancies_pages.tiles,
    refunds_pages.tiles,
    desk_tiles.tiles,
    reports_pages.tiles,
    bank_file_pages.tiles,
    cash_pages.tiles,
    deposits_pages.tiles,
    tickets_pages.tiles,
    holidays_pages.tiles,
    tagstock_pages.tiles,
    tags_alarms.tiles,
    vaccinestock_pages.tiles,
    duplicates_pages.tiles,
    stocktake_pages.tiles,
    checkpoint_pages.tiles,
    field_phones.tiles,
    field_reviews.tiles,
    privacy_pages.tiles,
)
