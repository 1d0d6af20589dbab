"""A paper that somebody sends: a PDF as it is, or a picture of it."""

from hashlib import sha256

from sijinak.core.errors import Invalid
from sijinak.files.pictures import MEGA, Picture, fit_picture, limits

PDF = "application/pdf"
BEGINS, ENDS = b"%PDF-", b"%%EOF"
ENDS_WITHIN = 1024


class UnfitPaper(Invalid):
    """The code says what is wrong with it. Facts: ``most``."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(**facts)
        self.code = code


class Paper:
    """A PDF. Nobody has looked inside: it is handed out to be saved, never shown.

    In a command it is spelt as its digest.
    """

    __slots__ = ("content", "sha256")

    def __init__(self, content: bytes) -> None:
        self.content, self.sha256 = content, sha256(content).digest()

    def __repr__(self) -> str:
        return f"Paper({self.sha256.hex()})"


def fit_paper(content: bytes) -> Paper | Picture:
    """By its first bytes: the name of a file proves nothing. Raises UnfitPaper, UnfitPicture.

    A picture takes half a second: call it before the transaction begins.
    """
    if not content.startswith(BEGINS):
        return fit_picture(content)
    if len(content) > limits.megabytes * MEGA:
        raise UnfitPaper("paper-too-large", most=limits.megabytes)
    if ENDS not in content[-ENDS_WITHIN:]:
        raise UnfitPaper("paper-damaged")
    return Paper(content)
