"""A desk with something on it: a drawn sample, a note and an audit, each with its papers."""

from typing import Any

from sijinak.audit.desk.commands import (
    AddPart,
    DrawSample,
    OpenFile,
    PlanSample,
    TickItem,
    WriteNote,
)
from sijinak.audit.desk.filing import add_part, open_file
from sijinak.audit.desk.models import Method, Result
from sijinak.audit.desk.sampled import ticked
from sijinak.audit.desk.services import draw_sample, plan_sample, tick_item, write_note
from sijinak.audit.desk.wanted import Wanted
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.files.pictures import Picture
from sijinak.proofs.models import Why
from sijinak.proofs.services import make_checkpoint
from sijinak.retribution.receipts.models import Receipt
from tests.factories import REGENCY

PAPER = Picture(b"large", b"small", 1280, 960)


def of_desk(receipt: Receipt) -> dict[str, dict[str, Any]]:
    """By a part of the address what its ids are."""
    plan = PlanSample(
        title="Kampanye rahasia", region=REGENCY,
        wanted=Wanted(first=today(), last=today(), channel=receipt.channel),
        method=Method.SIMPLE, size=1, words="Catatan rahasia",
    )  # fmt: skip
    with transaction():
        plan_sample(plan, by=OPERATOR)
    with transaction():
        make_checkpoint(Why.DEMAND, by=OPERATOR)
    with transaction():
        (row,) = ticked(draw_sample(DrawSample(sample_id=plan.id), by=OPERATOR))
    words = "Catatan rahasia"
    tick = TickItem(item_id=row.item.id, result=Result.RIGHT, words=words, paper=PAPER)
    note = WriteNote(subject_type="receipts", subject_id=receipt.id, words=words, paper=PAPER)
    audit = OpenFile(title="Kampanye rahasia", region=REGENCY, first_day=today(), last_day=today())
    with transaction():
        tick_item(tick, by=OPERATOR)
        write_note(note, by=OPERATOR)
        open_file(audit, by=OPERATOR)
        for kind, one in (("audit_notes", note.id), ("audit_samples", plan.id)):
            add_part(AddPart(file_id=audit.id, subject_type=kind, subject_id=one), by=OPERATOR)
    return {
        "/audit/sampel/": {"sample_id": plan.id, "item_id": row.item.id, "result_id": tick.id},
        "/audit/catatan/": {"kind": "receipts", "subject_id": receipt.id, "note_id": note.id},
        "/audit/berkas/": {"file_id": audit.id},
    }
