"""Pictures over HTTP: in from a form, out from the route of the feature that may show them."""

from uuid import UUID

from flask import Response, request

from sijinak.files import labels as _labels  # noqa: F401 - the sentences about our errors
from sijinak.files.pictures import Picture, UnfitPicture, fit_picture
from sijinak.files.reading import picture_bytes

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
