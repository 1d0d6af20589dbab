"""Lists about money. Those with millions of rows say codes and names as they are kept."""

from sqlalchemy.orm import aliased, join, outerjoin

from sijinak.audit.exports.kinds import Kind, placed
from sijinak.audit.exports.treasury import TREASURY
from sijinak.ledger.labels import ENTRIES
from sijinak.ledger.models import Journal, Posting
from sijinak.payments.labels import CHANNELS
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.web.i18n import N_
from sijinak.web.wording import Named, Who

_Late = aliased(Skrd)

RECEIPTS = Kind(
    code="receipts",
    title=N_("Receipts (TBP) and their voids"),
    columns={
        N_("Number"): Receipt.number,
        N_("Kind"): Receipt.kind,
        N_("Issued"): Receipt.issued_at,
        N_("Payer"): Receipt.payer_name,
        N_("Amount"): Receipt.amount,
        N_("Channel"): Named(Receipt.channel, CHANNELS),
        N_("Code of the place"): Receipt.region,
        N_("Why voided"): Receipt.reason,
        N_("Void asked by"): Receipt.asked_by_name,
        N_("Issued by"): Receipt.issued_by_name,
        N_("Id of the bill"): Receipt.skrd_id,
        N_("Id of what it voids"): Receipt.voids_id,
        N_("Id"): Receipt.id,
    },
    origin=Receipt,  # no join: the first letter waits for none
    key=Receipt.id,
)
BILLS = Kind(
    code="bills",
    title=N_("Bills (SKRD and STRD)"),
    columns={
        N_("Number"): Skrd.number,
        N_("Kind"): Skrd.kind,
        N_("Issued"): Skrd.issued_on,
        N_("Due"): Skrd.due_on,
        N_("Payer"): Skrd.payer_name,
        N_("Heads"): Skrd.heads,
        N_("Total"): Skrd.total,
        N_("State"): Skrd.state,
        **placed(Skrd.region),
        N_("Interest on"): _Late.number,
        N_("Issued by"): Who(Skrd.issued_by_name),
        N_("Id of the permit"): Skrd.permit_id,
        N_("Id"): Skrd.id,
    },
    origin=outerjoin(Skrd, _Late, _Late.id == Skrd.late_id),
    key=Skrd.id,
    region=Skrd.region,
    at=Skrd.issued_on,
    officer=(Skrd.issued_by,),
    state=Skrd.state,
    keeper=Skrd.keeper_id,
)
JOURNALS = Kind(
    code="journals",
    title=N_("Journals"),
    columns={
        N_("Day"): Journal.effective_on,
        N_("What"): Named(Journal.kind, ENTRIES),
        N_("Written"): Journal.recorded_at,
        N_("By"): Journal.actor_name,
        N_("Reason"): Journal.reason,
        N_("Code of the place"): Journal.region,
        N_("Lines"): Journal.size,
        N_("Id of what it reverses"): Journal.reverses_id,
        N_("Id"): Journal.id,
    },
    origin=Journal,
    key=Journal.id,
    region=Journal.region,
    at=Journal.effective_on,
    officer=(Journal.actor_id,),
)
POSTINGS = Kind(
    code="postings",
    title=N_("Postings"),
    columns={
        N_("Day"): Posting.effective_on,
        N_("Account"): Posting.account,
        N_("Amount"): Posting.amount,
        N_("What"): Named(Journal.kind, ENTRIES),
        N_("By"): Journal.actor_name,
        N_("Code of the place"): Journal.region,
        N_("Line"): Posting.position,
        N_("Id of what it is about"): Posting.about,
        N_("Id of the journal"): Posting.journal_id,
        N_("Id"): Posting.id,
    },
    origin=join(Posting, Journal, Journal.id == Posting.journal_id),
    key=Posting.id,
    region=Journal.region,
    at=Posting.effective_on,
    officer=(Journal.actor_id,),
)
COLLECTIONS = Kind(
    code="moneys",
    title=N_("Money that came"),
    columns={
        N_("Came"): Collection.happened_at,
        N_("Seen"): Collection.seen_at,
        N_("Channel"): Named(Collection.adapter, CHANNELS),
        N_("Amount"): Collection.amount,
        N_("Reference"): Collection.ref,
        N_("Number at the channel"): Collection.money_id,
        **placed(Collection.region),
        N_("Id of the bill"): Collection.bill_id,
        N_("Id"): Collection.id,
    },
    origin=Collection,
    key=Collection.id,
    region=Collection.region,
    at=Collection.happened_at,
    officer=(Collection.seen_by,),
    channel=Collection.adapter,
)

MONEY = (RECEIPTS, BILLS, JOURNALS, POSTINGS, COLLECTIONS, *TREASURY)
