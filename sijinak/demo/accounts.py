"""An account for every role, with a password that everybody may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pyotp import TOTP

from sijinak.accounts.models import Role, SecondFactor, User
from sijinak.accounts.proofs import Proof
from sijinak.accounts.queries import SignedIn
from sijinak.accounts.services import AddUser, add_user
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR

PASSWORD = "padang-lamun-senja"  # noqa: S105 - it is printed on purpose
SECRET = "KNEUUSKOIFFUIRKNJ5KEKTKPIRCU2TZR"  # noqa: S105 - and so is this
REGENCY = "52.04"
LUNYUK = "52.04.02"
LUNYUK_REA = "52.04.02.2001"


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    name: str
    role: Role
    region: str = REGENCY
    owner: str = ""  # a trader's firm by its name, or the farmer's
    signs: bool = False  # has an authenticator app, whose secret everybody may know

    def decree(self, year: int) -> str:
        return "" if self.role is Role.TRADER else f"DEMO 800/{sum(self.username.encode())}/{year}"


FARMER = "Lalu Demo Sanjaya"
MAIN_FIRM, BADAS_FIRM, PLAMPANG_FIRM = (
    "UD Tatar Panas", "CV Olat Pamuna Sejahtera", "CV Lar Limung Abadi",
)  # fmt: skip
ACCOUNTS = (
    Account("dokter", "drh. Nurul Hidayati", Role.VET, LUNYUK, signs=True),
    Account("dokter-kab", "drh. Syamsul Bahri", Role.VET, signs=True),
    Account("paramedik", "Zulkarnain", Role.PARAMEDIC, LUNYUK),
    Account("paramedik-kab", "Nurdiansyah", Role.PARAMEDIC),
    Account("petugas", "Hasanuddin", Role.CLERK, LUNYUK),
    Account("kepala-upt", "drh. Sitti Rahmah", Role.UPT_HEAD, LUNYUK),
    Account("kades", "M. Saleh", Role.VILLAGE_HEAD, LUNYUK_REA),
    Account("loket", "Sri Wahyuni", Role.PERMIT_DESK),
    Account("kabid", "drh. Abdul Wahab", Role.KABID, signs=True),
    Account("kadis", "H. Junaidi", Role.KADIS, signs=True),
    Account("bendahara", "Salmah", Role.TREASURER),
    Account("juru-pungut", "Amiruddin", Role.COLLECTOR),
    Account("auditor", "Ruslan", Role.AUDITOR),
    Account("pos", "Burhanuddin", Role.CHECKPOINT),
    Account("lab", "Ni Made Ayu Lestari", Role.LABORATORY),
    Account("dpo", "Nurlaila", Role.PRIVACY_OFFICER),
    Account("admin", "Darmawan", Role.ADMINISTRATOR),
    Account("pedagang", "Syahril", Role.TRADER, owner=MAIN_FIRM),
    Account("pedagang-badas", "Ibrahim", Role.TRADER, owner=BADAS_FIRM),
    Account("pedagang-plampang", "I Wayan Sudiana", Role.TRADER, owner=PLAMPANG_FIRM),
    Account("peternak", FARMER, Role.TRADER, owner=FARMER),
)


def open_account(account: Account, keeper_id: UUID | None, password_from: datetime) -> SignedIn:
    """Call inside a transaction, the clock before all that the person does."""
    begins = date(today().year, 1, 1)
    command = AddUser(
        username=account.username,
        name=account.name,
        role=account.role,
        region=account.region,
        decree=account.decree(begins.year),
        valid_from=begins,
        keeper_id=keeper_id,
    )
    user, _ = add_user(command, by=OPERATOR, password=PASSWORD)
    user.must_change_password = False
    user.is_demo = True
    user.password_changed_at = password_from
    if account.signs:
        _give_telephone(user)
    return _at_work(user, account)


def _give_telephone(user: User) -> None:
    """Signing in asks these accounts for the password alone; signing asks for the digits."""
    factor = SecondFactor(user_id=user.id, confirmed_at=now(), last_step=0, signs_only=True)
    factor.secret = SECRET
    db.session.add(factor)


def digits_now() -> str:
    """What the telephones of all who sign show."""
    return TOTP(SECRET).at(now())


def proof_now() -> Proof:
    """For what the demo signs itself."""
    return Proof(digits=digits_now())


def _at_work(user: User, account: Account) -> SignedIn:
    """The person as the services know them, without a browser."""
    return SignedIn(
        id=user.id,
        name=user.name,
        username=user.username,
        session_id=uuid7(),
        token="",
        seen_at=now(),
        must_change_password=False,
        password_changed_at=user.password_changed_at,
        keeper_id=user.keeper_id,
        mandates=((account.role, account.region),),
    )


def table(accounts: Iterable[Account] = ACCOUNTS) -> list[str]:
    """What is printed at the end."""
    rows = [(a.username, a.role.value, a.region, a.owner or a.name) for a in accounts]
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    return [
        "  ".join([*(text.ljust(w) for text, w in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
