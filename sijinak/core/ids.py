"""Names that are made where the thing is made, also on a phone without signal."""

from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """RFC 9562 UUIDv7: sorts by the time it was made, within one process strictly."""
    return _uuid7()
