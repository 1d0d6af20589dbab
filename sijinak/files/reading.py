"""The bytes of what was kept. Who may see them, the feature asks that shows them."""

from uuid import UUID

from sijinak.core.storage import storage


def picture_bytes(file_id: UUID, *, small: bool) -> bytes:
    """Raises NotFound, Unavailable."""
    return storage.store.get(key_of(file_id, small=small))


def paper_bytes(file_id: UUID) -> bytes:
    """Raises NotFound, Unavailable."""
    return storage.store.get(paper_key(file_id))


def key_of(file_id: UUID, *, small: bool) -> str:
    return f"{_folder(file_id)}/{file_id}{'-small' if small else ''}.jpg"


def paper_key(file_id: UUID) -> str:
    return f"{_folder(file_id)}/{file_id}.pdf"


def raw_bytes(file_id: UUID) -> bytes:
    """Raises NotFound, Unavailable."""
    return storage.store.get(raw_key(file_id))


def raw_key(file_id: UUID) -> str:
    return f"{_folder(file_id)}/{file_id}.raw"


def _folder(file_id: UUID) -> str:
    """Two levels of folders by the random end of the id, so that none grows too full."""
    end = file_id.hex[-4:]
    return f"{end[:2]}/{end[2:]}"
