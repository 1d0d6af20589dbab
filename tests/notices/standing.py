"""An address and a message, for whoever looks behind each id."""

from typing import Any

from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.notices.models import Purpose
from sijinak.notices.services import AddAddress, Message, add_address, queue_notices

TOLD = Message(reason="standing", subject="Catatan rahasia", body="Catatan rahasia")


def of_notices() -> dict[str, Any]:
    with transaction():
        address = add_address(AddAddress(who="Inspektorat", email="i@a.example"), by=OPERATOR)
        notice = queue_notices(TOLD, Purpose.CHECKPOINT, by=OPERATOR)[0]
    return {"address_id": address.id, "notice_id": notice.id}
