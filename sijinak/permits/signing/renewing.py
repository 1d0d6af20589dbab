"""The status lists, signed anew: what the permits say already, for phones without a network."""

from datetime import timedelta
from hashlib import sha256

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.permits.signing.keys import SigningKey
from sijinak.permits.signing.models import StatusListRow
from sijinak.permits.signing.queries import status_list, statuses_in
from sijinak.permits.signing.statuslist import SIZE, StatusList, bits_of, sign_list


def renew_list(number: int, key: SigningKey, fresh: timedelta) -> bool:
    """Sign a list when something changed, or half its time is over. Answers whether it did."""
    bits = bits_of(statuses_in(number))
    digest, row, moment = sha256(bits).digest(), status_list(number), now()
    if row and (row.digest, row.kid) == (digest, key.kid) and moment < row.made_at + fresh / 2:
        return False
    said = StatusList(
        number=number,
        made=int(moment.timestamp()),
        fresh_until=int((moment + fresh).timestamp()),
        size=SIZE,
        bits=bits,
    )
    if row is None:
        row = StatusListRow(number=number)
        db.session.add(row)
    row.body, row.digest = sign_list(said, key.key, key.kid_bytes), digest
    row.kid, row.made_at = key.kid, moment
    return True
