"""The bytes of what was kept. Who may see them, the feature asks that shows them."""

from uuid import UUID

from sijinak.core.storage import storage


def picture_bytes(file_id: UUID, *, small: bool) -> bytes:
    """Raises NotFound, Unavailable."""
    return storage.store.get(key_of(file_id, small=small))


def key_of(file_id: UUID, *, small: bool) -> str:
    """Two levels of folders by the random end of the id, so that none grows too full."""
    end = file_id.hex[-4:]
    return f"{end[:2]}/{end[2:]}/{file_id}{'-small' if small else ''}.jpg"
