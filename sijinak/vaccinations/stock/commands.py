"""What is asked of the vaccine stock, and what can be wrong with it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.vaccinations.stock.models import WasteReason

MOST_DOSES = 1_000_000


class NotThatManyDoses(Invalid):
    """Facts: ``most``."""

    code = "not-that-many-doses"


class NotEnoughDoses(Conflict):
    """Facts: ``there``."""

    code = "not-enough-doses"


class UnknownLot(Invalid):
    code = "unknown-lot"


class UnknownProductInStock(Invalid):
    code = "unknown-product"


class UnknownStore(Invalid):
    """There is none, or it is closed."""

    code = "unknown-store"


class SameStore(Invalid):
    code = "same-store"


class StoreNotEmpty(Conflict):
    """Facts: ``doses``."""

    code = "store-not-empty"


class StoreNameTaken(Conflict):
    code = "store-name-taken"


class LotExpiresOtherwise(Conflict):
    """The lot is in the books with another last day. Facts: ``day``."""

    code = "lot-expires-otherwise"


class LotDayChangedMeanwhile(Conflict):
    """Somebody corrected it between the look at it and the correction. Facts: ``day``."""

    code = "lot-day-changed-meanwhile"


class LotDayIsThat(Invalid):
    """The books say the day that was given."""

    code = "lot-day-is-that"


class LotDayReasonMissing(Invalid):
    code = "lot-day-reason-missing"


class LotHasExpired(Conflict):
    """Facts: ``lot``, ``day``."""

    code = "lot-has-expired"


class LotCameExpired(Conflict):
    """What was delivered may not be given any more. Facts: ``day``."""

    code = "lot-came-expired"


class OlderLotFirst(Conflict):
    """Another lot expires first, and nobody said why it is passed over. Facts: ``lot``, ``day``."""

    code = "older-lot-first"


class NotAVaccinator(Invalid):
    """Who gets doses holds them by office, here and today."""

    code = "not-a-vaccinator"


class StockNoteMissing(Invalid):
    code = "stock-note-missing"


class CountedMeanwhile(Conflict):
    """Doses moved between the look at the books and the count. Facts: ``there``."""

    code = "counted-meanwhile"


class NothingToCount(Invalid):
    """The books say what was counted."""

    code = "nothing-to-count"


class NothingToDestroy(Invalid):
    code = "nothing-to-destroy"


class NoReasonToDestroy(Invalid):
    """It is none that a destruction can have, or "another reason" without words."""

    code = "no-reason-to-destroy"


class MinutesNumberTaken(Conflict):
    code = "minutes-number-taken"


class StockDayAhead(Invalid):
    """The day or the hour has not come yet."""

    code = "stock-day-ahead"


@dataclass(frozen=True, slots=True)
class Use:
    """Doses that an officer gave in one act."""

    lot_id: UUID
    officer_id: UUID
    officer_name: str
    region: str
    doses: int
    act_id: UUID
    used_on: date


@dataclass(frozen=True, slots=True)
class Short:
    """A bag from which more was taken than the books held; ``doses`` is below zero."""

    lot_id: UUID
    officer_id: UUID
    doses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWaste:
    """From a store, or without one from the bag of whoever says so."""

    id: UUID = field(default_factory=uuid7)
    lot_id: UUID
    doses: int
    reason: WasteReason
    note: str = ""
    store_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTemperature:
    """Of a store, or without one of the cool box of whoever says so."""

    id: UUID = field(default_factory=uuid7)
    tenths: int
    note: str = ""
    store_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepStore:
    """A new store; or, with ``store_id``, what one is called now and whether it is in use."""

    id: UUID = field(default_factory=uuid7)
    name: str
    region: str = ""
    store_id: UUID | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveDoses:
    """What came from the province or a maker; ``tenths`` what the box showed when it was opened."""

    id: UUID = field(default_factory=uuid7)
    store_id: UUID
    product_id: UUID
    number: str
    expires_on: date
    doses: int
    paper: str
    tenths: int | None = None
    received_on: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDoses:
    id: UUID = field(default_factory=uuid7)
    store_id: UUID
    to_store_id: UUID
    lot_id: UUID
    doses: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDoses:
    """``note`` says why another lot than the one that expires first."""

    id: UUID = field(default_factory=uuid7)
    store_id: UUID
    officer_id: UUID
    lot_id: UUID
    doses: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDoses:
    id: UUID = field(default_factory=uuid7)
    store_id: UUID
    officer_id: UUID
    lot_id: UUID
    doses: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDoses:
    """``found`` lie there; ``expected`` is what the books said when they were counted."""

    id: UUID = field(default_factory=uuid7)
    lot_id: UUID
    store_id: UUID | None = None
    officer_id: UUID | None = None
    found: int
    expected: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectLotDay:
    """The expiry day was mistyped; ``was`` is what whoever corrects it saw in the books."""

    id: UUID = field(default_factory=uuid7)
    lot_id: UUID
    was: date
    expires_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyDoses:
    """One berita acara; ``lots`` are lots with their doses, all destroyed for one reason."""

    id: UUID = field(default_factory=uuid7)
    store_id: UUID
    number: str
    destroyed_on: date
    place: str
    method: str
    witnesses: str
    reason: WasteReason
    note: str = ""
    lots: tuple[tuple[UUID, int], ...]
