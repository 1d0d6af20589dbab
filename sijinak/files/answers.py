"""Pictures over HTTP: in from a form, out from the route of the feature that may show them."""

from uuid import UUID

from flask import Response, request

from sijinak.core.db import db
from sijinak.files import labels as _labels  # noqa: F401 - the sentences about our errors
from sijinak.files.models import StoredFile
from sijinak.files.papers import PDF, Paper, UnfitPaper, fit_paper
from sijinak.files.pictures import Picture, UnfitPicture, fit_picture
from sijinak.files.reading import paper_bytes, picture_bytes

AN_HOUR = 3600


def picture_answer(file_id: UUID, *, small: bool) -> Response:
    """Only the person's own browser keeps it, and not for long. Raises NotFound."""
    response = Response(picture_bytes(file_id, small=small), mimetype="image/jpeg")
    response.headers["Cache-Control"] = f"private, max-age={AN_HOUR}"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(f"{file_id}{'-small' if small else ''}")
    response.make_conditional(request)
    return response


def sent_picture(name: str) -> Picture | None:
    """The picture of a form's field, made fit; None when none was chosen. Raises UnfitPicture."""
    sent = request.files.get(name)
    content = sent.read() if sent else b""
    if sent and sent.filename and not content:
        raise UnfitPicture("not-a-picture")
    return fit_picture(content) if content else None


def paper_answer(file_id: UUID, name: str) -> Response:
    """A picture is shown; a PDF from outside is saved, never shown. Raises NotFound."""
    kept = db.session.get_one(StoredFile, file_id)
    if kept.media_type != PDF:
        return picture_answer(file_id, small=False)
    response = Response(paper_bytes(file_id), mimetype=PDF)
    response.headers["Cache-Control"] = f"private, max-age={AN_HOUR}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def sent_paper(name: str) -> Paper | Picture | None:
    """The file of a form's field; None when none was chosen. Raises UnfitPaper, UnfitPicture."""
    sent = request.files.get(name)
    content = sent.read() if sent else b""
    if sent and sent.filename and not content:
        raise UnfitPaper("paper-empty")
    return fit_paper(content) if content else None
