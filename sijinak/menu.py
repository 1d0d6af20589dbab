"""The navigation: which part of the house stands where, and who may see it."""

from sijinak.core.permissions import Permission
from sijinak.web.home import Entry
from sijinak.web.i18n import N_

# On a phone the first four stand under the thumb, the rest behind "More".
NAVIGATION = (
    Entry(N_("Home"), "home.index", "home", None),
    Entry(N_("Animals"), "animals.index", "animal", Permission.ANIMAL_READ),
    Entry(N_("Permits"), "permits.index", "file-certificate", Permission.PERMIT_READ),
    Entry(N_("e-Money"), "emoney.index", "wallet", Permission.PAYMENT_START),
    Entry(N_("Retribution"), "retribution.index", "receipt", Permission.SKRD_READ),
    Entry(N_("Cash"), "cash.index", "wallet", (Permission.CASH_RECEIVE, Permission.TREASURY_READ)),
    Entry(
        N_("Deposits"),
        "deposits.index",
        "building",
        (Permission.CASH_RECEIVE, Permission.TREASURY_READ),
    ),
    Entry(
        N_("Tickets"),
        "tickets.index",
        "receipt",
        (Permission.TICKET_SELL, Permission.TICKET_STOCK, Permission.TREASURY_READ),
    ),
    Entry(N_("Does not match"), "discrepancies.index", "alert-triangle", Permission.TREASURY_READ),
    Entry(N_("Days off"), "holidays.index", "calendar", Permission.TREASURY_READ),
    Entry(
        N_("Left and not arrived"),
        "chasing.index",
        "ship",
        (Permission.PERMIT_ARRIVE, Permission.PERMIT_HEAR),
    ),
    Entry(N_("Quota"), "quota.index", "chart-bar", Permission.QUOTA_READ),
    Entry(N_("Departure slots"), "slots.index", "calendar", Permission.SLOT_MANAGE),
    Entry(N_("Movement bans"), "banning.index", "flag", Permission.BAN_MANAGE),
    Entry(N_("Trace"), "tracing.index", "search", Permission.MOVEMENT_TRACE),
    Entry(N_("Vaccinations"), "vaccinations.index", "vaccine", Permission.VACCINATION_READ),
    Entry(N_("Field app"), "fieldapp.index", "device-mobile", Permission.FIELD_WORK),
    Entry(N_("Checkpoint app"), "checkpointapp.index", "scan", Permission.PERMIT_DEPART),
    Entry(N_("Laboratory"), "lab.index", "clipboard-check", Permission.LAB_RECORD),
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
        (Permission.FIELD_OVERSEE, Permission.FIELD_PHONE),
    ),
    Entry(N_("Books"), "ledger.index", "file-text", Permission.LEDGER_READ),
    Entry(N_("Treasurer's desk"), "desk.index", "wallet", Permission.TREASURY_READ),
    Entry(N_("Reports"), "reports.index", "chart-bar", Permission.REPORT_READ),
    Entry(N_("Reconciliation"), "reconciliation.index", "building", Permission.TREASURY_READ),
    Entry(N_("Auditor's desk"), "auditdesk.index", "search", Permission.AUDIT_READ),
    Entry(N_("Audit trail"), "audit.index", "history", Permission.AUDIT_READ),
    Entry(
        N_("Audit findings"),
        "auditfindings.index",
        "flag",
        (Permission.AUDIT_READ, Permission.AUDIT_ANSWER),
    ),
    Entry(N_("Lists to take away"), "exports.index", "file-text", Permission.AUDIT_WORK),
    Entry(N_("Log"), "publiclog.index", "lock", Permission.LOG_CHECKPOINT),
    Entry(N_("Messages that go out"), "notices.index", "bell", Permission.LOG_CHECKPOINT),
    Entry(
        N_("Personal data"),
        "privacy.index",
        "users",
        (Permission.PRIVACY_KEEP, Permission.PRIVACY_CONFIRM),
    ),
    Entry(N_("My data"), "privacy_own.index", "user", Permission.PRIVACY_OWN),
    Entry(N_("Users"), "users.index", "users", Permission.USER_MANAGE),
    Entry(N_("Account"), "accounts_own.account", "user", None),  # the last one
)
