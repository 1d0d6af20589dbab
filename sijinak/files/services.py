"""What is done with files."""

from hashlib import sha256

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import SijinakError
from sijinak.core.permissions import Actor
from sijinak.core.storage import storage
from sijinak.files.models import StoredFile
from sijinak.files.papers import PDF, Paper
from sijinak.files.pictures import Picture, fit_picture
from sijinak.files.reading import key_of, paper_key, raw_key


def keep_picture(content: bytes | Picture, *, by: Actor) -> StoredFile:
    """Raises UnfitPicture, Unavailable. Who may bring a picture, the caller has asked.

    Hand in what ``fit_picture`` made, so that the transaction need not wait for it.
    """
    picture = content if isinstance(content, Picture) else fit_picture(content)
    kept = StoredFile(
        media_type="image/jpeg",
        size=len(picture.content),
        sha256=sha256(picture.content).digest(),
        width=picture.width,
        height=picture.height,
        kept_at=now(),
        kept_by=by.id,
    )
    try:
        storage.store.put(key_of(kept.id, small=True), picture.small)
        storage.store.put(key_of(kept.id, small=False), picture.content)
    except SijinakError:
        storage.store.delete(key_of(kept.id, small=True))
        raise
    db.session.add(kept)
    db.session.flush()
    return kept


def keep_document(paper: Paper | Picture, *, by: Actor) -> StoredFile:
    """A PDF as it came, or a picture. Raises Unavailable. Who may, the caller has asked."""
    if isinstance(paper, Picture):
        return keep_picture(paper, by=by)
    kept = StoredFile(
        media_type=PDF,
        size=len(paper.content),
        sha256=paper.sha256,
        width=0,
        height=0,
        kept_at=now(),
        kept_by=by.id,
    )
    storage.store.put(paper_key(kept.id), paper.content)
    db.session.add(kept)
    db.session.flush()
    return kept


def keep_raw(content: bytes, media_type: str, *, by: Actor) -> StoredFile:
    """As it came, for a program to read. Raises Unavailable. Who may, the caller has asked."""
    kept = StoredFile(
        media_type=media_type,
        size=len(content),
        sha256=sha256(content).digest(),
        width=0,
        height=0,
        kept_at=now(),
        kept_by=by.id,
    )
    storage.store.put(raw_key(kept.id), content)
    db.session.add(kept)
    db.session.flush()
    return kept
