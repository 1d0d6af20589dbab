"""Everything that differs between two installations, read once."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sijinak.core.clock import ZONES

PREFIX = "SIJINAK_"
DEVELOPMENT_KEY = "for development only: production refuses to start with it"
SHORTEST_KEY = 32
KEYS = ("secret_key", "data_key", "lookup_key", "log_key")
EXAMPLE_ACCOUNT = "rkud|Bank contoh, RKUD Kabupaten Sumbawa|0010000000001|Kas umum daerah"
DRAW = re.compile(r"[1-9]\d{0,3}:[1-9]\d{0,2}(,[1-9]\d{0,3}:[1-9]\d{0,2})*", flags=re.ASCII)
LOOPBACK = frozenset({"", "localhost", "127.0.0.1", "::1"})
_TRUTH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class Misconfigured(Exception):
    """The settings are wrong; the text says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is the variable SIJINAK_ and its name in capitals; …_FILE names a file with it."""

    environment: str = "development"
    debug: bool = False
    data_dir: str = "instance"
    database_url: str = ""  # empty: SQLite in data_dir
    public_url: str = "http://127.0.0.1:8000"  # what QR codes lead to
    trusted_proxies: int = 0

    secret_key: str = DEVELOPMENT_KEY  # signs cookies and forms
    data_key: str = DEVELOPMENT_KEY  # seals NIK and telephone
    data_keys_old: str = ""  # comma between them; still open what they sealed
    lookup_key: str = DEVELOPMENT_KEY  # finds a NIK without knowing it
    log_key: str = DEVELOPMENT_KEY  # signs the checkpoints of the log
    log_keys_old: str = ""  # public keys (name+hash+key) of its former ones, comma between them
    log_origin: str = ""  # what the log is called; empty: host of public_url, and /log
    notice_smtp_url: str = ""  # smtps://user:password@host, or smtp:// with STARTTLS; empty: kept
    notice_from: str = ""  # whose address stands on outgoing e-mail

    zone: str = "WITA"
    regency: str = "52.04"
    government: str = "Pemerintah Kabupaten Sumbawa"
    agency: str = "Dinas Peternakan dan Kesehatan Hewan"
    agency_address: str = "Jalan Garuda, Sumbawa Besar"
    agency_phone: str = ""  # as people dial it; empty: pages name the counter instead
    agency_whatsapp: str = ""
    payment_adapters: str = "cash,sandbox"
    payment_doors: str = ""  # behind a proxy that changes paths: snap=/snap,midtrans=/pay/midtrans
    outbound_internal: str = ""  # hosts that may be private and speak plain http, comma between
    receipt_series: str = "SBW-01"
    receipt_policy: str = "provider"  # who must say that money came: provider, or statement
    report_layout: str = ""  # a file with the columns for SIPD; empty: those that come with us
    receipt_link_days: int = 90  # a receipt sent by message can be opened so long
    # Days in which a discrepancy should be ended, where they differ: "short=3,bank-line=5".
    discrepancy_days: str = ""
    money_question_days: int = 3  # working days: what payers are told that a decision takes
    wallet_mode: str = "off"  # or bank_mirror, or closed_loop: ask Bank Indonesia first
    # Rupiah in one wallet and in all, as PBI 20/6/PBI/2018 had it; PBI 23/6/PBI/2021 may differ.
    wallet_most: int = 10_000_000  # of an owner whose identity is known
    wallet_most_unregistered: int = 2_000_000
    wallet_float_ceiling: int = 1_000_000_000
    skrd_due_days: int = 30
    interest_percent_tenths: int = 10  # for each month that has begun, of a late SKRD: 10 is 1.0 %
    interest_most_months: int = 24
    interest_law_code: str = "4.1.04.13"  # kode rekening of that interest, by the office's list
    strd_due_days: int = 30
    deposit_days: int = 1  # working days from receipt to bank (Permendagri 77/2020)
    slip_days: int = 3  # so far from the day on its slip a deposit may stand on the statement
    reversal_days: int = 3  # so far apart are a bank's line and the one that takes it back
    deposit_by: str = "12.00"  # before days off money is in the bank by that hour
    weekend_days: str = "6,7"  # by ISO: Monday is 1
    # Where public money may go: code|bank and holder|number|purpose, with ; between them.
    bank_accounts: str = EXAMPLE_ACCOUNT
    permit_valid_days: int = 14
    skkh_before_payment: bool = False  # the health letter is signed before the SKRD is paid
    skkh_valid_days: int = 14  # of the health letter
    key_dir: str = ""  # private keys that sign papers; empty: data_dir/keys
    paper_signer: str = "file"  # who signs PDFs: file (a key of ours), or bsre
    bsre_url: str = ""  # the e-sign client service in the office's network
    bsre_user: str = ""
    bsre_password: str = ""
    bsre_nik: str = ""
    bsre_passphrase: str = ""
    status_list_hours: int = 48  # a phone believes a list of used and revoked permits that long
    permit_appeal_days: int = 14  # after a rejection
    permit_extension_days: int = 14  # the most that one extension adds
    permit_extensions: int = 1  # how often one permit is extended
    permit_repair_days: int = 30  # a returned application that nobody repairs ends then
    permit_grace_days: int = 2  # in which checkpoints without a network still report a departure
    # What each step may take, in hours: the service standard of the office.
    permit_step_hours: str = (
        "submitted=24,accepted=48,in-lab=72,inspected=24,"
        "paid=24,approved=24,appealed=168,arrived=72"
    )
    transfer_days: int = 14  # in which both sides and the village head agree to a sale
    retention_years: int = 10  # so long receipts keep the name of who paid (archives of money)
    password_policy: str = "asvs"  # noqa: S105 - a policy, not a password
    require_second_factor: str = ""  # roles that must have one, comma between them
    arrival_link_days: int = 60  # a receiver can say so long what arrived
    # Two incubations of PMK of 14 days each (WOAH Terrestrial Code, ch. 8.8), and one for contact.
    trace_days: int = 28
    trace_contact_days: int = 14
    trace_depth: int = 3  # contacts from the start
    signing_proof: bool = True  # who signs shows a code or a passkey once more
    mandate_warning_days: int = 30  # so long before its last day an appointment is told of
    session_idle_minutes: int = 30
    session_hours: int = 12
    max_upload_mb: int = 8
    max_list_mb: int = 32  # of a list of animals
    max_list_rows: int = 100_000
    max_picture_megapixels: int = 50
    storage: str = ""  # of pictures; empty: data_dir/files; or another folder, or s3://bucket
    tag_speed_kmh: int = 80  # an animal that was read in two places travelled no faster
    tag_hours_apart: int = 2  # nor came into another kecamatan within these
    # Up to so many heads: so many drawn. A truck of which a fifth was swapped is then found out
    # with a chance of 70 of 100 at 5, of 85 at 8, of 95 at 13 (no rule of law says how many).
    checkpoint_draw: str = "5:5,30:5,100:8,1000:13"
    field_kill_switch: bool = False  # the phone app takes its service worker away, records stay
    field_device_days: int = 90  # a phone works that long after a sign-in
    field_pack_animals: int = 30_000  # the most in one work pack
    vaccination_fastest: int = 30  # animals in ten minutes: one by one at a crush, with helpers
    vaccination_far_km: int = 15  # from where doses in the village are usually given
    vaccination_typed_percent: int = 60  # of the codes of a round that were typed, not scanned
    least_free_mb: int = 200  # below this much free space the office is told, by /readyz
    # The variables SIJINAK_<ADAPTER>_… of the payment adapters, by their name behind SIJINAK_.
    adapter_settings: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Raises Misconfigured when a value does not fit, or is not fit for production."""
        own = [f for f in fields(cls) if f.name != "adapter_settings"]
        given = {f.name: text for f in own if (text := _text_of(f.name, env)) is not None}
        settings = cls(
            **{f.name: value_of(f.name, given[f.name], f.default) for f in own if f.name in given}
        )
        settings = replace(settings, adapter_settings=_of_adapters(settings, env))
        if faults := list(settings.faults()):
            raise Misconfigured("; ".join(faults))
        return settings

    @property
    def database(self) -> str:
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{Path(self.data_dir).resolve() / 'sijinak.sqlite'}"

    @property
    def old_data_keys(self) -> list[str]:
        return [key for key in self.data_keys_old.split(",") if key]

    def of_adapter(self, name: str) -> dict[str, str]:
        """The variables SIJINAK_<NAME>_… by the rest of their name, in small letters."""
        start = f"{name}_"
        given = self.adapter_settings.items()
        return {key.removeprefix(start): text for key, text in given if key.startswith(start)}

    @property
    def in_production(self) -> bool:
        return self.environment == "production"

    def faults(self) -> Iterator[str]:
        """What must be put right before this may start, one sentence each."""
        if self.environment not in {"development", "production"}:
            yield f"{PREFIX}ENVIRONMENT is development or production"
        if self.zone not in ZONES:
            yield f"{PREFIX}ZONE is one of {', '.join(ZONES)}"
        if self.password_policy not in {"asvs", "spbe"}:
            yield f"{PREFIX}PASSWORD_POLICY is asvs or spbe"
        if not DRAW.fullmatch(self.checkpoint_draw):
            yield f"{PREFIX}CHECKPOINT_DRAW says up to how many heads how many: 5:5,30:5,100:8"
        if self.paper_signer not in {"file", "bsre"}:
            yield f"{PREFIX}PAPER_SIGNER is file or bsre"
        if self.paper_signer == "bsre" and not self.bsre_url.startswith(("http://", "https://")):
            yield f"{PREFIX}BSRE_URL must begin with http:// or https://"
        yield from self._faults_of_log()
        yield from self._faults_of_money()
        if self.in_production:
            yield from self._faults_in_production()

    def _faults_of_log(self) -> Iterator[str]:
        if set(self.log_origin) & set(" +\t\n"):
            yield f"{PREFIX}LOG_ORIGIN is one word without +"
        if self.notice_smtp_url and "@" not in self.notice_from:
            yield f"{PREFIX}NOTICE_FROM is the address from which e-mail goes out"

    def _faults_of_money(self) -> Iterator[str]:
        if self.receipt_policy not in {"provider", "statement"}:
            yield f"{PREFIX}RECEIPT_POLICY is provider or statement"
        if self.wallet_mode not in {"off", "bank_mirror", "closed_loop"}:
            yield f"{PREFIX}WALLET_MODE is off, bank_mirror or closed_loop"
        adapters = self.payment_adapters.replace(" ", "").split(",")
        if ("wallet" in adapters) is (self.wallet_mode == "off"):
            yield f"{PREFIX}WALLET_MODE and wallet in {PREFIX}PAYMENT_ADAPTERS go together"
        if (self.wallet_mode == "bank_mirror") is not bool(self.of_adapter("wallet")):
            yield f"bank_mirror alone needs {PREFIX}WALLET_URL and {PREFIX}WALLET_TOKEN"
        if not 0 < self.wallet_most_unregistered <= self.wallet_most <= self.wallet_float_ceiling:
            yield f"{PREFIX}WALLET_MOST… are amounts, none above {PREFIX}WALLET_FLOAT_CEILING"

    def _faults_in_production(self) -> Iterator[str]:
        yield from self._faults_of_keys()
        yield from self._faults_of_examples()
        if self.debug:
            yield f"{PREFIX}DEBUG is not for production"
        if not self.public_url.startswith("https://"):
            yield f"{PREFIX}PUBLIC_URL must begin with https://"
        if not self.signing_proof:
            yield f"{PREFIX}SIGNING_PROOF is off, and signatures would need no second factor"
        yield from _database_faults(self.database)

    def _faults_of_examples(self) -> Iterator[str]:
        if "sandbox" in self.payment_adapters.replace(" ", "").split(","):
            yield f"{PREFIX}PAYMENT_ADAPTERS names sandbox, which pays with play money"
        if self.bank_accounts == EXAMPLE_ACCOUNT:
            yield f"{PREFIX}BANK_ACCOUNTS is the example: write the accounts of the office"

    def _faults_of_keys(self) -> Iterator[str]:
        for name in KEYS:
            key = getattr(self, name)
            if key == DEVELOPMENT_KEY or len(key) < SHORTEST_KEY:
                yield f"{PREFIX}{name.upper()} needs a secret of {SHORTEST_KEY} characters or more"
        if len({getattr(self, name) for name in KEYS}) < len(KEYS):
            yield "the keys must differ from each other"


def _database_faults(url: str) -> Iterator[str]:
    """A database over the network is spoken to in a way that proves it is the right one."""
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgresql"):
        return
    if parts.username in {None, "postgres"}:
        yield f"{PREFIX}DATABASE_URL must name a database role of its own, not postgres"
    far = (parts.hostname or "") not in LOOPBACK
    if far and parse_qs(parts.query).get("sslmode") != ["verify-full"]:
        yield f"{PREFIX}DATABASE_URL must say sslmode=verify-full"
    if far and not parts.password:
        yield f"{PREFIX}DATABASE_URL must have a password"


def _text_of(name: str, env: Mapping[str, str]) -> str | None:
    variable = PREFIX + name.upper()
    path = env.get(f"{variable}_FILE")
    return _text_in(Path(path), variable) if path else env.get(variable)


def _text_in(path: Path, variable: str) -> str:
    try:
        if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            raise Misconfigured(f"{path} can be read by others: chmod 400")
        return path.read_text().strip()
    except OSError as error:
        raise Misconfigured(f"{variable}_FILE: {path} cannot be read") from error


def _of_adapters(settings: Settings, env: Mapping[str, str]) -> dict[str, str]:
    names = [name.strip() for name in settings.payment_adapters.split(",") if name.strip()]
    starts = tuple(f"{PREFIX}{name.upper()}_" for name in names)
    found = {
        variable.removeprefix(PREFIX).removesuffix("_FILE").lower()
        for variable in env
        if variable.startswith(starts)
    }
    ours = {f.name for f in fields(settings)}
    return {n: text for n in sorted(found - ours) if (text := _text_of(n, env)) is not None}


def value_of(name: str, text: str, default: object) -> Any:
    """A variable's text as what its default is. Raises Misconfigured."""
    try:
        match default:
            case bool():
                return _TRUTH[text.lower()]
            case int():
                return int(text)
            case _:
                return text
    except (KeyError, ValueError) as error:
        kind = "true or false" if isinstance(default, bool) else "a whole number"
        raise Misconfigured(f"{PREFIX}{name.upper()} is {kind}") from error
