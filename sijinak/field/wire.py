"""What a phone sends, decoded fast. ``bodies`` is the contract; a test holds both to the same."""

from datetime import MAXYEAR, MINYEAR, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

MOST_RECORDS = 50
MOST_BYTES = 256 * 1024

# No letter of number zero: PostgreSQL cannot keep it.
Hex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Village = Annotated[str, Meta(pattern=r"^\d\d\.\d\d\.\d\d\.\d{4}\Z")]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\0]+\Z")]
Lot = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\0]*[^\0\s][^\0]*\Z")]
Note = Annotated[str, Meta(max_length=500, pattern=r"^[^\0]*\Z")]
Kind = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[a-z-]+\Z")]
Seq = Annotated[int, Meta(ge=1, le=2**53)]
Version = Annotated[int, Meta(ge=1, le=1000)]
Moment = Annotated[datetime, Meta(tz=True)]
Degrees = tuple[
    Annotated[float, Meta(ge=-90, le=90)],
    Annotated[float, Meta(ge=-180, le=180)],
    Annotated[float, Meta(ge=0, le=1_000_000)] | None,
]


def at_the_edge(moment: datetime) -> bool:
    """At the first or last year there is: in another zone it may be no moment at all."""
    return not MINYEAR < moment.year < MAXYEAR


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """A record in its envelope. ``body`` is JSON text, word for word as the phone signed it."""

    id: UUID
    seq: Seq
    prev: Hex
    hash: Hex
    body: str


class Batch(Struct, frozen=True, forbid_unknown_fields=True):
    device: UUID
    app: Annotated[str, Meta(max_length=40, pattern=r"^[^\0]*\Z")]
    sent_at: Moment
    unsent: Annotated[int, Meta(ge=0, le=2**53)]
    records: Annotated[list[Sent], Meta(max_length=MOST_RECORDS)]

    def __post_init__(self) -> None:
        _refuse_edge(self.sent_at)


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    id: UUID
    device: UUID
    seq: Seq
    kind: Kind
    v: Version
    author: UUID
    at: Moment
    pos: Degrees | None
    data: Raw

    def __post_init__(self) -> None:
        _refuse_edge(self.at)


class Vaccinated(Struct, frozen=True, forbid_unknown_fields=True):
    """The data of the kind that comes by the thousand."""

    round: UUID
    code: Code
    product: UUID
    lot: Lot
    campaign: UUID | None
    village: Village
    read: Literal["scan", "typed"]
    note: Note = ""


def _refuse_edge(moment: datetime) -> None:
    if at_the_edge(moment):
        raise ValueError(str(moment.year))


batches = Decoder(Batch)
bodies = Decoder(Body)
vaccinations = Decoder(Vaccinated)
